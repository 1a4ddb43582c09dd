import { openResult, type ResultWriter } from "../output/writer.js";
import type { Progress, SimulationResult } from "../simulate.js";
import type { ResolvedProblem, RunHeader, Sample, SampleErrors } from "../types.js";
import { version } from "../version.js";

/** Keeps what is computed: the result file, and now and then a checkpoint beside it. */
export class Keeper {
  /** Whether the file holds anything of this run. */
  kept: boolean;
  /** Why the last checkpoint could not be written: told at the end, the run itself is none the worse. */
  trouble: Error | undefined;
  #writer: ResultWriter | undefined;
  readonly #output: string | undefined;
  readonly #interval: number;
  #saved = performance.now();
  #saving: Promise<void> | undefined;

  /**
   * @param output the file; absent: nothing is kept
   * @param interval seconds between two checkpoints
   * @param resumed the writer of a file that holds the beginning of the run
   */
  constructor(output: string | undefined, interval: number, resumed?: ResultWriter) {
    this.#output = output;
    this.#interval = interval;
    this.#writer = resumed;
    this.kept = resumed !== undefined;
  }

  /** Begins the file, unless it goes on with one. @throws InputError if it cannot be written */
  async open(header: RunHeader): Promise<void> {
    if (this.#output !== undefined) this.#writer ??= await openResult(this.#output, header, { version });
  }

  get #resumable(): boolean {
    return this.kept && /\.(h5|hdf5)$/i.test(this.#output ?? "");
  }

  sample(sample: Sample, f: Float64Array): void {
    if (!this.#writer) return;
    this.#writer.sample(sample, f);
    this.kept = true;
  }

  step(progress: Progress, problem: ResolvedProblem): void {
    if (this.#saving || !this.#resumable || performance.now() - this.#saved < this.#interval * 1e3) return;
    this.#saving = this.#save(progress, problem).finally(() => {
      this.#saved = performance.now();
      this.#saving = undefined;
    });
  }

  async #save(progress: Pick<Progress, "checkpoint">, problem: ResolvedProblem): Promise<void> {
    const { writeCheckpoint } = await import("../output/checkpoint.js");
    try {
      await writeCheckpoint(this.#output!, problem, progress.checkpoint());
      this.trouble = undefined;
    } catch (error) {
      this.trouble = error as Error;
    }
  }

  /** Ends the file, and saves the state that an unfinished run goes on from. Returns what went wrong. */
  async close(result: SimulationResult): Promise<Error | undefined> {
    await this.#saving;
    let failure: Error | undefined;
    try {
      this.#writer?.finish(result);
    } catch (error) {
      this.#writer?.abort();
      this.kept &&= /\.(h5|hdf5|csv)$/i.test(this.#output ?? ""); // JSON is written as a whole
      failure = error as Error;
    }
    if (this.#resumable) {
      if (result.status !== "done") {
        await this.#save({ checkpoint: () => result.last }, result.problem);
      } else if (!failure) {
        (await import("../output/checkpoint.js")).removeCheckpoint(this.#output!);
      }
    }
    return failure;
  }

  /** Puts error bars into the file of a finished run. Returns what went wrong. */
  async addErrors(result: SimulationResult, errors: readonly SampleErrors[]): Promise<Error | undefined> {
    try {
      await this.#writer?.addErrors(result, errors);
    } catch (error) {
      return error as Error;
    }
    return undefined;
  }

  abandon(): void {
    this.#writer?.abort();
  }

  /** For a message: where to find what was computed; `told` is what it says so far. */
  whereabouts(told: string): string {
    if (!this.#output) return "without --output nothing was kept beyond what was printed";
    if (!this.kept) return `${this.#output} was not written`;
    const there = told.includes(`kept in ${this.#output}`) ? [] : [`what was computed is in ${this.#output}`];
    return [...there, ...(this.#resumable ? [`lfd run --resume ${this.#output} goes on`] : [])].join("; ");
  }
}
