import { InputError } from "../errors.js";
import { noWork } from "../solver/work.js";
import type { Checkpoint, Conservation, RunHeader, Sample } from "../types.js";
import { readCheckpoint } from "./checkpoint.js";
import { reopenHdf5 } from "./hdf5.js";
import { readResult } from "./read.js";
import type { ResultFile } from "./result.js";
import type { ResultWriter } from "./writer.js";

/** A result opened to go on with its run. */
export interface ResumedResult {
  header: RunHeader;
  /** The samples that are there. */
  samples: Sample[];
  /**
   * The latest state known: the checkpoint beside the result, or the last sample. Of a sample, holes are 1 - εf; the
   * step is 0 (unknown) unless an older checkpoint tells one; conservation is at least what the samples show.
   */
  state: Checkpoint;
  /** Adds samples after those that are there; `finish` stores the document's problem, which may end later. */
  writer: ResultWriter;
}

/**
 * Opens the HDF5 result at `path` to go on with its run: take its `header.problem`, start from `state`, write the samples
 * later than the last one.
 *
 * @throws InputError naming the file, if the result or its checkpoint cannot be used or not be written
 */
export async function appendResult(path: string): Promise<ResumedResult> {
  const result = await readResult(path);
  let resumed: Omit<ResumedResult, "writer">;
  try {
    const { problem, grid, equilibrium, adjustment, units, physical, samples } = result;
    if (samples.length === 0) throw new InputError(path, "holds no sample to go on from");
    const header = { problem, grid, equilibrium, adjustment, ...(units && { units, physical }) };
    resumed = { header, samples, state: await latestState(result) };
  } finally {
    result.close();
  }
  const times = resumed.samples.map(({ time }) => time);
  return { ...resumed, writer: await reopenHdf5(path, resumed.header.grid.cells, times) };
}

async function latestState(result: ResultFile): Promise<Checkpoint> {
  const { problem, samples, path } = result;
  const last = samples.at(-1)!.time;
  const checkpoint = await readCheckpoint(path, problem);
  if (checkpoint && checkpoint.f.length !== result.grid.cells) {
    throw new InputError(`${path}.checkpoint`, "has another number of cells; remove it to go on without it");
  }
  // A checkpoint from beyond a sample that is missing is left over from another run: going on from it would skip that.
  const skips = problem.samples.at.some((time) => time > last && time < (checkpoint?.time ?? 0));
  if (checkpoint && checkpoint.time >= last && !skips) return checkpoint;

  const f = result.profile(samples.length - 1);
  return {
    time: last,
    f,
    holes: f.map((value) => 1 - problem.epsilon * value),
    step: checkpoint?.step ?? 0,
    conservation: worst([drift(samples), result.conservation, checkpoint?.conservation]),
    work: result.work ?? checkpoint?.work ?? noWork(),
  };
}

/** Drift as far as the samples show it, relative to the first. */
function drift(samples: Sample[]): Conservation {
  const first = samples[0]!;
  const seen = samples.map(({ mass, energy, entropy }, k) => ({
    mass: Math.abs(mass / first.mass - 1),
    energy: Math.abs(energy / first.energy - 1),
    entropyIncrease: Math.max(0, entropy - samples[Math.max(0, k - 1)]!.entropy),
  }));
  return worst(seen);
}

function worst(all: readonly (Conservation | undefined)[]): Conservation {
  return all.reduce<Conservation>(
    (a, b) => ({
      mass: Math.max(a.mass, b?.mass ?? 0),
      energy: Math.max(a.energy, b?.energy ?? 0),
      entropyIncrease: Math.max(a.entropyIncrease, b?.entropyIncrease ?? 0),
    }),
    { mass: 0, energy: 0, entropyIncrease: 0 },
  );
}
