import { collision } from "../src/collision.js";
import type { Problem } from "../src/problem/schema.js";
import type { Sample } from "../src/types.js";
import { type LaggedTerms, laggedStep } from "../src/verify/lagged.js";
import { type RadialCoefficients, radialCoefficients, radialGrid } from "../src/verify/radial.js";
import { type Subject, type Trajectory, thePackage } from "../src/verify/subject.js";

// Schemes broken on purpose, to be put in the package's place: the check that tries them must say so.

export type Fault = Partial<Subject>;

/** Terms of (3.4) with some factors shifted. */
export const terms = (shifted: Partial<LaggedTerms>): LaggedTerms => ({ ...thePackage.lagged, ...shifted });

/** A kernel too strong by `factor`: everything happens that much earlier. */
export function strongerKernel(factor: number): Fault {
  return {
    relax: async (problem) => {
      const { samples, until } = problem;
      const scaled = samples && "at" in samples ? { at: samples.at!.map((t) => factor * t) } : samples;
      const run = await thePackage.relax({
        ...problem,
        until: factor * until,
        ...(scaled ? { samples: scaled } : {}),
      });
      const wanted = samples && "at" in samples ? [0, ...samples.at!.filter((t) => t > 0)] : undefined;
      const times = run.times.map((t, k) => wanted?.[k] ?? t / factor);
      return { ...run, times, samples: run.samples.map((sample, k) => ({ ...sample, time: times[k]! })) };
    },
  };
}

/** Pauli blocking forgotten in the equation: the classical one solved in its place. */
export const noBlocking: Fault = {
  relax: async (problem) => ({
    ...(await thePackage.relax({ ...problem, epsilon: 0 })),
    epsilon: problem.epsilon,
  }),
};

/** Another ε in the equation than the one asked for. */
export const wrongEpsilon = (of: (epsilon: number) => number): Fault => ({
  relax: (problem) => thePackage.relax({ ...problem, epsilon: of(problem.epsilon) }),
});

/** Nothing happens. */
export const frozen: Fault = {
  relax: async (problem) => {
    const run = await thePackage.relax(problem);
    return edited(run, () => run.profiles[0]!);
  },
};

/** Every state of a run replaced, with the diagnostics of its first sample in all of them. */
function edited(run: Trajectory, profile: (k: number) => Float64Array): Trajectory {
  return {
    ...run,
    profiles: run.profiles.map((_, k) => profile(k)),
    samples: run.samples.map(({ time }) => ({ ...run.samples[0]!, time })),
  };
}

/** The run backwards. */
export const backwards: Fault = {
  relax: async (problem) => {
    const run = await thePackage.relax(problem);
    return { ...run, profiles: run.profiles.toReversed(), samples: run.samples.toReversed() };
  },
};

/** Relaxation at one rate for all speeds, f = M + (f_in - M) e^{-t}, in place of Coulomb collisions. */
export const oneRate: Fault = {
  relax: async (problem) => {
    const run = await thePackage.relax(problem);
    const first = run.samples[0]!;
    return {
      ...run,
      samples: run.times.map((time) => ({
        ...first,
        time,
        weightedL2: first.weightedL2 * Math.exp(-0.01 * time),
      })),
    };
  },
};

/**
 * (1.1) by the stepper of (3.4) without viscosity and damping: as it is, with an arithmetic mean of f(1-f) at the faces
 * where the package has the logarithmic one; and with terms shifted. ε = 1 only.
 */
export const ownStepper = (shifted: Partial<LaggedTerms> = {}): Fault => ({
  relax: async (problem: Problem): Promise<Trajectory> => {
    const run = await thePackage.relax(problem);
    if (run.profiles[0]!.some((x) => x > 0.9)) return run; // jumps to nearly 1 need viscosity on coarse grids
    const grid = radialGrid(run.grid.faces);
    const profiles = [run.profiles[0]!];
    for (let k = 1; k < run.times.length; k++) {
      const span = run.times[k]! - run.times[k - 1]!;
      const steps = Math.min(20, Math.ceil(span / 0.01));
      let f = profiles[k - 1]!;
      for (let j = 0; j < steps; j++) {
        const options = { tau: span / steps, delta1: 0, delta2: 0, power: 0 };
        f = laggedStep(grid, f, options, terms(shifted), radialCoefficients);
      }
      profiles.push(f);
    }
    return { ...run, grid, profiles };
  },
});

/** The collision operator with one term lost: friction, or the blocking in it. */
export const lostTerm = (shifted: Partial<LaggedTerms>): Fault => ({
  collide: async (problem) => {
    const result = await collision(problem);
    const grid = radialGrid(result.grid.faces);
    // a very short step of the stepper gives the rate
    const tau = 1e-7;
    const rate = (which: LaggedTerms) => {
      const options = { tau, delta1: 0, delta2: 0, power: 0 };
      return laggedStep(grid, result.f, options, which, radialCoefficients).map(
        (x, i) => (x - result.f[i]!) / tau,
      );
    };
    const [right, wrong] = [rate(terms({})), rate(terms(shifted))];
    return { ...result, rate: result.rate.map((x, i) => x + wrong[i]! - right[i]!) };
  },
});

/** Coefficients with the kernel changed. */
export const changedKernel = (
  change: (r: number) => Partial<Record<keyof RadialCoefficients, number>>,
): Fault => ({
  coefficients: (grid, g, f) => {
    const right = radialCoefficients(grid, g, f);
    const factor = (key: keyof RadialCoefficients) =>
      right[key].map((x, k) => x * (change(grid.faces[k]!)[key] ?? 1));
    return {
      parallel: factor("parallel"),
      perpendicular: factor("perpendicular"),
      enclosed: factor("enclosed"),
    };
  },
});

/** Every state of a run but the first changed; the diagnostics stay. */
export const changedStates = (
  change: (x: number, cell: number, sample: number) => number,
  when: (problem: Problem) => boolean = () => true,
): Fault => ({
  relax: async (problem) => {
    const run = await thePackage.relax(problem);
    if (!when(problem)) return run;
    return {
      ...run,
      profiles: run.profiles.map((f, k) => (k === 0 ? f : f.map((x, i) => change(x, i, k)))),
    };
  },
});

/** The diagnostics of the samples changed. */
export const changedSamples = (change: (sample: Sample, k: number) => Partial<Sample>): Fault => ({
  relax: async (problem) => {
    const run = await thePackage.relax(problem);
    return { ...run, samples: run.samples.map((sample, k) => ({ ...sample, ...change(sample, k) })) };
  },
});

/** The solver's own D, A⊥ and m changed, in runs and in `collision`. */
export const changedCoefficients = (
  change: (r: number) => Partial<Record<keyof RadialCoefficients, number>>,
): Fault => {
  const changed = (faces: Float64Array, right: RadialCoefficients): RadialCoefficients => {
    const factor = (key: keyof RadialCoefficients) =>
      right[key].map((x, k) => x * (change(faces[k]!)[key] ?? 1));
    return {
      parallel: factor("parallel"),
      perpendicular: factor("perpendicular"),
      enclosed: factor("enclosed"),
    };
  };
  return {
    relax: async (problem) => {
      const run = await thePackage.relax(problem);
      return { ...run, coefficients: run.coefficients.map((list) => changed(run.grid.faces, list)) };
    },
    collide: async (problem) => {
      const result = await collision(problem);
      return { ...result, ...changed(result.grid.faces, result) };
    },
  };
};

/** An equilibrium that decays at another rate, the rest as it was. */
export const wrongTemperature = (factor: number): Fault => ({
  equilibrium: (input) => {
    const state = thePackage.equilibrium(input);
    return { ...state, b: factor * state.b };
  },
});

/** An equilibrium said to exist beyond ε*. */
export const pastSaturation: Fault = {
  equilibrium: (input) => thePackage.equilibrium({ ...input, epsilon: input.epsilon * 0.99 }),
};
