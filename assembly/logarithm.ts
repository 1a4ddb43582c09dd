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
    0.6931471803691238,
    0.6931471803691238,
    1.9082149292705877e-10,
    1.9082149292705877e-10,
    // for their bits: √½; 2, which puts 1024 into the exponent; 2⁵², n in whose last bits makes 2⁵² + n; and 2⁵² + 1024
    Math.SQRT1_2,
    Math.SQRT1_2,
    2,
    2,
    4503599627370496,
    4503599627370496,
    4503599627371520,
    4503599627371520,
  ],
  16,
);

/**
 * ln v of two normal positive numbers. `less` is v - 1 as the caller knows it, exact where v itself has been rounded; it
 * is used for v in [√½, √2). Error below 2 ulp.
 */
export function logarithm(v: v128, less: v128): v128 {
  const bias = v128.load(constants, 224);
  // 1024 more than the exponent of v = 2ᵉ m, so that it is not negative: there is no signed shift of 64-bit lanes
  const exponent = i64x2.shr_u(i64x2.add(i64x2.sub(v, v128.load(constants, 208)), bias), 52);
  const m = i64x2.add(i64x2.sub(v, i64x2.shl(exponent, 52)), bias);
  const e = f64x2.sub(v128.or(exponent, v128.load(constants, 240)), v128.load(constants, 256));
  const one = v128.load(constants, 160);
  const over = v128.bitselect(less, f64x2.sub(m, one), f64x2.eq(e, f64x2.splat(0)));
  const z = f64x2.div(over, f64x2.add(f64x2.add(over, one), one));
  const w = f64x2.mul(z, z);
  const w2 = f64x2.mul(w, w);
  const w4 = f64x2.mul(w2, w2);
  // in pairs of terms, so that few operations wait for each other
  const p01 = f64x2.add(v128.load(constants, 144), f64x2.mul(v128.load(constants, 128), w));
  const p23 = f64x2.add(v128.load(constants, 112), f64x2.mul(v128.load(constants, 96), w));
  const p45 = f64x2.add(v128.load(constants, 80), f64x2.mul(v128.load(constants, 64), w));
  const p67 = f64x2.add(v128.load(constants, 48), f64x2.mul(v128.load(constants, 32), w));
  const p89 = f64x2.add(v128.load(constants, 16), f64x2.mul(v128.load(constants), w));
  const low = f64x2.add(p01, f64x2.mul(w2, p23));
  const high = f64x2.add(f64x2.add(p45, f64x2.mul(w2, p67)), f64x2.mul(w4, p89));
  const p = f64x2.add(low, f64x2.mul(w4, high));
  const twice = f64x2.add(z, z);
  const tail = f64x2.add(f64x2.mul(twice, f64x2.mul(w, p)), f64x2.mul(e, v128.load(constants, 192)));
  return f64x2.add(f64x2.mul(e, v128.load(constants, 176)), f64x2.add(twice, tail));
}
