import os from "node:os";
import { equilibrium, equilibriumValue, InputError, RunError } from "../../dist/index.js";
import { Collision } from "./collision.mjs";
import { diagnose, MomentProjection } from "./moments.mjs";
import { methods } from "./stepping.mjs";

/**
 * @typedef {object} Problem3D
 * @property {number} n points a side: even, 2^m or 3·2^m
 * @property {number} halfWidth L of the box [-L, L)³
 * @property {number} [epsilon] ε ≥ 0 (0)
 * @property {(x: number, y: number, z: number) => number} initial f at t = 0
 * @property {number} until last time
 * @property {number[]} [at] sample times (the last time)
 * @property {"rk4" | "rkc"} [method] (rk4)
 * @property {number} [tolerance] local error of a step, ∫|δf| over ∫|f| (1e-6)
 * @property {number} [step] fixed time step instead
 * @property {boolean} [project] keep momentum and energy by projection (false)
 * @property {number} [cut] largest f at the walls, over its maximum, that is accepted at t = 0 and in equilibrium (1e-6)
 */

/**
 * Relaxes a state under paper (1.1) in three dimensions: Fourier collocation (collision.mjs) in velocity, an explicit
 * method (stepping.mjs) in time, its step bounded by the spectral radius. Quantities dimensionless as in (1.1).
 *
 * Throws InputError for what cannot be done (odd n, memory, a box that cuts the data, an unstable step) and RunError
 * for a state that blows up.
 *
 * @param {Problem3D} problem
 */
export function relax3d(problem) {
  const { n, halfWidth, epsilon, initial, at, method, tolerance, step, project, cut } = resolve(problem);
  const collision = new Collision(n, halfWidth, epsilon);
  const y = evaluate(collision, initial);
  checkState(collision, y, cut);

  const scheme = methods[method];
  const projection = project ? new MomentProjection(collision.nodes) : null;
  const rate = (/** @type {Float64Array} */ f, /** @type {Float64Array} */ result) => {
    collision.rate(f, result);
    projection?.apply(result);
  };
  const field = () => new Float64Array(y.length);
  const state = {
    y,
    rate: field(),
    next: field(),
    nextRate: field(),
    error: field(),
    work: [field(), field(), field()],
  };
  const samples = [{ time: 0, ...diagnose(collision, y) }];
  const profiles = [y.slice()];
  const began = performance.now();
  rate(y, state.rate);
  const work = { steps: 0, rejected: 0, evaluations: 0, seconds: 0, largestSpectralRadius: 0 };
  let time = 0;
  const initialRadius = collision.spectralRadius;
  let radius = initialRadius;
  let size = step ?? Math.min(1 / radius, at[0]);
  for (const target of at) {
    while (time < target) {
      const limit = scheme.limit(radius);
      if (step !== undefined && step > limit) {
        throw new InputError(
          "step",
          `${step}: above ${limit.toPrecision(3)}, the limit of stability of ${method} at t = ${time}`,
        );
      }
      const proposed = step ?? Math.min(size, limit);
      const last = proposed >= (target - time) * (1 - 1e-9);
      // No tiny last step before a sample: what is left is divided evenly.
      const h = last ? target - time : Math.min(proposed, step ?? (target - time) / 2 + proposed);
      scheme.advance(state, rate, h, scheme.stages(h, radius));
      const { error, sound } = judge(state);
      // Oscillations grow: seen as such or, where the step keeps up with them, in coefficients beyond all measure.
      if (!sound || collision.spectralRadius > 1000 * initialRadius) {
        throw new RunError(
          `the state blew up at t = ${time + h} (n = ${n}, ${method}, step ${h}); what was reached: t = ${time}`,
        );
      }
      const factor = Math.min(2, Math.max(0.2, 0.8 * (tolerance / error) ** (1 / scheme.order)));
      if (step === undefined && error > tolerance) {
        work.rejected++;
        size = h * factor;
        continue;
      }
      if (step === undefined && (!last || factor < 1)) size = h * factor;
      time = last ? target : time + h;
      work.steps++;
      radius = collision.spectralRadius;
      work.largestSpectralRadius = Math.max(work.largestSpectralRadius, radius);
      [state.y, state.next] = [state.next, state.y];
      [state.rate, state.nextRate] = [state.nextRate, state.rate];
    }
    samples.push({ time, ...diagnose(collision, state.y) });
    profiles.push(state.y.slice());
  }
  work.evaluations = collision.evaluations;
  work.seconds = (performance.now() - began) / 1000;
  return { nodes: collision.nodes, spacing: collision.spacing, samples, profiles, work, bytes: bytes(n) };
}

/** Bytes that a run with n³ points takes, but for the profiles it returns. @param {number} n */
export function bytes(n) {
  return Collision.bytes(n) + 8 * (8 * n ** 3 + 2 * (1.5 * n + 1) ** 3);
}

/** @param {Problem3D} problem */
function resolve(problem) {
  const {
    n,
    halfWidth,
    epsilon = 0,
    initial,
    until,
    at = [until],
    method = "rk4",
    tolerance = 1e-6,
  } = problem;
  const { step, project = false, cut = 1e-6 } = problem;
  if (!Number.isInteger(n) || n % 2 !== 0) {
    throw new InputError("n", `${n}: must be even, so that the origin is a point of the grid`);
  }
  const power = Math.log2(n % 3 === 0 ? n / 3 : n);
  if (n < 8 || !Number.isInteger(power)) {
    throw new InputError("n", `${n}: valid: 8, 12, 16, 24, 32, 48, 64, 96, … (2^m and 3·2^m)`);
  }
  if (bytes(n) > os.totalmem()) {
    throw new InputError(
      "n",
      `${n}: takes ${gigabytes(bytes(n))}, this machine has ${gigabytes(os.totalmem())}`,
    );
  }
  positive("halfWidth", halfWidth);
  positive("until", until);
  positive("tolerance", tolerance);
  if (step !== undefined) positive("step", step);
  if (!(epsilon >= 0 && epsilon < Infinity))
    throw new InputError("epsilon", `${epsilon}: must be a number ≥ 0`);
  if (!(method in methods))
    throw new InputError("method", `${method}: valid: ${Object.keys(methods).join(", ")}`);
  if (at.length === 0 || at.some((time, k) => !(time > (at[k - 1] ?? 0)) || time > until)) {
    throw new InputError("at", `${at}: must ascend from above 0 to at most until, ${until}`);
  }
  return { n, halfWidth, epsilon, initial, at, method, tolerance, step, project, cut };
}

/**
 * @param {string} key
 * @param {number} value
 */
function positive(key, value) {
  if (!(value > 0 && value < Infinity)) throw new InputError(key, `${value}: must be a number above 0`);
}

/** @param {number} count */
function gigabytes(count) {
  return `${(count / 2 ** 30).toPrecision(3)} GiB`;
}

/**
 * The values of a function at the points of the grid.
 *
 * @param {{ nodes: Float64Array }} grid
 * @param {(x: number, y: number, z: number) => number} initial
 */
export function evaluate({ nodes }, initial) {
  const n = nodes.length;
  const f = new Float64Array(n ** 3);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++, at++) f[at] = initial(nodes[i], nodes[j], nodes[k]);
    }
  }
  return f;
}

/**
 * 0 ≤ f ≤ 1/ε, and neither f nor the equilibrium it goes to reaches the walls.
 *
 * @param {Collision} collision
 * @param {Float64Array} f
 * @param {number} cut
 */
function checkState(collision, f, cut) {
  const { n, halfWidth, epsilon } = collision;
  const { minimum, maximum, mass, momentum, energy } = diagnose(collision, f);
  if (!(minimum >= 0 && maximum < Infinity && mass > 0)) {
    throw new InputError("initial", "must be finite, nowhere negative and somewhere positive");
  }
  if (epsilon * maximum > 1)
    throw new InputError("initial", `reaches ${maximum}, above 1/ε = ${1 / epsilon}`);
  let wall = 0;
  for (let p = 0; p < n * n; p++) {
    wall = Math.max(wall, f[p], f[Math.floor(p / n) * n * n + (p % n)], f[p * n]);
  }
  if (wall > cut * maximum) {
    throw new InputError(
      "halfWidth",
      `${halfWidth}: the box cuts the data: f is ${(wall / maximum).toExponential(1)} of its maximum at the walls (at most ${cut})`,
    );
  }
  const speed = Math.hypot(...momentum) / mass;
  const rest = equilibrium({ mass, energy: energy - mass * speed * speed, epsilon });
  const tail = equilibriumValue(rest, epsilon, halfWidth - speed) / equilibriumValue(rest, epsilon, 0);
  if (tail > cut) {
    throw new InputError(
      "halfWidth",
      `${halfWidth}: the box cuts the equilibrium: it is ${tail.toExponential(1)} of its maximum at the walls (at most ${cut})`,
    );
  }
}

/**
 * The estimated error of a step, ∫|δf| / ∫|f|, and whether the new state is one: the mass ∫f is kept whatever
 * happens, so that ∫|f| shows a state that oscillates.
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
  return { error: difference / before, sound: after < 1.5 * before };
}
