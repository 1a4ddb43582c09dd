import type { ResolvedProblem } from "landau-fermi-dirac";
import { InputError } from "../../../dist/errors.js";
import { hdf5Reason, incomplete } from "../../../dist/output/h5-content.js";
import { type ResultFile, resultIn } from "../../../dist/output/result.js";
import { resolveProblem } from "../../../dist/problem/schema.js";
import { type PlasmaUnits, sampleKeys } from "../../../dist/types.js";
import type { Standing } from "../solver/protocol.js";
import { coefficientsOf } from "./diagnose.js";
import { hdf5Library } from "./hdf5-library.js";
import { bytes, limits, thinned } from "./limits.js";
import type { Parsed, ToParser } from "./protocol.js";

/** A result that `lfd run` or a sweep wrote. Throws InputError: what is wrong with it. */
export async function readHdf5({ file, name }: ToParser, head: Uint8Array): Promise<Parsed> {
  const wrong = incomplete(head, file.size);
  if (wrong) throw new InputError(name, wrong);
  const h5 = await hdf5Library();
  const { FS } = h5.Module;
  // The library reads of the file what it needs; no copy of the whole is made.
  FS.mkdir("/opened");
  FS.mount(FS.filesystems.WORKERFS, { blobs: [{ name: "result", data: file }] }, "/opened");
  let opened: InstanceType<typeof h5.File>;
  try {
    opened = new h5.File("/opened/result", "r");
  } catch (error) {
    throw new InputError(name, `cannot be opened as HDF5: ${hdf5Reason(error)}`);
  }
  const result = resultIn(name, opened, limits.values / 2);
  return runOf(name, result);
}

async function runOf(name: string, result: ResultFile): Promise<Parsed> {
  const { grid, equilibrium, adjustment, physical, samples, radius, equilibriumProfile, conservation, work } =
    result;
  const units = checkedUnits(name, result.units);
  const problem = checkedProblem(name, result.problem);
  requireAscending(name, "faces", grid.faces);
  requireAscending(name, "radius", radius);
  requireAscending(name, "time", result.times);
  const count = samples.length;
  if (count === 0) throw new InputError(name, "holds no sample yet");
  const room = limits.values - 8 * (3 * grid.cells + sampleKeys.length * count);
  const most = Math.floor(room / (8 * grid.cells + limits.sample));
  if (most < Math.min(count, 2)) {
    throw new InputError(
      name,
      `its profiles are too large: ${grid.cells} cells; use h5py or lfd for this one`,
    );
  }
  const kept = thinned(count, most);
  const last = samples[count - 1]!;
  const standing: Standing | undefined =
    conservation && work ? { time: last.time, step: 0, conservation, work } : undefined;
  const note =
    kept.length < count
      ? `${name}: ${kept.length} of its ${count} samples are shown; all profiles would take ${bytes(8 * grid.cells * count)}.`
      : "";
  const profiles = kept.map((k) => result.profile(k));
  return {
    kind: "run",
    bare: false,
    note,
    run: {
      label: name,
      source: undefined,
      header: {
        problem,
        grid,
        equilibrium,
        adjustment,
        physical,
        ...(units && { units }),
      },
      radius,
      equilibrium: equilibriumProfile,
      samples: kept.map((k) => samples[k]!),
      profiles,
      coefficients: await coefficientsOf(grid.faces, problem.epsilon, profiles),
      standing,
      status: "loaded",
      message: result.status.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 300),
    },
  };
}

/** The problem of a file is as foreign as the file: nothing in it is believed. */
function checkedProblem(name: string, problem: ResolvedProblem): ResolvedProblem {
  // A function of the program that computed it: valid, although nobody else can have it.
  const unknowable = problem?.initial?.kind === "function";
  const stand = { kind: "maxwellians", components: [{ density: 1, temperature: 1 }] };
  try {
    const resolved = resolveProblem(unknowable ? { ...problem, initial: stand } : problem).problem;
    return unknowable ? { ...resolved, initial: { kind: "function" } } : resolved;
  } catch (error) {
    throw new InputError(name, `is damaged: its problem is not valid: ${(error as Error).message}`);
  }
}

function checkedUnits(name: string, units: PlasmaUnits | undefined): PlasmaUnits | undefined {
  if (!units) return undefined;
  for (const key of ["velocity", "time", "density", "energy"] as const) {
    const value: unknown = units[key];
    if (typeof value === "number" && value > 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new InputError(name, `is damaged: ${key} of its physical_units is not a number > 0`);
  }
  return units;
}

function requireAscending(name: string, what: string, values: Float64Array): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    const fits = value >= 0 && value > previous && value < Number.POSITIVE_INFINITY;
    if (!fits) throw new InputError(name, `is damaged: the dataset ${what} does not ascend from 0`);
    previous = value;
  }
}
