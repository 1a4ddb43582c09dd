import { InputError } from "../errors.js";
import type { Shard, SweepFiles } from "./directory.js";
import type { Entry } from "./journal.js";
import type { Failure, Spread } from "./summary.js";

/** Where the results of a sweep go, who computes them, and who is told. */
export interface SweepOptions {
  /** The directory for the results; one that holds a part of the same sweep is gone on with. */
  output: string;
  /** Where the files that the sweep names are found from; default: beside its file, or the working directory. */
  directory?: string;
  /** Threads of this machine; default: its cores. Fewer where memory does not allow so many. Not with `redis`. */
  workers?: number;
  /** This part of the sweep only. */
  shard?: Shard;
  /** Compute runs again that have failed. */
  retryFailed?: boolean;
  /** Let workers compute that `lfd worker` has connected to this Redis (redis://…), in place of this machine's. */
  redis?: string;
  /** Stops the sweep; what is finished is kept. */
  signal?: AbortSignal;
  /** While the runs are resolved, now and then: how many are, of how many. */
  onPlan?(planned: number, runs: number): void;
  onStart?(start: SweepStart): void;
  /** After each run that this call has computed, when it is on the disk. */
  onRun?(run: FinishedRun, progress: SweepProgress): void;
  /** Something to tell: waiting for Redis, say. */
  onNotice?(message: string): void;
}

/** What a call of `sweep` is about to do, told before the first run. */
export interface SweepStart {
  /** Runs of this sweep, or of its shard. */
  runs: number;
  /** Of these, to be computed now. */
  pending: number;
  /** 0 if others compute. */
  workers: number;
}

/** A run that is on the disk: its place in the sweep, its id, what varied, how it ended and the seconds it took. */
export interface FinishedRun extends Pick<Entry, "index" | "id" | "status" | "seconds" | "parameters"> {
  /** Why it failed; absent if it is done. */
  error?: string;
}

/** How far a call of `sweep` is. */
export interface SweepProgress {
  /** Runs computed by this call, and how many of them failed. */
  computed: number;
  failed: number;
  /** To be computed by it in all. */
  pending: number;
}

/** What came of a sweep: how many runs are done, how its diagnostics are spread, where the files are. */
export interface SweepResult {
  /** interrupted: some runs are not there yet, of a merge as of a sweep; the same call goes on. */
  status: "done" | "interrupted";
  /** Runs of this sweep, or of its shard: done + failed + missing. */
  runs: number;
  done: number;
  failed: number;
  /** Not there; 0 unless interrupted. */
  missing: number;
  /** By this call; by a merge: added. */
  computed: number;
  /** That this call took, from its start to the last file. */
  seconds: number;
  /** Of the workers' time, the share that went into runs; NaN if nothing was computed, or others computed. */
  busy: number;
  /** The first few of the failed. */
  failures: Failure[];
  /** Of what was done; empty if there are no tables. */
  spreads: Spread[];
  /** Rows in the tables. Absent if a sweep was interrupted: then there are none; a merge writes what it has. */
  rows?: { runs: number; samples: number };
  files: SweepFiles;
}

/** Throws InputError for options that cannot be used. */
export function checkOptions({ output, ...rest }: SweepOptions): void {
  if (typeof output !== "string" || output === "") {
    throw new InputError("--output", `${JSON.stringify(output)} is not valid; a directory`);
  }
  checkWork(rest);
}

/** The same for what is to be computed, and by whom. */
export function checkWork({
  workers,
  shard,
  redis,
}: Pick<SweepOptions, "workers" | "shard" | "redis">): void {
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 1024)) {
    throw new InputError("--workers", `${workers} is not valid; an integer from 1 to 1024`);
  }
  if (workers !== undefined && redis !== undefined) {
    throw new InputError("--workers", "is for lfd worker when the engine is bullmq");
  }
  if (shard === undefined) return;
  const { part, of } = shard;
  if (!(Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of && of <= 1e6)) {
    throw new InputError("--shard", `${part}/${of} is not valid; k/n with 1 ≤ k ≤ n`);
  }
}
