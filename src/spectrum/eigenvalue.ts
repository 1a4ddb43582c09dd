import { RunError } from "../errors.js";
import type { Sector } from "./sector.js";
import { combine, dot, Factorisation, multiply, multiplyTridiagonal } from "./semiseparable.js";

/*
 * Eigenvalues λ of Q h = λ N h on the complement of the null space in L²(m), Q the form and N the norm of a sector:
 * bisection by counting (the signs of an LDLᵀ of Q - σN, corrected for the constraints) brackets one, shift-and-invert
 * Lanczos, orthogonal in N, then has it to rounding. Both cost O(n) a step.
 */

/** Q - σN with the constraints C = mass·nullSpace. */
class Shifted {
  readonly #factors: Factorisation;
  readonly #constraints: Float64Array[];
  readonly #inverse: Float64Array[];
  readonly #schur: number[][];

  constructor(sector: Sector, sigma: number) {
    this.#factors = new Factorisation(combine(sector.form, 1, sector.norm, -sigma));
    this.#constraints = sector.nullSpace.map((n) => multiplyTridiagonal(sector.mass, n));
    this.#inverse = this.#constraints.map((c) => this.#factors.solve(c));
    this.#schur = this.#constraints.map((c) => this.#inverse.map((x) => dot(c, x)));
  }

  /** Number of eigenvalues below σ: inertia of the bordered matrix, less one for each constraint. */
  get below(): number {
    const [a, b] = this.#schur;
    let positive = 0;
    if (a && !b) positive = a[0]! > 0 ? 1 : 0;
    if (a && b) {
      const determinant = a[0]! * b[1]! - a[1]! * b[0]!;
      positive = determinant < 0 ? 1 : a[0]! > 0 ? 2 : 0;
    }
    return this.#factors.negative + positive - this.#constraints.length;
  }

  /** The x with Cᵀx = 0 and (Q - σN) x = b up to multiples of C. */
  solve(b: Float64Array): Float64Array {
    const x = this.#factors.solve(b);
    const residual = this.#constraints.map((c) => dot(c, x));
    const multipliers = solveSmall(this.#schur, residual);
    multipliers.forEach((value, k) => {
      const direction = this.#inverse[k]!;
      for (let i = 0; i < x.length; i++) x[i]! -= value * direction[i]!;
    });
    return x;
  }
}

function solveSmall(matrix: number[][], b: number[]): number[] {
  if (b.length === 0) return [];
  if (b.length === 1) return [b[0]! / matrix[0]![0]!];
  const [[a, c], [d, e]] = matrix as [[number, number], [number, number]];
  const determinant = a * e - c * d;
  return [(b[0]! * e - c * b[1]!) / determinant, (a * b[1]! - d * b[0]!) / determinant];
}

/** Number of eigenvalues below σ on the complement of the null space. */
export function countBelow(sector: Sector, sigma: number): number {
  return new Shifted(sector, sigma).below;
}

/** Infimum of form/norm on the complement of the null space where it may be negative, by bisection on counts over (-1, 1). */
export function infimum(sector: Sector): number {
  let [low, high] = [-1, 1];
  while (high - low > 1e-7) {
    const middle = (low + high) / 2;
    if (countBelow(sector, middle) > 0) high = middle;
    else low = middle;
  }
  return high;
}

export interface Eigenpair {
  value: number;
  /** y = √m h at the sector's nodes, of norm 1 in N. */
  vector: Float64Array;
  /** Norm of the residual over that of Q's local part applied to the vector. */
  residual: number;
  /** What rounding may have done to the value: it is a difference of terms of size D/dr². */
  rounding: number;
}

/** The smallest eigenvalue, which lies in (0, 1). `near`: one of a coarser grid, to spare the bisection. */
export function smallest(sector: Sector, near?: number): Eigenpair {
  const steps = 24;
  let [low, high] = [0, 1]; // no eigenvalue below, at least one above
  if (near !== undefined && countBelow(sector, 0.98 * near) === 0) return lanczos(sector, 0.98 * near, steps);
  while (high - low > 0.02 * high) {
    const middle = low === 0 ? high / 4 : Math.sqrt(low * high);
    if (middle < 1e-12 * sector.essentialEdge) {
      throw new RunError(`spectrum: no eigenvalue above rounding in sector ${sector.ell}`);
    }
    if (countBelow(sector, middle) > 0) high = middle;
    else low = middle;
  }
  return lanczos(sector, low, steps);
}

function lanczos(sector: Sector, sigma: number, steps: number): Eigenpair {
  const { norm, form, local } = sector;
  const size = form.size;
  const shifted = new Shifted(sector, sigma);
  const basis: Float64Array[] = [];
  const images: Float64Array[] = []; // N times the basis
  const alpha: number[] = [];
  const beta: number[] = [];
  // any start will do that has a part of everything; this one is smooth and the same for every run
  let next: Float64Array = Float64Array.from({ length: size }, (_, i) => Math.sin(1 + i * (17 / size)) + 0.5);
  next = shifted.solve(multiplyTridiagonal(norm, next));
  for (let j = 0; j < Math.min(steps, size - sector.nullSpace.length); j++) {
    const image = multiplyTridiagonal(norm, next);
    const length = Math.sqrt(dot(next, image));
    if (j > 0) {
      if (!(length > 1e-13 * Math.abs(alpha[0]!))) break; // an invariant subspace
      beta.push(length);
    }
    for (let i = 0; i < size; i++) {
      next[i]! /= length;
      image[i]! /= length;
    }
    basis.push(next);
    images.push(image);
    const applied = shifted.solve(image);
    alpha.push(dot(applied, image));
    // full orthogonalisation, twice: the basis is short
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((vector, k) => {
        const overlap = dot(applied, images[k]!);
        for (let i = 0; i < size; i++) applied[i]! -= overlap * vector[i]!;
      });
    }
    next = applied;
  }
  const { vector: weights } = largestOfTridiagonal(alpha, beta);
  const vector = new Float64Array(size);
  basis.forEach((b, k) => {
    for (let i = 0; i < size; i++) vector[i]! += weights[k]! * b[i]!;
  });
  const Qx = multiply(form, vector);
  const Nx = multiplyTridiagonal(norm, vector);
  // Rayleigh's quotient: its error is the square of the vector's
  const value = dot(vector, Qx) / dot(vector, Nx);
  const residual = residualOf(sector, Qx, Nx, value) / Math.sqrt(squared(multiplyTridiagonal(local, vector)));
  const gross = vector.reduce((sum, y, i) => sum + 2 * local.diagonal[i]! * y * y, 0);
  const rounding = (Number.EPSILON * gross) / dot(vector, Nx);
  return { value, vector, residual, rounding };
}

const squared = (x: Float64Array) => dot(x, x);

/** |Q x - λ N x| up to the constraints' span. */
function residualOf(sector: Sector, Qx: Float64Array, Nx: Float64Array, value: number): number {
  const rest = Qx.map((q, i) => q - value * Nx[i]!);
  const directions: Float64Array[] = [];
  for (const n of sector.nullSpace) {
    const c = multiplyTridiagonal(sector.mass, n);
    for (const d of directions) {
      const overlap = dot(c, d);
      for (let i = 0; i < c.length; i++) c[i]! -= overlap * d[i]!;
    }
    const length = Math.sqrt(squared(c));
    directions.push(c.map((x) => x / length));
  }
  for (const d of directions) {
    const overlap = dot(rest, d);
    for (let i = 0; i < rest.length; i++) rest[i]! -= overlap * d[i]!;
  }
  return Math.sqrt(squared(rest));
}

/** Largest eigenvalue of a small symmetric tridiagonal matrix and its vector: bisection, then inverse iteration. */
function largestOfTridiagonal(alpha: number[], beta: number[]): { value: number; vector: number[] } {
  const n = alpha.length;
  const reach = (i: number) => Math.abs(beta[i - 1] ?? 0) + Math.abs(beta[i] ?? 0);
  let low = Math.min(...alpha.map((a, i) => a - reach(i)));
  let high = Math.max(...alpha.map((a, i) => a + reach(i)));
  const above = (x: number) => {
    let count = 0;
    let d = 1;
    for (let i = 0; i < n; i++) {
      d = alpha[i]! - x - (i > 0 ? (beta[i - 1]! * beta[i - 1]!) / d : 0);
      if (d === 0) d = Number.MIN_VALUE;
      if (d > 0) count++;
    }
    return count;
  };
  for (let pass = 0; pass < 120 && high - low > 1e-15 * Math.abs(high); pass++) {
    const middle = (low + high) / 2;
    if (above(middle) > 0) low = middle;
    else high = middle;
  }
  const shift = high + 1e-14 * Math.abs(high);
  let vector = new Array<number>(n).fill(1);
  for (let pass = 0; pass < 4; pass++) {
    const d: number[] = [];
    const y: number[] = [];
    for (let i = 0; i < n; i++) {
      const factor = i > 0 ? beta[i - 1]! / d[i - 1]! : 0;
      d.push(alpha[i]! - shift - (i > 0 ? factor * beta[i - 1]! : 0) || Number.MIN_VALUE);
      y.push(vector[i]! - (i > 0 ? factor * y[i - 1]! : 0));
    }
    const x = new Array<number>(n).fill(0);
    for (let i = n - 1; i >= 0; i--) x[i] = (y[i]! - (i + 1 < n ? beta[i]! * x[i + 1]! : 0)) / d[i]!;
    const length = Math.hypot(...x);
    vector = x.map((value) => value / length);
  }
  return { value: high, vector };
}
