import { Piscina } from "piscina";
import { afterEach, expect, it, vi } from "vitest";
import { estimate } from "../dist/sweep/estimate.js";
import { LocalEngine } from "../dist/sweep/local-engine.js";
import { needsMemory, workerLost } from "../src/sweep/causes.js";
import { bytesOfRun, workersFor } from "../src/sweep/memory.js";
import type { Outcome } from "../src/sweep/outcome.js";
import { type Plan, planRuns } from "../src/sweep/plan.js";
import { QueueEngine } from "../src/sweep/queue-engine.js";
import process from "../src/sweep/queue-processor.js";
import { sweep } from "../src/sweep/sweep.js";
import { folder } from "./cli.js";

const planOf = (count: number, set: object = {}) =>
  planRuns(
    {
      problem: "annulus",
      set: { grid: { cells: 40 }, until: 1, samples: { at: [0.5] }, ...set },
      vary: { epsilon: { linear: [0.1, 1, count] } },
    },
    ".",
  );

async function outcomesOf(
  engine: Pick<LocalEngine | QueueEngine, "compute">,
  plan: Plan,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const runs = plan.ids.map((_, index) => plan.run(index));
  await engine.compute(
    runs,
    async (outcome) => {
      outcomes.push(outcome as Outcome);
    },
    new AbortController().signal,
  );
  return outcomes.sort((a, b) => a.index - b.index);
}

/** What does not depend on the clock. */
const resultOf = ({ seconds: _seconds, solverSeconds: _solver, ...result }: Outcome) => result;

afterEach(() => vi.restoreAllMocks());

/** Ends the threads of the pool, so many milliseconds into the first `deaths` tasks of a run. */
function killThreads(index: number, deaths: number, after: number): { tasks: number } {
  const tries = { tasks: 0 };
  const run = Piscina.prototype.run;
  vi.spyOn(Piscina.prototype, "run").mockImplementation(function (this: Piscina, task: { index: number }) {
    const result = run.call(this, task);
    if (task.index === index && tries.tasks++ < deaths) {
      setTimeout(() => {
        for (const thread of this.threads) void thread.terminate();
      }, after);
    }
    return result;
  });
  return tries;
}

it("a run whose thread dies is tried once more, and comes out the same", async () => {
  const plan = await planOf(4);
  const options = { workers: 1, memory: 1e9, onNotice: (message: string) => notices.push(message) };
  const notices: string[] = [];
  const calm = new LocalEngine(options);
  const expected = await outcomesOf(calm, plan);
  await calm.close();

  const tries = killThreads(1, 1, 0);
  const engine = new LocalEngine(options);
  const outcomes = await outcomesOf(engine, plan);
  await engine.close();
  expect(tries.tasks).toBe(2);
  expect(outcomes.map(resultOf)).toEqual(expected.map(resultOf));
  expect(outcomes.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  expect(notices).toEqual([]);
});

it("one whose threads die twice has failed, with the same words whatever killed them; the others go on", async () => {
  const plan = await planRuns(
    { problem: "annulus", set: { until: 20, tolerance: 1e-9 }, vary: { "grid.cells": [40, 41, 200_000] } },
    ".",
  );
  const notices: string[] = [];
  const tries = killThreads(2, 2, 1500);
  const engine = new LocalEngine({ workers: 1, memory: 1e9, onNotice: (message) => notices.push(message) });
  const outcomes = await outcomesOf(engine, plan);
  await engine.close();
  expect(tries.tasks).toBe(2);
  expect(outcomes[2]).toMatchObject({ index: 2, status: "failed", error: workerLost, samples: "" });
  expect(outcomes[0]!.status).toBe("done");
  expect(notices).toEqual([expect.stringMatching(/^run 2: its worker was lost: ./)]);
});

it("memory limits the workers, and a run that needs more than there is is not tried", async () => {
  const each = bytesOfRun(1e6);
  expect(each).toBeGreaterThan(8 * 20e6); // the 20 doubles a cell outside of the solver alone
  expect([1, 2, 8].map((wanted) => workersFor(1e6, 3.5 * each, wanted))).toEqual([1, 2, 3]);
  expect(workersFor(1e6, 0, 8)).toBe(1);
  const plan = await planOf(2);
  const engine = new LocalEngine({ workers: 1, memory: 1e6, onNotice: () => {} });
  const run = vi.spyOn(Piscina.prototype, "run");
  const outcomes = await outcomesOf(engine, plan);
  await engine.close();
  expect(run).not.toHaveBeenCalled();
  expect(outcomes.map(({ error }) => error)).toEqual([needsMemory(40), needsMemory(40)]);
});

it("an estimate counts the start of the workers, and the runs that there is no memory for", async () => {
  const ours = globalThis.process as unknown as { availableMemory(): number };
  vi.spyOn(ours, "availableMemory").mockReturnValue(3e8);
  const plan = await planRuns(
    { problem: "annulus", set: { until: 1 }, vary: { "grid.cells": [20, 1e6] } },
    ".",
  );
  const { seconds, workers, tooLarge } = await estimate(plan, [0, 1], 1);
  expect([workers, tooLarge]).toEqual([1, 1]);
  expect(seconds).toBeGreaterThan(0.02); // a run of 20 cells takes 2 ms
});

it.each([
  [2, [0, 1]],
  [3, [0, 1, 2]],
  [7, [0, 1, 2, 4, 5]],
])("of %i runs, those that are tried for an estimate are spread over all", async (count, expected) => {
  const plan = await planOf(count);
  const run = vi.fn(plan.run);
  const all = plan.ids.map((_, index) => index);
  await estimate({ ...plan, run }, all, 1);
  // before, each is asked for its cells
  const tried = run.mock.calls.slice(count).map(([index]) => index);
  expect([...new Set(tried)]).toEqual(expected);
});

it("a run that is tried for too long is told by its steps, whatever the unit of time", async () => {
  const steps = 1e6; // of 1000 cells: more than 20 µs each on any machine
  const set = { grid: { cells: 1000 }, until: 1000, step: 1000 / steps, samples: {} };
  const { seconds } = await estimate(await planOf(2, set), [0], 1);
  expect(seconds).toBeGreaterThan(20);
}, 20_000);

it.each([
  ["no mapping", null],
  ["a path for an id", { id: "../../../tmp/x" }],
  ["no problem", { problem: "annulus" }],
  ["no cells", { problem: {} }],
  ["a directory for profiles", { profiles: "/etc" }],
])("a job of the queue is refused that has %s", async (_, change) => {
  const { id, index, problem } = (await planOf(2)).run(0);
  const job = { id, index, problem, profiles: false };
  expect((await process({ data: job })).outcome.status).toBe("done");
  const data = change === null ? null : { ...job, ...change };
  await expect(process({ data })).rejects.toThrow("the job is not a run of a sweep");
});

const queue = vi.hoisted(() => ({
  /** What becomes of a job that is sent. */
  answer: (_: { id: string; index: number }): object => ({}),
}));

vi.mock("../src/sweep/redis.js", async (original) => {
  const { EventEmitter } = await import("node:events");
  const events = new EventEmitter();
  class Queue extends EventEmitter {
    async waitUntilReady() {}
    async addBulk(jobs: { data: { id: string; index: number }; opts: { jobId: string } }[]) {
      // all are computed before the sender hears that they have arrived
      for (const { data, opts } of jobs) {
        events.emit("event", { jobId: opts.jobId, ...queue.answer(data) });
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    async getJobState() {
      return "active";
    }
    async getWorkersCount() {
      return 1;
    }
    async remove() {}
    async close() {}
    async disconnect() {}
  }
  class QueueEvents extends Queue {
    override on(name: string, listener: (event: { failedReason?: string }) => void) {
      events.on("event", (event) => {
        if (name === (event.failedReason === undefined ? "completed" : "failed")) listener(event);
      });
      return this;
    }
  }
  return { ...(await original<object>()), loadBullmq: async () => ({ Queue, QueueEvents }) };
});

async function overQueue(plan: Plan, notices: string[] = []): Promise<Outcome[]> {
  const engine = await QueueEngine.connect({
    url: "redis://127.0.0.1:1",
    plan,
    onNotice: (message) => notices.push(message),
  });
  try {
    return await outcomesOf(engine, plan);
  } finally {
    await engine.close();
  }
}

it("a queue is filled again when all that was sent has ended before the sending did", async () => {
  const plan = await planOf(1500); // more than are sent at a time
  const samples = Buffer.alloc(8 * 100).toString("base64");
  queue.answer = ({ id, index }) => ({
    returnvalue: {
      outcome: { id, index, status: "failed", error: "x", seconds: 0, solverSeconds: 0, samples: "" },
      samples,
    },
  });
  const outcomes = await overQueue(plan);
  expect(outcomes.map(({ index }) => index)).toEqual(plan.ids.map((_, index) => index));
});

it("of the time of others it is not known which share went into runs", async () => {
  queue.answer = ({ id, index }) => ({
    returnvalue: {
      outcome: { id, index, status: "failed", error: "x", seconds: 1, solverSeconds: 0, samples: "" },
    },
  });
  const spec = { problem: "annulus", vary: { epsilon: [0.5, 1] } };
  const { failed, computed, busy } = await sweep(spec, {
    output: folder(),
    redis: "redis://127.0.0.1:1",
  });
  expect([failed, computed, busy]).toEqual([2, 2, Number.NaN]);
});

it("what failed at a worker has the words of this machine for the same cause", async () => {
  const plan = await planOf(4);
  const reasons = [
    needsMemory(40),
    "job stalled more than allowable limit",
    "no worker had a place for its profiles: /tmp/lfd-worker-1/x.h5: the disk is full",
    "Unexpected token < in JSON",
  ];
  queue.answer = ({ index }) => ({ failedReason: reasons[index]! });
  const notices: string[] = [];
  const outcomes = await overQueue(plan, notices);
  expect(outcomes.map(({ error }) => error)).toEqual([
    needsMemory(40),
    workerLost,
    "no worker had a place for its profiles",
    "no worker could complete it",
  ]);
  expect(notices).toEqual(reasons.slice(1).map((reason, k) => `run ${k + 1}: ${reason}`));
});
