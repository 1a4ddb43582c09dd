import { RunError } from "../errors.js";
import type { Checkpoint, Conservation, MethodName, Work } from "../types.js";
import { entropyScale } from "../validate.js";
import type { Engine, Invariants } from "./engine.js";
import { firstStep } from "./first-step.js";
import { type Method, methods, singleEuler } from "./methods.js";
import { allowedError, localError, StepSize } from "./step-size.js";
import { noWork } from "./work.js";

/** Newton's tolerance as a share of the run's tolerance. */
const newtonShare = 0.05;
/** Newton's tolerance when the entropy has to be beyond doubt. */
const tightNewton = 1e-13;
/** A step may raise H_ε by this share of `entropyScale`: rounding of the state and of a sum of logarithms. */
const entropyRounding = 2e-14;
/**
 * A candidate whose entropy rises and that differs from the state by no more than this (relative L¹) is rounding: the
 * state is at rest and is kept. Saturated states are, where φ reaches ±70 and the last bits of f weigh as much.
 */
const frozen = 1e-14;
/** Drift of mass or energy (relative) that is not worth giving back. */
const tolerated = 1e-15;
/** Growth of steps over a state that does not move. */
const restGrowth = 5;
/** Growth of a step after one that took several attempts. */
const carefulGrowth = 1.5;
/** Failures in a row after which a step is tried with implicit Euler. */
const patience = 2;
/** Steps that implicit Euler takes over for, at least and at most, once it had to. */
const shortestShelter = 4;
const longestShelter = 64;
/** A step is tried so many times, each time a shorter one; then the run is given up. */
const mostAttempts = 200;

export interface StepperOptions {
  method: MethodName;
  /** Relative L¹ error of f over the run. */
  tolerance: number;
  /** Fixed step; absent: adaptive. */
  fixedStep?: number;
  until: number;
  /** The state is stationary to rounding, as a saturated ball is: time passes over it. */
  atRest?: boolean;
}

/**
 * Steps an engine's state through time, choosing the step sizes. Knows methods, errors, conservation and entropy; knows
 * nothing of samples, files or equilibria.
 *
 * Adaptive: the estimated local error (relative L¹, `localError`) stays below what `tolerance` allows (`allowedError`). An
 * attempt is given up, never clipped, when the estimate is too large, when a stage cannot be solved, or when the entropy would
 * rise; what follows is the same step solved to round-off (entropy), a smaller one, then (after repeated failures of stage
 * or entropy) one with implicit Euler solved to round-off, for which decay of the entropy is a theorem. All of it is counted in `work`.
 */
export class Stepper {
  time = 0;
  /** Step to try next; 0 before the first, where it is still to be found. */
  step: number;
  readonly conservation: Conservation = { mass: 0, energy: 0, entropyIncrease: 0 };
  readonly work: Work;

  readonly #engine: Engine;
  readonly #method: Method;
  readonly #options: StepperOptions;
  readonly #start: Invariants;
  #active: Method | undefined;
  readonly #sizes = new StepSize();
  #entropy: number;

  /** `start`: the invariants that drifts are measured against, if not those of the engine's present state. */
  constructor(engine: Engine, options: StepperOptions, start?: Invariants) {
    this.#engine = engine;
    this.#options = options;
    const method = methods[options.method];
    this.#method = options.fixedStep !== undefined && method.name === "implicit-euler" ? singleEuler : method;
    const now = engine.measureState();
    this.#start = start ?? now;
    this.#entropy = now.entropy;
    this.work = noWork();
    this.step = options.fixedStep ?? 0;
  }

  /** Takes up where an earlier run stopped; the engine already holds its state. */
  resume(state: Checkpoint): void {
    this.time = state.time;
    if (state.step > 0 && this.#options.fixedStep === undefined) this.step = state.step;
    Object.assign(this.conservation, state.conservation);
    Object.assign(this.work, state.work);
  }

  /** Takes one accepted step, at most to `limit`. Returns the size of the step taken. Throws RunError if none can be. */
  advance(limit: number): number {
    const began = performance.now();
    try {
      return this.#advance(limit);
    } finally {
      this.work.seconds += (performance.now() - began) / 1e3;
    }
  }

  #advance(limit: number): number {
    const left = limit - this.time;
    const { fixedStep, tolerance, atRest } = this.#options;
    if (atRest) return this.#rest(limit, left);
    const local = allowedError(tolerance, this.#method);
    if (this.step === 0) {
      const longest = this.#options.until - this.time;
      this.step = this.#counted(() => firstStep(this.#engine, local, this.#method.estimateOrder, longest));
    }
    let failures = 0;
    this.#reason = tooSmall;
    let size = this.#fit(left);
    for (let attempt = 0; ; attempt++) {
      if (!(this.time + size > this.time) || attempt === mostAttempts) {
        throw new RunError(`no step could be taken at t = ${this.time}: ${this.#reason}`);
      }
      const fallback = failures > patience || this.#sheltered > 0;
      const method = fallback ? methods["implicit-euler"] : this.#method;
      this.#use(method);
      const tight = failures > 0 && this.#reason === rising;
      const newtonTolerance = tight || fallback ? tightNewton : newtonShare * tolerance;
      const outcome = this.#counted(() =>
        this.#engine.attempt(size, newtonTolerance, attempt === 0 ? this.#owed() : undefined),
      );
      if (outcome !== "done") {
        this.#reason = outcome === "repair" ? unrepaired : stalled;
        this.work.rejectedNewton++;
        failures++;
        size = this.#restart(size / 4);
        continue;
      }
      const error = localError(this.#engine, method) / local;
      // that it is less than e, smooth data alone can promise: at the first step nothing has shown yet that it is
      const feared = this.work.steps === 0 ? this.#engine.errorNorm / local : error;
      if (fixedStep === undefined && !(feared <= 1)) {
        this.#reason = inaccurate;
        this.work.rejectedError++;
        size = this.#shrink(this.#sizes.insteadOf(size, feared, method.estimateOrder));
        continue;
      }
      const after = this.#engine.measureCandidate();
      const rise = after.entropy - this.#entropy;
      if (!(rise <= entropyRounding * entropyScale(after, this.#engine.epsilon))) {
        if (this.#engine.candidateChange <= frozen) return this.#rest(limit, size);
        this.#reason = rising;
        this.work.rejectedEntropy++;
        failures++;
        // first the same step with Newton's iteration driven to round-off
        size = this.#restart(tight ? size / 4 : size);
        continue;
      }
      this.#accept(size === left ? limit : this.time + size, after, rise);
      this.#shelter(fallback, failures > patience);
      if (fixedStep === undefined) {
        const careful = failures > 0 && !fallback ? carefulGrowth : undefined;
        const next = this.#sizes.after(size, error, method.estimateOrder, careful);
        // a step cut short to meet `limit` says nothing against the longer one
        this.step = size < this.step && failures === 0 ? Math.max(this.step, next) : next;
      }
      return size;
    }
  }

  /** Mass and energy that rounding has taken or added since the start, once that is more than a few last bits. */
  #owed(): Pick<Invariants, "mass" | "energy"> {
    const now = this.#engine.measureState();
    const owed = (key: "mass" | "energy") => {
      const lost = this.#start[key] - now[key];
      return Math.abs(lost) > tolerated * now[key] ? lost : 0;
    };
    return { mass: owed("mass"), energy: owed("energy") };
  }

  /** Lets time pass over a state that does not move: the candidate differs from it by rounding only. */
  #rest(limit: number, size: number): number {
    this.time = size === limit - this.time ? limit : this.time + size;
    this.work.steps++;
    if (this.#options.fixedStep === undefined) this.step = Math.max(this.step, restGrowth * size);
    return size;
  }

  #reason = tooSmall;
  /** Steps still to be taken with implicit Euler after it had to be fallen back on, and how many the next time. */
  #sheltered = 0;
  #shelterLength = shortestShelter;

  /** After a fall-back the method rests for a while, twice as long each time that it fails again. */
  #shelter(fallback: boolean, fresh: boolean): void {
    if (!fallback) {
      this.#shelterLength = Math.max(shortestShelter, this.#shelterLength / 2);
      return;
    }
    this.work.fallbackSteps++;
    if (this.#sheltered > 0) this.#sheltered--;
    else if (fresh) {
      this.#sheltered = this.#shelterLength;
      this.#shelterLength = Math.min(longestShelter, 2 * this.#shelterLength);
    }
  }

  /** The step to take towards a limit `left` away: as planned, the whole way, or half of it rather than a sliver. */
  #fit(left: number): number {
    const planned = this.step;
    if (planned >= left * (1 - 1e-9)) return left;
    return this.#options.fixedStep === undefined && planned > left / 2 ? left / 2 : planned;
  }

  #shrink(size: number): number {
    this.work.rejected++;
    if (this.#options.fixedStep === undefined) this.step = size;
    return size;
  }

  /** Likewise for another reason than the error, so that the step is no continuation of those before. */
  #restart(size: number): number {
    this.#sizes.forget();
    return this.#shrink(size);
  }

  #use(method: Method): void {
    if (this.#active === method) return;
    this.#engine.setMethod(method);
    this.#sizes.forget();
    this.#active = method;
  }

  /** Does what costs Newton's iterations, and counts them. */
  #counted<T>(work: () => T): T {
    const { newtonIterations, repairedStages } = this.#engine;
    const outcome = work();
    this.work.newtonIterations += this.#engine.newtonIterations - newtonIterations;
    this.work.repairedStages += this.#engine.repairedStages - repairedStages;
    return outcome;
  }

  #accept(time: number, after: Invariants, rise: number): void {
    const { mass, energy } = this.#start;
    const worst = this.conservation;
    worst.mass = Math.max(worst.mass, Math.abs(after.mass - mass) / mass);
    worst.energy = Math.max(worst.energy, Math.abs(after.energy - energy) / energy);
    worst.entropyIncrease = Math.max(worst.entropyIncrease, rise);
    this.#engine.accept();
    this.#entropy = after.entropy;
    this.time = time;
    this.work.steps++;
  }
}

const tooSmall = "the step is lost in the rounding of the time";
const stalled = "Newton's iteration does not converge";
const unrepaired = "a stage leaves 0 ≤ f ≤ 1/ε by more than can be repaired";
const inaccurate = "the estimated error stays above the tolerance";
const rising = "the entropy would rise";
