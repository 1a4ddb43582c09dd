// Values of the Rosenbluth–MacDonald–Chuck shell on which two codes that know nothing of this one agree.

/** f(0, t) */
export const center = new Map([
  [9, 2.19365e-4],
  [36, 3.6894e-3],
  [81, 8.95024e-3],
  [144, 1.255738e-2],
  [225, 1.465004e-2],
  [900, 1.73275e-2],
]);
/** ∫|v|⁴f dv */
export const moment4 = new Map([
  [9, 2.97485e-5],
  [225, 3.8066e-5],
  [900, 4.12533e-5],
]);

/** Half a unit of the fifth significant digit. */
export const fifthDigit = (value: number) => 0.5 * 10 ** (Math.floor(Math.log10(value)) - 4);
