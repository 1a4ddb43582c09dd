import type { Equilibrium, ResolvedProblem, Sample } from "landau-fermi-dirac";
import { equilibriumHoles, equilibriumValue, relaxed } from "../../../dist/equilibrium/equilibrium.js";
import { Engine } from "../../../dist/solver/engine.js";
import { strictlyAdmissible } from "../../../dist/solver/initial-state.js";
import type { Run } from "../model/run.js";
import { type ThinCoefficients, thinCoefficients } from "../model/thin-coefficients.js";
import { facesAround } from "./faces.js";

/** Numbers that the coefficients of a whole file may take. */
const room = 8e6;

/** Faces at which the coefficients of each of so many samples are kept. */
function facesEach(samples: number): number {
  return Math.max(20, Math.min(2000, Math.floor(room / (8 * samples))));
}

/** D, A⊥ and m of profiles, which files do not hold: the solver's own code gives them at once. */
export async function coefficientsOf(
  faces: Float64Array,
  epsilon: number,
  profiles: readonly Float64Array[],
): Promise<ThinCoefficients[]> {
  const engine = await Engine.create(faces, epsilon);
  return profiles.map((profile) => {
    const { f, holes } = strictlyAdmissible(profile, faces, epsilon);
    engine.setState(f, holes);
    return thinCoefficients(faces, engine.coefficients(), facesEach(profiles.length));
  });
}

/**
 * A run from nothing but profiles: its grid from the radii, its equilibrium and diagnostics from the solver's own code.
 *
 * `epsilon` is a guess; where a profile exceeds 1/ε it must be wrong, and 0 is taken.
 */
export async function diagnosed(
  label: string,
  radius: Float64Array,
  times: number[],
  profiles: Float64Array[],
  epsilon: number,
): Promise<{ run: Run; assumed: number }> {
  const rounding = 1e-9;
  const highest = profiles.reduce((top, f) => f.reduce((a, b) => Math.max(a, b), top), 0);
  const assumed = highest * epsilon > 1 + rounding ? 0 : epsilon;
  const faces = facesAround(radius);
  const cells = radius.length;
  const engine = await Engine.create(faces, assumed);
  const states = profiles.map((f) => () => {
    const { f: raised, holes, adjustment } = strictlyAdmissible(f, faces, assumed);
    engine.setState(raised, holes);
    return adjustment;
  });
  const adjustment = states[0]!();
  const { mass, energy } = engine.measureState();
  const end = equilibriumOf(mass, energy, assumed);
  const values = engine.fold(radius.map((r) => equilibriumValue(end, assumed, r)));
  const holes = engine.fold(radius.map((r) => equilibriumHoles(end, assumed, r)));
  const samples: Sample[] = [];
  const coefficients = states.map((load, k) => {
    load();
    samples.push(engine.diagnose(times[k]!, values, holes, end.logA, end.b));
    return thinCoefficients(faces, engine.coefficients(), facesEach(states.length));
  });
  const problem: ResolvedProblem = {
    epsilon: assumed,
    initial: { kind: "function" },
    grid: { cells, radius: faces[cells]! },
    until: times.at(-1) || 1,
    samples: { at: times },
    tolerance: 1e-6,
    method: "sdirk4",
  };
  const run: Run = {
    label,
    source: undefined,
    header: {
      problem,
      grid: { cells, radius: faces[cells]!, faces },
      equilibrium: end,
      adjustment: { cutMass: 0, cutEnergy: 0, ...adjustment },
    },
    radius,
    equilibrium: values,
    samples,
    profiles,
    coefficients,
    standing: undefined,
    status: "loaded",
    message: "",
  };
  return { run, assumed };
}

/** The equilibrium of these invariants, NaN where f has none. */
function equilibriumOf(mass: number, energy: number, epsilon: number): Equilibrium {
  if (!(mass > 0 && energy > 0 && mass < Infinity && energy < Infinity)) {
    const unknown = Number.NaN;
    return {
      a: unknown,
      b: unknown,
      logA: unknown,
      temperature: unknown,
      chemicalPotential: unknown,
      saturation: unknown,
      entropy: unknown,
    };
  }
  return relaxed({ mass, energy }, epsilon);
}
