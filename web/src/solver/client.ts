import type { Problem } from "landau-fermi-dirac";
import { load, takeEarly } from "./early.js";
import type { FromSolver, ToSolver } from "./protocol.js";

/** The page's side of the solver worker: one run at a time; a new one replaces the old at once. */
export class SolverClient {
  #worker: Worker | undefined;
  /** The next worker, loaded ahead: a run can begin without waiting for it. */
  #spare: Worker | undefined;
  readonly #receive: (message: FromSolver) => void;

  constructor(receive: (message: FromSolver) => void) {
    this.#receive = receive;
    this.#spare = takeEarly();
  }

  run(problem: Problem): void {
    this.stop();
    const worker = this.#spare ?? load();
    this.#spare = undefined;
    worker.onmessage = ({ data }: MessageEvent<FromSolver>) => {
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = (event) => {
      if (worker !== this.#worker) return;
      this.#receive({
        kind: "failed",
        message: `the solver could not be started: ${event.message || "no reason given"}`,
      });
    };
    this.#worker = worker;
    this.#send({ kind: "run", problem });
  }

  pause(): void {
    this.#send({ kind: "pause" });
  }

  resume(): void {
    this.#send({ kind: "resume" });
  }

  step(): void {
    this.#send({ kind: "step" });
  }

  /** Ends the run, in the middle of a step if need be. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Loads the worker of the next run. */
  prepare(): void {
    if (this.#spare) return;
    const worker = load();
    worker.onerror = () => {
      if (this.#spare === worker) this.#spare = undefined; // the one that is needed will say why
    };
    this.#spare = worker;
  }

  #send(message: ToSolver): void {
    this.#worker?.postMessage(message);
  }
}
