// Numbers as people write them: "2.2·10⁻¹⁶", with a true minus sign.

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "10⁻¹²" */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => raised[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** `value` with that many significant digits, without trailing zeros. */
export function numberText(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa, exponent] = parts(value.toExponential(digits - 1));
  if (exponent >= -3 && exponent < 6) {
    const decimals = Math.max(0, digits - 1 - exponent);
    return minus(trimmed(value.toFixed(decimals)));
  }
  return scientific(trimmed(mantissa), exponent);
}

/** A time, as it is called wherever it is named. */
export function timeText(time: number): string {
  return numberText(time, 4);
}

/** Labels of evenly spaced ticks: as many decimals as the step needs. */
export function tickTexts(values: readonly number[], step: number): string[] {
  const largest = Math.max(...values.map(Math.abs));
  const [, stepExponent] = parts(step.toExponential(0));
  const [, exponent] = parts(largest.toExponential(6));
  const plain = exponent < 5 && stepExponent >= Math.min(-4, exponent - 9) && exponent >= -4;
  return values.map((value) => {
    if (Math.abs(value) < step / 2) return "0";
    if (plain) return minus(value.toFixed(Math.max(0, -stepExponent)));
    const [, own] = parts(value.toExponential(6));
    const [mantissa, power] = parts(value.toExponential(Math.max(0, own - stepExponent)));
    return scientific(mantissa, power);
  });
}

/** "1" → "10⁵", "2.5" → "2.5·10⁵" */
export function scientific(mantissa: string, exponent: number): string {
  if (mantissa === "1") return powerOfTen(exponent);
  if (mantissa === "-1") return `−${powerOfTen(exponent)}`;
  return `${minus(mantissa)}·${powerOfTen(exponent)}`;
}

function parts(exponential: string): [mantissa: string, exponent: number] {
  const [mantissa, exponent] = exponential.split("e");
  return [mantissa!, Number(exponent)];
}

function trimmed(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function minus(text: string): string {
  return text.replace("-", "−");
}
