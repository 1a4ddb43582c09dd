import { fluxes } from "./collision";
import { logarithm } from "./logarithm";
import {
  ball,
  cell,
  cellPairs,
  dx,
  epsilon,
  face,
  facePairs,
  get,
  invEpsilon,
  N,
  pair,
  scratch,
  set,
  setPair,
  total,
  update,
  V,
  weightsOf,
  x,
} from "./memory";

const FOUR_PI: f64 = 4 * Math.PI;

/**
 * {mass, energy, entropy} of a state in `out`, each sum with its rounding error carried along (TwoSum cascade): as if
 * in twice the precision, rounded once. What remains is the rounding of the single terms.
 */
export function invariants(f: usize, h: usize, out: usize): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const e = f64x2.splat(epsilon);
  const inverse = f64x2.splat(invEpsilon);
  const quantum = epsilon > 0;
  const tiny = f64x2.splat(1e-290);
  let m = zero;
  let mLow = zero;
  let n = zero;
  let nLow = zero;
  let s = zero;
  let sLow = zero;
  for (let i = 0; i < cellPairs; i++) {
    const v = pair(V, i);
    const f0 = pair(f, i);
    let term = f64x2.mul(v, f0);
    let sum = f64x2.add(m, term);
    mLow = f64x2.add(mLow, roundingOf(m, term, sum));
    m = sum;

    term = f64x2.mul(term, pair(x, i));
    sum = f64x2.add(n, term);
    nLow = f64x2.add(nLow, roundingOf(n, term, sum));
    n = sum;

    // [εf ln εf + h ln h]/ε, h = 1 - εf; f ln f for ε = 0
    if (quantum) {
      const h0 = pair(h, i);
      const u = f64x2.mul(e, f0);
      if (v128.any_true(f64x2.lt(u, tiny))) {
        term = f64x2.replace_lane(
          f64x2.splat(entropyDensity(f64x2.extract_lane(f0, 0), f64x2.extract_lane(h0, 0))),
          1,
          entropyDensity(f64x2.extract_lane(f0, 1), f64x2.extract_lane(h0, 1)),
        );
      } else {
        term = f64x2.add(
          f64x2.mul(f0, logarithm(u, f64x2.neg(h0))),
          f64x2.mul(f64x2.mul(h0, inverse), logarithm(h0, f64x2.neg(u))),
        );
      }
    } else {
      term = f64x2.mul(f0, logarithm(f0, f64x2.sub(f0, one)));
    }
    term = f64x2.mul(v, term);
    sum = f64x2.add(s, term);
    sLow = f64x2.add(sLow, roundingOf(s, term, sum));
    s = sum;
  }
  set(out, 0, FOUR_PI * both(m, mLow));
  set(out, 1, 2 * FOUR_PI * both(n, nLow));
  set(out, 2, FOUR_PI * both(s, sLow));
}

/** The rounding error of sum = a + term. */
function roundingOf(a: v128, term: v128, sum: v128): v128 {
  const back = f64x2.sub(sum, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, back)), f64x2.sub(term, back));
}

/** The two lanes of a sum and of its rounding errors. */
function both(sum: v128, low: v128): f64 {
  const a = f64x2.extract_lane(sum, 0);
  const b = f64x2.extract_lane(sum, 1);
  const c = a + b;
  const back = c - a;
  return c + (a - (c - back) + (b - back) + f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1));
}

/** One cell, where εf underflows or is near it: the product would lose its digits. */
function entropyDensity(f: f64, h: f64): f64 {
  const u = epsilon * f;
  const lnU = Math.log(epsilon) + Math.log(f);
  return h < 1 ? f * lnU + h * Math.log1p(-u) * invEpsilon : f * (lnU - 1);
}

/** a (s ln s - s + 1) with s = value/a and d = value - a: no cancellation near s = 1, d where value vanishes. */
function relativeDensity(value: f64, a: f64, d: f64): f64 {
  const r = d / a;
  if (Math.abs(r) < 1e-4) return d * r * (0.5 - r * (1.0 / 6.0 - r * (1.0 / 12.0)));
  return value * (r > -0.5 ? Math.log1p(r) : Math.log(value / a)) - d;
}

/**
 * Diagnostics of a state against the equilibrium M (`fM`, `hM` = 1 - εM; ln a and b of M for tails where M
 * underflows), in `out`: moment4, relativeEntropy, entropyProduction, center, minimum, maximum, l1Distance,
 * weightedL2, fisher.
 *
 * entropyProduction = (4π/6) ΣΣ min(ρ_k,ρ_j) ĝ_k ĝ_j Δx_k Δx_j (δφ_k - δφ_j)², the discrete (1.3); evaluated with δφ less
 * its mean, so that it does not cancel near equilibrium.
 * fisher = 4π Σ ρ_k Δf_k Δφ_k / Δx_k → ∫ |∇f|²/(f(1-εf)). center extrapolates linearly in x, to which cell averages
 * are exact, and is the first cell's value where that leaves (0, 1/ε).
 */
export function diagnose(f: usize, h: usize, fM: usize, hM: usize, logA: f64, b: f64, out: usize): void {
  const n = 2 * cellPairs; // in the order of storage; a middle cell weighs once
  let moment4: f64 = 0;
  let relative: f64 = 0;
  let distance: f64 = 0;
  let weighted: f64 = 0;
  let low: f64 = Infinity;
  let high: f64 = 0;
  for (let i = 0; i < n; i++) {
    const fi = get(f, i);
    const hi = get(h, i);
    const m = get(fM, i);
    const q = get(hM, i);
    const v = get(V, i);
    const xi = get(x, i);
    const d = hi < 0.5 && q < 0.5 ? (q - hi) * invEpsilon : fi - m;
    moment4 += v * fi * xi * xi;
    distance += v * Math.abs(d);
    if (d !== 0 && v > 0) {
      weighted += (v * d * d) / (m * q);
      relative +=
        v * (m > 1e-290 ? relativeDensity(fi, m, d) : fi * (Math.log(fi) - (logA - 2 * b * xi)) - fi);
      if (epsilon > 0) relative += v * invEpsilon * relativeDensity(hi, q, -epsilon * d);
    }
    low = Math.min(low, fi);
    high = Math.max(high, fi);
  }
  if (b === Infinity) relative = distance > 0 ? Infinity : 0; // M is a saturated ball: 0 and 1/ε only
  const first = cell(f, 0);
  let center = first - (cell(x, 0) * (cell(f, 1) - first)) / face(dx, 1);
  if (!(center > 0) || (epsilon > 0 && center >= invEpsilon)) center = first;
  set(out, 0, 4 * FOUR_PI * moment4);
  set(out, 1, FOUR_PI * relative);
  set(out, 2, production(f, h));
  set(out, 3, center);
  set(out, 4, low);
  set(out, 5, high);
  set(out, 6, FOUR_PI * distance);
  set(out, 7, FOUR_PI * weighted);
  set(out, 8, fisher());
}

/** Δφ_k/Δx_k from the mean, in `update`: Δφ = Δf/ĝ, with Δf from whichever of f and h is small. Returns their mean, by ĝ Δx ρ. */
function slopes(f: usize, h: usize): f64 {
  const half = f64x2.splat(0.5);
  const zero = f64x2.splat(0);
  const inverse = f64x2.splat(invEpsilon);
  const directions = f64x2.replace_lane(f64x2.splat(1), 1, -1);
  let sum = zero;
  let all = zero;
  for (let i = 1; i <= facePairs; i++) {
    const hole = pair(h, i - 1);
    const fromHoles = f64x2.mul(f64x2.sub(hole, pair(h, i)), inverse);
    const ahead = f64x2.sub(pair(f, i), pair(f, i - 1));
    const d = f64x2.mul(directions, v128.bitselect(fromHoles, ahead, f64x2.lt(hole, half)));
    const weight = weightsOf(i);
    const slope = v128.andnot(f64x2.div(d, weight), f64x2.eq(weight, zero)); // a middle face counts in lane 0
    setPair(update, i, slope);
    const weighted = f64x2.mul(weight, pair(ball, i));
    sum = f64x2.add(sum, f64x2.mul(weighted, slope));
    all = f64x2.add(all, weighted);
  }
  return total(sum) / total(all);
}

/**
 * With u_k = Δφ_k/Δx_k less its mean and w_k = ĝ_k Δx_k: ⅓ Σ w_k u_k² S_k - ⅓ ΣΣ min(ρ_k,ρ_j) w_k u_k w_j u_j, the double sum
 * by layers, Σ_k (ρ_k - ρ_{k-1}) (Σ_{j≥k} w_j u_j)², from the wall inwards.
 */
function production(f: usize, h: usize): f64 {
  fluxes(f, h); // S/3 in `scratch`
  const mean = f64x2.splat(slopes(f, h));
  let local = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) {
    const u = f64x2.sub(pair(update, i), mean);
    const wu = f64x2.mul(weightsOf(i), u);
    local = f64x2.add(local, f64x2.mul(f64x2.mul(wu, u), pair(scratch, i)));
    setPair(scratch, i, wu);
  }
  let beyond: f64 = 0;
  let layers: f64 = 0;
  for (let k = N - 1; k > 0; k--) {
    beyond += face(scratch, k);
    layers += (face(ball, k) - face(ball, k - 1)) * beyond * beyond;
  }
  return FOUR_PI * (total(local) - layers);
}

/** Uses ĝ and slopes as `production` left them. */
function fisher(): f64 {
  let sum = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) {
    const slope = pair(update, i);
    sum = f64x2.add(sum, f64x2.mul(f64x2.mul(weightsOf(i), pair(ball, i)), f64x2.mul(slope, slope)));
  }
  return 3 * FOUR_PI * total(sum);
}
