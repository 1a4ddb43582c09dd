import { beyondAhead, diffusivity } from "./collision";
import { FOUR_PI } from "./invariants";
import { logarithm } from "./logarithm";
import { logarithmicMean } from "./mean";
import {
  ball,
  cell,
  cellPairs,
  DIFFERENCE,
  dx,
  epsilon,
  epsilons,
  facePairs,
  gridFace,
  gridPair,
  halves,
  invEpsilon,
  invEpsilons,
  lane0,
  lane1,
  lanes,
  N,
  pair,
  RECORD,
  records,
  scratch,
  set,
  setPair,
  total,
  update,
  V,
  weightsOf,
  x,
} from "./memory";

/** Below this a, or a ratio to it, logarithms are taken one by one. */
const SMALLEST: f64 = 1e-290;
/** Up to this z² six terms of the series of atanh z / z give it to the last digit. */
const NEARBY: f64 = 1.0 / 1024.0;

/**
 * a (s ln s - s + 1) with s = value/a and d = value - a, of a pair of cells; `logA` is ln a for where a underflows, or s overflows.
 * With z = d / (value + a), ln s = 2 atanh z: near equilibrium this is z d + 2 value z³ (1/3 + z²/5 + …), which has no
 * logarithm and cancels nothing, d where value vanishes.
 */
function relativeDensity(value: v128, a: v128, logA: v128, d: v128): v128 {
  const z = f64x2.div(d, f64x2.add(value, a));
  const u = f64x2.mul(z, z);
  const near = f64x2.le(u, f64x2.splat(NEARBY));
  let series = f64x2.splat(1.0 / 13.0);
  series = f64x2.add(f64x2.splat(1.0 / 11.0), f64x2.mul(u, series));
  series = f64x2.add(f64x2.splat(1.0 / 9.0), f64x2.mul(u, series));
  series = f64x2.add(f64x2.splat(1.0 / 7.0), f64x2.mul(u, series));
  series = f64x2.add(f64x2.splat(1.0 / 5.0), f64x2.mul(u, series));
  series = f64x2.add(f64x2.splat(1.0 / 3.0), f64x2.mul(u, series));
  const byZ = f64x2.mul(z, f64x2.add(d, f64x2.mul(f64x2.mul(f64x2.add(value, value), u), series)));
  if (i64x2.all_true(near)) return byZ;
  const ratio = f64x2.div(value, a);
  const least = f64x2.splat(SMALLEST);
  const most = f64x2.splat(1 / SMALLEST);
  const ordinary = v128.and(v128.and(f64x2.gt(ratio, least), f64x2.lt(ratio, most)), f64x2.gt(a, least));
  const logarithms = i64x2.all_true(ordinary)
    ? logarithm(ratio, f64x2.div(d, a))
    : lanes(
        logarithmOf(lane0(value), lane0(a), lane0(logA)),
        logarithmOf(lane1(value), lane1(a), lane1(logA)),
      );
  return v128.bitselect(byZ, f64x2.sub(f64x2.mul(value, logarithms), d), near);
}

/** ln s. */
function logarithmOf(value: f64, a: f64, logA: f64): f64 {
  const ratio = value / a;
  return a <= SMALLEST || ratio === Infinity ? Math.log(value) - logA : Math.log(ratio);
}

/**
 * Diagnostics of a state against the equilibrium M (`fM`, `hM` = 1 - εM; ln a and b of M for where one
 * of them underflows), in `out`: moment4, relativeEntropy, entropyProduction, center, minimum, maximum, l1Distance,
 * weightedL2, fisher.
 *
 * entropyProduction = (4π/6) ΣΣ min(ρ_k,ρ_j) ĝ_k ĝ_j Δx_k Δx_j (δφ_k - δφ_j)², the discrete (1.3); evaluated with δφ less
 * its mean, so that it does not cancel near equilibrium.
 * fisher = 4π Σ ρ_k Δf_k Δφ_k / Δx_k → ∫ |∇f|²/(f(1-εf)). center extrapolates linearly in x, to which cell averages
 * are exact, and is the first cell's value where that leaves (0, 1/ε).
 */
export function diagnose(f: usize, h: usize, fM: usize, hM: usize, logA: f64, b: f64, out: usize): void {
  const zero = f64x2.splat(0);
  const e = epsilons();
  const inverse = invEpsilons();
  const logEpsilon = f64x2.splat(Math.log(epsilon));
  let moment4 = zero;
  let relative = zero;
  let distance = zero;
  let weighted = zero;
  let low = f64x2.splat(Infinity);
  let high = zero;
  for (let i = 0; i < cellPairs; i++) {
    const fi = pair(f, i);
    const m = pair(fM, i);
    const v = pair(V, i);
    const xi = pair(x, i);
    const hi = pair(h, i);
    const q = pair(hM, i);
    let d = f64x2.sub(fi, m);
    if (epsilon > 0) {
      const dense = v128.and(f64x2.lt(hi, halves()), f64x2.lt(q, halves()));
      d = v128.bitselect(f64x2.mul(f64x2.sub(q, hi), inverse), d, dense);
    }
    moment4 = f64x2.add(moment4, f64x2.mul(f64x2.mul(v, fi), f64x2.mul(xi, xi)));
    distance = f64x2.add(distance, f64x2.mul(v, f64x2.abs(d)));
    const counts = v128.and(f64x2.ne(d, zero), f64x2.gt(v, zero)); // a middle cell in one lane
    const square = f64x2.mul(f64x2.mul(v, d), f64x2.div(d, f64x2.mul(m, q)));
    weighted = f64x2.add(weighted, v128.and(square, counts));
    // ln(M/(1 - εM)), which is ln M where M is tiny, and -ln ε(1 - εM) where 1 - εM is
    const logRatio = f64x2.sub(f64x2.splat(logA), f64x2.mul(f64x2.splat(2 * b), xi));
    let density = relativeDensity(fi, m, logRatio, d);
    if (epsilon > 0) {
      const ofHoles = f64x2.neg(f64x2.add(logEpsilon, logRatio));
      density = f64x2.add(
        density,
        f64x2.mul(inverse, relativeDensity(hi, q, ofHoles, f64x2.neg(f64x2.mul(e, d)))),
      );
    }
    relative = f64x2.add(relative, v128.and(f64x2.mul(v, density), counts));
    low = f64x2.pmin(low, fi);
    high = f64x2.pmax(high, fi);
  }
  let entropy = FOUR_PI * total(relative);
  if (b === Infinity) entropy = total(distance) > 0 ? Infinity : 0; // M is a saturated ball: 0 and 1/ε only
  const first = cell(f, 0);
  let center = first - (cell(x, 0) * (cell(f, 1) - first)) / gridFace(dx, 1);
  if (!(center > 0) || (epsilon > 0 && center >= invEpsilon)) center = first;
  set(out, 0, 4 * FOUR_PI * total(moment4));
  set(out, 1, entropy);
  set(out, 2, production(f, h));
  set(out, 3, center);
  set(out, 4, Math.min(lane0(low), lane1(low)));
  set(out, 5, Math.max(lane0(high), lane1(high)));
  set(out, 6, FOUR_PI * total(distance));
  set(out, 7, FOUR_PI * total(weighted));
  set(out, 8, fisher());
}

/** Δφ_k/Δx_k from ĝ and Δf of `logarithmicMean`, in `update`: Δφ = Δf/ĝ. Returns their mean, by ĝ Δx ρ. */
function slopes(): f64 {
  const zero = f64x2.splat(0);
  const directions = lanes(1, -1);
  let sum = zero;
  let all = zero;
  for (let i = 1; i <= facePairs; i++) {
    const d = f64x2.mul(directions, v128.load(records + <usize>i * RECORD, DIFFERENCE));
    const weight = weightsOf(i);
    const slope = v128.andnot(f64x2.div(d, weight), f64x2.eq(weight, zero)); // a middle face counts in lane 0
    setPair(update, i, slope);
    const weighted = f64x2.mul(weight, gridPair(ball, i));
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
  logarithmicMean(f, h);
  const mean = f64x2.splat(slopes());
  const rest = beyondAhead();
  let behind = f64x2.splat(0);
  let local = behind;
  for (let i = 1; i <= facePairs; i++) {
    const weight = weightsOf(i);
    const u = f64x2.sub(pair(update, i), mean);
    const wu = f64x2.mul(weight, u);
    local = f64x2.add(local, f64x2.mul(f64x2.mul(wu, u), diffusivity(i, behind, rest)));
    behind = f64x2.add(behind, v128.shuffle<f64>(f64x2.mul(gridPair(ball, i), weight), weight, 0, 3));
    setPair(scratch, i, wu);
  }
  // from the wall inwards: through lane 1 up to where the lanes meet, and back through lane 0
  let beyond: f64 = 0;
  let layers: f64 = 0;
  let r = lane1(gridPair(ball, 1));
  for (let i = 1; i < N - facePairs; i++) {
    const inner = i < facePairs ? lane1(gridPair(ball, i + 1)) : lane0(gridPair(ball, i));
    beyond += lane1(pair(scratch, i));
    layers += (r - inner) * beyond * beyond;
    r = inner;
  }
  for (let i = facePairs; i > 0; i--) {
    const inner = lane0(gridPair(ball, i - 1));
    beyond += lane0(pair(scratch, i));
    layers += (r - inner) * beyond * beyond;
    r = inner;
  }
  return FOUR_PI * (total(local) - layers);
}

/** Uses ĝ and slopes as `production` left them. */
function fisher(): f64 {
  let sum = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) {
    const slope = pair(update, i);
    sum = f64x2.add(sum, f64x2.mul(f64x2.mul(weightsOf(i), gridPair(ball, i)), f64x2.mul(slope, slope)));
  }
  return 3 * FOUR_PI * total(sum);
}
