import path from "node:path";
import { InputError } from "../errors.js";
import type { RunDocument, RunHeader, Sample, SampleErrors } from "../types.js";
import { openCsv } from "./csv.js";
import { createHdf5 } from "./hdf5.js";
import { openJson } from "./json.js";

/** Receives a run's samples as they come and keeps them in a file. */
export interface ResultWriter {
  /**
   * Adds a sample and its profile f (one value a cell; copied, so the array may be reused). When this returns, the
   * sample is on the disk (HDF5, CSV); a process killed from then on has lost nothing of it.
   *
   * @throws RunError if it cannot be written: the disk is full. Samples added before stay as they are.
   */
  sample(sample: Sample, profile: Float64Array): void;
  /** Adds what is known at the end (conservation, work, status) and closes. @throws RunError as above */
  finish(document: RunDocument): void;
  /**
   * After `finish`: puts the error bars of all samples into the result. @throws RunError as above; the result stays as it
   * was
   */
  addErrors(document: RunDocument, errors: readonly SampleErrors[]): Promise<void>;
  /** Closes and keeps what was added; leaves nothing behind if that is nothing. May follow a failed call. */
  abort(): void;
}

const formats = {
  ".h5": createHdf5,
  ".hdf5": createHdf5,
  ".csv": openCsv,
  ".json": openJson,
};

/**
 * A writer of the format that the extension of `output` names: .h5 or .hdf5 (HDF5), .csv, .json.
 *
 * An existing file is replaced only when the first sample of the new run is safely written beside it
 * (`<output>.part`): until then the old result stays, whatever happens.
 *
 * @throws InputError before anything is computed, if the extension is none of these or `output` cannot be written
 */
export async function openResult(
  output: string,
  header: RunHeader,
  options: { version?: string } = {},
): Promise<ResultWriter> {
  const open = formats[path.extname(output).toLowerCase() as keyof typeof formats];
  if (!open) {
    const names = Object.keys(formats).join(", ");
    throw new InputError("--output", `${output} has no extension that names a format; valid: ${names}`);
  }
  return open(output, header, options.version ?? "unknown");
}
