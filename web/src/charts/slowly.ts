/** Milliseconds: as fast as words can be read, or read out. */
const reading = 1000;

/** Runs `action` at most once every `pause` milliseconds, the latest request last. */
export class Slowly {
  readonly #action: () => void;
  readonly #pause: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  constructor(action: () => void, pause = reading) {
    this.#action = action;
    this.#pause = pause;
  }

  request(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = performance.now();
        this.#action();
      },
      Math.max(0, this.#last + this.#pause - performance.now()),
    );
  }
}
