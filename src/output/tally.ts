import { RunError } from "../errors.js";
import type { Sample } from "../types.js";

/** The samples that a writer has put into a file: guards against a wrong next one and says what is kept. */
export class Tally {
  readonly output: string;
  readonly #cells: number;
  #last = Number.NEGATIVE_INFINITY;
  count = 0;
  closed = false;

  constructor(output: string, cells: number, times: ArrayLike<number> = []) {
    this.output = output;
    this.#cells = cells;
    this.count = times.length;
    if (times.length > 0) this.#last = times[times.length - 1]!;
  }

  /** @throws RunError if the file is closed; RangeError if the sample is not later than the last or has other cells */
  check(sample: Sample, profile: Float64Array): void {
    this.requireOpen();
    if (profile.length !== this.#cells) {
      throw new RangeError(`the profile has ${profile.length} values, the result ${this.#cells} cells`);
    }
    if (!(sample.time > this.#last)) {
      throw new RangeError(`the sample at ${sample.time} does not come after the last, at ${this.#last}`);
    }
  }

  /** @throws RunError if the file is closed */
  requireOpen(): void {
    if (this.closed) throw new RunError(`${this.output}: is closed; ${this.kept()}`);
  }

  add(sample: Sample): void {
    this.count++;
    this.#last = sample.time;
  }

  /** For a message: what of the run is safe. */
  kept(): string {
    if (this.count === 0) return "no sample was kept";
    const samples = this.count === 1 ? "1 sample" : `${this.count} samples`;
    return `${samples} up to t = ${this.#last} ${this.count === 1 ? "is" : "are"} kept in ${this.output}`;
  }
}
