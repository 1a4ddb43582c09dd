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

// Bits of √½, less 1024 in the exponent, which comes back after the shift (there is no signed shift of 64-bit lanes); of
// 2⁵², the integer n < 2⁵² in whose last bits makes the number 2⁵² + n; of 2⁵² + 1024; and the integer 1024.
const bits = memory.data<i64>(
  [
    0x3fe6a09e667f3bcd - (1024 << 52),
    0x3fe6a09e667f3bcd - (1024 << 52),
    0x4330000000000000,
    0x4330000000000000,
    0x4330000000000400,
    0x4330000000000400,
    1024,
    1024,
  ],
  16,
);

/**
 * ln v of two normal positive numbers. `less` is v - 1 as the caller knows it, exact where v itself has been rounded; it
 * is used for v in [√½, √2). Error below 2 ulp.
 */
// @ts-expect-error: decorator
@inline
export function logarithm(v: v128, less: v128): v128 {
  const bias = v128.load(bits, 48);
  const exponent = i64x2.shr_u(i64x2.sub(v, v128.load(bits)), 52); // 1024 more than that of v = 2ᵉ m
  const m = i64x2.sub(v, i64x2.shl(i64x2.sub(exponent, bias), 52));
  const e = f64x2.sub(v128.or(exponent, v128.load(bits, 16)), v128.load(bits, 32));
  const one = v128.load(constants, 160);
  const over = v128.bitselect(less, f64x2.sub(m, one), i64x2.eq(exponent, bias));
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
