import type { Outcome } from "./outcome.js";
import type { Run } from "./plan.js";

/** What computes runs: threads of this process, or workers behind a queue. */
export interface Engine {
  /** Runs at the same time, as far as known. */
  readonly workers: number;
  /**
   * Computes `runs` in any order. `deliver` gets each outcome, once, and resolves when it is safe on the disk. Resolves
   * when all are delivered or `signal` has stopped it; rejects when it cannot go on, or `deliver` rejects.
   */
  compute(
    runs: Iterable<Run>,
    deliver: (outcome: Outcome) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}
