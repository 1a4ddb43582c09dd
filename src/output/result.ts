import type { File } from "h5wasm/node";
import { InputError } from "../errors.js";
import {
  type Conservation,
  type PlasmaUnits,
  type ResolvedProblem,
  type RunHeader,
  type Sample,
  sampleKeys,
  type Work,
} from "../types.js";
import { dataset, doubles, getNumber, getNumbers, getText, hdf5Reason } from "./h5-content.js";
import { adjustmentKeys, conservationKeys, equilibriumKeys, workKeys } from "./keys.js";
import { physicalUnits, resultFormat, resultVersion, unfinished } from "./layout.js";

/** An open HDF5 result. All but the profiles is in memory. */
export interface ResultFile extends RunHeader {
  path: string;
  /** Of the package that wrote it. */
  version: string;
  /** ISO date. */
  created: string;
  /** "unfinished" for a run that goes on or was killed. */
  status: string;
  physical: boolean;
  /** Radius of each cell's energy node. */
  radius: Float64Array;
  /** M at `radius`. */
  equilibriumProfile: Float64Array;
  /** Time of each sample. */
  times: Float64Array;
  samples: Sample[];
  /** As of the last time that a run finished with this file; absent if none did. */
  conservation?: Conservation;
  /** As of the last time that a run finished with this file; absent if none did. */
  work?: Work;
  /**
   * f of sample k, one value a cell; reads just that from the file.
   *
   * @throws RangeError if there is no sample k; InputError if the file is damaged or was closed
   */
  profile(k: number): Float64Array;
  close(): void;
}

/**
 * The result in an open HDF5 file, finished or not; closing it closes the file. Of a run that was killed it has all
 * samples that were complete.
 *
 * @param path what to call the file in messages
 * @param limit bytes that all but the profiles may take
 * @throws InputError naming the file and what is wrong: another format or version, damage, too large; it is closed then
 */
export function resultIn(path: string, file: File, limit = Number.POSITIVE_INFINITY): ResultFile {
  try {
    return read(path, file, limit);
  } catch (error) {
    file.close();
    if (error instanceof InputError) throw error;
    throw damaged(path, error);
  }
}

function read(path: string, file: File, limit: number): ResultFile {
  checkFormat(path, file, resultFormat, resultVersion);
  const problem = JSON.parse(getText(file, "problem")) as ResolvedProblem;
  const cells = (dataset(file, "faces").shape?.[0] ?? 0) - 1;
  // The length of /time is the number of samples: it is written last (see appendSample).
  const count = dataset(file, "time").shape?.[0] ?? 0;
  const f = dataset(file, "f").shape ?? [];
  if (!(cells >= 1 && f[1] === cells && f[0]! >= count)) {
    throw new Error(`/f is ${f.join(" × ")}, for ${count} samples of ${cells} cells`);
  }
  const bytes = 8 * (3 * cells + sampleKeys.length * count);
  if (bytes > limit) {
    const size = `${count} samples of ${cells} cells`;
    throw new InputError(
      path,
      `is too large: ${size}; the grid and diagnostics take ${bytes} bytes, at most ${limit} fit`,
    );
  }
  const faces = doubles(file, "faces", cells + 1);
  const columns = sampleKeys.map((key) => {
    const values =
      count === 0
        ? new Float64Array(0)
        : doubles(file, key === "time" ? key : `diagnostics/${key}`, count, [[0, count]]);
    return [key, values] as const;
  });
  const samples = Array.from(
    { length: count },
    (_, k) => Object.fromEntries(columns.map(([key, values]) => [key, values[k]!])) as unknown as Sample,
  );
  const equilibrium = getNumbers(file, "equilibrium", equilibriumKeys);
  const adjustment = getNumbers(file, "adjustment", adjustmentKeys);
  if (!equilibrium || !adjustment)
    throw new Error("the attributes of the equilibrium or adjustment are missing");
  const units = getText(file, "physical_units", "");
  const conservation = getNumbers(file, "conservation", conservationKeys);
  const work = getNumbers(file, "work", workKeys);
  let open = true;
  return {
    path,
    version: getText(file, "version"),
    created: getText(file, "created"),
    status: getText(file, "status", unfinished),
    problem,
    grid: { cells, radius: faces[cells]!, faces },
    equilibrium,
    adjustment,
    radius: doubles(file, "radius", cells),
    equilibriumProfile: doubles(file, "equilibrium", cells),
    times: columns[0]![1],
    samples,
    ...(units && { units: JSON.parse(units) as PlasmaUnits }),
    physical: getText(file, "given_in", "") === physicalUnits,
    ...(conservation && { conservation }),
    ...(work && { work }),
    profile(k) {
      if (!(Number.isInteger(k) && k >= 0 && k < count)) {
        throw new RangeError(`${path} has no sample ${k}; it has ${count}, the first is 0`);
      }
      if (!open) throw new InputError(path, "has been closed");
      try {
        return doubles(file, "f", cells, [
          [k, k + 1],
          [0, cells],
        ]);
      } catch (error) {
        throw damaged(path, error);
      }
    },
    close() {
      if (open) file.close();
      open = false;
    },
  };
}

/** @throws InputError unless the file bears this format and version */
export function checkFormat(path: string, file: File, format: string, version: number): void {
  if (getText(file, "format", "") !== format) throw new InputError(path, `is HDF5, but no ${format}`);
  const foundVersion = getNumber(file, "format_version");
  if (foundVersion !== version) {
    throw new InputError(path, `has format_version ${foundVersion}; this program reads ${version}`);
  }
}

export function damaged(path: string, error: unknown): InputError {
  return new InputError(path, `is damaged: ${hdf5Reason(error)}`);
}
