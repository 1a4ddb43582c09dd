import { logarithmicMean } from "./mean";
import { drag, dx, get, gHat, invEpsilon, invV, N, R, rho, S, set, slope, V } from "./memory";

/**
 * Σ_k Δx_k F_k vanishes identically (antisymmetry of the double sum: energy). What rounding leaves of it is taken out
 * of the flux, F_k -= balance · ĝ_k ρ_k; otherwise a long stiff step multiplies it by τ.
 */
let balance: f64 = 0;

/**
 * The two nonlocal coefficients of the flux at the interior faces, by prefix sums, after `logarithmicMean`:
 *
 *   S_k = Σ_j min(ρ_k, ρ_j) ĝ_j Δx_j
 *   m_k - ρ_k f_{N-1}/3,  m_k = Σ_{i<k} f_i V_i   (kept in `drag`)
 *
 * so that F_k = Δf_k S_k / (3Δx_k) + ĝ_k (m_k - ρ_k f_{N-1}/3): the whole collision operator costs O(N).
 */
export function prefixSums(f: usize): void {
  const n = N;
  const pg = gHat;
  const ps = slope;
  const pdx = dx;
  const prho = rho;
  const pS = S;
  const pC = drag;
  const pV = V;
  let outer = 0.0; // Σ_{j>k} ĝ_j Δx_j
  for (let k = n - 1; k > 0; k--) {
    set(pS, k, outer);
    outer += get(pg, k) * get(pdx, k);
  }
  const third = get(f, n - 1) / 3;
  let inner = 0.0; // Σ_{j≤k} ρ_j ĝ_j Δx_j
  let enclosed = 0.0;
  let energy = 0.0;
  for (let k = 1; k < n; k++) {
    const r = get(prho, k);
    const mean = get(pg, k);
    const step = get(pdx, k);
    enclosed += get(f, k - 1) * get(pV, k - 1);
    inner += r * mean * step;
    const spread = inner + r * get(pS, k);
    const pull = enclosed - r * third;
    set(pS, k, spread);
    set(pC, k, pull);
    energy += step * (get(ps, k) * spread + mean * pull);
  }
  balance = energy / inner;
}

/** F_k, from what `logarithmicMean` and `prefixSums` left. */
export function flux(k: i32): f64 {
  const mean = get(gHat, k);
  return get(slope, k) * get(S, k) + mean * get(drag, k) - balance * get(rho, k) * mean;
}

/**
 * The collision operator of the semi-discrete system: out_i = df_i/dt = (F_{i+1} - F_i)/V_i.
 * Σ out_i V_i and Σ out_i V_i x_i vanish to round-off; f at a discrete Fermi–Dirac state gives zero.
 */
export function collide(f: usize, h: usize, out: usize): void {
  const n = N;
  logarithmicMean(f, h);
  prefixSums(f);
  let left = 0.0;
  for (let i = 0; i < n; i++) {
    const right = i + 1 < n ? flux(i + 1) : 0.0;
    set(out, i, (right - left) * get(invV, i));
    left = right;
  }
}

/** Σ (f - f*) V, left by `stageResidual`. */
export let massDefect: f64 = 0;

/**
 * R_k = m_k - m*_k - τF_k, the residual of a stage in enclosed masses. Cell contents V_i (f_i - f*_i) are summed from
 * the inside up to face `middle` and from the outside beyond it: one sum over everything would lose the tail to
 * cancellation against the total mass. The difference is taken from the holes where they are the small ones.
 */
export function stageResidual(f: usize, h: usize, fStar: usize, hStar: usize, tau: f64, middle: i32): void {
  const n = N;
  const pR = R;
  const pV = V;
  const pg = gHat;
  const pC = drag;
  const ps = slope;
  const pS = S;
  const prho = rho;
  const inverse = invEpsilon;
  const correction = balance;
  let sum = 0.0;
  for (let k = n - 1; k > middle; k--) {
    const hole = get(h, k);
    const change = hole < 0.5 ? (get(hStar, k) - hole) * inverse : get(f, k) - get(fStar, k);
    sum -= change * get(pV, k);
    const mean = get(pg, k);
    const F = get(ps, k) * get(pS, k) + mean * get(pC, k) - correction * get(prho, k) * mean;
    set(pR, k, sum - tau * F);
  }
  let total = -sum;
  sum = 0;
  for (let k = 1; k <= middle; k++) {
    const hole = get(h, k - 1);
    const change = hole < 0.5 ? (get(hStar, k - 1) - hole) * inverse : get(f, k - 1) - get(fStar, k - 1);
    sum += change * get(pV, k - 1);
    const mean = get(pg, k);
    const F = get(ps, k) * get(pS, k) + mean * get(pC, k) - correction * get(prho, k) * mean;
    set(pR, k, sum - tau * F);
  }
  total += sum;
  const hole = get(h, middle);
  total +=
    get(pV, middle) *
    (hole < 0.5 ? (get(hStar, middle) - hole) * inverse : get(f, middle) - get(fStar, middle));
  massDefect = total;
}
