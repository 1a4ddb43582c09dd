import path from "node:path";
import { RunError } from "../errors.js";
import { openResult, type ResultWriter } from "../output/writer.js";
import type { Problem } from "../problem/schema.js";
import { simulate } from "../simulate.js";
import type { ResolvedProblem, RunDocument } from "../types.js";
import { version } from "../version.js";
import { figuresOf, type Outcome, packSamples } from "./outcome.js";

/** A run as a worker gets it. */
export interface Task {
  index: number;
  id: string;
  problem: ResolvedProblem;
  /** Directory for the profiles; absent: they are not kept. */
  profiles?: string;
}

/** The file of a run's profiles. */
export function profileFile(directory: string, id: string): string {
  return path.join(directory, `${id}.h5`);
}

/** A profile that could not be written: no fault of the run, and the next would fare no better. */
export interface Unwritten {
  unwritten: string;
}

class ProfileError extends Error {}

/** Computes a run. Whatever goes wrong with the run is its outcome; what goes wrong with the disk is not. */
export async function compute({ index, id, problem, profiles }: Task): Promise<Outcome | Unwritten> {
  const began = performance.now();
  let writer: ResultWriter | undefined;
  const write = async <T>(action: () => T | Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw new ProfileError((error as Error).message);
    }
  };
  const outcome = (error: Error | undefined, document: RunDocument | undefined): Outcome => ({
    index,
    id,
    status: error ? "failed" : "done",
    ...(error ? { error: error.message } : {}),
    seconds: (performance.now() - began) / 1e3,
    solverSeconds: document?.work.seconds ?? 0,
    ...(document ? { figures: figuresOf(document) } : {}),
    samples: packSamples(document?.samples ?? []),
  });
  try {
    const result = await simulate(problem as Problem, {
      profiles: false,
      ...(profiles === undefined
        ? {}
        : {
            onStart: (header) =>
              write(async () => {
                writer = await openResult(profileFile(profiles, id), header, { version });
              }),
            onSample: (sample, profile) => write(() => writer!.sample(sample, profile)),
          }),
    });
    await write(() => writer?.finish(result));
    return outcome(undefined, result);
  } catch (error) {
    if (error instanceof ProfileError) {
      tidy(writer);
      return { unwritten: error.message };
    }
    const partial = error instanceof RunError ? (error as { partial?: RunDocument }).partial : undefined;
    tidy(writer);
    return outcome(error as Error, partial);
  }
}

function tidy(writer: ResultWriter | undefined): void {
  try {
    writer?.abort();
  } catch {
    // what was wrong with the disk has been told
  }
}
