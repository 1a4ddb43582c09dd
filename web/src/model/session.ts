import type { Problem } from "landau-fermi-dirac";
import { SolverClient } from "../solver/client.js";
import type { FromSolver } from "../solver/protocol.js";
import { keepOutline } from "./outline.js";
import type { Run } from "./run.js";
import type { Trouble } from "./trouble.js";

export type SessionEvent =
  /** A run began (its header is known) or was read; or the overlay changed. */
  | "run"
  /** The present run has one more sample. */
  | "sample"
  /** Time, step, drift or status changed. */
  | "status"
  /** The sample shown changed. */
  | "shown"
  /** The input was refused: `session.refusal`. */
  | "refusal";

/**
 * What the page is about: the run in progress, the one laid over it, the sample on show. Views listen and redraw; they
 * keep no run data of their own.
 */
export class Session extends EventTarget {
  run: Run | undefined;
  /** A second run to compare with. */
  overlay: Run | undefined;
  /** Why the solver refused the problem. */
  refusal: { message: string; trouble?: Trouble } | undefined;
  /** Asked to start, and not yet on show. */
  starting = false;
  #shown = 0;
  /** Follow the newest sample while computing. */
  following = true;
  /**
   * Milliseconds between two turns in which samples and progress are told: drawing takes time from the solver. The first
   * sample and the end of a run are told at once.
   */
  interval = 80;
  #told = -Infinity;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #untoldSamples = false;
  /** Begun, without a sample yet. */
  #next: Run | undefined;
  readonly #client = new SolverClient((message) => this.#receive(message));
  #asked: { problem: Problem; label: string } | undefined;

  /** Starts a problem; whatever ran before is ended. The old run stays on show until the new one has its first sample. */
  start(problem: Problem, label: string): void {
    this.#end();
    this.refusal = undefined;
    this.starting = true;
    this.#asked = { problem, label };
    this.following = true;
    this.#client.run(problem);
    this.#tell("status");
  }

  /** Says that a run will be started soon: the solver is loaded meanwhile. */
  prepare(): void {
    this.#client.prepare();
  }

  /** Shows a run that was read from a file. */
  show(run: Run): void {
    this.#end();
    this.refusal = undefined;
    this.run = run;
    this.#shown = Math.max(0, run.samples.length - 1);
    this.#tell("run");
  }

  compare(run: Run | undefined): void {
    this.overlay = run;
    this.#tell("run");
  }

  pause(): void {
    this.#client.pause();
  }

  resume(): void {
    if (this.run) this.run.status = "computing";
    this.#client.resume();
    this.#tell("status");
  }

  step(): void {
    this.#client.step();
  }

  /** Ends the run where it is; what it gave stays. */
  stop(): void {
    this.#end();
    this.#tell("status");
  }

  /** Index of the sample on show. */
  get shown(): number {
    return this.#shown;
  }

  set shown(index: number) {
    const last = (this.run?.samples.length ?? 1) - 1;
    this.#shown = Math.min(Math.max(0, Math.round(index)), last);
    this.#tell("shown");
  }

  on(event: SessionEvent, listener: () => void): void {
    this.addEventListener(event, listener);
  }

  #end(): void {
    this.#client.stop();
    this.#catchUp();
    this.starting = false;
    this.#next = undefined;
    const { run } = this;
    if (run?.status !== "computing" && run?.status !== "paused") return;
    run.status = "done";
    run.message = `stopped at t = ${Number((run.standing?.time ?? 0).toPrecision(4))}`;
  }

  #tell(event: SessionEvent): void {
    this.dispatchEvent(new Event(event));
  }

  /** Tells what came, now or as soon as `interval` allows. */
  #tellSoon(): void {
    const wait = this.#told + this.interval - performance.now();
    if (wait <= 0) this.#catchUp();
    else this.#telling ??= setTimeout(() => this.#catchUp(), wait);
  }

  #catchUp(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#told = performance.now();
    const { run } = this;
    if (run && this.#untoldSamples) {
      this.#untoldSamples = false;
      this.#tell("sample");
      if (this.following) this.shown = run.samples.length - 1;
    }
    this.#tell("status");
  }

  #receive(message: FromSolver): void {
    const run = this.run;
    switch (message.kind) {
      case "started":
        keepOutline(message.equilibrium, message.outline);
        this.#next = {
          label: this.#asked!.label,
          source: this.#asked!.problem,
          header: message.header,
          radius: message.radius,
          equilibrium: message.equilibrium,
          samples: [],
          profiles: [],
          coefficients: [],
          standing: undefined,
          status: "computing",
          message: "",
        };
        break;
      case "sample":
        this.#take(message);
        break;
      case "progress":
      case "paused":
        if (!run) break;
        run.standing = message.standing;
        run.status = message.kind === "paused" ? "paused" : "computing";
        if (run.status === "paused") this.#catchUp();
        else this.#tellSoon();
        break;
      case "done":
        if (!run) break;
        run.standing = message.standing;
        run.status = "done";
        run.message = message.status;
        this.#catchUp();
        break;
      case "failed":
        if (run && !this.starting) {
          run.status = "failed";
          run.message = message.message;
          this.#catchUp();
        } else {
          this.starting = false;
          this.#next = undefined;
          this.refusal = {
            message: message.message,
            ...(message.trouble && { trouble: message.trouble }),
          };
          this.#tell("refusal");
        }
        break;
    }
  }

  #take(message: FromSolver & { kind: "sample" }): void {
    const first = this.#next;
    if (first) {
      this.run = first;
      this.#next = undefined;
      this.starting = false;
      this.#shown = 0;
    }
    const { run } = this;
    if (!run) return;
    keepOutline(message.profile, message.outline);
    run.samples.push(message.sample);
    run.profiles.push(message.profile);
    run.coefficients.push(message.coefficients);
    run.standing = message.standing;
    this.#untoldSamples = true;
    if (first) {
      this.#tell("run");
      this.#catchUp();
    } else this.#tellSoon();
  }
}
