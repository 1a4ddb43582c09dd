// ln m = 2 atanh z = 2z (1 + z²/3 + z⁴/5 + …) for m in [√½, √2), |z| ≤ 0.1716; the first omitted term is below 1.2e-18.
// Constants twice each, in the order of use: literals would be built anew at each use.
const constants = memory.data<f64>(
  [
    1.0 / 21.0,
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 5.0,
    1.0 / 3.0,
    1.0 / 3.0,
    1,
    1,
    // ln 2 in two parts, the first with 32 zero bits at its end: its products with exponents are exact (fdlibm)
    6.93147180369123816490e-1,
    6.93147180369123816490e-1,
    1.90821492927058770002e-10,
    1.90821492927058770002e-10,
  ],
  16,
);

const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;

/**
 * ln v of two normal positive numbers. `less` is v - 1 as the caller knows it, exact where v itself has been rounded; it
 * is used for v in [√½, √2). Error below 2 ulp.
 */
// @ts-ignore: decorator
@inline
export function logarithm(v: v128, less: v128): v128 {
  const exponent = i64x2.shr_s(i64x2.sub(v, i64x2.splat(SQRT_HALF_BITS)), 52);
  const m = i64x2.sub(v, i64x2.shl(exponent, 52));
  const e = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
  const one = v128.load(constants, 160);
  const over = v128.bitselect(less, f64x2.sub(m, one), i64x2.eq(exponent, i64x2.splat(0)));
  const z = f64x2.div(over, f64x2.add(f64x2.add(over, one), one));
  const w = f64x2.mul(z, z);
  let p = f64x2.add(f64x2.mul(v128.load(constants), w), v128.load(constants, 16));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 32));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 48));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 64));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 80));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 96));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 112));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 128));
  p = f64x2.add(f64x2.mul(p, w), v128.load(constants, 144));
  const twice = f64x2.add(z, z);
  const tail = f64x2.add(f64x2.mul(twice, f64x2.mul(w, p)), f64x2.mul(e, v128.load(constants, 192)));
  return f64x2.add(f64x2.mul(e, v128.load(constants, 176)), f64x2.add(twice, tail));
}
