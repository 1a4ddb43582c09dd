import { innerSum, logarithmicMean, outerSum } from "./mean";
import {
  ball,
  cell,
  cellPairs,
  closeFaces,
  DIFFERENCE,
  dx,
  facePairs,
  gridPair,
  invV,
  lanes,
  N,
  PARTIAL,
  pair,
  RECORD,
  records,
  scratch,
  setPair,
  total,
  update,
  V,
  weightsOf,
} from "./memory";
import { changeBy } from "./update";

/** Σ f V of the state that `balancedFluxes` has looked at. */
let content: f64 = 0;

/**
 * The two nonlocal coefficients of the flux at the interior faces,
 *
 *   S_k = Σ_j min(ρ_k, ρ_j) ĝ_j Δx_j = Σ_{j<k} ρ_j ĝ_j Δx_j + ρ_k Σ_{j≥k} ĝ_j Δx_j
 *   m_k - ρ_k f_{N-1}/3,  m_k = Σ_{i<k} f_i V_i
 *
 * so that F_k = (Δf_k/Δx_k) S_k/3 + ĝ_k (m_k - ρ_k f_{N-1}/3), from the sums over the faces ahead that `logarithmicMean`
 * left and running sums over those behind: the whole collision operator costs O(N). No term of S is subtracted. The
 * elimination forms them on its way (`elimination`); here they are formed for those who only look. S/3 is left in
 * `scratch`, F (directed) in `update`.
 *
 * Σ_k Δx_k F_k vanishes identically (antisymmetry of the double sum: energy). What rounding leaves of it is taken out,
 * in proportion to ĝ_k ρ_k.
 */
export function balancedFluxes(f: usize, h: usize): void {
  logarithmicMean(f, h);
  const direction = lanes(1, -1);
  const rest = beyondAhead();
  const wall = f64x2.mul(direction, f64x2.splat(cell(f, N - 1)));
  let mass = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) mass = f64x2.add(mass, f64x2.mul(pair(f, i), pair(V, i)));
  content = total(mass);
  let enclosed = lanes(0, -content);
  let behind = f64x2.splat(0);
  let energy = f64x2.splat(0);
  let weights = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) {
    const r = gridPair(ball, i);
    const weight = weightsOf(i);
    const weighted = f64x2.mul(r, weight);
    enclosed = f64x2.add(enclosed, f64x2.mul(pair(f, i - 1), pair(V, i - 1)));
    const S = diffusivity(i, behind, rest);
    behind = f64x2.add(behind, v128.shuffle<f64>(weighted, weight, 0, 3));
    const flux = f64x2.add(
      f64x2.mul(v128.load(records + <usize>i * RECORD, DIFFERENCE), S),
      f64x2.mul(weight, f64x2.sub(enclosed, f64x2.mul(r, wall))),
    );
    energy = f64x2.add(energy, flux);
    weights = f64x2.add(weights, weighted);
    setPair(scratch, i, S);
    setPair(update, i, flux);
  }
  const balance = f64x2.mul(direction, f64x2.splat(total(f64x2.mul(direction, energy)) / total(weights)));
  for (let i = 1; i <= facePairs; i++) {
    const excess = f64x2.mul(balance, f64x2.mul(weightsOf(i), gridPair(ball, i)));
    setPair(update, i, f64x2.div(f64x2.sub(pair(update, i), excess), gridPair(dx, i)));
  }
  closeFaces(update);
}

/** What the sums of `diffusivity` over the faces ahead have beyond where the lanes meet. */
export function beyondAhead(): v128 {
  return lanes(outerSum, innerSum);
}

/** S/3 of pair i, from ⅓ Σ ρ_j ĝ_j Δx_j (lane 0) and Σ ĝ_j Δx_j (lane 1) over the faces `behind`. */
export function diffusivity(i: i32, behind: v128, rest: v128): v128 {
  const ahead = f64x2.add(v128.load(records + <usize>i * RECORD, PARTIAL), rest);
  return f64x2.add(
    v128.shuffle<f64>(behind, ahead, 0, 3),
    f64x2.mul(gridPair(ball, i), v128.shuffle<f64>(ahead, behind, 0, 3)),
  );
}

/**
 * The collision operator of the semi-discrete system: out_i = df_i/dt = (F_{i+1} - F_i)/V_i.
 * Σ out_i V_i and Σ out_i V_i x_i vanish to round-off; f at a discrete Fermi–Dirac state gives zero.
 */
export function collide(f: usize, h: usize, out: usize): void {
  balancedFluxes(f, h);
  let behind = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    const ahead = pair(update, i + 1);
    setPair(out, i, f64x2.mul(f64x2.sub(ahead, behind), pair(invV, i)));
    behind = ahead;
  }
}

/** Σ |df_i/dt| V_i / Σ f_i V_i: the share of the mass that changes place in a unit of time. */
export function changeRate(f: usize, h: usize): f64 {
  balancedFluxes(f, h);
  return changeBy(update) / content;
}
