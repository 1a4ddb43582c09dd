import { beyondAhead, diffusivity } from "./collision";
import { FOUR_PI } from "./invariants";
import { logarithmicMean } from "./mean";
import {
  ball,
  cell,
  cellPairs,
  DIFFERENCE,
  dx,
  epsilon,
  face,
  facePairs,
  get,
  gridFace,
  gridPair,
  invEpsilon,
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

/**
 * a (s ln s - s + 1) with s = value/a and d = value - a: no cancellation near s = 1, d where value vanishes. `logA` is ln a
 * for where a underflows, or s overflows.
 */
function relativeDensity(value: f64, a: f64, logA: f64, d: f64): f64 {
  const r = d / a;
  if (Math.abs(r) < 1e-4) return d * r * (0.5 - r * (1.0 / 6.0 - r * (1.0 / 12.0)));
  if (a <= 1e-290 || r === Infinity) return value * (Math.log(value) - logA) - d;
  return value * (r > -0.5 ? Math.log1p(r) : Math.log(value / a)) - d;
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
  const n = 2 * cellPairs; // in the order of storage; a middle cell weighs once
  let moment4: f64 = 0;
  let relative: f64 = 0;
  let distance: f64 = 0;
  let weighted: f64 = 0;
  let low: f64 = Infinity;
  let high: f64 = 0;
  const logEpsilon = Math.log(epsilon);
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
      weighted += m > 0 ? v * d * (d / (m * q)) : Infinity;
      const logRatio = logA - 2 * b * xi; // ln(M/(1 - εM)), which is ln M where M is tiny, and -ln ε(1 - εM) where 1 - εM is
      relative += v * relativeDensity(fi, m, logRatio, d);
      if (epsilon > 0)
        relative += v * invEpsilon * relativeDensity(hi, q, -logEpsilon - logRatio, -epsilon * d);
    }
    low = Math.min(low, fi);
    high = Math.max(high, fi);
  }
  if (b === Infinity) relative = distance > 0 ? Infinity : 0; // M is a saturated ball: 0 and 1/ε only
  const first = cell(f, 0);
  let center = first - (cell(x, 0) * (cell(f, 1) - first)) / gridFace(dx, 1);
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
  let beyond: f64 = 0;
  let layers: f64 = 0;
  for (let k = N - 1; k > 0; k--) {
    beyond += face(scratch, k);
    layers += (gridFace(ball, k) - gridFace(ball, k - 1)) * beyond * beyond;
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
