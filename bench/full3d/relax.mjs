import { InputError, RunError } from "../../dist/index.js";
import { Collision } from "./collision.mjs";
import { evaluate } from "./initial.mjs";
import { diagnose, MomentProjection } from "./moments.mjs";
import { bytes, checkState, resolve } from "./problem.mjs";
import { SpectralRadius } from "./spectral-radius.mjs";
import { methods } from "./stepping.mjs";

/** Steps after which the spectral radius is estimated anew; a rejected step is a reason too. */
const refresh = 25;

/**
 * A run that ended early, with the samples taken by then.
 *
 * @typedef {ReturnType<Relaxation["result"]>} Result3D
 */
export class StoppedRun extends RunError {
  /**
   * @param {string} message
   * @param {Result3D} result
   */
  constructor(message, result) {
    super(message);
    this.result = result;
  }
}

/**
 * Relaxes a state under paper (1.1) in three dimensions: Fourier collocation (collision.mjs) in velocity, an explicit
 * method (stepping.mjs) in time, its step bounded by the spectral radius. Quantities dimensionless as in (1.1).
 *
 * Throws InputError for what cannot be done (odd n, memory, a box that cuts the data, an unstable step) and StoppedRun, with
 * the samples so far, for a state that blows up or steps that become too short.
 *
 * @param {import("./problem.mjs").Problem3D} problem
 */
export function relax3d(problem) {
  const relaxation = new Relaxation(resolve(problem));
  relaxation.run();
  return relaxation.result();
}

class Relaxation {
  /** @param {ReturnType<typeof resolve>} problem */
  constructor(problem) {
    const { n, halfWidth, epsilon, initial, project, cut, method } = problem;
    this.problem = problem;
    this.collision = new Collision(n, halfWidth, epsilon);
    const y = evaluate(this.collision, initial);
    checkState(this.collision, initial, y, cut);
    this.scheme = methods[method];
    const projection = project ? new MomentProjection(this.collision.nodes) : null;
    /** @type {import("./stepping.mjs").Rate} */
    this.rate = (f, result) => {
      this.collision.rate(f, result);
      projection?.apply(result);
    };
    this.spectrum = new SpectralRadius(this.rate, y.length);
    const field = () => new Float64Array(y.length);
    this.state = {
      y,
      rate: field(),
      next: field(),
      nextRate: field(),
      error: field(),
      work: [field(), field(), field()],
    };
    this.time = 0;
    this.radius = 0;
    /** Steps taken when the spectral radius was estimated last. */
    this.estimatedAt = 0;
    this.work = {
      steps: 0,
      rejected: 0,
      evaluations: 0,
      seconds: 0,
      largestError: 0,
      largestSpectralRadius: 0,
    };
    this.began = performance.now();
    /** @type {({ time: number } & import("./moments.mjs").Diagnosis)[]} */
    this.samples = [];
    /** @type {Float64Array[]} */
    this.profiles = [];
    this.#sample();
  }

  /** What there is so far. */
  result() {
    const { collision, samples, profiles, work, problem } = this;
    work.evaluations = collision.evaluations;
    work.seconds = (performance.now() - this.began) / 1000;
    return {
      nodes: collision.nodes,
      spacing: collision.spacing,
      samples,
      profiles,
      work,
      bytes: bytes(problem.n, problem.times.length + 1),
    };
  }

  run() {
    const { scheme, rate, state, work } = this;
    const { times, step, tolerance, method, n } = this.problem;
    rate(state.y, state.rate);
    this.#estimateRadius();
    let size = step ?? Math.min(1 / this.radius, times[0]);
    for (const target of times) {
      while (this.time < target) {
        if (work.steps - this.estimatedAt >= refresh) this.#estimateRadius();
        const limit = scheme.limit(this.radius);
        if (step !== undefined && step > limit) {
          const message = `${step}: above ${limit.toPrecision(3)}, the limit of stability of ${method} at t = ${this.time}`;
          if (this.time === 0) throw new InputError("step", message);
          this.#stop(`step: ${message}`);
        }
        const proposed = step ?? Math.min(size, limit);
        if (!(proposed >= 1e-12 * times[times.length - 1])) {
          this.#stop(`steps of ${proposed} would be needed (n = ${n}, ${method}, tolerance ${tolerance})`);
        }
        const last = proposed >= (target - this.time) * (1 - 1e-9);
        // No tiny last step before a sample: what is left is divided evenly.
        const h = last ? target - this.time : Math.min(proposed, step ?? (target - this.time) / 2 + proposed);
        scheme.advance(state, rate, h, scheme.stages(h, this.radius));
        const { error, after } = judge(state);
        const factor = Math.min(2, Math.max(0.2, 0.8 * (tolerance / error) ** (1 / scheme.order)));
        if (step === undefined && !(error <= tolerance)) {
          work.rejected++;
          size = h * (factor < 1 ? factor : 0.2); // 0.2 where the error is no number
          if (work.steps > this.estimatedAt) this.#estimateRadius();
          continue;
        }
        // Mass is kept whatever happens: ∫|f| above it is a state that oscillates.
        if (!(after * this.collision.spacing ** 3 < 1.5 * this.samples[0].mass)) {
          this.#stop(`the state blew up at t = ${this.time + h} (n = ${n}, ${method}, step ${h})`);
        }
        if (step === undefined && (!last || factor < 1)) size = h * factor;
        this.time = last ? target : this.time + h;
        work.steps++;
        work.largestError = Math.max(work.largestError, error);
        [state.y, state.next] = [state.next, state.y];
        [state.rate, state.nextRate] = [state.nextRate, state.rate];
      }
      this.#sample();
    }
  }

  #sample() {
    this.samples.push({ time: this.time, ...diagnose(this.collision, this.state.y) });
    this.profiles.push(this.state.y.slice());
  }

  #estimateRadius() {
    this.radius = this.spectrum.estimate(this.state.y, this.state.rate);
    this.estimatedAt = this.work.steps;
    this.work.largestSpectralRadius = Math.max(this.work.largestSpectralRadius, this.radius);
  }

  /**
   * @param {string} message
   * @returns {never}
   */
  #stop(message) {
    const times = this.samples.map(({ time }) => time).join(", ");
    throw new StoppedRun(
      `${message}; reached t = ${this.time}; kept: the samples at t = ${times}`,
      this.result(),
    );
  }
}

/**
 * The estimated error of a step, ∫|δf| / ∫|f|, and ∑|f| after it.
 *
 * @param {import("./stepping.mjs").StepState} state
 */
function judge({ y, next, error }) {
  let difference = 0;
  let before = 0;
  let after = 0;
  for (let i = 0; i < y.length; i++) {
    difference += Math.abs(error[i]);
    before += Math.abs(y[i]);
    after += Math.abs(next[i]);
  }
  return { error: difference / before, after };
}
