import type { Progress } from "../simulate.js";
import { duration, significant } from "./format.js";
import { StatusLine } from "./status-line.js";

/** How far a run is; `label` comes before it. */
export class ProgressLine {
  readonly #line = new StatusLine();
  readonly #label: string;
  #began = performance.now();
  /** Time that the run had reached: an earlier one is that of another run. */
  #reached = 0;

  constructor(label = "") {
    this.#label = label;
  }

  step({ time, step, until, work }: Progress): void {
    if (time < this.#reached) this.#began = performance.now();
    this.#reached = time;
    if (!this.#line.due) return;
    const elapsed = (performance.now() - this.#began) / 1e3;
    // steps grow with time, so the share done is told by its logarithm as well as by itself; the steps to come are
    // best guessed from the present one
    const left = Math.ceil((until - time) / step);
    const eta = (elapsed / Math.max(1, work.steps)) * left;
    this.#line.draw(
      `${this.#label}t = ${significant(time, 4)} of ${significant(until, 4)}  Δt ${significant(step, 3)}  ` +
        `${work.steps} steps  ${duration(elapsed)}  about ${duration(eta)} to go`,
    );
  }

  /** Clears the line. */
  end(): void {
    this.#line.clear();
  }
}
