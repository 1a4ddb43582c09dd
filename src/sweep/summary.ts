import type { Entry } from "./journal.js";
import { unpackSamples } from "./outcome.js";
import type { Column } from "./parameters.js";

/** How a number is spread over the runs that are done. */
export interface Spread {
  name: string;
  minimum: number;
  median: number;
  maximum: number;
}

/** A run that failed, and why. */
export interface Failure {
  run: number;
  error: string;
}

/** Takes in the runs of a sweep one by one, and says at the end what came of them. */
export class Summary {
  done = 0;
  failed = 0;
  /** The first few. */
  readonly failures: Failure[] = [];
  readonly #values = new Map<string, number[]>();
  readonly #parameters: string[];

  constructor(parameters: readonly Column[]) {
    this.#parameters = parameters.filter(({ type }) => type === "number").map(({ name }) => name);
  }

  add(entry: Entry): void {
    if (entry.status === "failed") {
      this.failed++;
      if (this.failures.length < 5) this.failures.push({ run: entry.index, error: entry.error ?? "" });
      return;
    }
    this.done++;
    const last = unpackSamples(entry.samples).at(-1)!;
    for (const name of this.#parameters) this.#put(name, entry.parameters[name]);
    this.#put("final_relativeEntropy", last.relativeEntropy);
    this.#put("final_l1Distance", last.l1Distance);
    for (const name of ["conservation_mass", "conservation_energy", "work_steps"]) {
      this.#put(name, entry.figures?.[name]);
    }
    this.#put("seconds", entry.seconds);
  }

  get spreads(): Spread[] {
    return [...this.#values].map(([name, values]) => {
      const sorted = Float64Array.from(values).sort();
      const middle = sorted.length >> 1;
      const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
      return { name, minimum: sorted[0]!, median, maximum: sorted.at(-1)! };
    });
  }

  #put(name: string, value: unknown): void {
    const values = this.#values.get(name) ?? [];
    values.push(Number(value));
    this.#values.set(name, values);
  }
}
