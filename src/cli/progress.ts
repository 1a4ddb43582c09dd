import type { Progress } from "../simulate.js";
import { duration, significant } from "./format.js";

/** Milliseconds between two pictures of the progress. */
const interval = 100;

/** One line on stderr that is written over, and only to a terminal; `label` comes before it. */
export class ProgressLine {
  readonly #stream = process.stderr;
  readonly #label: string;
  #began = performance.now();
  /** Time that the run had reached: an earlier one is that of another run. */
  #reached = 0;
  #drawn = 0;

  constructor(label = "") {
    this.#label = label;
  }

  step({ time, step, until, work }: Progress): void {
    const now = performance.now();
    if (time < this.#reached) this.#began = now;
    this.#reached = time;
    if (!this.#stream.isTTY || now - this.#drawn < interval) return;
    this.#drawn = now;
    const elapsed = (now - this.#began) / 1e3;
    // steps grow with time, so the share done is told by its logarithm as well as by itself; the steps to come are
    // best guessed from the present one
    const left = Math.ceil((until - time) / step);
    const eta = (elapsed / Math.max(1, work.steps)) * left;
    const line =
      `${this.#label}t = ${significant(time, 4)} of ${significant(until, 4)}  Δt ${significant(step, 3)}  ` +
      `${work.steps} steps  ${duration(elapsed)}  about ${duration(eta)} to go`;
    this.#stream.write(`\r\x1b[K${line.slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#stream.isTTY && this.#drawn > 0) this.#stream.write("\r\x1b[K");
  }
}
