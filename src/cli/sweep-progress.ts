import type { SweepProgress } from "../sweep/index.js";
import { duration, significant } from "./format.js";
import { StatusLine } from "./status-line.js";

/** Milliseconds over which the rate is taken. */
const memory = 10_000;

/** How far a sweep is. */
export class SweepProgressLine {
  readonly #line: StatusLine;
  /** Some moments of the last while, with the number of runs computed by then. */
  #past: { at: number; computed: number }[] = [];

  constructor(options: { silent?: boolean | undefined } = {}) {
    this.#line = new StatusLine(options);
  }

  plan(planned: number, runs: number): void {
    if (this.#line.due) this.#line.draw(`${planned} of ${runs} runs looked at`);
  }

  /** Begins to measure the rate. */
  start(): void {
    this.#past = [{ at: performance.now(), computed: 0 }];
    this.end();
  }

  draw({ computed, failed, pending }: SweepProgress): void {
    if (!this.#line.due) return;
    const now = performance.now();
    while (this.#past.length > 1 && now - this.#past[0]!.at > memory) this.#past.shift();
    const { at, computed: before } = this.#past[0]!;
    const rate = (computed - before) / ((now - at) / 1e3);
    this.#past.push({ at: now, computed });
    const failures = failed > 0 ? ` (${failed} failed)` : "";
    this.#line.draw(
      `${computed} of ${pending} runs${failures}`,
      `about ${duration((pending - computed) / rate)} to go`,
      `${significant(rate, 3)}/s`,
    );
  }

  /** Clears the line. */
  end(): void {
    this.#line.clear();
  }
}
