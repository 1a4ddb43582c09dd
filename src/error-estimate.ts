import { InputError, RunError } from "./errors.js";
import { pow } from "./portable-math.js";
import type { Problem } from "./problem/schema.js";
import { type SimulateOptions, type SimulationResult, simulate } from "./simulate.js";
import { methods } from "./solver/methods.js";
import type { ErrorBar, RunDocument, Sample, SampleErrors } from "./types.js";

const smallestTolerance = 1e-11; // a tenth of it is the smallest that a problem may have
const smallestCells = 8;
/** A run of few steps takes the same ones at a tenth of the tolerance, and nothing could be told from that. */
const moreSteps = 1.5;

/**
 * Error bars of every number in every sample of a finished run, from two more runs or a few: Q(N, tol/10) on the same N cells and
 * Q(N', tol/10) on half of them, N' = ⌊N/2⌋, up to the same radius. With p = 2, the order in space, and w = (N/N')ᵖ - 1,
 *
 *     spatial       |Q(N', tol/10) - Q(N, tol/10)| / w
 *     temporal      |Q(N, tol) - Q(N, tol/10)| / (1 - c)
 *     extrapolated  Q(N, tol) + (Q(N, tol/10) - Q(N, tol)) / (1 - c) + (Q(N, tol/10) - Q(N', tol/10)) / w
 *
 * (Richardson). c is the factor by which the temporal error falls: 1/10, for implicit Euler 10^{-1/2}, as its tolerance
 * is that of a step. Where a tenth of the tolerance does not make half as many steps again, a hundredth is tried, and so on:
 * a run more each time. With a fixed step it is halved in place of the tolerance, and c = 2^{-order}.
 *
 * What this cannot see: what lies beyond the radius, what both grids miss. On few cells terms of higher order may cancel
 * those of the second (`center` is of fourth order at the start of a smooth run); where f has edges, the error depends on
 * where they lie within a cell, and the bars give no more than its order of magnitude. `minimum`, at the wall where f
 * falls off, follows the cells at first order: there `spatial` is too small by a factor of 3. Where a number is not
 * finite, neither are its bars.
 *
 * @param problem as given to `simulate`
 * @param base what `simulate` made of it, status "done"
 * @param options `signal` stops the further runs, `onStep` follows each of them
 * @throws InputError for fewer than 8 cells, a tolerance below 1e-11 without a fixed step, or a run that is not done;
 *   RunError if one of the further runs is stopped or cannot be completed
 */
export async function estimateErrors(
  problem: Problem,
  base: Pick<RunDocument, "problem" | "grid" | "samples" | "status" | "work">,
  options: Pick<SimulateOptions, "signal" | "onStep"> = {},
): Promise<SampleErrors[]> {
  const { tolerance, method, step, samples, until } = base.problem;
  const { cells, radius } = base.grid;
  if (base.status !== "done") {
    throw new InputError("status", `${base.status}; errors are estimated of a run that is done`);
  }
  requireRoom(cells, tolerance, step);
  const run = async (n: number, finer: { tolerance: number; step?: number }): Promise<SimulationResult> => {
    const further = { ...problem, ...finer, method, until, samples, grid: { cells: n, radius } };
    const result = await simulate(further, { ...options, profiles: false }).catch((error) => {
      if (!(error instanceof RunError)) throw error;
      throw new RunError(`no estimate of errors: with ${n} cells: ${error.message}`);
    });
    if (result.status !== "done") throw new RunError(`no estimate of errors: ${result.status}`);
    return result;
  };
  let finer = step === undefined ? { tolerance: tolerance / 10 } : { tolerance, step: step / 2 };
  let fine = await run(cells, finer);
  while (step === undefined && fine.work.steps < moreSteps * base.work.steps && finer.tolerance > 1e-11) {
    finer = { tolerance: finer.tolerance / 10 };
    fine = await run(cells, finer);
  }
  const half = Math.floor(cells / 2);
  const coarse = await run(half, finer);
  const falls =
    step !== undefined ? pow(0.5, methods[method].order) : method === "implicit-euler" ? Math.sqrt(0.1) : 0.1;
  const weight = pow(cells / half, 2) - 1;
  return base.samples.map((sample, k) => {
    const bars = Object.entries(sample)
      .filter(([key]) => key !== "time")
      .map(([key, value]) => {
        const exactInTime = fine.samples[k]![key as keyof Sample];
        const inTime = (exactInTime - value) / (1 - falls);
        const inSpace = (exactInTime - coarse.samples[k]![key as keyof Sample]) / weight;
        const bar: ErrorBar = {
          spatial: Math.abs(inSpace),
          temporal: Math.abs(inTime),
          extrapolated: value + inTime + inSpace,
        };
        return [key, bar];
      });
    return { time: sample.time, ...Object.fromEntries(bars) };
  });
}

/** @throws InputError unless half the cells and a tenth of the tolerance are a problem still */
export function requireRoom(cells: number, tolerance: number, step: number | undefined): void {
  if (cells < smallestCells) {
    throw new InputError("grid.cells", `${cells} have no half to compare with; at least ${smallestCells}`);
  }
  if (step === undefined && tolerance < smallestTolerance) {
    throw new InputError(
      "tolerance",
      `${tolerance} leaves no tenth to compare with; at least ${smallestTolerance}`,
    );
  }
}
