import { InputError } from "../errors.js";
import { exp } from "../portable-math.js";
import { requireBulk } from "../problem/auto-radius.js";
import { cutAt, massAndEnergy } from "../problem/cell-averages.js";
import { initialFunction } from "../problem/initial.js";
import { panelsOf } from "../problem/panels.js";
import { isMapping } from "../problem/plain.js";
import { type Problem, resolveProblem } from "../problem/schema.js";
import { didYouMean } from "../problem/suggest.js";
import { rounded } from "../rounded.js";
import type { InitialData, PlasmaUnits, RadialFunction, ResolvedProblem } from "../types.js";
import { elementaryCharge } from "./constants.js";
import { degeneracyParameter } from "./ideal-gas.js";
import { fermiEnergyOf, otherThanUnits } from "./own-gas.js";
import { type PlasmaUnitsInput, plasmaUnits } from "./plasma-units.js";
import { positiveNumber } from "./quantity.js";

/** Initial data in physical units, or a thermal state of any degeneracy by its density (m⁻³) and temperature (eV). */
export type PhysicalInitialData =
  | Problem["initial"]
  | { kind: "fermi-dirac"; density: number; temperature: number };

/**
 * A problem in physical units: the keys of a problem without `epsilon`, which follows from `units`. Times are in s,
 * velocities (r, R, radius, width, …) in m/s, densities in m⁻³, temperatures in eV; values of f (amplitude, height,
 * the column f, what a function returns) are occupations of a state, 0 to 1; b of fermi-dirac is in (m/s)⁻².
 */
export interface PhysicalProblem extends Omit<Problem, "epsilon" | "initial"> {
  units: PlasmaUnitsInput;
  initial: PhysicalInitialData;
}

/** Whether a problem as read from a file has the key `units`. */
export function isPhysical(input: unknown): input is PhysicalProblem {
  return isMapping(input) && "units" in input;
}

/**
 * The dimensionless problem, paper (1.1), of one in physical units: `problem` goes to `simulate`, `units` turn back
 * what comes of it (`physicalSample`). Where the data has another density or equilibrium temperature than the `units` of the
 * input, which ln Λ and so all times are for, `units.notes` says so.
 *
 * @throws InputError for what is not valid, with the key and value as given: `epsilon`, an occupation above 1, speeds
 *   that are not in m/s, a radius that cuts off the bulk
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
  const asGiven = { ...rest, initial: thermalState(rest.initial, units), epsilon: 1 };
  const { problem, initialFunction: occupation } = resolveProblem(asGiven, source);
  checkTime(problem.until, units);
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
  const initial = occupation && ((r: number) => occupationAt(r * velocity, occupation) / epsilon);
  const fn = initialFunction(converted.initial, epsilon, initial);
  checkOccupation(fn, units);
  const invariants = massAndEnergy(fn);
  checkSpeeds(invariants, units);
  if (radius !== "auto") requireBulk(cutAt(fn, radius / velocity), `${rounded(radius)} m/s`);
  const notes = [...units.notes, ...otherThanUnits(invariants, units, given)];
  return {
    problem: initial ? { ...converted, initial } : (converted as Problem),
    units: { ...units, notes },
  };
}

/** What a function of the user's gives. Throws InputError, in m/s, where it is no occupation. */
function occupationAt(speed: number, occupation: (speed: number) => number): number {
  const value = occupation(speed);
  if (value >= 0 && value < Infinity) return value;
  throw new InputError("initial", `the occupation at ${rounded(speed)} m/s is ${value}; a finite number ≥ 0`);
}

/** The Fermi–Dirac state of a density and a temperature as occupation a e^{-bv²}/(1 + a e^{-bv²}), v in m/s. */
function thermalState(initial: unknown, units: PlasmaUnits): unknown {
  if (!isMapping(initial) || initial.kind !== "fermi-dirac") return initial;
  if (!("density" in initial) && !("temperature" in initial)) return initial;
  const keys = ["kind", "density", "temperature"];
  const unknown = Object.keys(initial).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new InputError(
      `initial.${unknown}`,
      `is not a valid key beside density and temperature${didYouMean(unknown, keys)}`,
    );
  }
  const density = positiveNumber("initial.density", initial.density, "a density > 0 in m⁻³");
  const temperature = positiveNumber("initial.temperature", initial.temperature, "a temperature > 0 in eV");
  const theta = temperature / fermiEnergyOf(density, units);
  const eta = degeneracyParameter(theta);
  if (!(eta < largestExponent)) {
    throw new InputError(
      "initial.temperature",
      `${temperature} is T/T_F = ${rounded(theta, 3)}, and e^{μ/T} is beyond a double; at least T_F/${largestExponent}`,
    );
  }
  return { kind: "fermi-dirac", a: exp(eta), b: units.mass / (2 * temperature * elementaryCharge) };
}

/** e to more than this, and divided by ε, is not safely a double. */
const largestExponent = 600;

/** f ≤ 1/ε in the words of who gave densities and temperatures. */
function checkOccupation(fn: RadialFunction, { epsilon, velocity }: PlasmaUnits): void {
  const { r, value } = panelsOf(fn).maximum;
  if (value * epsilon <= 1 + 1e-12) return;
  throw new InputError(
    "initial",
    `the occupation at ${rounded(r * velocity)} m/s is ${rounded(value * epsilon, 4)}; at most 1 everywhere. ` +
      "A thermal state of any degeneracy is {kind: fermi-dirac, density: …, temperature: …}",
  );
}

/** Multiples of t₀ that no run is meant to last: a relaxation takes some tens. */
const farFuture = 1e12;

function checkTime(until: number, { time }: PlasmaUnits): void {
  if (until <= farFuture * time) return;
  throw new InputError(
    "until",
    `${until} s is ${rounded(until / time, 2)} of t₀ = ${rounded(time, 4)} s; with units, times are in s, and at most ` +
      `1e12 t₀`,
  );
}

/** Speeds may differ from v₀ by this factor: beyond it, a unit has been forgotten. */
const farApart = 1e3;

function checkSpeeds({ mass, energy }: { mass: number; energy: number }, { velocity }: PlasmaUnits): void {
  const speed = Math.sqrt(energy / mass);
  if (speed >= 1 / farApart && speed <= farApart) return;
  throw new InputError(
    "initial",
    `the root mean square speed is ${rounded(speed * velocity, 4)} m/s, ${rounded(speed, 2)} of ` +
      `v₀ = ${rounded(velocity, 4)} m/s; with units, velocities are in m/s and temperatures in eV`,
  );
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
