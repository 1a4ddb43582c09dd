import { sharpPotential } from "./bounds.js";
import type { Context } from "./check.js";
import { type LaggedOptions, laggedStep, solveTridiagonal } from "./lagged.js";
import { integral, normOf, type RadialGrid } from "./radial.js";
import { bracket, gradientSquare, potentialBounds } from "./weighted-energy.js";

// The paper's own approximation as an integrator: a run of (3.4), and each of its estimates, over its bound.

export const radius = 10;
export const until = 1;
export const power = 0.5; // the m of |v|^m: 0 < m < 1 in the paper's Lemma 3.12
/** Data below 1 with an edge, heavy enough for the bounds to mean something. */
export const initial = (r: number) =>
  r < 1.5 ? 0.85 * (1 - 0.5 * Math.exp(-4 * r * r)) : 0.85 * Math.exp(-6 * (r - 1.5));

/** A run of (3.4): the states and their times. */
export interface Scheme {
  grid: RadialGrid;
  options: LaggedOptions;
  states: Float64Array[];
}

export function integrate(
  { subject }: Context,
  grid: RadialGrid,
  options: LaggedOptions,
  start: Float64Array = grid.nodes.map(initial),
): Scheme {
  const states = [start];
  const steps = Math.round(until / options.tau);
  for (let k = 0; k < steps; k++) {
    states.push(laggedStep(grid, states[k]!, options, subject.lagged, subject.coefficients));
  }
  return { grid, options, states };
}

export const mass = (grid: RadialGrid, f: Float64Array) => integral(grid, f);

export const least = (run: Scheme) => Math.min(...run.states.map((f) => Math.min(...f)));

/** ‖f_k‖₁ + τδ₂‖f_k|v|^m‖₁ - ‖f_{k-1}‖₁ */
export function balanceDefect({ grid, options, states }: Scheme): number {
  const { tau, delta2 } = options;
  let worst = 0;
  for (let k = 1; k < states.length; k++) {
    const lost = tau * delta2 * integral(grid, states[k]!, (r) => r ** power);
    worst = Math.max(worst, Math.abs(mass(grid, states[k]!) + lost - mass(grid, states[k - 1]!)));
  }
  return worst / mass(grid, states[0]!);
}

/** (3.9) with its constant: z(1-z) ≤ 1/4 and ‖∇a‖² ≤ S‖f‖²_{6/5} make it S/16. */
export function energyEstimate({ grid, options, states }: Scheme): number {
  const { tau, delta1, delta2 } = options;
  let worst = 0;
  for (let k = 1; k < states.length; k++) {
    const [f, before] = [states[k]!, states[k - 1]!];
    const damped = integral(
      grid,
      f.map((x) => x * x),
      (r) => r ** power,
    );
    const left = normOf(grid, f, 2) ** 2 + tau * delta1 * gradientSquare(grid, f) + 2 * tau * delta2 * damped;
    const right =
      normOf(grid, before, 2) ** 2 + ((sharpPotential / 16) * tau * normOf(grid, before, 1.2) ** 2) / delta1;
    worst = Math.max(worst, left / right);
  }
  return worst;
}

/**
 * (3.17) over [0, kτ], left over right, the worst k. `printed`: the suprema of both terms against ‖f_in‖² + T‖f_in‖₁^{3/2}.
 * Its proof has (3/8)‖f‖₁ from Young's inequality, for each k (`proven`); `both`: that right side with the suprema.
 */
export function summed({ grid, options, states }: Scheme): { printed: number; proven: number; both: number } {
  const { tau, delta1 } = options;
  const start = normOf(grid, states[0]!, 2) ** 2;
  const initialMass = mass(grid, states[0]!);
  let [most, dissipated] = [start, 0];
  const worst = { printed: 0, proven: 0, both: 0 };
  for (let k = 1; k < states.length; k++) {
    const square = normOf(grid, states[k]!, 2) ** 2;
    most = Math.max(most, square);
    dissipated += 2 * delta1 * tau * gradientSquare(grid, states[k]!);
    const young = start + (3 / 8) * k * tau * initialMass;
    worst.printed = Math.max(worst.printed, (most + dissipated) / (start + k * tau * initialMass ** 1.5));
    worst.proven = Math.max(worst.proven, (square + dissipated) / young);
    worst.both = Math.max(worst.both, (most + dissipated) / young);
  }
  return worst;
}

/** ‖g‖ in H⁻¹: ∫ g u with (1 - Δ)u = g. */
function dualNorm({ faces, volumes, nodes }: RadialGrid, g: Float64Array): number {
  const n = g.length;
  const [lower, upper] = [new Float64Array(n), new Float64Array(n)];
  const diagonal = volumes.slice();
  for (let k = 1; k < n; k++) {
    const conductance = faces[k]! ** 2 / (nodes[k]! - nodes[k - 1]!);
    upper[k - 1] = -conductance;
    lower[k] = -conductance;
    diagonal[k - 1]! += conductance;
    diagonal[k]! += conductance;
  }
  const right = g.map((x, i) => x * volumes[i]!);
  const u = solveTridiagonal(lower, diagonal, upper, right);
  return Math.sqrt(4 * Math.PI * u.reduce((sum, x, i) => sum + x * right[i]!, 0));
}

/**
 * ‖D_τ f‖ in L²(0,T;H⁻¹) over what the proof of Lemma 3.12 bounds it by, (3.21):
 * (sup A + δ₁) ‖∇f‖ + (1/4) ‖∇a‖₂ + δ₂ ‖|v|^m f‖₂, in L²(0,T), with Lemmas 2.2 and 2.3 for A and ∇a.
 */
export function dualEstimate({ grid, options, states }: Scheme): number {
  const { tau, delta1, delta2 } = options;
  // A ≤ a, whose bound the constant of Lemma 2.2 halves
  const sup = potentialBounds(mass(grid, states[0]!)).potential / 2 + delta1;
  let [left, right] = [0, 0];
  for (let k = 1; k < states.length; k++) {
    const [f, before] = [states[k]!, states[k - 1]!];
    const rate = f.map((x, i) => (x - before[i]!) / tau);
    left += tau * dualNorm(grid, rate) ** 2;
    const bound =
      sup * Math.sqrt(gradientSquare(grid, f)) +
      (Math.sqrt(sharpPotential) * normOf(grid, before, 1.2)) / 4 +
      delta2 * normOf(grid, f, 2, (r) => r ** power);
    right += tau * bound ** 2;
  }
  return Math.sqrt(left / right);
}

/** ‖f‖² in L²(0,T;H¹) over T sup‖f‖² + ∫‖∇f‖² as (3.17) bounds them; the rest of (3.22) is (3.20). */
export function spaceEstimate({ grid, options, states }: Scheme): number {
  const { tau, delta1 } = options;
  const T = tau * (states.length - 1);
  const bound = normOf(grid, states[0]!, 2) ** 2 + T * mass(grid, states[0]!) ** 1.5;
  let norm = 0;
  for (const f of states.slice(1)) norm += tau * (normOf(grid, f, 2) ** 2 + gradientSquare(grid, f));
  return norm / (T * bound + bound / (2 * delta1));
}

export function massGrowth({ grid, states }: Scheme): number {
  const start = mass(grid, states[0]!);
  return Math.max(...states.map((f) => mass(grid, f) / start));
}

/**
 * Growth of ∫⟨v⟩^s f per time over the bound of the proofs of Lemmas 3.11 and 3.13: for s ≥ 2 the Hessian of ⟨v⟩^s is at
 * most s(s-1)⟨v⟩^{s-2}, its gradient s⟨v⟩^{s-1}, its Laplacian s(s+1)⟨v⟩^{s-2}; for s = 1 it is tr(A∇²⟨v⟩) ≤ a, 1 and 3.
 */
export function momentGrowth({ grid, options, states }: Scheme, s: number): number {
  const { tau, delta1 } = options;
  const { potential, field } = potentialBounds(mass(grid, states[0]!));
  const moment = (f: Float64Array, power: number) => integral(grid, f, (r) => bracket(r) ** power);
  const highest = (power: number) => Math.max(...states.map((f) => moment(f, power)));
  const rate =
    s === 1
      ? (potential + 2 * field + 3 * delta1) * highest(0)
      : s * ((s - 1) * potential + (s + 1) * delta1) * highest(s - 2) + 2 * s * field * highest(s - 1);
  const start = moment(states[0]!, s);
  return Math.max(...states.slice(1).map((f, k) => (moment(f, s) - start) / ((k + 1) * tau * rate)));
}
