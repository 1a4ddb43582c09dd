import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { RunError } from "../errors.js";
import { needsMemory, workerLost } from "./causes.js";
import type { Task, Unwritten } from "./compute.js";
import type { Engine } from "./engine.js";
import { bytesOfRun } from "./memory.js";
import type { Outcome } from "./outcome.js";
import type { Run } from "./plan.js";

/** Runs shorter than this (seconds, on average) are handed out one ahead, so that no thread waits for the next. */
const short = 0.1;
/** Outcomes that may wait for the disk before no more runs are handed out. */
const mostUnsaved = 256;

interface Options {
  workers: number;
  /** Bytes that are free: a run that needs more fails without being tried. */
  memory: number;
  profiles?: string;
  onNotice(message: string): void;
}

/** All cores of this machine. */
export class LocalEngine implements Engine {
  readonly workers: number;
  readonly #options: Options;
  readonly #pool: Piscina<Task, Outcome | Unwritten>;
  /** What the threads had in hand is given up, and is no failure of theirs. */
  #stopped = false;

  constructor(options: Options) {
    this.#options = options;
    this.workers = options.workers;
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL("./local-worker.js", import.meta.url)),
      minThreads: options.workers,
      maxThreads: options.workers,
      concurrentTasksPerWorker: 2,
    });
    this.#pool.on("error", () => {}); // of an idle thread; it is replaced
  }

  async compute(
    runs: Iterable<Run>,
    deliver: (outcome: Outcome) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const next = runs[Symbol.iterator]();
    let active = 0;
    let unsaved = 0;
    let computed = 0;
    let seconds = 0;
    let failure: Error | undefined;
    const stop = () => void this.close();
    const fail = (error: Error) => {
      failure ??= error;
      stop(); // what is being computed has nowhere to go
    };
    signal.addEventListener("abort", stop, { once: true });
    await new Promise<void>((resolve) => {
      const fill = () => {
        const most = seconds / computed < short ? 2 * this.workers : this.workers;
        while (!signal.aborted && !failure && active < most && unsaved < mostUnsaved) {
          const { value, done } = next.next();
          if (done) break;
          active++;
          void one(value);
        }
        if (active === 0 && unsaved === 0) resolve();
      };
      const one = async (run: Run) => {
        const outcome = await this.#outcome(run).catch(fail);
        active--;
        if (outcome && !signal.aborted && !failure) {
          computed++;
          seconds += outcome.seconds;
          unsaved++;
          fill();
          await deliver(outcome).catch(fail);
          unsaved--;
        }
        fill();
      };
      fill();
    });
    signal.removeEventListener("abort", stop);
    if (failure) throw failure;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#pool.destroy();
  }

  /** Throws RunError where the next run would fare no better. */
  async #outcome({ index, id, problem }: Run): Promise<Outcome> {
    const began = performance.now();
    const failed = (error: string): Outcome => ({
      index,
      id,
      status: "failed",
      error,
      seconds: (performance.now() - began) / 1e3,
      solverSeconds: 0,
      samples: "",
    });
    const { memory, profiles, onNotice } = this.#options;
    const { cells } = problem.grid;
    if (bytesOfRun(cells) > memory) {
      return failed(needsMemory(cells));
    }
    const task: Task = { index, id, problem, ...(profiles === undefined ? {} : { profiles }) };
    // a thread that dies takes the run with it that it had been handed ahead: tried once more
    const outcome = await this.#pool
      .run(task)
      .catch(() => this.#pool.run(task))
      .catch((error) => {
        if (!this.#stopped) onNotice(`run ${index}: its worker was lost: ${error.message}`);
        return failed(workerLost);
      });
    if ("unwritten" in outcome) throw new RunError(outcome.unwritten);
    return outcome;
  }
}
