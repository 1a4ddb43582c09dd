/** Milliseconds between two pictures of something that changes all the time. */
const interval = 100;

/** One line on stderr that is written over, and only to a terminal. */
export class StatusLine {
  readonly #stream = process.stderr;
  readonly #silent: boolean;
  #drawn = Number.NEGATIVE_INFINITY;
  #shown = false;

  constructor({ silent = false }: { silent?: boolean | undefined } = {}) {
    this.#silent = silent || !this.#stream.isTTY;
  }

  /** Whether it is seen, and the last picture is old enough for another. */
  get due(): boolean {
    return !this.#silent && performance.now() - this.#drawn >= interval;
  }

  draw(text: string): void {
    if (this.#silent) return;
    this.#drawn = performance.now();
    this.#shown = true;
    this.#stream.write(`\r\x1b[K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\x1b[K");
    this.#shown = false;
  }
}
