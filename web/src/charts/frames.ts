/** Milliseconds of drawing in one frame; what does not fit has its turn in the next. */
const budget = 6;

/** Draws what asked for it, once, in the next animation frame: first come, first drawn. */
export class Frames {
  readonly #waiting = new Set<() => void>();
  #handle: number | undefined;

  request(draw: () => void): void {
    this.#waiting.add(draw);
    this.#handle ??= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#handle = undefined;
    const end = performance.now() + budget;
    for (const draw of [...this.#waiting]) {
      this.#waiting.delete(draw);
      draw();
      if (performance.now() > end) break;
    }
    if (this.#waiting.size > 0) this.#handle ??= requestAnimationFrame(() => this.#draw());
  }
}
