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

  /** The parts that the line has room for, the first of them in any case. */
  draw(first: string, ...parts: string[]): void {
    if (this.#silent) return;
    this.#drawn = performance.now();
    this.#shown = true;
    const room = (this.#stream.columns || 80) - 1;
    let text = first.slice(0, room);
    for (const part of parts) {
      if (text.length + 2 + part.length > room) break;
      text += `  ${part}`;
    }
    this.#stream.write(`\r\x1b[K${text}`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\x1b[K");
    this.#shown = false;
  }
}
