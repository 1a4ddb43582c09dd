import { estimateErrors, requireRoom } from "../error-estimate.js";
import { InputError, RunError } from "../errors.js";
import { documentJson } from "../output/document.js";
import type { Overrides, Problem } from "../problem/schema.js";
import { type SimulateOptions, type SimulationResult, simulate } from "../simulate.js";
import type { ResolvedProblem, RunHeader, SampleErrors } from "../types.js";
import { errorTable, physicalErrorTable } from "./error-table.js";
import { complaint } from "./format.js";
import { Interrupt } from "./interrupt.js";
import { Keeper } from "./keeper.js";
import { physicalTable, shownStatus, unitsHeading } from "./physical-report.js";
import { ProgressLine } from "./progress.js";
import { heading, type Profile, profilesPlot, samplesTable, summary } from "./report.js";
import { freshJob, type Job, resumedJob } from "./run-job.js";

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
  for (const other of ["json", "quiet"] as const) {
    if (options.plot && options[other])
      throw new InputError("--plot", `has nowhere to draw with --${other}; valid: one of them`);
  }
  if (options.verify && options.quiet && !options.json && options.output === undefined) {
    throw new InputError(
      "--verify",
      "has nowhere to put the error bars with --quiet; --output or --json has",
    );
  }
  const job: Job = options.resume
    ? await resumedJob(problem, options.resume, options)
    : await freshJob(problem, options);
  if (options.verify) requireRoom(job.problem.grid.cells, job.problem.tolerance, job.problem.step);
  const interrupt = new Interrupt();
  try {
    await carryOut(job, options, interrupt.signal);
  } finally {
    interrupt.release();
  }
}

async function carryOut(job: Job, options: RunOptions, signal: AbortSignal): Promise<void> {
  const talk = !options.json && !options.quiet;
  const output = options.resume ?? options.output;
  const keeper = new Keeper(output, options.checkpoint, job.writer);
  const { result, failure, header, shown } = await baseRun(job, options, keeper, signal);
  if (talk) {
    const { samples } = result;
    process.stdout.write(`${job.units ? physicalTable(samples, job.units) : samplesTable(samples)}\n`);
    if (header && shown.length > 0) process.stdout.write(`${profilesPlot(header, shown)}\n`);
    process.stdout.write(summary(result));
    if (output && keeper.kept) process.stdout.write(`result: ${output}\n`);
  }
  if (result.status !== "done" || failure) {
    if (options.json) process.stdout.write(`${documentJson(result, job)}\n`);
    const what = failure?.message ?? shownStatus(result.status, job.units);
    return fail(what, keeper.whereabouts(what));
  }
  if (keeper.trouble) process.stderr.write(complaint(keeper.trouble.message));

  // What is done is on the disk and, but for the one document of --json, printed: what follows cannot lose it.
  const estimate = options.verify ? await estimated(job, result, keeper, signal, talk) : {};
  if (options.json) process.stdout.write(`${documentJson(result, { ...job, ...estimate })}\n`);
  if (talk && estimate.errors) {
    const { samples } = result;
    const { errors } = estimate;
    const bars = job.units ? physicalErrorTable(samples, errors, job.units) : errorTable(samples, errors);
    process.stdout.write(`\n${bars}`);
  }
  if (estimate.failure)
    fail(
      shownStatus(estimate.failure.message, job.units),
      `the run itself is done and ${output ? `in ${output}` : "printed"}`,
    );
}

function fail(...parts: string[]): void {
  process.exitCode = 1;
  process.stderr.write(complaint(parts.filter(Boolean).join("; ")));
}

/** The run that was asked for, as far as it came, with what went wrong. The file is closed. Throws InputError. */
async function baseRun(
  job: Job,
  options: RunOptions,
  keeper: Keeper,
  signal: AbortSignal,
): Promise<{
  result: SimulationResult;
  failure: Error | undefined;
  header: RunHeader | undefined;
  shown: Profile[];
}> {
  const talk = !options.json && !options.quiet;
  const line = new ProgressLine();
  let header: RunHeader | undefined;
  const wanted = options.plot ? timesToShow(job.problem) : [];
  const shown = await keptProfiles(options.resume, wanted);
  const watch: SimulateOptions = {
    signal,
    profiles: false,
    onStart: async (given) => {
      const started = job.units ? { ...given, units: job.units, physical: job.physical } : given;
      header = started;
      await keeper.open(started);
      if (!talk) return;
      const physical = started.units ? unitsHeading(started.units, started) : "";
      process.stdout.write(`${heading(started)}${physical}\n`);
    },
    onSample: (sample, f) => {
      keeper.sample(sample, f);
      if (wanted.includes(sample.time)) shown.push({ time: sample.time, f });
    },
    onStep: (progress) => {
      if (talk) line.step(progress, job.problem.step);
      keeper.step(progress, job.problem);
    },
    ...(job.from ? { resume: job.from } : {}),
  };
  const { result, failure } = await completed(simulate(job.problem as Problem, watch));
  line.end();
  if (!result) {
    keeper.abandon();
    throw failure;
  }
  const unwritten = await keeper.close(result);
  return { result, failure: failure ?? unwritten, header, shown };
}

/** The error bars of a finished run, in its file as well, or why there are none or where they are missing. */
async function estimated(
  job: Job,
  result: SimulationResult,
  keeper: Keeper,
  signal: AbortSignal,
  talk: boolean,
): Promise<{ errors?: SampleErrors[]; failure?: Error }> {
  const line = new ProgressLine("error bars: ");
  const { step } = job.problem;
  const finer = step === undefined ? undefined : step / 2;
  try {
    const errors = await estimateErrors(job.problem as Problem, result, {
      signal,
      onStep: (progress) => {
        if (talk) line.step(progress, finer);
      },
    });
    const failure = await keeper.addErrors(result, errors);
    return { errors, ...(failure && { failure }) };
  } catch (error) {
    if (error instanceof RunError) return { failure: error };
    throw error;
  } finally {
    line.end();
  }
}

/** Start, the last sample in the first tenth of the time (most has happened by then, not all), end. */
function timesToShow({ samples: { at }, until }: ResolvedProblem): number[] {
  const middle = at.findLast((t) => t > 0 && t <= until / 10) ?? at[Math.floor(at.length / 2)]!;
  return [0, middle, until];
}

/** f at those of `times` that the file of a resumed run has. */
async function keptProfiles(file: string | undefined, times: readonly number[]): Promise<Profile[]> {
  if (file === undefined || times.length === 0) return [];
  const { readResult } = await import("../output/read.js");
  const result = await readResult(file);
  try {
    return result.samples.flatMap(({ time }, k) =>
      times.includes(time) ? [{ time, f: result.profile(k) }] : [],
    );
  } finally {
    result.close();
  }
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
