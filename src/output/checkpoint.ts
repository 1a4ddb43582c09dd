import fs from "node:fs";
import { InputError, RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { canonicalJson } from "../problem/plain.js";
import type { Checkpoint, ResolvedProblem } from "../types.js";
import { asidePath, createAside, diskFull, freeBytes, resolveOutput, writeWhole } from "./files.js";
import { loadHdf5, openHdf5 } from "./h5.js";
import {
  dataset,
  doubles,
  fileOptions,
  getNumber,
  getText,
  hdf5Reason,
  setNumber,
  setText,
} from "./h5-content.js";
import { conservationKeys, pick, workKeys } from "./keys.js";
import { checkFormat, damaged } from "./result.js";

const checkpointFormat = "landau-fermi-dirac checkpoint";
const checkpointVersion = 1;
/** HDF5's own bookkeeping in a checkpoint, and then some. */
const margin = 64 * 1024;

/** `<result>.checkpoint`: the state from which the run into `<result>` goes on. */
export function checkpointPath(resultPath: string): string {
  return `${resultPath}.checkpoint`;
}

/**
 * Writes the checkpoint beside the result. The last one stays until the new one is wholly on the disk. The state is
 * taken at the call: its arrays may change while the promise is pending.
 *
 * @throws RunError if it cannot be written; the checkpoint before is still there
 */
export async function writeCheckpoint(
  resultPath: string,
  problem: ResolvedProblem,
  checkpoint: Checkpoint,
): Promise<void> {
  const path = checkpointPath(resultPath);
  const { time, step } = checkpoint;
  const f = checkpoint.f.slice();
  const holes = checkpoint.holes.slice();
  const texts = {
    conservation: JSON.stringify(pick(checkpoint.conservation, conservationKeys)),
    work: JSON.stringify(pick(checkpoint.work, workKeys)),
    problem: JSON.stringify(problem),
  };
  const h5 = await loadHdf5();
  try {
    const target = resolveOutput(path);
    writeWhole(target, (aside) => {
      createAside(path, target);
      const needed = 16 * f.length + texts.problem.length + margin;
      const free = freeBytes(target);
      if (free < needed) throw diskFull(path, needed, free, "the state was not saved");
      const file = new h5.File(aside, "w", fileOptions);
      setText(file, "format", checkpointFormat);
      setNumber(file, "format_version", checkpointVersion);
      setNumber(file, "time", time);
      setNumber(file, "step", step);
      for (const [name, text] of Object.entries(texts)) setText(file, name, text);
      file.create_dataset({ name: "f", data: f, dtype: "<d" });
      file.create_dataset({ name: "holes", data: holes, dtype: "<d" });
      file.close();
    });
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (error instanceof InputError) throw new RunError(error.message);
    const system = (error as NodeJS.ErrnoException).code;
    throw new RunError(`${path}: cannot be written: ${system ? fileReason(error) : hdf5Reason(error)}`);
  }
}

/**
 * The checkpoint beside the result; undefined if there is none.
 *
 * @throws InputError naming the file, if it is damaged or belongs to another problem: other initial data, ε or grid.
 *   (When a run samples and ends, its tolerance and method are no matter of the state.)
 */
export async function readCheckpoint(
  resultPath: string,
  problem: ResolvedProblem,
): Promise<Checkpoint | undefined> {
  const path = checkpointPath(resultPath);
  if (!fs.existsSync(path)) return undefined;
  const file = await openHdf5(path, "r");
  try {
    checkFormat(path, file, checkpointFormat, checkpointVersion);
    if (stateKey(JSON.parse(getText(file, "problem"))) !== stateKey(problem)) {
      throw new InputError(path, "belongs to another problem; remove it to go on without it");
    }
    const cells = dataset(file, "f").shape?.[0] ?? 0;
    return {
      time: getNumber(file, "time"),
      step: getNumber(file, "step"),
      f: doubles(file, "f", cells),
      holes: doubles(file, "holes", cells),
      conservation: JSON.parse(getText(file, "conservation")),
      work: JSON.parse(getText(file, "work")),
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(path, error);
  } finally {
    file.close();
  }
}

/** Removes the checkpoint beside the result, if there is one. */
export function removeCheckpoint(resultPath: string): void {
  const target = checkpointPath(resultPath);
  for (const file of [target, asidePath(target)]) fs.rmSync(file, { force: true });
}

/** What of a problem determines its states. */
function stateKey({ epsilon, initial, grid }: ResolvedProblem): string {
  return canonicalJson({ epsilon, initial, grid });
}
