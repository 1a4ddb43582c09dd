import { InputError } from "../errors.js";
import { isMapping } from "../problem/plain.js";
import { type Problem, resolveProblem } from "../problem/schema.js";
import type { Equilibrium, InitialData, ResolvedProblem, Sample } from "../types.js";
import { boltzmann, elementaryCharge } from "./constants.js";
import { type PlasmaUnits, type PlasmaUnitsInput, plasmaUnits } from "./plasma-units.js";

/**
 * A problem in physical units: the keys of a problem without `epsilon`, which follows from `units`. Times are in s,
 * velocities (r, R, radius, width, …) in m/s, densities in m⁻³, temperatures in eV; values of f (amplitude, height,
 * the column f, what a function returns) are occupations of a state, 0 to 1; b of fermi-dirac is in (m/s)⁻².
 */
export interface PhysicalProblem extends Omit<Problem, "epsilon"> {
  units: PlasmaUnitsInput;
}

/** Whether a problem as read from a file has the key `units`. */
export function isPhysical(input: unknown): input is PhysicalProblem {
  return isMapping(input) && "units" in input;
}

/**
 * The dimensionless problem, paper (1.1), of one in physical units: `problem` goes to `simulate`, `units` turn back
 * what comes of it (`physicalSample`).
 *
 * @throws InputError for what is not valid, with the key and value as given; `epsilon` is one that is not
 */
export function dimensionless(
  input: PhysicalProblem,
  source?: string,
): { problem: Problem; units: PlasmaUnits } {
  const { units: given, ...rest } = input;
  if ("epsilon" in rest) {
    throw new InputError("epsilon", "follows from units; give it within units, or leave out units");
  }
  const units = plasmaUnits(given, "units.");
  // Checked as they are given: with ε = 1 the bound of f is that of an occupation, 1.
  const { problem, initialFunction } = resolveProblem({ ...rest, epsilon: 1 }, source);
  const { velocity, time, epsilon } = units;
  const { radius } = problem.grid;
  const converted: ResolvedProblem = {
    ...problem,
    epsilon,
    initial: convertInitial(problem.initial, units),
    grid: { cells: problem.grid.cells, radius: radius === "auto" ? radius : radius / velocity },
    until: problem.until / time,
    samples: { at: problem.samples.at.map((t) => t / time) },
    ...(problem.step === undefined ? {} : { step: problem.step / time }),
  };
  if (!initialFunction) return { problem: converted as Problem, units };
  const initial = (r: number) => initialFunction(r * velocity) / epsilon;
  return { problem: { ...converted, initial }, units };
}

function convertInitial(initial: InitialData, units: PlasmaUnits): InitialData {
  const { velocity: v, epsilon } = units;
  switch (initial.kind) {
    case "maxwellians":
      return {
        kind: initial.kind,
        components: initial.components.map(({ density, temperature }) => ({
          density: density / units.density,
          temperature: temperature / units.energy,
        })),
      };
    case "shell":
      return {
        kind: initial.kind,
        amplitude: initial.amplitude / epsilon,
        radius: initial.radius / v,
        width: initial.width / v,
      };
    case "fermi-dirac":
      return { kind: initial.kind, a: initial.a / epsilon, b: initial.b * v * v };
    case "annulus":
      return {
        kind: initial.kind,
        inner: initial.inner / v,
        outer: initial.outer / v,
        height: initial.height / epsilon,
      };
    case "power":
      return { ...initial, height: initial.height / epsilon, scale: initial.scale / v };
    case "table":
      // without the file, whose numbers these no longer are
      return { kind: initial.kind, r: initial.r.map((r) => r / v), f: initial.f.map((f) => f / epsilon) };
    case "function":
      return initial;
  }
}

/** A sample in physical units. */
export interface PhysicalSample {
  /** s */
  time: number;
  /** m⁻³ */
  density: number;
  /** Mean kinetic energy of a particle, eV. */
  energy: number;
  /** Occupation εf(0) of the states at rest. */
  center: number;
  /** -H_ε/∫f: entropy of a particle, k_B. */
  entropy: number;
  /** Entropy produced for each particle, k_B/s. */
  entropyProduction: number;
  /** ∫|f - M| / ∫f */
  distance: number;
}

/** A sample of a run in these units, in s, m⁻³, eV and k_B. */
export function physicalSample(sample: Sample, units: PlasmaUnits): PhysicalSample {
  const { mass } = sample;
  return {
    time: sample.time * units.time,
    density: mass * units.density,
    energy: (sample.energy / mass / 2) * units.energy,
    center: sample.center * units.epsilon,
    entropy: -sample.entropy / mass,
    entropyProduction: sample.entropyProduction / mass / units.time,
    distance: sample.l1Distance / mass,
  };
}

/** The equilibrium of a run in these units: k_B T and μ in eV, T in K. */
export function physicalEquilibrium(
  { temperature, chemicalPotential }: Equilibrium,
  units: PlasmaUnits,
): { temperature: number; kelvin: number; chemicalPotential: number } {
  const eV = temperature * units.energy;
  return {
    temperature: eV,
    kelvin: (eV * elementaryCharge) / boltzmann,
    chemicalPotential: chemicalPotential * units.energy,
  };
}
