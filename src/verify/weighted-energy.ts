import { splitBound } from "./bounds.js";
import { integral, type RadialGrid, slopes } from "./radial.js";

export const bracket = (r: number) => Math.sqrt(1 + r * r);

/** ∫ w(|v|) |∇f|² dv from the faces. */
export function gradientSquare(
  grid: RadialGrid,
  f: Float64Array,
  w: (r: number) => number = () => 1,
): number {
  const { faces, nodes } = grid;
  const slope = slopes(grid, f);
  let sum = 0;
  for (let k = 1; k < f.length; k++) {
    sum += slope[k]! ** 2 * w(faces[k]!) * faces[k]! ** 2 * (nodes[k]! - nodes[k - 1]!);
  }
  return 4 * Math.PI * sum;
}

/** sup a and sup |∇a| by Lemmas 2.2 and 2.3 (p = 1, q = ∞) for mass ρ and f ≤ 1; they bound those of f(1-f), too. */
export function potentialBounds(mass: number): { potential: number; field: number } {
  const [a, gradient] = [splitBound(1, Infinity, 1), splitBound(1, Infinity, 2)];
  return {
    potential: (a.constant * mass ** (1 - a.alpha)) / (4 * Math.PI),
    field: (gradient.constant * mass ** (1 - gradient.alpha)) / (4 * Math.PI),
  };
}

export interface EnergyRun {
  grid: RadialGrid;
  states: readonly Float64Array[];
  /** Weight in time of each state but the first: τ, or that of a quadrature. */
  weights: readonly number[];
  /** δ₁ of (3.1), 0 for (1.1). */
  viscosity: number;
  /** C of Lemma 2.1 along the run. */
  coercivity: number;
}

/**
 * The estimate behind Lemmas 3.15 and 3.16, every constant of its proof in numbers (ε = 1): (1.1), or (3.1), tested with
 * ⟨v⟩^m f gives at each time
 *
 *   (1/2)∫⟨v⟩^m f² + ∫∫ (C/(1+r³) + δ) ⟨v⟩^m |∇f|² ≤ (1/2)∫⟨v⟩^m f_in² + ∫∫ (1/2)⟨v⟩^m f³
 *       + 2m sup|∇a| ⟨v⟩^{m-1} f² + (1/2)(m(m-1) sup a + m(m+1) δ) ⟨v⟩^{m-2} f² dv dt.
 *
 * Left over right, the worst time.
 */
export function weightedEnergy(run: EnergyRun, m: number): number {
  const { grid, states, weights, viscosity, coercivity } = run;
  const { potential, field } = potentialBounds(integral(grid, states[0]!));
  const moment = (f: Float64Array, power: number, of: 2 | 3) =>
    integral(
      grid,
      f.map((x) => x ** of),
      (r) => bracket(r) ** power,
    );
  const start = moment(states[0]!, m, 2) / 2;
  let [dissipated, produced, worst] = [0, 0, 0];
  states.slice(1).forEach((f, k) => {
    const weight = weights[k]!;
    dissipated +=
      weight * gradientSquare(grid, f, (r) => (coercivity / (1 + r ** 3) + viscosity) * bracket(r) ** m);
    produced +=
      weight *
      (moment(f, m, 3) / 2 +
        2 * m * field * moment(f, m - 1, 2) +
        (m * ((m - 1) * potential + (m + 1) * viscosity) * moment(f, m - 2, 2)) / 2);
    worst = Math.max(worst, (moment(f, m, 2) / 2 + dissipated) / (start + produced));
  });
  return worst;
}
