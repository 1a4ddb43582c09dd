/** Milliseconds between two calls: as fast as words can be read, or read out. */
const pause = 1000;

/** Runs `action` at most once a second, the latest request last. */
export class Slowly {
  readonly #action: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  constructor(action: () => void) {
    this.#action = action;
  }

  request(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = performance.now();
        this.#action();
      },
      Math.max(0, this.#last + pause - performance.now()),
    );
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
