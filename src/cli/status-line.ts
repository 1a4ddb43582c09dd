/** One line on stderr that is written over, and only to a terminal. */
export class StatusLine {
  readonly #stream = process.stderr;

  draw(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}
