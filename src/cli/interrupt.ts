/** Ctrl-C or SIGTERM as an AbortSignal, so that what was computed can be kept. */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #stop = () => {
    this.release(); // a second one ends the process at once
    this.#controller.abort();
  };

  constructor() {
    process.on("SIGINT", this.#stop);
    process.on("SIGTERM", this.#stop);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From here on a signal ends the process, as it does by default. */
  release(): void {
    process.removeListener("SIGINT", this.#stop);
    process.removeListener("SIGTERM", this.#stop);
  }
}
