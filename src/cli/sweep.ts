import { InputError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import type { Shard } from "../sweep/directory.js";
import { planSweep, type SweepOptions, type SweepResult, sweep } from "../sweep/index.js";
import { checkWork } from "../sweep/options.js";
import { complaint, duration, significant, table, wrapFacts } from "./format.js";
import { Interrupt } from "./interrupt.js";
import { SweepProgressLine } from "./sweep-progress.js";

interface Options {
  output?: string;
  workers?: number;
  shard?: string;
  engine: string;
  redis?: string;
  dryRun?: boolean;
  retryFailed?: boolean;
  jsonLines?: boolean;
  quiet?: boolean;
}

/** lfd sweep. Sets the exit status: 0 done, 1 interrupted or with runs that failed; throws on bad input. */
export async function runSweep(file: string, options: Options): Promise<void> {
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  if (options.dryRun) return dryRun(file, options, shard);
  if (options.output === undefined) {
    throw new InputError("--output", "is missing; the directory for the results (--dry-run needs none)");
  }
  const interrupt = new Interrupt();
  const line = new SweepProgressLine({ silent: options.quiet || options.jsonLines });
  outliveReader();
  const given: SweepOptions = {
    output: options.output,
    signal: interrupt.signal,
    onPlan: (planned, runs) => line.plan(planned, runs),
    onStart: ({ runs, pending, workers }) => {
      line.start();
      if (options.quiet || options.jsonLines) return;
      const kept = runs > pending ? `, ${runs - pending} of them already there` : "";
      const on = workers > 0 ? ` on ${workers} ${workers === 1 ? "worker" : "workers"}` : "";
      process.stdout.write(`${runs} runs${kept}; results go to ${options.output}${pending > 0 ? on : ""}\n`);
    },
    onRun: (run, progress) => {
      if (options.jsonLines) process.stdout.write(`${JSON.stringify(run)}\n`);
      line.draw(progress);
    },
    onNotice: (message) => {
      line.end();
      process.stderr.write(complaint(message));
    },
    ...(shard ? { shard } : {}),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.retryFailed ? { retryFailed: true } : {}),
    ...redisOf(options),
  };
  try {
    const result = await sweep(file, given);
    line.end();
    if (!options.quiet && !options.jsonLines) process.stdout.write(report(result));
    conclude(result);
  } finally {
    line.end();
    interrupt.release();
  }
}

/** The results are in the directory: who reads along may go away, or run out of disk, without ending the sweep. */
function outliveReader(): void {
  let told = false;
  process.stdout.removeAllListeners("error");
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (told || error.code === "EPIPE") return;
    told = true;
    process.exitCode = 1;
    process.stderr.write(
      complaint(`standard output: cannot be written: ${fileReason(error)}; the sweep goes on`),
    );
  });
}

function parseShard(text: string): Shard {
  const [, part, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (of === undefined) {
    throw new InputError("--shard", `${JSON.stringify(text)} is not valid; k/n, as in 3/10`);
  }
  return { part: Number(part), of: Number(of) };
}

function redisOf({ engine, redis }: Options): { redis?: string } {
  if (engine !== "local" && engine !== "bullmq") {
    throw new InputError("--engine", `${JSON.stringify(engine)} is not valid; local or bullmq`);
  }
  if (engine === "local") {
    if (redis !== undefined) throw new InputError("--redis", "goes with --engine bullmq");
    return {};
  }
  return { redis: redisUrl(redis) };
}

/** From the option or the environment. The option, password and all, is taken out of the list of processes. */
export function redisUrl(given: string | undefined): string {
  if (given !== undefined) process.title = "lfd";
  const url = given ?? process.env.LFD_REDIS_URL;
  if (!url) throw new InputError("--redis", "is missing; redis://host:port, here or in LFD_REDIS_URL");
  return url;
}

async function dryRun(file: string, options: Options, shard: Shard = { part: 1, of: 1 }): Promise<void> {
  checkWork({ shard, ...(options.workers === undefined ? {} : { workers: options.workers }) });
  const line = new SweepProgressLine({ silent: options.quiet });
  const plan = await planSweep(file, { onPlan: (planned, runs) => line.plan(planned, runs) });
  line.end();
  const runs = plan.ids.map((_, index) => index).filter((index) => index % shard.of === shard.part - 1);
  const names = plan.columns.map(({ name }) => name);
  const rows = runs.map((index) => {
    const { id, parameters } = plan.run(index);
    return [String(index), id.slice(0, 8), ...names.map((name) => shown(parameters[name]))];
  });
  process.stdout.write(`${table(["run", "id", ...names], rows)}\n`);
  const { estimate } = await import("../sweep/estimate.js");
  const { workers, seconds, bytesPerRun, bytesFree, tooLarge } = await estimate(plan, runs, options.workers);
  const mega = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  const time = Number.isFinite(seconds) ? `about ${duration(seconds)}` : "no time";
  const failing = tooLarge > 0 ? ` ${tooLarge} will fail: they need more memory than there is.` : "";
  process.stdout.write(
    wrapFacts(
      `${runs.length} runs; ${time} on ${workers} ${workers === 1 ? "worker" : "workers"}, ` +
        `${mega(bytesPerRun)} of memory each (${mega(bytesFree)} free).${failing} Nothing was computed.`,
    ),
  );
}

function shown(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(7)));
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** What came of a sweep, and where it is. `did` is what was done to the runs that were not there before. */
export function report(
  { runs, done, failed, computed, seconds, busy, ...rest }: SweepResult,
  did = "computed",
) {
  const now =
    computed > 0 || rest.missing > 0
      ? `${computed} ${did} in ${duration(seconds)}`
      : `none left to be ${did}`;
  const share = Number.isFinite(busy) ? `, ${Math.round(100 * busy)} % of the workers' time in runs` : "";
  const missing = rest.missing > 0 ? `, ${rest.missing} missing` : "";
  const lines = [`${runs} runs: ${done} done, ${failed} failed${missing}; ${now}${share}\n`];
  if (rest.spreads.length > 0) {
    const cells = rest.spreads.map(({ name, minimum, median, maximum }) => [
      name,
      ...[minimum, median, maximum].map((value) => significant(value, 5)),
    ]);
    lines.push(`\n${table(["", "minimum", "median", "maximum"], cells)}\n`);
  }
  for (const { run, error } of rest.failures) lines.push(`run ${run} failed: ${error}\n`);
  if (failed > rest.failures.length) lines.push(`… and ${failed - rest.failures.length} more\n`);
  const { files, rows } = rest;
  if (rows) {
    lines.push(`${files.runs}  ${rows.runs} rows, one a run\n`);
    lines.push(`${files.samples}  ${rows.samples} rows, one a sample time\n`);
    if (files.profiles) lines.push(`${files.profiles}  f at the samples, one HDF5 file a run\n`);
    lines.push(`${files.sweep}  the sweep as it was resolved\n`);
    lines.push(`${files.journal}  what the tables are made from, and the sweep goes on from\n`);
  }
  return lines.join("");
}

function conclude({ status, failed, missing, runs, files }: SweepResult): void {
  if (status === "interrupted") {
    process.exitCode = 1;
    const kept = `${runs - missing} of ${runs} runs are kept in ${files.journal}`;
    process.stderr.write(complaint(`interrupted; ${kept}, the same command goes on`));
  } else if (failed > 0) {
    process.exitCode = 1;
    const what = `${failed} of ${runs} runs failed`;
    process.stderr.write(complaint(`${what}; their errors are in ${files.runs}, --retry-failed tries again`));
  }
}
