import type { Queue, QueueEvents } from "bullmq";
import { RunError } from "../errors.js";
import { answerUnknown, needsMemory, noPlaceForProfiles, notCompleted, workerLost } from "./causes.js";
import type { Engine } from "./engine.js";
import type { Outcome } from "./outcome.js";
import type { Plan, Run } from "./plan.js";
import { requireSendable, writeProfile } from "./profiles.js";
import { type JobData, readResult } from "./queue-job.js";
import { type Bullmq, loadBullmq, queueName, RedisLink } from "./redis.js";

/** Runs that are in the queue at a time: enough for many workers, little enough for Redis and this process. */
const mostJobs = 1000;
const mostBytes = 64e6;
const fewJobs = 32;
/** Milliseconds between two looks at the queue, and without news of a job after which it is looked for. */
const beat = 1000;
const silence = 10_000;
/** How long results wait for a coordinator that does not come back, in seconds. */
const patience = 30 * 86400;

interface Options {
  url: string;
  plan: Plan;
  /** Directory for the profiles. */
  profiles?: string;
  onNotice(message: string): void;
}

/** A run in the queue. */
interface Sent {
  run: Run;
  data: JobData;
  bytes: number;
  /** When there was last news of it. */
  heard: number;
  /** Its result is being put on the disk. */
  settling: boolean;
}

/**
 * Workers anywhere, over a BullMQ queue. The queue may deliver a run twice, lose it with its Redis, or finish it while
 * nobody listens: the id of a run says whether its result is still wanted, and a job leaves the queue only when its
 * result is on the disk here. Events bring the results; a look at the queue now and then finds what events have missed.
 */
export class QueueEngine implements Engine {
  readonly workers = 0;
  readonly #options: Options;
  readonly #link: RedisLink;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #sent = new Map<string, Sent>();
  #next: Iterator<Run> = [][Symbol.iterator]();
  #exhausted = false;
  #deliver: (outcome: Outcome) => Promise<void> = async () => {};
  /** Ends `compute`. */
  #stop: (error?: Error) => void = () => {};
  #closed = false;
  #filling = false;
  #news = performance.now();
  #told = false;

  private constructor(options: Options, link: RedisLink, { Queue, QueueEvents }: Bullmq) {
    this.#options = options;
    this.#link = link;
    const name = queueName(options.plan.solver);
    this.#queue = new Queue(name, { connection: link.connection });
    this.#events = new QueueEvents(name, { connection: link.connection });
    this.#queue.on("error", (error) => link.failed(error));
    this.#events.on("error", (error) => link.failed(error));
    this.#events.on("completed", ({ jobId, returnvalue }) => void this.#settle(jobId, returnvalue));
    this.#events.on("failed", ({ jobId, failedReason }) => void this.#settle(jobId, undefined, failedReason));
  }

  /** Throws InputError for options that cannot be used. */
  static async connect(options: Options): Promise<QueueEngine> {
    const link = new RedisLink(options.url, options.onNotice);
    if (options.profiles !== undefined) requireSendable(options.plan);
    return new QueueEngine(options, link, await loadBullmq());
  }

  /** Waits for Redis as long as it takes; rejects with RunError if it refuses. */
  async compute(
    runs: Iterable<Run>,
    deliver: (outcome: Outcome) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    this.#next = runs[Symbol.iterator]();
    this.#deliver = deliver;
    const stopped = new Promise<void>((resolve, reject) => {
      this.#stop = (error) => (error ? reject(error) : resolve());
    });
    signal.addEventListener("abort", () => this.#stop(), { once: true });
    this.#link.refused.catch(this.#stop);
    if (signal.aborted) return;
    void this.#work().catch((error) => this.#break(error));
    await stopped;
  }

  /** Takes back what no worker has begun. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#link.close();
    const left = this.#link.away ? [] : [...this.#sent.keys()];
    await within(
      2000,
      left.map((jobId) => this.#queue.remove(jobId)),
    );
    await within(1000, [this.#events.close(), this.#queue.close()]);
    void within(1000, [this.#events.disconnect(), this.#queue.disconnect()]);
  }

  /** A Redis that answers, but with an error: it is full, say. */
  #break(error: Error): void {
    if (this.#closed) return;
    this.#stop(new RunError(`${this.#link.name} refuses: ${error.message}`));
  }

  async #work(): Promise<void> {
    await Promise.all([this.#queue.waitUntilReady(), this.#events.waitUntilReady()]);
    await this.#fill();
    while (!this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, beat).unref());
      if (!this.#closed) await this.#watch();
    }
  }

  /** Sends runs until enough are in the queue: those that end meanwhile make room for more. */
  async #fill(): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    try {
      while (!this.#closed && (await this.#add()) > 0);
    } finally {
      this.#filling = false;
    }
    if (this.#exhausted && this.#sent.size === 0) this.#stop();
  }

  /** Returns how many runs there was room for. */
  async #add(): Promise<number> {
    const fresh = new Map<string, Sent>();
    let bytes = [...this.#sent.values()].reduce((sum, sent) => sum + sent.bytes, 0);
    while (this.#sent.size < fewJobs || (this.#sent.size < mostJobs && bytes < mostBytes)) {
      const { value: run, done } = this.#next.next();
      if (done) {
        this.#exhausted = true;
        break;
      }
      const { id, index, problem } = run;
      const data = { id, index, problem, profiles: this.#options.profiles !== undefined };
      const size = JSON.stringify(data).length;
      bytes += size;
      fresh.set(this.#jobId(id), { run, data, bytes: size, heard: performance.now(), settling: false });
      this.#sent.set(this.#jobId(id), fresh.get(this.#jobId(id))!);
    }
    if (fresh.size === 0) return 0;
    await this.#send(fresh);
    await this.#look([...fresh.keys()]); // a coordinator before this one may have sent them
    return fresh.size;
  }

  /** The queue is shared: other sweeps may have the same run. */
  #jobId(id: string): string {
    return `${this.#options.plan.hash.slice(0, 16)}-${id}`;
  }

  /** Jobs that are in the queue already stay as they are. */
  async #send(jobs: ReadonlyMap<string, Sent>): Promise<void> {
    const kept = { age: patience };
    const options = { attempts: 3, removeOnComplete: kept, removeOnFail: kept };
    await this.#queue.addBulk(
      [...jobs].map(([jobId, { data }]) => ({ name: "run", data, opts: { ...options, jobId } })),
    );
  }

  /** Looks after an outage at all jobs, else at those of which there was no news. */
  async #watch(): Promise<void> {
    const workers = await this.#queue.getWorkersCount();
    const back = this.#link.answered();
    const now = performance.now();
    if (workers === 0 && !this.#told && now - this.#news > 2 * beat) {
      this.#told = true;
      const { version, wasm } = this.#options.plan.solver;
      this.#options.onNotice(
        `no worker of this solver, ${version} (${wasm.slice(0, 8)}), is connected; lfd worker --redis ${this.#link.name} starts one, on any machine`,
      );
    }
    const silent = [...this.#sent].filter(([, { heard }]) => back || now - heard > silence);
    await this.#look(silent.map(([jobId]) => jobId));
  }

  /** Takes results that no event has brought; what Redis has lost is sent again. */
  async #look(jobIds: readonly string[]): Promise<void> {
    for (let k = 0; k < jobIds.length; k += 100) {
      await Promise.all(jobIds.slice(k, k + 100).map((jobId) => this.#lookAt(jobId)));
    }
  }

  async #lookAt(jobId: string): Promise<void> {
    const state = await this.#queue.getJobState(jobId);
    const sent = this.#sent.get(jobId);
    if (!sent || sent.settling) return;
    sent.heard = performance.now();
    if (state === "unknown") await this.#send(new Map([[jobId, sent]]));
    if (state !== "completed" && state !== "failed") return;
    const job = await this.#queue.getJob(jobId);
    if (job) void this.#settle(jobId, job.returnvalue, state === "failed" ? job.failedReason : undefined);
  }

  /** Puts a result on the disk, once, and then takes its job out of the queue. */
  async #settle(jobId: string, value: unknown, failure?: string): Promise<void> {
    const sent = this.#sent.get(jobId);
    if (!sent || sent.settling || this.#closed) return;
    sent.settling = true;
    this.#news = performance.now();
    try {
      await this.#deliver(this.#outcome(sent.run, value, failure));
    } catch (error) {
      this.#stop(error as Error);
      return;
    }
    this.#sent.delete(jobId);
    void this.#queue.remove(jobId).catch((error) => this.#link.failed(error));
    if (!this.#exhausted && this.#sent.size <= mostJobs / 2) {
      void this.#fill().catch((error) => this.#break(error));
    }
    if (this.#exhausted && this.#sent.size === 0) this.#stop();
  }

  #outcome(run: Run, value: unknown, failure: string | undefined): Outcome {
    const { id, index } = run;
    const { profiles, onNotice } = this.#options;
    const result = failure === undefined ? readResult(value, id, index) : undefined;
    if (!result) {
      const error = failure === undefined ? answerUnknown : causeOf(failure, run);
      if (failure !== undefined && failure !== error) onNotice(`run ${index}: ${failure}`);
      return { id, index, status: "failed", error, seconds: 0, solverSeconds: 0, samples: "" };
    }
    if (profiles !== undefined && result.profile !== undefined) writeProfile(profiles, id, result.profile);
    return result.outcome;
  }
}

/** What the last worker, or BullMQ, said of a job that was given up. */
function causeOf(failure: string, { problem }: Run): string {
  const memory = needsMemory(problem.grid.cells);
  if (failure === memory) return memory;
  if (failure.startsWith(noPlaceForProfiles)) return noPlaceForProfiles;
  return failure.includes("stalled") ? workerLost : notCompleted;
}

/** Waits for all of `work`, but not for ever: Redis may be away. */
async function within(milliseconds: number, work: Promise<unknown>[]): Promise<void> {
  await Promise.race([
    Promise.allSettled(work),
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    }),
  ]);
}
