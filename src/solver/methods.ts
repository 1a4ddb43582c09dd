import type { MethodName } from "../types.js";

/**
 * A diagonally implicit Runge–Kutta method as a table: stage i solves f = f_n + Δt Σ_{j≤i} a_ij K_j; the last stage is
 * the new state. Linear invariants (mass, energy) survive any such table. The error estimate is Δt Σ e_i K_i.
 */
export interface Method {
  name: MethodName;
  order: number;
  /** Rows i = 1 … s of a_ij, j ≤ i. At most five. */
  a: readonly (readonly number[])[];
  /** e_i = b_i - b̂_i: the distance to the embedded solution. */
  errorWeights: readonly number[];
  /** `localError`: how much the error of the last stage's first guess is made use of; 0 for not at all. */
  guessWeight: number;
  /** The estimated local error is of order Δt^estimateOrder. */
  estimateOrder: number;
  /** κ and α of the two-step correction (assembly/estimate.ts), which takes out most of the error of the next order. */
  correction?: { share: number; place: number };
  /**
   * For each stage, the stages whose latest slopes (of this step, or the one before) its first guess is extrapolated
   * from, as a polynomial in time.
   */
  guesses: readonly (readonly number[])[];
  /**
   * Estimated local error that one unit of `tolerance` allows (see `allowedError`). Where error over a run and estimate are
   * of the same order, calibrated so that the first comes out near the tolerance (bench/relaxation); 1 for implicit Euler,
   * whose tolerance is per step (docs/decisions/implicit-euler-tolerance.md).
   */
  localShare: number;
}

const gamma2 = 1 - Math.SQRT1_2;

/** L-stable, stiffly accurate, five stages, embedded order 3. Hairer & Wanner, Solving ODEs II, table IV.6.5. */
const sdirk4: Method = {
  name: "sdirk4",
  order: 4,
  a: [
    [1 / 4],
    [1 / 2, 1 / 4],
    [17 / 50, -1 / 25, 1 / 4],
    [371 / 1360, -137 / 2720, 15 / 544, 1 / 4],
    [25 / 24, -49 / 48, 125 / 16, -85 / 12, 1 / 4],
  ],
  errorWeights: [-3 / 16, -27 / 32, 25 / 32, 0, 1 / 4],
  guessWeight: 6,
  estimateOrder: 5,
  correction: { share: 0.05, place: 25 / 28 },
  guesses: [
    [4, 1],
    [0, 4],
    [1, 0],
    [2, 1],
    [1, 2],
  ],
  localShare: 0.8,
};

/** Alexander (1977), γ = 1 - 1/√2, L-stable, two stages; the estimate compares with order 1. */
const sdirk2: Method = {
  name: "sdirk2",
  order: 2,
  a: [[gamma2], [1 - gamma2, gamma2]],
  errorWeights: [-gamma2, gamma2],
  guessWeight: 0,
  estimateOrder: 2,
  guesses: [
    [1, 0],
    [0, 1],
  ],
  localShare: 6,
};

/**
 * Implicit Euler with step doubling: one step of Δt (first stage) against two of Δt/2 (second and third), which are
 * the result. Entropy decays for every step size.
 */
const implicitEuler: Method = {
  name: "implicit-euler",
  order: 1,
  a: [[1], [0, 1 / 2], [0, 1 / 2, 1 / 2]],
  errorWeights: [-1, 1 / 2, 1 / 2],
  guessWeight: 0,
  estimateOrder: 2,
  guesses: [[2, 1], [0, 2], [0]],
  localShare: 1,
};

/** Plain implicit Euler, for a fixed step. */
export const singleEuler: Method = {
  ...implicitEuler,
  a: [[1]],
  errorWeights: [0],
  guesses: [[0]],
};

export const methods: Readonly<Record<MethodName, Method>> = {
  sdirk4,
  sdirk2,
  "implicit-euler": implicitEuler,
};
