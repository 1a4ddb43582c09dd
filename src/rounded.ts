/** A number for people: at most this many significant digits, without zeros at the end; exponents only where needed. */
export function rounded(value: number, digits = 6): string {
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  return size >= 1e7 || (size > 0 && size < 1e-4) ? short.toExponential() : String(short);
}
