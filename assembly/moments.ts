import { prefixSums } from "./collision";
import { logarithmicMean } from "./mean";
import { dx, epsilon, get, gHat, inv3dx, invEpsilon, N, rho, S, set, V, x } from "./memory";

const FOUR_PI: f64 = 4 * Math.PI;

/**
 * {mass, energy, entropy} of a state in `out`, each sum with its rounding error carried along (TwoSum cascade): as if
 * in twice the precision, rounded once. What remains is the rounding of the single terms.
 */
export function invariants(f: usize, h: usize, out: usize): void {
  const n = N;
  let m: f64 = 0;
  let mLow: f64 = 0;
  let e: f64 = 0;
  let eLow: f64 = 0;
  let s: f64 = 0;
  let sLow: f64 = 0;
  for (let i = 0; i < n; i++) {
    const v = get(V, i);
    const fi = get(f, i);
    let term = v * fi;
    let sum = m + term;
    let back = sum - m;
    mLow += m - (sum - back) + (term - back);
    m = sum;

    term *= get(x, i);
    sum = e + term;
    back = sum - e;
    eLow += e - (sum - back) + (term - back);
    e = sum;

    term = v * entropyDensity(fi, get(h, i));
    sum = s + term;
    back = sum - s;
    sLow += s - (sum - back) + (term - back);
    s = sum;
  }
  set(out, 0, FOUR_PI * (m + mLow));
  set(out, 1, 2 * FOUR_PI * (e + eLow));
  set(out, 2, FOUR_PI * (s + sLow));
}

/** [εf ln εf + h ln h]/ε, h = 1 - εf; f ln f for ε = 0. */
function entropyDensity(f: f64, h: f64): f64 {
  if (epsilon === 0) return f * Math.log(f);
  const u = epsilon * f;
  if (u < 1e-290) return f * (Math.log(epsilon) + Math.log(f) - 1); // where the product loses its digits
  const lnU = h < 0.5 ? Math.log1p(-h) : Math.log(u);
  const lnH = h < 0.5 ? Math.log(h) : Math.log1p(-u);
  return f * lnU + h * lnH * invEpsilon;
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
 * entropyProduction = (4π/6) ΣΣ min(ρ_k,ρ_j) ĝ_k ĝ_j Δx_k Δx_j (δφ_k - δφ_j)², the discrete (1.3); evaluated by
 * prefix sums of δφ less its mean, so that it does not cancel near equilibrium.
 * fisher = 4π Σ ρ_k Δf_k Δφ_k / Δx_k → ∫ |∇f|²/(f(1-εf)). center extrapolates linearly in x, to which cell averages
 * are exact, and is the first cell's value where that leaves (0, 1/ε).
 */
export function diagnose(f: usize, h: usize, fM: usize, hM: usize, logA: f64, b: f64, out: usize): void {
  const n = N;
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
    if (d !== 0) {
      weighted += (v * d * d) / (m * q);
      relative +=
        v * (m > 1e-290 ? relativeDensity(fi, m, d) : fi * (Math.log(fi) - (logA - 2 * b * xi)) - fi);
      if (epsilon > 0) relative += v * invEpsilon * relativeDensity(hi, q, -epsilon * d);
    }
    low = Math.min(low, fi);
    high = Math.max(high, fi);
  }
  if (b === Infinity) relative = distance > 0 ? Infinity : 0; // M is a saturated ball: 0 and 1/ε only
  const first = get(f, 0);
  let center = first - (get(x, 0) * (get(f, 1) - first)) / get(dx, 1);
  if (!(center > 0) || (epsilon > 0 && center >= invEpsilon)) center = first;
  set(out, 0, 4 * FOUR_PI * moment4);
  set(out, 1, FOUR_PI * relative);
  set(out, 2, production(f, h));
  set(out, 3, center);
  set(out, 4, low);
  set(out, 5, high);
  set(out, 6, FOUR_PI * distance);
  set(out, 7, FOUR_PI * weighted);
  set(out, 8, fisher(f, h));
}

/** Δφ_k from the mean: Δφ = Δf/ĝ, with Δf from whichever of f and h is small. */
function jump(f: usize, h: usize, k: i32): f64 {
  const hL = get(h, k - 1);
  const d = hL < 0.5 ? (hL - get(h, k)) * invEpsilon : get(f, k) - get(f, k - 1);
  return d / get(gHat, k);
}

function production(f: usize, h: usize): f64 {
  const n = N;
  logarithmicMean(f, h);
  prefixSums(f);
  let weight: f64 = 0;
  let mean: f64 = 0;
  for (let k = 1; k < n; k++) {
    const w = get(gHat, k) * get(dx, k) * get(rho, k);
    weight += w;
    mean += w * jump(f, h, k) * 3 * get(inv3dx, k);
  }
  mean /= weight;
  // Σ_k w_k u_k (u_k S_k - T_k)/3 with u = δφ - mean, T_k = Σ_j min(ρ_k,ρ_j) w_j u_j
  let outer: f64 = 0;
  for (let k = 1; k < n; k++)
    outer += get(gHat, k) * get(dx, k) * (jump(f, h, k) * 3 * get(inv3dx, k) - mean);
  let inner: f64 = 0;
  let sum: f64 = 0;
  for (let k = 1; k < n; k++) {
    const u = jump(f, h, k) * 3 * get(inv3dx, k) - mean;
    const w = get(gHat, k) * get(dx, k);
    outer -= w * u;
    inner += get(rho, k) * w * u;
    sum += w * u * (u * get(S, k) - (inner + get(rho, k) * outer));
  }
  return (FOUR_PI * sum) / 3;
}

/** Uses ĝ as `production` left it. */
function fisher(f: usize, h: usize): f64 {
  const n = N;
  let sum: f64 = 0;
  for (let k = 1; k < n; k++) {
    const d = jump(f, h, k);
    sum += get(rho, k) * d * d * get(gHat, k) * 3 * get(inv3dx, k);
  }
  return FOUR_PI * sum;
}
