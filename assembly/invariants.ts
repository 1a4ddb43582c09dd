import { logarithm } from "./logarithm";
import {
  cellPairs,
  epsilon,
  epsilons,
  halves,
  invEpsilon,
  invEpsilons,
  lanes,
  ones,
  pair,
  set,
  V,
  x,
} from "./memory";

export const FOUR_PI: f64 = 4 * Math.PI;
/** Pairs whose sums are plain ones: rounding a few ulp of their own, and thousands of segments average it out. */
export const SEGMENT: i32 = 64;
/** Up to this z² five terms of the series of atanh z / z give it to the last digit. */
const NEARBY: f64 = 1.0 / 1024.0;
/** Below this εf its logarithm is taken apart: the product would lose its digits. */
const TINY: f64 = 1e-290;

/** The series' coefficients and `NEARBY`, twice each, read from memory as in `mean`. */
const constants = memory.data<f64>(
  [NEARBY, NEARBY, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 5.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 9.0],
  16,
);

/** The sums so far and what rounding has left of them: of mass, energy, entropy. */
const sums = memory.data(96, 16);
/** The pair last seen by its logarithms: f, h; ln εf (ln f for ε = 0), ln h. */
const anchor = memory.data(64, 16);

/**
 * {mass, energy, entropy} of a state in `out`, each sum over segments with its rounding error carried along (TwoSum cascade):
 * as if in twice the precision, rounded once. What remains is the rounding of single terms and of short sums.
 *
 * The entropy is 4π Σ V_i [εf ln εf + h ln h]/ε, h = 1 - εf; f ln f for ε = 0. A fine grid needs few logarithms: with z =
 * (f - f_a)/(f + f_a), ln f = ln f_a + 2 atanh z, a short series as long as f is near the last that was taken by its
 * logarithm.
 */
export function invariants(f: usize, h: usize, out: usize): void {
  memory.fill(sums, 0, 96);
  let i = 0;
  if (epsilon > 0) while (i < cellPairs) i = nearbyPairs<f64>(f, h, anchorPair(f, h, i));
  else while (i < cellPairs) i = nearbyPairs<i32>(f, h, anchorPair(f, h, i));
  set(out, 0, FOUR_PI * both(0));
  set(out, 1, 2 * FOUR_PI * both(32));
  set(out, 2, FOUR_PI * both(64));
}

/**
 * The pairs from i on, up to `SEGMENT`, while they are near the anchor: plain sums, which are then added to the others.
 * Returns the first pair that is left. (No call is made in the loop, as in `mean`.)
 */
function nearbyPairs<Holes>(f: usize, h: usize, first: i32): i32 {
  const end = min(cellPairs, first + SEGMENT);
  const pV = V;
  const px = x;
  const limit = v128.load(constants);
  const fA = v128.load(anchor);
  const lnFA = v128.load(anchor, 32);
  let mass = f64x2.splat(0);
  let energy = mass;
  let entropy = mass;
  let i = first;
  for (; i < end; i++) {
    const f0 = pair(f, i);
    let d = f64x2.sub(f0, fA);
    let density: v128;
    let near: v128;
    if (isFloat<Holes>()) {
      // differences from whichever of f and h is small, where the subtraction is exact
      const h0 = pair(h, i);
      const hA = v128.load(anchor, 16);
      const dense = f64x2.lt(h0, halves());
      const holes = f64x2.sub(h0, hA);
      const dH = v128.bitselect(holes, f64x2.neg(f64x2.mul(epsilons(), d)), dense);
      d = v128.bitselect(f64x2.neg(f64x2.mul(invEpsilons(), holes)), d, dense);
      const z = f64x2.div(dH, f64x2.add(h0, hA));
      const u = f64x2.mul(z, z);
      near = f64x2.le(u, limit);
      const lnH = f64x2.add(v128.load(anchor, 48), twiceAtanh(z, u));
      density = f64x2.mul(f64x2.mul(h0, invEpsilons()), lnH);
    }
    const z = f64x2.div(d, f64x2.add(f0, fA));
    const u = f64x2.mul(z, z);
    const lnF = f64x2.add(lnFA, twiceAtanh(z, u));
    if (isFloat<Holes>()) {
      near = v128.and(near, f64x2.le(u, limit));
      density = f64x2.add(f64x2.mul(f0, lnF), density);
    } else {
      near = f64x2.le(u, limit);
      density = f64x2.mul(f0, lnF);
    }
    if (!i64x2.all_true(near)) break;
    const v = pair(pV, i);
    const content = f64x2.mul(v, f0);
    mass = f64x2.add(mass, content);
    energy = f64x2.add(energy, f64x2.mul(content, pair(px, i)));
    entropy = f64x2.add(entropy, f64x2.mul(v, density));
  }
  add(mass, 0);
  add(energy, 32);
  add(entropy, 64);
  return i;
}

/** 2 atanh z, u = z². */
function twiceAtanh(z: v128, u: v128): v128 {
  const twice = f64x2.add(z, z);
  const low = f64x2.add(v128.load(constants, 16), f64x2.mul(u, v128.load(constants, 32)));
  const high = f64x2.add(v128.load(constants, 48), f64x2.mul(u, v128.load(constants, 64)));
  return f64x2.add(twice, f64x2.mul(f64x2.mul(twice, u), f64x2.add(low, f64x2.mul(f64x2.mul(u, u), high))));
}

/** Pair i by its logarithms, the next anchor. Returns i + 1. */
function anchorPair(f: usize, h: usize, i: i32): i32 {
  const f0 = pair(f, i);
  const h0 = pair(h, i);
  const u = epsilon > 0 ? f64x2.mul(epsilons(), f0) : f0;
  const v = pair(V, i);
  const mass = f64x2.mul(v, f0);
  add(mass, 0);
  add(f64x2.mul(mass, pair(x, i)), 32);
  if (v128.any_true(f64x2.lt(u, f64x2.splat(TINY)))) {
    const lnH = epsilon > 0 ? logarithm(h0, f64x2.neg(u)) : u;
    const low = entropyDensity(
      f64x2.extract_lane(f0, 0),
      f64x2.extract_lane(h0, 0),
      f64x2.extract_lane(lnH, 0),
    );
    const high = entropyDensity(
      f64x2.extract_lane(f0, 1),
      f64x2.extract_lane(h0, 1),
      f64x2.extract_lane(lnH, 1),
    );
    add(f64x2.mul(v, lanes(low, high)), 64);
    v128.store(anchor, f64x2.splat(NaN)); // nothing is near
    return i + 1;
  }
  const less = epsilon > 0 ? f64x2.neg(h0) : f64x2.sub(f0, ones());
  const lnF = logarithm(u, less);
  let entropy = f64x2.mul(f0, lnF);
  v128.store(anchor, f0);
  v128.store(anchor, lnF, 32);
  if (epsilon > 0) {
    const lnH = logarithm(h0, f64x2.neg(u));
    entropy = f64x2.add(entropy, f64x2.mul(f64x2.mul(h0, invEpsilons()), lnH));
    v128.store(anchor, h0, 16);
    v128.store(anchor, lnH, 48);
  }
  add(f64x2.mul(v, entropy), 64);
  return i + 1;
}

/** Adds to the sum at `which`. */
function add(term: v128, which: usize): void {
  const before = v128.load(sums + which);
  const sum = f64x2.add(before, term);
  v128.store(sums + which, sum);
  v128.store(sums + which, f64x2.add(v128.load(sums + which, 16), roundingOf(before, term, sum)), 16);
}

/** The rounding error of sum = a + term. */
export function roundingOf(a: v128, term: v128, sum: v128): v128 {
  const back = f64x2.sub(sum, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, back)), f64x2.sub(term, back));
}

/** The two lanes of the sum at `which` and of its rounding errors. */
function both(which: usize): f64 {
  const a = load<f64>(sums + which);
  const b = load<f64>(sums + which, 8);
  const c = a + b;
  const back = c - a;
  return c + (a - (c - back) + (b - back) + load<f64>(sums + which, 16) + load<f64>(sums + which, 24));
}

/** One cell, where εf underflows or is near it, or the other of its pair. */
function entropyDensity(f: f64, h: f64, lnH: f64): f64 {
  if (epsilon === 0) return f * Math.log(f);
  const lnU = Math.log(epsilon) + Math.log(f);
  return h < 1 ? f * lnU + h * lnH * invEpsilon : f * (lnU - 1);
}
