import { InputError, RunError } from "../errors.js";
import { openResult, type ResultWriter } from "../output/writer.js";
import { loadProblem } from "../problem/load.js";
import { applyOverrides, type Overrides, type Problem, resolveProblem } from "../problem/schema.js";
import { type Progress, type SimulateOptions, type SimulationResult, simulate } from "../simulate.js";
import type { ResolvedProblem, RunHeader } from "../types.js";
import { ProgressLine } from "./progress.js";
import { heading, profilesPlot, samplesTable, summary } from "./report.js";
import { version } from "./version.js";

interface RunOptions extends Overrides {
  output?: string;
  resume?: string;
  checkpoint: number;
  plot?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** lfd run. Sets the exit status: 0 done, 1 not completed (what was computed is kept and named); throws on bad input. */
export async function run(problem: string | undefined, options: RunOptions): Promise<void> {
  if (!(options.checkpoint > 0)) {
    throw new InputError("--checkpoint", `${options.checkpoint} is not valid; a number of seconds > 0`);
  }
  const job = options.resume ? await resumed(problem, options) : await fresh(problem, options);
  const talk = !options.json && !options.quiet;
  const output = options.resume ?? options.output;
  const line = new ProgressLine();
  const keeper = new Keeper(output, options.checkpoint);
  const stop = new AbortController();
  const interrupt = () => {
    process.removeListener("SIGINT", interrupt); // a second one ends the process at once
    stop.abort();
  };
  process.on("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);

  let header: RunHeader | undefined;
  const shown: { time: number; f: Float64Array }[] = [];
  const watch: SimulateOptions = {
    signal: stop.signal,
    profiles: false,
    onStart: async (started) => {
      header = started;
      if (talk) process.stdout.write(`${heading(started)}\n`);
      await keeper.open(
        job.writer ?? (options.output ? await openResult(options.output, started, { version }) : undefined),
      );
    },
    onSample: (sample, f) => {
      keeper.writer?.sample(sample, f);
      if (options.plot && worthShowing(sample.time, job.problem)) shown.push({ time: sample.time, f });
    },
    onStep: (progress) => {
      if (!options.json && !options.quiet) line.step(progress);
      keeper.step(progress, job.problem);
    },
    ...(job.from ? { resume: job.from } : {}),
  };

  const { result, failure } = await completed(simulate(job.problem as Problem, watch));
  line.end();
  process.removeListener("SIGINT", interrupt);
  if (!result) {
    keeper.abandon();
    throw failure;
  }
  const kept = await keeper.close(result, failure);
  if (options.json) process.stdout.write(`${(await import("../output/json.js")).documentJson(result)}\n`);
  if (talk) {
    process.stdout.write(`${samplesTable(result.samples)}\n`);
    if (header && shown.length > 0) process.stdout.write(`${profilesPlot(header, shown)}\n`);
    process.stdout.write(summary(result));
    if (kept) process.stdout.write(`${kept}\n`);
  }
  if (result.status !== "done" || failure) {
    process.exitCode = 1;
    const where = output
      ? `; ${keeper.whereabouts()}`
      : "; without --output nothing was kept beyond what was printed";
    process.stderr.write(`lfd: ${failure?.message ?? result.status}${where}\n`);
  }
}

interface Job {
  problem: ResolvedProblem;
  writer?: ResultWriter;
  from?: NonNullable<SimulateOptions["resume"]>;
}

async function fresh(name: string | undefined, options: RunOptions): Promise<Job> {
  if (name === undefined) {
    throw new InputError("problem", "missing; valid: a YAML or JSON file, or a name that lfd problems lists");
  }
  const { input, source } = await loadProblem(name);
  return { problem: resolveProblem(applyOverrides(input, options), source).problem };
}

async function resumed(name: string | undefined, options: RunOptions): Promise<Job> {
  const file = options.resume!;
  if (name !== undefined)
    throw new InputError(name, `cannot be given with --resume: the problem is in ${file}`);
  if (options.output !== undefined) {
    throw new InputError("--output", `cannot be given with --resume: new samples are added to ${file}`);
  }
  for (const key of ["epsilon", "cells", "radius"] as const) {
    if (options[key] !== undefined)
      throw new InputError(`--${key}`, `cannot be changed with --resume: ${file} has it fixed`);
  }
  const { appendResult } = await import("../output/resume.js");
  const { header, state, samples, writer } = await appendResult(file);
  try {
    const { problem } = resolveProblem(applyOverrides({ ...header.problem }, options), file);
    const missed = problem.samples.at.find((t) => t < state.time && !samples.some(({ time }) => time === t));
    if (missed !== undefined) {
      throw new InputError("--at", `${missed} is already past; ${file} stands at t = ${state.time}`);
    }
    return { problem, writer, from: { header, state, samples } };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** Start, the last sample in the first tenth of the time (most has happened by then, not all), end. */
function worthShowing(time: number, { samples: { at }, until }: ResolvedProblem): boolean {
  return time === 0 || time === until || time === at.findLast((t) => t <= until / 10);
}

/** A failed run is a result too, as far as it came. */
async function completed(
  run: Promise<SimulationResult>,
): Promise<{ result?: SimulationResult; failure?: Error }> {
  try {
    return { result: await run };
  } catch (error) {
    if (error instanceof RunError && "partial" in error) {
      return { result: error.partial as SimulationResult, failure: error };
    }
    return { failure: error as Error };
  }
}

/** Keeps what is computed: the result file, and now and then a checkpoint beside it. */
class Keeper {
  writer: ResultWriter | undefined;
  readonly #output: string | undefined;
  readonly #interval: number;
  #saved = performance.now();
  #saving: Promise<void> | undefined;
  #trouble: Error | undefined;

  constructor(output: string | undefined, interval: number) {
    this.#output = output;
    this.#interval = interval;
  }

  async open(writer: ResultWriter | undefined): Promise<void> {
    this.writer = writer;
  }

  get #resumable(): boolean {
    return this.writer !== undefined && /\.(h5|hdf5)$/i.test(this.#output ?? "");
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
    } catch (error) {
      this.#trouble = error as Error; // told at the end: the run itself is none the worse
    }
  }

  /** Ends the file. Returns the line that says where it is. */
  async close(result: SimulationResult, failure: Error | undefined): Promise<string | undefined> {
    await this.#saving;
    if (!this.writer) return undefined;
    try {
      this.writer.finish(result);
    } catch (error) {
      this.writer.abort();
      if (!failure) throw error;
    }
    if (this.#resumable) {
      if (result.status === "done") {
        (await import("../output/checkpoint.js")).removeCheckpoint(this.#output!);
      } else {
        await this.#save({ checkpoint: () => result.last }, result.problem);
      }
    }
    if (this.#trouble) process.stderr.write(`lfd: ${this.#trouble.message}\n`);
    return `result: ${this.#output}`;
  }

  abandon(): void {
    this.writer?.abort();
  }

  whereabouts(): string {
    return this.#resumable
      ? `what was computed is in ${this.#output}; lfd run --resume ${this.#output} goes on`
      : `what was computed is in ${this.#output}`;
  }
}
