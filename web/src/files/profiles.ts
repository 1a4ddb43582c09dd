import { InputError } from "../../../dist/errors.js";
import { limits } from "./limits.js";

interface Profile {
  time: number;
  values: Float64Array;
}

/** Profiles as they come, row by row; thinned in time when they grow too many: every second, every fourth … and the last. */
export class Profiles {
  /** The radii of the first one, and so of all. */
  readonly radius: number[] = [];
  kept: Profile[] = [];
  /** How many there are, kept or not. */
  count = 0;
  #stride = 1;
  #open: Profile = { time: Number.NaN, values: new Float64Array(0) };
  #rows = 0;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** @throws InputError naming the line, if the row does not continue what is there */
  add(time: number, r: number, f: number, line: number): void {
    if (time !== this.#open.time) this.#begin(time, line);
    const i = this.#rows++;
    if (this.count === 1) this.#lengthen(r, line);
    else if (r !== this.radius[i]) {
      const expected = this.radius[i] ?? "none, for it has no more rows";
      throw this.#wrong(line, `r = ${r} is not that of the first profile: ${expected}`);
    }
    this.#open.values[i] = f;
  }

  /** Ends the last profile, which is kept whatever it is. */
  end(line: number): void {
    this.#close(line);
    if (this.count > 0 && this.kept.at(-1)?.time !== this.#open.time) this.kept.push(this.#open);
  }

  #begin(time: number, line: number): void {
    if (time < this.#open.time) throw this.#wrong(line, `time = ${time} comes after ${this.#open.time}`);
    this.#close(line);
    this.count++;
    this.#rows = 0;
    this.#open = { time, values: new Float64Array(this.count === 1 ? 1024 : this.radius.length) };
  }

  /** The first profile has as many rows as it has. */
  #lengthen(r: number, line: number): void {
    const previous = this.radius.at(-1);
    if (previous !== undefined && !(r > previous)) {
      throw this.#wrong(line, `r = ${r} is not valid; a radius > ${previous}, the one before it`);
    }
    this.radius.push(r);
    const { values } = this.#open;
    if (this.radius.length <= values.length) return;
    if (16 * values.length > limits.values / 2) {
      throw new InputError(
        this.#name,
        `a profile of ${values.length} rows or more is too large for the page`,
      );
    }
    this.#open.values = new Float64Array(2 * values.length);
    this.#open.values.set(values);
  }

  #close(line: number): void {
    if (this.count === 0) return;
    const { time, values } = this.#open;
    const rows = this.radius.length;
    if (this.#rows !== rows) {
      throw this.#wrong(line, `the profile at time ${time} has ${this.#rows} rows, the first one ${rows}`);
    }
    if (this.count === 1) this.#open.values = values.slice(0, rows);
    if ((this.count - 1) % this.#stride > 0) return;
    this.kept.push(this.#open);
    if ((8 * rows + limits.sample) * this.kept.length <= limits.values) return;
    this.#stride *= 2;
    this.kept = this.kept.filter((_, k) => k % 2 === 0);
  }

  #wrong(line: number, message: string): InputError {
    return new InputError(`${this.#name}:${line}`, message);
  }
}
