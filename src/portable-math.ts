/**
 * Elementary functions from +, -, ×, ÷ and √ alone, which IEEE 754 fixes to the last bit. `Math.exp` and its like are not
 * fixed: Chromium 156 and Node 20 differ in one of ten results, and with them initial data, equilibria and step sizes. A
 * run gives the same bits in the page and in Node, of whichever version, because all it is made of comes from here or
 * from the WASM.
 *
 * exp and log follow fdlibm (e_exp.c, e_log.c; Sun Microsystems 1993), errors below 1 ulp; log1p and expm1 are Kahan's
 * corrections of them, below 3 ulp; pow multiplies for halves of small integers (8 ulp) and is exp(y log x)
 * otherwise, as good as |y log x| ulp: for step sizes, spacings and tails.
 */

// biome-ignore-start lint/correctness/noPrecisionLoss: digits as published
const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);
// which of the two words holds sign and exponent
double[0] = 1;
const top = words[1] === 0x3ff00000 ? 1 : 0;

/** 2^k for -1022 ≤ k ≤ 1023, at k + 1022: read, not put together from words, which a processor would wait for. */
const powersOfTwo = new Float64Array(2046);
for (let k = 0, power = 2 ** -1022; k < powersOfTwo.length; k++, power *= 2) powersOfTwo[k] = power;

function powerOfTwo(k: number): number {
  return powersOfTwo[k + 1022]!;
}

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(Math.LOG2E * x + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const p =
    1.66666666666666019037e-1 +
    t *
      (-2.77777777770155933842e-3 +
        t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8)));
  const c = r - t * p;
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k > 1023) return y * 2 * powerOfTwo(1023);
  if (k < -1022) return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return y * powerOfTwo(k);
}

export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  let k = 0;
  double[0] = x;
  if (x < 2.2250738585072014e-308) {
    double[0] = x * 18014398509481984; // 2⁵⁴
    k = -54;
  }
  // m in [√½, √2)
  let high = words[top]!;
  k += (high >>> 20) - 1023;
  high = (high & 0xfffff) | 0x3ff00000;
  if (high >= 0x3ff6a09e) {
    high -= 0x100000;
    k++;
  }
  words[top] = high;
  const f = double[0]! - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + even + odd) + k * ln2Low) - f);
}

// biome-ignore-end lint/correctness/noPrecisionLoss: digits as published

export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (u === Infinity || !(u > 0)) return log(u);
  return log(u) - (u - 1 - x) / u;
}

export function expm1(x: number): number {
  if (Math.abs(x) < 1e-5) return x + x * x * (0.5 + x / 6);
  const u = exp(x);
  if (u === Infinity || u - 1 === -1) return u - 1;
  return ((u - 1) * x) / log(u);
}

export function pow(x: number, y: number): number {
  if (x === 0) return y > 0 ? 0 : y === 0 ? 1 : Infinity;
  const twice = 2 * y;
  if (Number.isInteger(twice) && Math.abs(twice) <= 16)
    return twice < 0 ? 1 / rooted(x, -twice) : rooted(x, twice);
  return exp(y * log(x));
}

/** x^(n/2) by multiplication, an ulp each. */
function rooted(x: number, n: number): number {
  let product = n % 2 ? Math.sqrt(x) : 1;
  for (let k = 2; k <= n; k += 2) product *= x;
  return product;
}

/** x³ and x⁵; `x ** 3` is the engine's pow. */
export function cube(x: number): number {
  return x * x * x;
}

export function fifth(x: number): number {
  const square = x * x;
  return square * square * x;
}

export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const y = exp(log(Math.abs(x)) / 3);
  // one Newton step: the logarithm costs large arguments a few ulp
  const root = y - (y - Math.abs(x) / (y * y)) / 3;
  return x < 0 ? -root : root;
}
