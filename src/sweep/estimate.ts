import { type Problem, resolveProblem } from "../problem/schema.js";
import { simulate } from "../simulate.js";
import { stepsToGo } from "../steps-to-go.js";
import { LocalEngine } from "./local-engine.js";
import { bytesOfRun, freeMemory, workersFor } from "./memory.js";
import type { Plan } from "./plan.js";

/** What a sweep will take. */
export interface Estimate {
  workers: number;
  /** By the clock, the start of the workers included; NaN if there is no run to try. */
  seconds: number;
  /** Of one run, the largest. */
  bytesPerRun: number;
  bytesFree: number;
  /** Runs that will fail for want of memory; the rest of the estimate is of the others. */
  tooLarge: number;
}

/** Runs that are tried, the cells they are tried with at most, and how long all of that may take. */
const tried = 5;
const mostCells = 1000;
const patience = 2; // s, each

/**
 * Tries a few runs spread over the sweep, on few cells: the number of steps hardly depends on the grid, and a step costs
 * in proportion to the cells. Within a factor of two, mostly.
 */
export async function estimate(plan: Plan, all: readonly number[], workers?: number): Promise<Estimate> {
  const bytesFree = freeMemory();
  const runs = all.filter((index) => bytesOfRun(plan.run(index).problem.grid.cells) <= bytesFree);
  const most = Math.min(Math.max(1, runs.length), workersFor(plan.largestCells, bytesFree, workers));
  const times: number[] = [];
  const count = Math.min(tried, runs.length);
  for (let k = -1; count > 0 && k < count; k++) {
    // the first is tried twice: before it, nothing is compiled
    const { problem } = plan.run(runs[Math.floor((Math.max(k, 0) * runs.length) / count)]!);
    const cells = Math.min(problem.grid.cells, mostCells);
    const seconds = await timed({ ...problem, grid: { ...problem.grid, cells } } as Problem);
    if (k >= 0) times.push((seconds * problem.grid.cells) / cells);
  }
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const start = runs.length > 0 ? await startUp(most) : 0;
  return {
    workers: most,
    seconds: start + (mean * runs.length) / most,
    bytesPerRun: bytesOfRun(plan.largestCells),
    bytesFree,
    tooLarge: all.length - runs.length,
  };
}

/** Seconds until so many workers have been started and done next to nothing: of a short sweep, nearly all. */
async function startUp(workers: number): Promise<number> {
  const { problem } = resolveProblem({
    epsilon: 0,
    initial: { kind: "fermi-dirac", a: 1, b: 1 },
    grid: { cells: 4 },
    until: 1e-3,
  });
  const runs = Array.from({ length: workers }, (_, index) => ({ index, id: "", problem, parameters: {} }));
  const began = performance.now();
  const engine = new LocalEngine({ workers, memory: Number.POSITIVE_INFINITY, onNotice: () => {} });
  try {
    await engine.compute(runs, async () => {}, new AbortController().signal);
  } finally {
    await engine.close();
  }
  return (performance.now() - began) / 1e3;
}

/** Seconds of a run; one that takes too long is taken to go on as it began. */
async function timed(problem: Problem): Promise<number> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1e3;
  let steps = 0;
  let left = 0;
  try {
    await simulate(problem, {
      profiles: false,
      onStep: (progress) => {
        steps++;
        if (elapsed() < patience) return true;
        left = stepsToGo(progress, problem);
        return false;
      },
    });
  } catch {
    // one that fails takes no longer than it did here
  }
  return elapsed() * (1 + left / Math.max(steps, 1));
}
