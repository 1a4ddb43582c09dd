import { log, pow } from "../portable-math.js";
import type { Method } from "./methods.js";

const largestGrowth = 5;
const smallestShrink = 0.1;
const safety = 0.9;
/** Of the error, as two steps given up one after the other show it. */
const lowestOrder = 0.5;
/** What the trend of two steps may add to the growth, or take from it. */
const largestTrend = 1.25;

/** What a step leaves to judge it by, all relative L¹ (see `Engine`). */
export interface Traces {
  /** e, the distance to the embedded solution. */
  errorNorm: number;
  /** u, how far Newton's iteration moved the last stage from the guess extrapolated from two stages before it. */
  guessNorm: number;
  /** c, what the two-step correction has changed. */
  correctionNorm: number;
}

/**
 * Estimated local error of a step. Without a correction it is, with κ the method's `guessWeight`,
 *
 * ```math
 * e² / √(e² + (κu)²)
 * ```
 *
 * For SDIRK4 u is of order Δt³, e of order Δt⁴, the error of order Δt⁵: the next term of a geometric progression
 * (docs/decisions/local-error.md). The form is that of DOP853: Hairer, Nørsett & Wanner, Solving ODEs I, II.10. A correction
 * has taken c from it, or more than there was; it is trusted to leave a third at least.
 */
export function localError(
  { errorNorm: e, guessNorm: u, correctionNorm: c }: Traces,
  { guessWeight }: Pick<Method, "guessWeight">,
): number {
  const ratio = (guessWeight * u) / e;
  const whole = e > 0 ? e / Math.sqrt(1 + ratio * ratio) : e;
  return Math.max(whole / 3, Math.abs(whole - c));
}

/** The tolerance that `localShare` is calibrated at. */
const calibrated = 1e-6;

/**
 * Local error that `tolerance`, of the error over a run, allows a step. The errors of steps add up; where the estimate is of
 * the error's order Δt^p, steps as many as tolerance^(-1/p), in proportion to tolerance^(1 + 1/p). (An estimate of an order
 * less has that in it.) No more than in proportion to the tolerance above `calibrated`, where steps are few.
 */
export function allowedError(
  tolerance: number,
  { localShare, guessWeight, estimateOrder }: Pick<Method, "localShare" | "guessWeight" | "estimateOrder">,
): number {
  const share = localShare * tolerance;
  return guessWeight > 0 ? share * pow(Math.min(1, tolerance / calibrated), 1 / estimateOrder) : share;
}

/**
 * Sizes of steps from errors, in units of the error allowed (Gustafsson's predictive controller: Hairer & Wanner, Solving ODEs
 * II, IV.8): where time scales lengthen from step to step, as in every relaxation, an error that stays the same needs
 * steps that grow with them. Where a step is given up twice, the two errors tell of which order they are: less than the
 * method's at a jump, so that it takes few attempts.
 */
export class StepSize {
  #size = 0;
  #error = 0;
  /** Whether that is of a step that was taken, or of one given up for its error. */
  #taken = false;

  /** The step after an accepted one. `atMost`: how much it may grow. */
  after(size: number, error: number, order: number, atMost = largestGrowth): number {
    const bounded = Math.max(error, 1e-10);
    const growth = safety * pow(bounded, -1 / order);
    const trend = this.#taken ? (size / this.#size) * pow(this.#error / bounded, 1 / order) : 1;
    this.#note(size, bounded, true);
    return size * Math.min(atMost, growth * Math.min(largestTrend, Math.max(1 / largestTrend, trend)));
  }

  /** The step to try in place of one whose error is too large, or not a number. */
  insteadOf(size: number, error: number, order: number): number {
    const again = !this.#taken && this.#size > size;
    const seen = again ? log(this.#error / error) / log(this.#size / size) : order;
    this.#note(size, error, false);
    const factor = pow(pow(safety, order) / error, 1 / Math.min(order, Math.max(lowestOrder, seen)));
    return size * Math.max(smallestShrink, Number.isFinite(factor) ? factor : 0);
  }

  /** What comes next is no continuation: another method, or a step that was given up for something else. */
  forget(): void {
    this.#note(0, 0, false);
  }

  #note(size: number, error: number, taken: boolean): void {
    this.#size = size;
    this.#error = error;
    this.#taken = taken;
  }
}
