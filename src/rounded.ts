/** A number for people: at most this many significant digits, without zeros at the end. */
export function rounded(value: number, digits = 6): string {
  const short = Number(value.toPrecision(digits));
  return Math.abs(short) >= 1e7 ? short.toExponential() : String(short);
}
