import type { Dataset, File } from "h5wasm/node";
import { type MethodName, type RunDocument, type RunHeader, type Sample, sampleKeys } from "../types.js";
import { dataset, setNumber, setNumbers, setText } from "./h5-content.js";
import { adjustmentKeys, conservationKeys, equilibriumKeys, pick, workKeys } from "./keys.js";
import { equilibriumProfile, radialNodes } from "./nodes.js";

export const resultFormat = "landau-fermi-dirac result";
export const resultVersion = 1;

/** The status of a result whose run is going on, or was killed. */
export const unfinished = "unfinished";

export type DiagnosticKey = Exclude<keyof Sample, "time">;
export const diagnosticKeys = sampleKeys.filter((key): key is DiagnosticKey => key !== "time");

/** Samples that share a chunk of /time and of each diagnostic: 512 bytes. */
const samplesPerChunk = 64;

const unitsNote =
  "All numbers are dimensionless, as in equation (1.1). The units attributes name what they are multiples of: v0, any " +
  "velocity; n0, any density; t0 = 1 / f0, f0 = n0 v0^-3, the time in which (1.1) has the factor 1/(8 pi).";

/** `given_in` of a problem that itself had a key `units`. */
export const physicalUnits = "physical units";

/** Attributes of a run in physical units: si_velocity is v0 in m/s, si_time t0 in s, si_density n0 in m^-3; energies in eV. physical_units has all of them as JSON. */
const siKeys = [
  "density",
  "velocity",
  "time",
  "energy",
  "temperature",
  "epsilon",
  "coulombLogarithm",
  "mass",
] as const;

const methodNames: Record<MethodName, string> = {
  sdirk4: "SDIRK of order 4 with 5 stages, L-stable (Hairer and Wanner, gamma = 1/4), two-step correction",
  sdirk2: "SDIRK of order 2 with 2 stages, L-stable (Alexander)",
  "implicit-euler": "implicit Euler",
};

/** Units and meaning of each diagnostic; integrals are over R^3, f is f(|v|, t), M the equilibrium. */
export const diagnostics: Record<DiagnosticKey, [units: string, description: string]> = {
  mass: ["n0", "integral of f dv"],
  energy: ["n0 v0^2", "integral of |v|^2 f dv"],
  moment4: ["n0 v0^4", "integral of |v|^4 f dv"],
  entropy: [
    "n0",
    "H[f] = 1/epsilon integral of epsilon f ln(epsilon f) + (1 - epsilon f) ln(1 - epsilon f) dv; of f ln f for epsilon = 0",
  ],
  relativeEntropy: ["n0", "H[f | M] >= 0, the entropy of f relative to M"],
  entropyProduction: ["n0 t0^-1", "-dH/dt >= 0, the double integral of equation (1.3)"],
  center: ["f0", "f(0, t)"],
  minimum: ["f0", "smallest cell value of f"],
  maximum: ["f0", "largest cell value of f"],
  l1Distance: ["n0", "integral of |f - M| dv"],
  weightedL2: ["n0", "integral of (f - M)^2 / (M (1 - epsilon M)) dv; infinite if f has too heavy a tail"],
  fisher: ["n0 v0^-2", "integral of |grad f|^2 / (f (1 - epsilon f)) dv"],
};

/**
 * Writes all that is known before the first sample, and the datasets, still empty, that samples are added to. `radius` and
 * `equilibrium` are computed unless they are known, to the last bit, from where the run was read.
 */
export function createLayout(
  file: File,
  header: RunHeader,
  version: string,
  radius = radialNodes(header.grid.faces),
  equilibriumValues = equilibriumProfile(header, radius),
): void {
  const { problem, grid, equilibrium, adjustment } = header;
  setText(file, "format", resultFormat);
  setNumber(file, "format_version", resultVersion);
  setText(file, "version", version);
  setScheme(file, problem.method);
  setText(file, "created", new Date().toISOString());
  setText(file, "status", unfinished);
  setText(file, "units", unitsNote);
  if (header.units) {
    setNumbers(file, "si", pick(header.units, siKeys));
    setText(file, "physical_units", JSON.stringify(header.units));
    setText(file, "given_in", header.physical ? physicalUnits : "multiples");
  }
  setText(file, "problem", JSON.stringify(problem));
  setNumber(file, "epsilon", problem.epsilon);
  setNumbers(file, "equilibrium", pick(equilibrium, equilibriumKeys));
  setNumbers(file, "adjustment", pick(adjustment, adjustmentKeys));
  // Placeholders: what is known at the end then takes the place of numbers of the same size, and nothing else moves.
  setNumbers(file, "conservation", unknown(conservationKeys));
  setNumbers(file, "work", unknown(workKeys));

  fixed(
    file,
    "faces",
    grid.faces,
    "v0",
    "radii |v| of the faces: cell i lies between faces[i] and faces[i + 1]",
  );
  fixed(
    file,
    "radius",
    radius,
    "v0",
    "radius of each cell's energy node, sqrt(integral of r^4 dr / integral of r^2 dr): where f takes the cell's value",
  ).make_scale("radius");
  const time = growing(file, "time", [], "t0", "times t of the samples");
  time.make_scale("time");
  const f = growing(
    file,
    "f",
    [grid.cells],
    "f0",
    "f(radius, time): one row a sample, one cell average a column",
  );
  f.attach_scale(0, "/time");
  f.attach_scale(1, "/radius");
  fixed(file, "equilibrium", equilibriumValues, "f0", "the Fermi-Dirac equilibrium M at radius").attach_scale(
    0,
    "/radius",
  );
  file.create_group("diagnostics");
  for (const key of diagnosticKeys) {
    growing(file, `diagnostics/${key}`, [], ...diagnostics[key]).attach_scale(0, "/time");
  }
}

/** Describes the scheme of a run with this method in time. */
export function setScheme(file: File, method: MethodName): void {
  setText(
    file,
    "scheme",
    "Mass- and energy-conserving finite volumes for the radial Landau-Fermi-Dirac equation with Coulomb potential, " +
      `second order in the cell width, entropy never rising; in time: ${methodNames[method]}`,
  );
}

/**
 * Adds sample `k` after the `k` that are there. /time comes last, after a flush of the rest, and its length is the number
 * of samples: one that is only half written does not count.
 */
export function appendSample(file: File, k: number, sample: Sample, profile: Float64Array): void {
  const f = dataset(file, "f");
  f.resize([k + 1, profile.length]);
  f.write_slice([[k, k + 1], []], profile);
  for (const key of diagnosticKeys) append(file, `diagnostics/${key}`, k, sample[key]);
  file.flush();
  append(file, "time", k, sample.time);
}

function append(file: File, name: string, k: number, value: number): void {
  const column = dataset(file, name);
  column.resize([k + 1]);
  column.write_slice([[k, k + 1]], new Float64Array([value]));
}

/** Writes what is known at the end. The status comes last: with it, the rest is there. */
export function setEnd(
  file: File,
  { conservation, work, status }: Pick<RunDocument, "conservation" | "work" | "status">,
): void {
  setNumbers(file, "conservation", pick(conservation, conservationKeys));
  setNumbers(file, "work", pick(work, workKeys));
  file.flush();
  setText(file, "status", status);
}

/** A dataset that is written once. */
export function fixed(
  file: File,
  name: string,
  data: Float64Array,
  units: string,
  description: string,
): Dataset {
  return describe(file.create_dataset({ name, data, dtype: "<d" }), units, description);
}

/** A dataset of 0 rows that takes any number of them; `row` is the shape of one. */
function growing(file: File, name: string, row: number[], units: string, description: string): Dataset {
  const empty = file.create_dataset({
    name,
    data: new Float64Array(0),
    dtype: "<d",
    shape: [0, ...row],
    maxshape: [null, ...row],
    chunks: row.length ? [1, ...row] : [samplesPerChunk],
  });
  return describe(empty, units, description);
}

function unknown(keys: readonly string[]): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, Number.NaN]));
}

function describe(dataset: Dataset, units: string, description: string): Dataset {
  setText(dataset, "units", units);
  setText(dataset, "description", description);
  return dataset;
}
