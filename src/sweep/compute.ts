import fs from "node:fs";
import { InputError, RunError } from "../errors.js";
import { asidePath, publish } from "../output/files.js";
import { openResult, type ResultWriter } from "../output/writer.js";
import type { Problem } from "../problem/schema.js";
import { type SimulateOptions, simulate } from "../simulate.js";
import type { ResolvedProblem, RunDocument } from "../types.js";
import { version } from "../version.js";
import { unwritable } from "./disk.js";
import { figuresOf, type Outcome, packSamples } from "./outcome.js";
import { profileFile, unfinishedFile } from "./profiles.js";

/** A run as a worker gets it. */
export interface Task {
  index: number;
  id: string;
  problem: ResolvedProblem;
  /** Directory for the profiles; absent: they are not kept. */
  profiles?: string;
}

/** A profile that could not be written: no fault of the run, and the next would fare no better. */
export interface Unwritten {
  unwritten: string;
}

class ProfileError extends Error {}

/** Computes a run. Whatever goes wrong with the run is its outcome; what goes wrong with the disk is not. */
export async function compute({ index, id, problem, profiles }: Task): Promise<Outcome | Unwritten> {
  const began = performance.now();
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
  const keeper = profiles === undefined ? undefined : new ProfileKeeper(profiles, id);
  try {
    try {
      const result = await simulate(problem as Problem, { profiles: false, ...keeper?.observers });
      await keeper?.finish(result);
      return outcome(undefined, result);
    } catch (error) {
      if (error instanceof ProfileError) throw error;
      const partial = error instanceof RunError ? (error as { partial?: RunDocument }).partial : undefined;
      await keeper?.end();
      return outcome(error as Error, partial);
    }
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    keeper?.abandon();
    return { unwritten: error.message };
  }
}

/** Writes f at the samples of one run beside their place, and puts them there when the run has ended. */
class ProfileKeeper {
  readonly #target: string;
  readonly #unfinished: string;
  #writer: ResultWriter | undefined;

  constructor(directory: string, id: string) {
    this.#target = profileFile(directory, id);
    this.#unfinished = unfinishedFile(directory, id);
  }

  get observers(): Pick<SimulateOptions, "onStart" | "onSample"> {
    return {
      onStart: (header) =>
        this.#do(async () => {
          this.#writer = await openResult(this.#unfinished, header, { version });
        }),
      onSample: (sample, profile) => this.#do(() => this.#writer!.sample(sample, profile)),
    };
  }

  finish(result: RunDocument): Promise<void> {
    return this.#do(() => {
      this.#writer!.finish(result); // synced
      publish(this.#unfinished, this.#target);
    });
  }

  /** Of a run that failed: keeps the samples as far as it came. */
  end(): Promise<void> {
    return this.#do(() => {
      this.#writer?.abort();
      if (fs.existsSync(this.#unfinished)) publish(this.#unfinished, this.#target);
    });
  }

  abandon(): void {
    try {
      this.#writer?.abort();
    } catch {
      // what was wrong with the disk has been told
    }
    for (const file of [this.#unfinished, asidePath(this.#unfinished)]) fs.rmSync(file, { force: true });
  }

  async #do(action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const told = unwritable(this.#target, error);
      throw told instanceof RunError || told instanceof InputError ? new ProfileError(told.message) : told;
    }
  }
}
