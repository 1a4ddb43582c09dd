import type { Progress } from "../simulate.js";
import { stepsToGo } from "../steps-to-go.js";
import { duration, significant } from "./format.js";
import { StatusLine } from "./status-line.js";

/** Steps after which the time that one takes is known: the first ones wait for the compiler. */
const few = 5;

/** How far a run is; `label` comes before it. */
export class ProgressLine {
  readonly #line = new StatusLine();
  readonly #label: string;
  #began = performance.now();
  /** Steps since then. */
  #steps = 0;
  /** Time that the run had reached: an earlier one is that of another run. */
  #reached = 0;

  constructor(label = "") {
    this.#label = label;
  }

  /** @param fixed the size of all steps, where it is given */
  step({ time, step, until, work }: Progress, fixed?: number): void {
    if (time < this.#reached) {
      this.#began = performance.now();
      this.#steps = 0;
    } else this.#steps++;
    this.#reached = time;
    if (!this.#line.due) return;
    const elapsed = (performance.now() - this.#began) / 1e3;
    const left = stepsToGo({ time, step }, { until, ...(fixed === undefined ? {} : { step: fixed }) });
    const known = this.#steps >= few && Number.isFinite(left);
    this.#line.draw(
      `${this.#label}t = ${significant(time, 4)} of ${significant(until, 4)}`,
      ...(known ? [`about ${duration((elapsed / this.#steps) * left)} to go`] : []),
      `Δt ${significant(step, 3)}`,
      `${work.steps} steps`,
      duration(elapsed),
    );
  }

  /** Clears the line. */
  end(): void {
    this.#line.clear();
  }
}
