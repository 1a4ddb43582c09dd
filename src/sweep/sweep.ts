import path from "node:path";
import { readData } from "../problem/read-data.js";
import { type Manifest, type Shard, SweepDirectory } from "./directory.js";
import type { Engine } from "./engine.js";
import type { Entry } from "./journal.js";
import { freeMemory, workersFor } from "./memory.js";
import { checkOptions, type SweepOptions, type SweepResult } from "./options.js";
import type { Outcome } from "./outcome.js";
import { type Plan, type PlanOptions, planRuns, type Run } from "./plan.js";
import { profilesIn } from "./profiles.js";
import { withKept, writeResults } from "./results.js";
import type { SweepSpec } from "./spec.js";

/**
 * Computes the runs of a sweep into a directory: runs.parquet, samples.parquet, sweep.json, journal.jsonl and, when
 * asked for, profiles/. Killed at any moment and called again, it goes on, and the tables come out the same.
 *
 * `spec` is a sweep, or a YAML or JSON file that holds one. Throws InputError before anything is computed, RunError if
 * the results cannot be written; a run that fails is a row of the tables.
 */
export async function sweep(spec: SweepSpec | string, options: SweepOptions): Promise<SweepResult> {
  checkOptions(options);
  const plan = await planSweep(spec, options);
  const shard = options.shard ?? { part: 1, of: 1 };
  const indices = plan.ids.map((_, index) => index).filter((index) => index % shard.of === shard.part - 1);
  const directory = SweepDirectory.open(options.output, manifestOf(plan, shard));
  try {
    return await new Sweep(directory, plan, indices, options).run();
  } finally {
    await directory.close();
  }
}

/** All runs of a sweep, checked, none computed. Throws InputError; RunError if `signal` stops it. */
export async function planSweep(
  spec: SweepSpec | string,
  { directory, ...options }: { directory?: string } & PlanOptions = {},
): Promise<Plan> {
  if (typeof spec !== "string") return planRuns(spec, directory ?? ".", options);
  return planRuns(await readData(spec), directory ?? path.dirname(spec), { ...options, source: spec });
}

function manifestOf({ solver, hash, ids, columns, profiles, spec }: Plan, shard: Shard): Manifest {
  const format = "landau-fermi-dirac sweep";
  return { format, formatVersion: 1, solver, hash, runs: ids.length, shard, columns, profiles, spec };
}

/** One call of `sweep`: what is to be done, by whom, and how far it is. */
class Sweep {
  readonly #directory: SweepDirectory;
  readonly #plan: Plan;
  readonly #indices: readonly number[];
  readonly #options: SweepOptions;
  readonly #progress = { computed: 0, failed: 0, pending: 0 };
  readonly #parameters = new Map<number, Entry["parameters"]>();
  /** The runs whose profiles are there; absent: none are wanted. */
  readonly #profiles: Set<string> | undefined;
  /** Seconds that went into runs. */
  #busy = 0;

  constructor(directory: SweepDirectory, plan: Plan, indices: readonly number[], options: SweepOptions) {
    this.#directory = directory;
    this.#plan = plan;
    this.#indices = indices;
    this.#options = options;
    if (plan.profiles) this.#profiles = profilesIn(directory.files.profiles);
  }

  async run(): Promise<SweepResult> {
    const began = performance.now();
    const wanted = this.#indices.filter((index) => {
      const status = this.#status(index);
      return status === undefined || (status === "failed" && this.#options.retryFailed);
    });
    this.#progress.pending = wanted.length;
    this.#tellDamage();
    try {
      const workers = await this.#compute(wanted);
      return await this.#result((performance.now() - began) / 1e3, workers);
    } catch (error) {
      throw withKept(error, this.#count("done") + this.#count("failed"), this.#indices.length);
    }
  }

  /** How a run that is on the disk has ended; one whose profiles are gone is not there. */
  #status(index: number): Entry["status"] | undefined {
    const place = this.#placeOf(index);
    return place?.status === "done" && this.#profiles?.has(place.id) === false ? undefined : place?.status;
  }

  #placeOf(index: number) {
    const place = this.#directory.journal.places.get(index);
    return place?.id === this.#plan.ids[index] ? place : undefined;
  }

  #tellDamage(): void {
    const { damaged, file } = this.#directory.journal;
    const tell = this.#options.onNotice ?? (() => {});
    const lines = damaged === 1 ? "1 line is damaged; what it" : `${damaged} lines are damaged; what they`;
    if (damaged > 0) tell(`${file}: ${lines} held is computed again`);
    const lost = this.#indices.filter((index) => this.#placeOf(index) && !this.#status(index)).length;
    const runs = lost === 1 ? "1 run are gone; it is" : `${lost} runs are gone; they are`;
    if (lost > 0) tell(`${this.#directory.files.profiles}: the profiles of ${runs} computed again`);
  }

  #count(status: Entry["status"]): number {
    return this.#indices.reduce((count, index) => count + (this.#status(index) === status ? 1 : 0), 0);
  }

  /** Returns the number of workers. */
  async #compute(wanted: readonly number[]): Promise<number> {
    const { signal = new AbortController().signal, onStart } = this.#options;
    const runs = this.#indices.length;
    if (wanted.length === 0) {
      onStart?.({ runs, pending: 0, workers: 0 });
      return 0;
    }
    const engine = await this.#engine(wanted);
    try {
      onStart?.({ runs, pending: wanted.length, workers: engine.workers });
      const computed = engine.compute(this.#runs(wanted), (outcome) => this.#keep(outcome), signal);
      await Promise.race([computed, this.#directory.lost]);
    } finally {
      await engine.close();
    }
    return engine.workers;
  }

  async #engine(wanted: readonly number[]): Promise<Engine> {
    const { files } = this.#directory;
    const { workers, redis, onNotice = () => {} } = this.#options;
    const profiles = this.#plan.profiles ? { profiles: files.profiles } : {};
    if (redis !== undefined) {
      const { QueueEngine } = await import("./queue-engine.js");
      return QueueEngine.connect({ url: redis, plan: this.#plan, ...profiles, onNotice });
    }
    const { LocalEngine } = await import("./local-engine.js");
    const memory = freeMemory();
    const { largestCells } = this.#plan;
    const most = workersFor(largestCells, memory, workers);
    if (workers !== undefined && most < workers) {
      onNotice(`grid.cells: memory for ${most} runs of ${largestCells} cells at a time, not for ${workers}`);
    }
    return new LocalEngine({ workers: Math.min(wanted.length, most), memory, onNotice, ...profiles });
  }

  *#runs(wanted: readonly number[]): Generator<Run> {
    for (const index of wanted) {
      const run = this.#plan.run(index);
      this.#parameters.set(index, run.parameters);
      yield run;
    }
  }

  async #keep(outcome: Outcome): Promise<void> {
    const { index } = outcome;
    const entry: Entry = { ...outcome, parameters: this.#parameters.get(index)! };
    this.#parameters.delete(index);
    await this.#directory.journal.append(entry);
    if (entry.status === "done") this.#profiles?.add(entry.id);
    this.#progress.computed++;
    if (entry.status === "failed") this.#progress.failed++;
    this.#busy += entry.seconds;
    const { samples: _samples, figures: _figures, ...run } = entry;
    this.#options.onRun?.(run, { ...this.#progress });
  }

  async #result(seconds: number, workers: number): Promise<SweepResult> {
    const { computed, pending } = this.#progress;
    const done = this.#count("done");
    const failed = this.#count("failed");
    const result = {
      runs: this.#indices.length,
      done,
      failed,
      missing: this.#indices.length - done - failed,
      computed,
      seconds,
      busy: computed > 0 && workers > 0 ? this.#busy / (seconds * workers) : Number.NaN,
      files: this.#directory.results(this.#plan),
    };
    if (computed < pending) return { ...result, status: "interrupted", failures: [], spreads: [] };
    const written = await writeResults(this.#directory, this.#plan, this.#indices);
    return { ...result, ...written, status: "done" };
  }
}
