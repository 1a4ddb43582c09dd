import os from "node:os";
import { InputError } from "../errors.js";
import { solverVersion } from "./identity.js";
import { loadBullmq, queueName, RedisLink } from "./redis.js";

export interface WorkerOptions {
  /** redis://… */
  redis: string;
  /** Runs at a time; default: the cores. */
  workers?: number;
  /** Seconds without a sign of life after which a worker is taken for dead and its runs are given to others. */
  lock?: number;
  /** Stops taking runs, finishes those in progress, and ends. */
  signal?: AbortSignal;
  onStart?(about: { queue: string; redis: string; workers: number }): void;
  onNotice?(message: string): void;
}

/** A run that took so many workers with it is given up. */
const mostDeaths = 25;

/**
 * Takes runs of sweeps from a queue and computes them, until stopped. Returns the number of runs computed. Throws
 * InputError for options that cannot be used, RunError if Redis refuses.
 */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const { redis, workers = os.availableParallelism(), lock = 30, signal } = options;
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= 1024)) {
    throw new InputError("--workers", `${workers} is not valid; an integer from 1 to 1024`);
  }
  if (!(lock >= 0.1 && lock <= 86400)) {
    throw new InputError("--lock", `${lock} is not valid; seconds, from 0.1 to 86400`);
  }
  const link = new RedisLink(redis, options.onNotice ?? (() => {}));
  const { Worker } = await loadBullmq();
  const queue = queueName(await solverVersion());
  let computed = 0;
  const worker = new Worker(queue, new URL("./queue-processor.js", import.meta.url), {
    connection: link.connection,
    concurrency: workers,
    useWorkerThreads: true,
    lockDuration: lock * 1000,
    stalledInterval: lock * 1000,
    maxStalledCount: mostDeaths,
    autorun: false,
  });
  worker.on("error", (error) => link.failed(error));
  worker.on("active", () => link.answered());
  worker.on("ready", () => link.answered());
  worker.on("completed", () => {
    computed++;
  });
  try {
    await Promise.race([worker.waitUntilReady(), link.refused, aborted(signal)]);
    if (signal?.aborted) return computed;
    options.onStart?.({ queue, redis: link.name, workers });
    void worker.run().catch((error) => link.failed(error));
    await Promise.race([link.refused, aborted(signal)]);
    await worker.close(); // waits for the runs in progress
    return computed;
  } finally {
    link.close();
    await Promise.race([worker.close(true), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
