import { RunError } from "../errors.js";
import { blocked, type RadialCoefficients, type RadialGrid } from "./radial.js";

/*
 * The paper's own approximation (3.4), as an integrator beside the package's:
 *
 *   (f_k - f_{k-1})/τ = ∇·((A_{k-1} + δ₁) ∇f_k - ∇a_{k-1} f_k (1 - f_k)) - δ₂|v|^m f_k,   A_{k-1} = A[f_{k-1}(1 - f_{k-1})],
 *
 * coefficients lagged, ε = 1. Finite volumes in r with the flux (D + δ₁) ∂r f + r⁻² m_{k-1} q, where q = f(1-f) at a face
 * is (f_L(1-f_R) + f_R(1-f_L))/2; each step solves a tridiagonal system by Newton's iteration.
 */

/** Factors of the terms, 1 for the equation. */
export interface LaggedTerms {
  diffusion: number;
  drift: number;
  /** Of f² in f(1 - f). */
  blocking: number;
  damping: number;
}

export interface LaggedOptions {
  tau: number;
  delta1: number;
  delta2: number;
  /** m of |v|^m */
  power: number;
}

export type CoefficientsOf = (
  grid: RadialGrid,
  g: ArrayLike<number>,
  f: ArrayLike<number>,
) => RadialCoefficients;

/** f_k from f_{k-1}. Throws RunError if Newton's iteration does not converge. */
export function laggedStep(
  grid: RadialGrid,
  before: Float64Array,
  { tau, delta1, delta2, power }: LaggedOptions,
  terms: LaggedTerms,
  coefficientsOf: CoefficientsOf,
): Float64Array {
  const { faces, volumes, nodes } = grid;
  const cells = nodes.length;
  const { parallel, enclosed } = coefficientsOf(grid, blocked(before, 1), before);
  // flux through face k: conductance (f_R - f_L) + drift q(f_L, f_R), both times r²
  const conductance = new Float64Array(cells + 1);
  const drift = new Float64Array(cells + 1);
  for (let k = 1; k < cells; k++) {
    const dx = (nodes[k]! ** 2 - nodes[k - 1]! ** 2) / 2;
    conductance[k] = ((terms.diffusion * parallel[k]! + delta1) * faces[k]! ** 3) / dx;
    drift[k] = terms.drift * enclosed[k]!;
  }
  const damping = nodes.map((r) => terms.damping * delta2 * r ** power);
  const f = before.slice();
  const [lower, diagonal, upper, residual] = [0, 0, 0, 0].map(() => new Float64Array(cells)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const scale = before.reduce((most, x) => Math.max(most, x), 0);
  for (let pass = 0; pass < 40; pass++) {
    for (let i = 0; i < cells; i++) {
      diagonal[i] = volumes[i]! * (1 + tau * damping[i]!);
      residual[i] = volumes[i]! * (before[i]! - f[i]! - tau * damping[i]! * f[i]!);
      lower[i] = 0;
      upper[i] = 0;
    }
    for (let k = 1; k < cells; k++) {
      const [left, right] = [f[k - 1]!, f[k]!];
      const q = (left + right) / 2 - terms.blocking * left * right;
      const flux = tau * (conductance[k]! * (right - left) + drift[k]! * q);
      const dLeft = tau * (-conductance[k]! + drift[k]! * (0.5 - terms.blocking * right));
      const dRight = tau * (conductance[k]! + drift[k]! * (0.5 - terms.blocking * left));
      residual[k - 1]! += flux;
      residual[k]! -= flux;
      diagonal[k - 1]! -= dLeft;
      upper[k - 1] = -dRight;
      lower[k] = dLeft;
      diagonal[k]! += dRight;
    }
    const change = solveTridiagonal(lower, diagonal, upper, residual);
    let largest = 0;
    for (let i = 0; i < cells; i++) {
      f[i]! += change[i]!;
      largest = Math.max(largest, Math.abs(change[i]!));
    }
    if (largest <= 1e-14 * scale) return f;
    if (!Number.isFinite(largest)) break;
    if (pass > 5 && largest <= 1e-13 * scale) return f; // rounding moves it no less
  }
  throw new RunError(`(3.4): Newton's iteration did not converge with step ${tau}`);
}

/** x with lower[i] x[i-1] + diagonal[i] x[i] + upper[i] x[i+1] = right[i], no pivoting. */
export function solveTridiagonal(
  lower: Float64Array,
  diagonal: Float64Array,
  upper: Float64Array,
  right: Float64Array,
): Float64Array {
  const n = diagonal.length;
  const d = new Float64Array(n);
  const x = new Float64Array(n);
  d[0] = diagonal[0]!;
  x[0] = right[0]!;
  for (let i = 1; i < n; i++) {
    const factor = lower[i]! / d[i - 1]!;
    d[i] = diagonal[i]! - factor * upper[i - 1]!;
    x[i] = right[i]! - factor * x[i - 1]!;
  }
  x[n - 1]! /= d[n - 1]!;
  for (let i = n - 2; i >= 0; i--) x[i] = (x[i]! - upper[i]! * x[i + 1]!) / d[i]!;
  return x;
}
