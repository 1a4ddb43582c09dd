import fs from "node:fs";
import path from "node:path";
import { estimateErrors, requireRoom } from "../error-estimate.js";
import { InputError, RunError } from "../errors.js";
import { documentJson } from "../output/document.js";
import { openResult, type ResultWriter } from "../output/writer.js";
import { loadProblem } from "../problem/load.js";
import { applyOverrides, type Overrides, type Problem, resolveProblem } from "../problem/schema.js";
import { type Progress, type SimulateOptions, type SimulationResult, simulate } from "../simulate.js";
import type { ResolvedProblem, RunHeader, Sample } from "../types.js";
import { dimensionless, isPhysical, physicalEquilibrium, physicalSample } from "../units/physical-problem.js";
import type { PlasmaUnits } from "../units/plasma-units.js";
import { version } from "../version.js";
import { errorTable } from "./error-table.js";
import { complaint } from "./format.js";
import { physicalTable, unitsHeading } from "./physical-report.js";
import { ProgressLine } from "./progress.js";
import { heading, profilesPlot, samplesTable, summary } from "./report.js";

interface RunOptions extends Overrides {
  output?: string;
  resume?: string;
  checkpoint: number;
  plot?: boolean;
  verify?: boolean;
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
  if (options.verify) requireRoom(job.problem.grid.cells, job.problem.tolerance, job.problem.step);
  const line = new ProgressLine();
  const keeper = new Keeper(output, options.checkpoint, job);
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
    onStart: async (given) => {
      const started = job.units ? { ...given, units: job.units } : given;
      header = started;
      if (options.output) keeper.writer = await openResult(options.output, started, { version });
      if (talk)
        process.stdout.write(
          `${heading(started)}${started.units ? unitsHeading(started.units, started) : ""}\n`,
        );
    },
    onSample: (sample, f) => {
      keeper.sample(sample, f);
      if (options.plot && worthShowing(sample.time, job.problem)) shown.push({ time: sample.time, f });
    },
    onStep: (progress) => {
      if (!options.json && !options.quiet) line.step(progress);
      keeper.step(progress, job.problem);
    },
    ...(job.from ? { resume: job.from } : {}),
  };

  const { result, failure: failed } = await completed(simulate(job.problem as Problem, watch));
  line.end();
  process.removeListener("SIGINT", interrupt);
  if (!result) {
    keeper.abandon();
    throw failed;
  }
  const unwritten = await keeper.close(result);
  const failure = failed ?? unwritten;
  const errors =
    options.verify && !failure && result.status === "done"
      ? await estimateErrors(job.problem as Problem, result)
      : undefined;
  if (options.json)
    process.stdout.write(
      `${documentJson(result, { ...physicalPart(result, job.units), ...(errors && { errors }) })}\n`,
    );
  if (talk) {
    process.stdout.write(
      `${job.units ? physicalTable(result.samples, job.units) : samplesTable(result.samples)}\n`,
    );
    if (errors) process.stdout.write(`${errorTable(result.samples, errors)}\n`);
    if (header && shown.length > 0) process.stdout.write(`${profilesPlot(header, shown)}\n`);
    process.stdout.write(summary(result));
    if (output && keeper.kept) process.stdout.write(`result: ${output}\n`);
  }
  if (result.status !== "done" || failure) {
    process.exitCode = 1;
    const what = failure?.message ?? result.status;
    process.stderr.write(complaint([what, keeper.whereabouts(what)].filter(Boolean).join("; ")));
  } else if (keeper.trouble) {
    process.stderr.write(complaint(keeper.trouble.message));
  }
}

/** For --json, of a problem in physical units: the units, and what came out in them. */
function physicalPart(result: SimulationResult, units: PlasmaUnits | undefined): object {
  if (!units) return {};
  return {
    physical: {
      units,
      radius: result.grid.radius * units.velocity,
      equilibrium: physicalEquilibrium(result.equilibrium, units),
      samples: result.samples.map((sample) => physicalSample(sample, units)),
    },
  };
}

interface Job {
  problem: ResolvedProblem;
  /** Of a problem in physical units. */
  units?: PlasmaUnits;
  writer?: ResultWriter;
  from?: NonNullable<SimulateOptions["resume"]>;
}

async function fresh(name: string | undefined, options: RunOptions): Promise<Job> {
  if (name === undefined) {
    throw new InputError("problem", "missing; valid: a YAML or JSON file, or a name that lfd problems lists");
  }
  const { input, source } = await loadProblem(name);
  const given = applyOverrides(input, options);
  const physical = isPhysical(given) ? dimensionless(given, withFlags(source, options)) : undefined;
  const { problem } = resolveProblem(physical?.problem ?? given, withFlags(source, options));
  const { initial } = input as { initial: { file?: unknown } };
  const table = typeof initial.file === "string" ? [path.resolve(path.dirname(name), initial.file)] : [];
  for (const read of [name, ...table]) {
    if (options.output && sameFile(options.output, read)) {
      throw new InputError(
        "--output",
        `${options.output} is what the problem is read from; give another file`,
      );
    }
  }
  return physical ? { problem, units: physical.units } : { problem };
}

/** The source of a problem for messages, with the flags that may be to blame instead. */
function withFlags(source: string, options: RunOptions): string {
  const keys = ["epsilon", "cells", "radius", "until", "at", "tolerance", "method", "step"] as const;
  const given = keys
    .filter((key) => options[key] !== undefined)
    .map((key) => `--${key} ${String(options[key]).slice(0, 40)}`);
  return given.length > 0 ? `${source} with ${given.join(" ")}` : source;
}

function sameFile(one: string, other: string): boolean {
  if (!fs.existsSync(one) || !fs.existsSync(other)) return false;
  return fs.realpathSync(one) === fs.realpathSync(other);
}

async function resumed(name: string | undefined, options: RunOptions): Promise<Job> {
  const file = options.resume!;
  if (name !== undefined)
    throw new InputError(name, `cannot be given with --resume: the problem is in ${file}`);
  if (options.verify) {
    throw new InputError("--verify", "cannot be given with --resume: the errors are those of a whole run");
  }
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
    const { problem } = resolveProblem(
      applyOverrides({ ...header.problem }, options),
      withFlags(file, options),
    );
    if (problem.until < state.time) {
      throw new InputError(
        "--until",
        `${problem.until} is already past; ${file} stands at t = ${state.time}`,
      );
    }
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
  const middle = at.findLast((t) => t > 0 && t <= until / 10) ?? at[Math.floor(at.length / 2)];
  return time === 0 || time === middle || time === until;
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
  /** Whether the file holds anything of this run. */
  kept: boolean;
  /** Why the last checkpoint could not be written: told at the end, the run itself is none the worse. */
  trouble: Error | undefined;
  readonly #output: string | undefined;
  readonly #interval: number;
  #saved = performance.now();
  #saving: Promise<void> | undefined;

  constructor(output: string | undefined, interval: number, { writer, from }: Job) {
    this.#output = output;
    this.#interval = interval;
    this.writer = writer;
    this.kept = from !== undefined;
  }

  get #resumable(): boolean {
    return this.kept && /\.(h5|hdf5)$/i.test(this.#output ?? "");
  }

  sample(sample: Sample, f: Float64Array): void {
    if (!this.writer) return;
    this.writer.sample(sample, f);
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
      this.writer?.finish(result);
    } catch (error) {
      this.writer?.abort();
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

  abandon(): void {
    this.writer?.abort();
  }

  /** For a message: where to find what was computed; `told` is what it says so far. */
  whereabouts(told: string): string {
    if (!this.#output) return "without --output nothing was kept beyond what was printed";
    if (!this.kept) return `${this.#output} was not written`;
    const there = told.includes(`kept in ${this.#output}`) ? [] : [`what was computed is in ${this.#output}`];
    return [...there, ...(this.#resumable ? [`lfd run --resume ${this.#output} goes on`] : [])].join("; ");
  }
}
