const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * The number that a text says, blanks around it or not; NaN for what is not a decimal number: Number() would take "",
 * "0x10" and "Infinity".
 */
export function decimalNumber(text: string): number {
  const trimmed = text.trim();
  return decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
}
