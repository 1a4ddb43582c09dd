import { type Collision, collision } from "../collision.js";
import { equilibrium } from "../equilibrium/equilibrium.js";
import type { Problem } from "../problem/schema.js";
import { simulate } from "../simulate.js";
import type { KernelFactors } from "../spectrum/sector.js";
import type { Equilibrium, Sample } from "../types.js";
import type { LaggedTerms } from "./lagged.js";
import { type RadialCoefficients, type RadialGrid, radialCoefficients, radialGrid } from "./radial.js";

/** A solution of (1.1) at its sample times. */
export interface Trajectory {
  epsilon: number;
  grid: RadialGrid;
  equilibrium: Equilibrium;
  times: number[];
  profiles: Float64Array[];
  samples: Sample[];
  /** D, A⊥ and m as the solver has them, at the faces 0 … cells - 1. */
  coefficients: RadialCoefficients[];
  /** Largest rise of H_ε over a step. */
  entropyIncrease: number;
}

/** Everything a check tries. A test puts something broken in the place of a member, and the check must say so. */
export interface Subject {
  /** The solution of (1.1). */
  relax(problem: Problem): Promise<Trajectory>;
  /** The collision operator at the initial data of a problem. */
  collide(problem: Problem): Promise<Collision>;
  /** The equilibrium (1.4). */
  equilibrium: typeof equilibrium;
  /** The coefficients (1.5), by sums of their own. */
  coefficients(grid: RadialGrid, g: ArrayLike<number>, f: ArrayLike<number>): RadialCoefficients;
  /** Factors of the terms of the paper's approximation (3.4). */
  lagged: LaggedTerms;
  /** Factors of the kernel of the linearised operator (5.5). */
  linearised: KernelFactors;
}

/** The package as it is. */
export const thePackage: Subject = {
  relax,
  collide: collision,
  equilibrium,
  coefficients: radialCoefficients,
  lagged: { diffusion: 1, drift: 1, blocking: 1, damping: 1 },
  linearised: { local: 1, nonlocal: 1 },
};

async function relax(problem: Problem): Promise<Trajectory> {
  const coefficients: RadialCoefficients[] = [];
  const result = await simulate(problem, {
    onSample: (_sample, _profile, compute) => {
      coefficients.push(compute());
    },
  });
  return {
    epsilon: result.problem.epsilon,
    grid: radialGrid(result.grid.faces),
    equilibrium: result.equilibrium,
    times: result.samples.map(({ time }) => time),
    profiles: result.profiles,
    samples: result.samples,
    coefficients,
    entropyIncrease: result.conservation.entropyIncrease,
  };
}
