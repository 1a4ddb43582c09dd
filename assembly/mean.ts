import {
  ball,
  D_AHEAD,
  D_BEHIND,
  DIFFERENCE,
  dx,
  epsilon,
  F_BEHIND,
  facePairs,
  gridPair,
  invEpsilon,
  lane0,
  lane1,
  N,
  PARTIAL,
  pair,
  RECORD,
  records,
} from "./memory";

/** Newton's matrix takes no derivative of ĝ larger than this: at a jump onto f ≈ 0 the true one is unbounded. */
let derivativeLimit: f64 = 10;
/** Whether it has taken less than the true one since the limit was set. */
export let limited: bool = false;

export function limitDerivatives(limit: f64): void {
  derivativeLimit = limit;
  limited = false;
}

/** Up to this z² four terms of the series give ĝ to the last digit, and two its derivatives to 1e-6. */
const SHORT_LIMIT: f64 = 1.0 / 1024.0;
/** Above this z² the series gives way to the logarithm. */
const SERIES_LIMIT: f64 = 1.0 / 64.0;

// z / atanh z = Σ C_n z^{2n}; the first omitted term is below 5e-17 for z² ≤ 1/64.
const C1: f64 = -1.0 / 3.0;
const C2: f64 = -4.0 / 45.0;
const C3: f64 = -44.0 / 945.0;
const C4: f64 = -428.0 / 14175.0;
const C5: f64 = -10196.0 / 467775.0;
const C6: f64 = -10719068.0 / 638512875.0;
const C7: f64 = -25865068.0 / 1915538625.0;

/**
 * The vector constants, twice each, in the order of use below. Read from memory: literals would be folded into the loop,
 * where V8 builds a v128 anew at each use.
 */
const constants = memory.data<f64>(
  [0.5, 0.5, SHORT_LIMIT, SHORT_LIMIT, 1, 1, C1, C1, C2, C2, C3, C3, C4, C4, 2 * C2, 2 * C2],
  16,
);

/** ⅓ Σ ρ_j ĝ_j Δx_j over the inner half of the faces, and Σ ĝ_j Δx_j over the outer half, left by `logarithmicMean`. */
export let innerSum: f64 = 0;
export let outerSum: f64 = 0;

/**
 * The Fermi–Dirac logarithmic mean ĝ_k = Δf_k / Δφ_k, φ = ln(f / (1 - εf)), as the weight ĝ_k Δx_k, with its derivatives by
 * the values ahead and behind, and Δf_k, at the interior faces k = 1 … N-1 (docs/method.md, In space).
 *
 * With p = f_a h_b and n = f_b h_a: Δf = p - n exactly, z = Δf / (p + n) = tanh(Δφ/2), ĝ = ½ (p + n) z / atanh z.
 * Fine grids have small z everywhere: a short polynomial, no logarithm. Elsewhere `widePairs`. Accuracy of ĝ: 2 ulp for
 * |z| ≥ 1/8, 1.5 ulp below, given z.
 *
 * Goes from the middle to the ends and leaves in the records the sums of positive terms that S_k needs of the faces
 * ahead: Σ_{j≥k} ĝ_j Δx_j over the inner half in lane 0, ⅓ Σ_{j≤k} ρ_j ĝ_j Δx_j over the outer half in lane 1.
 */
export function logarithmicMean(f: usize, h: usize): void {
  const middle = records + <usize>facePairs * RECORD;
  memory.fill(middle + RECORD, 0, RECORD); // the pair beyond, which the elimination passes through
  memory.fill(sums, 0, 32);
  let i = facePairs;
  if (epsilon > 0) {
    i = narrowPairs<f64>(f, h, i);
    while (i > 0) i = narrowPairs<f64>(f, h, widePairs(f, h, i));
  } else {
    i = narrowPairs<i32>(f, h, i);
    while (i > 0) i = narrowPairs<i32>(f, h, widePairs(f, h, i));
  }
  // a middle face stands in both lanes; its Δx is 0 in the second, and this is to be the same
  if ((N & 1) === 0) store<f64>(middle, 0, DIFFERENCE + 8);
  innerSum = load<f64>(sums, 16);
  outerSum = load<f64>(sums, 24);
}

/** The sums so far: those of the faces ahead, and the others. */
const sums = memory.data(32, 16);

/** Δf from whichever of f and h is small, where the subtraction is exact. */
function jumpOf(fA: v128, fB: v128, hA: v128, hB: v128, half: v128): v128 {
  const dense = f64x2.lt(hB, half);
  const diff = f64x2.sub(fA, fB);
  if (!v128.any_true(dense)) return diff;
  return v128.bitselect(f64x2.mul(f64x2.sub(hB, hA), f64x2.splat(invEpsilon)), diff, dense);
}

/**
 * The pairs from i down while z is small. Returns the first where it is not, or 0. (No call is made here: V8 would keep
 * whatever is alive across it on the stack, even where it is not made. Called twice, so that it is not inlined.)
 */
function narrowPairs<Holes>(f: usize, h: usize, first: i32): i32 {
  const px = dx;
  const pr = ball;
  const half = v128.load(constants);
  const limit = v128.load(constants, 16);
  const one = v128.load(constants, 32);
  const c1 = v128.load(constants, 48);
  const c2 = v128.load(constants, 64);
  const c3 = v128.load(constants, 80);
  const c4 = v128.load(constants, 96);
  const d2 = v128.load(constants, 112);
  let at = records + <usize>first * RECORD;
  let ahead = v128.load(sums);
  let behind = v128.load(sums, 16);
  let fA = pair(f, first);
  let hA = pair(h, first);
  let i = first;
  for (; i > 0; i--) {
    const fB = pair(f, i - 1);
    let hB = one;
    let sum: v128;
    let diff: v128;
    if (isFloat<Holes>()) {
      hB = pair(h, i - 1);
      sum = f64x2.add(f64x2.mul(fA, hB), f64x2.mul(fB, hA));
      diff = jumpOf(fA, fB, hA, hB, half);
    } else {
      sum = f64x2.add(fA, fB);
      diff = f64x2.sub(fA, fB);
    }
    const z = f64x2.div(diff, sum);
    const u = f64x2.mul(z, z);
    if (v128.any_true(f64x2.gt(u, limit))) break;
    v128.store(at, diff, DIFFERENCE);
    v128.store(at, fB, F_BEHIND);
    const step = gridPair(px, i);
    const u2 = f64x2.mul(u, u);
    const c1u = f64x2.mul(c1, u);
    const G = f64x2.add(
      f64x2.add(one, c1u),
      f64x2.mul(u2, f64x2.add(f64x2.add(c2, f64x2.mul(c3, u)), f64x2.mul(u2, c4))),
    );
    const weight = f64x2.mul(f64x2.mul(half, step), f64x2.mul(sum, G));
    v128.store(at, weight);
    const weighted = f64x2.mul(weight, gridPair(pr, i));
    ahead = f64x2.add(ahead, v128.shuffle<f64>(weight, weighted, 0, 3));
    behind = f64x2.add(behind, v128.shuffle<f64>(weighted, weight, 0, 3));
    v128.store(at, ahead, PARTIAL);
    // G'(z)/2 and G - z G'(z), of the same series
    const d = f64x2.mul(f64x2.mul(z, step), f64x2.add(c1, f64x2.mul(d2, u)));
    const T = f64x2.mul(step, f64x2.sub(one, c1u));
    if (isFloat<Holes>()) {
      v128.store(at, f64x2.add(f64x2.mul(f64x2.sub(hB, half), T), d), D_AHEAD);
      v128.store(at, f64x2.sub(f64x2.mul(f64x2.sub(hA, half), T), d), D_BEHIND);
    } else {
      const halfT = f64x2.mul(half, T);
      v128.store(at, f64x2.add(halfT, d), D_AHEAD);
      v128.store(at, f64x2.sub(halfT, d), D_BEHIND);
    }
    at -= RECORD;
    fA = fB;
    hA = hB;
  }
  v128.store(sums, ahead);
  v128.store(sums, behind, 16);
  return i;
}

/** Likewise while z is not small. */
function widePairs(f: usize, h: usize, first: i32): i32 {
  const half = f64x2.splat(0.5);
  let at = records + <usize>first * RECORD;
  let i = first;
  for (; i > 0; i--) {
    const fA = pair(f, i);
    const hA = pair(h, i);
    const fB = pair(f, i - 1);
    const hB = pair(h, i - 1);
    const sum = f64x2.add(f64x2.mul(fA, hB), f64x2.mul(fB, hA));
    const diff = jumpOf(fA, fB, hA, hB, half);
    const z = f64x2.div(diff, sum);
    if (!v128.any_true(f64x2.gt(f64x2.mul(z, z), f64x2.splat(SHORT_LIMIT)))) break;
    v128.store(at, diff, DIFFERENCE);
    v128.store(at, fB, F_BEHIND);
    widePair(at, fA, fB, hA, hB, diff, sum, z, gridPair(dx, i));
    const weight = v128.load(at);
    const weighted = f64x2.mul(weight, gridPair(ball, i));
    const ahead = f64x2.add(v128.load(sums), v128.shuffle<f64>(weight, weighted, 0, 3));
    v128.store(sums, ahead);
    v128.store(sums, f64x2.add(v128.load(sums, 16), v128.shuffle<f64>(weighted, weight, 0, 3)), 16);
    v128.store(at, ahead, PARTIAL);
    at -= RECORD;
  }
  return i;
}

/** A pair of faces with a larger z, or one of them: the full series; the logarithm where that does not reach. */
function widePair(
  at: usize,
  fA: v128,
  fB: v128,
  hA: v128,
  hB: v128,
  diff: v128,
  sum: v128,
  z: v128,
  step: v128,
): void {
  const u = f64x2.mul(z, z);
  const half = f64x2.splat(0.5);
  let G = f64x2.splat(C7);
  G = f64x2.add(f64x2.splat(C6), f64x2.mul(u, G));
  G = f64x2.add(f64x2.splat(C5), f64x2.mul(u, G));
  G = f64x2.add(f64x2.splat(C4), f64x2.mul(u, G));
  G = f64x2.add(f64x2.splat(C3), f64x2.mul(u, G));
  G = f64x2.add(f64x2.splat(C2), f64x2.mul(u, G));
  G = f64x2.add(f64x2.splat(C1), f64x2.mul(u, G));
  G = f64x2.add(f64x2.splat(1), f64x2.mul(u, G));
  let d = f64x2.splat(4 * C4);
  d = f64x2.add(f64x2.splat(3 * C3), f64x2.mul(u, d));
  d = f64x2.add(f64x2.splat(2 * C2), f64x2.mul(u, d));
  d = f64x2.mul(z, f64x2.add(f64x2.splat(C1), f64x2.mul(u, d)));
  const T = f64x2.mul(step, f64x2.sub(G, f64x2.mul(f64x2.add(z, z), d)));
  d = f64x2.mul(step, d);
  v128.store(at, f64x2.mul(f64x2.mul(half, step), f64x2.mul(sum, G)));
  v128.store(at, f64x2.add(f64x2.mul(f64x2.sub(hB, half), T), d), D_AHEAD);
  v128.store(at, f64x2.sub(f64x2.mul(f64x2.sub(hA, half), T), d), D_BEHIND);
  if (lane0(u) > SERIES_LIMIT)
    steepFace(at, lane0(fA), lane0(fB), lane0(hA), lane0(hB), lane0(diff), lane0(step));
  if (lane1(u) > SERIES_LIMIT)
    steepFace(at + 8, lane1(fA), lane1(fB), lane1(hA), lane1(hB), lane1(diff), lane1(step));
}

/** One face by the logarithm; derivatives ∂ĝ/∂f_a = (1 - ĝ/g_a)/Δφ, ∂ĝ/∂f_b = (ĝ/g_b - 1)/Δφ, limited. */
function steepFace(at: usize, fA: f64, fB: f64, hA: f64, hB: f64, diff: f64, step: f64): void {
  const jump = Math.log((fA / fB) * (hB / hA));
  const mean = diff / jump;
  store<f64>(at, mean * step);
  store<f64>(at, limit((1 - mean / (fA * hA)) / jump) * step, D_AHEAD);
  store<f64>(at, limit((mean / (fB * hB) - 1) / jump) * step, D_BEHIND);
}

function limit(d: f64): f64 {
  if (Math.abs(d) > derivativeLimit) limited = true;
  return Math.max(-derivativeLimit, Math.min(derivativeLimit, d));
}
