import type { Problem } from "landau-fermi-dirac";
import type { FromSolver, ToSolver } from "./protocol.js";

/** The page's side of the solver worker: one run at a time; a new one replaces the old at once. */
export class SolverClient {
  #worker: Worker | undefined;
  readonly #receive: (message: FromSolver) => void;

  constructor(receive: (message: FromSolver) => void) {
    this.#receive = receive;
  }

  run(problem: Problem, { paused = false } = {}): void {
    this.stop();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
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
    this.#send({ kind: "run", problem, paused });
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

  #send(message: ToSolver): void {
    this.#worker?.postMessage(message);
  }
}
