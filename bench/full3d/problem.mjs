import os from "node:os";
import { equilibrium, equilibriumValue, InputError } from "../../dist/index.js";
import { Collision } from "./collision.mjs";
import { diagnose } from "./moments.mjs";
import { methods } from "./stepping.mjs";

/**
 * @typedef {object} Problem3D
 * @property {number} n points a side: even, 2^m or 3·2^m
 * @property {number} halfWidth L of the box [-L, L)³
 * @property {number} [epsilon] ε ≥ 0 (0)
 * @property {(x: number, y: number, z: number) => number} initial f at t = 0
 * @property {number} until last time, always sampled
 * @property {number[]} [at] further sample times, ascending (none)
 * @property {"rk4" | "rkc"} [method] (rk4)
 * @property {number} [tolerance] local error of a step, ∫|δf| over ∫|f|, at least 1e-12 (1e-6)
 * @property {number} [step] fixed time step in place of a tolerance: RK4 refuses one beyond its limit of stability, RKC takes as
 * many stages as it needs. Neither is held to an accuracy: `work.largestError` says what it was
 * @property {boolean} [project] keep momentum and energy by projection (false)
 * @property {number} [cut] largest f at the walls, over its maximum, that is accepted at t = 0 and in equilibrium: above 0, at
 * most 0.01 (1e-6)
 */

const keys = [
  "n",
  "halfWidth",
  "epsilon",
  "initial",
  "until",
  "at",
  "method",
  "tolerance",
  "step",
  "project",
  "cut",
];

/**
 * The problem with its defaults; InputError for what is not one.
 *
 * @param {Problem3D} problem
 */
export function resolve(problem) {
  const unknown = Object.keys(problem).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new InputError(unknown, `unknown; valid: ${keys.join(", ")}`);
  const { n, halfWidth, epsilon = 0, initial, until, at = [], method = "rk4" } = problem;
  const { tolerance, step, project = false, cut = 1e-6 } = problem;
  if (!Number.isInteger(n) || n % 2 !== 0) {
    throw new InputError(
      "n",
      `${shown(n)}: must be an even number, so that the origin is a point of the grid`,
    );
  }
  const power = Math.log2(n % 3 === 0 ? n / 3 : n);
  if (n < 8 || !Number.isInteger(power)) {
    throw new InputError("n", `${n}: valid: 8, 12, 16, 24, 32, 48, 64, 96, … (2^m and 3·2^m)`);
  }
  positive("halfWidth", halfWidth);
  if (typeof initial !== "function") {
    throw new InputError("initial", `${shown(initial)}: must be a function of v_1, v_2, v_3`);
  }
  positive("until", until);
  if (tolerance !== undefined) {
    positive("tolerance", tolerance);
    if (tolerance < 1e-12)
      throw new InputError("tolerance", `${tolerance}: must be at least 1e-12, for round-off`);
  }
  if (step !== undefined) positive("step", step);
  if (tolerance !== undefined && step !== undefined) {
    throw new InputError("step", `${step}: a fixed step is not held to a tolerance; give one of the two`);
  }
  positive("cut", cut);
  if (cut > 0.01) throw new InputError("cut", `${cut}: must be at most 0.01`);
  if (!(isNumber(epsilon) && epsilon >= 0 && epsilon < Infinity)) {
    throw new InputError("epsilon", `${shown(epsilon)}: must be a number ≥ 0`);
  }
  if (!Object.hasOwn(methods, method)) {
    throw new InputError("method", `${shown(method)}: valid: ${Object.keys(methods).join(", ")}`);
  }
  if (typeof project !== "boolean") {
    throw new InputError("project", `${shown(project)}: must be true or false`);
  }
  if (
    !Array.isArray(at) ||
    at.some((time, k) => !isNumber(time) || !(time > (at[k - 1] ?? 0)) || time > until)
  ) {
    throw new InputError(
      "at",
      `${shown(at)}: must be times that ascend from above 0 to at most until, ${until}`,
    );
  }
  const times = at.at(-1) === until ? at : [...at, until];
  checkMemory(n, times.length + 1);
  return { n, halfWidth, epsilon, initial, times, method, tolerance: tolerance ?? 1e-6, step, project, cut };
}

/**
 * Bytes that a run with n³ points takes: the operator, a state with its stages, the direction of the power iteration, the
 * kernels while they are made, and a profile a sample.
 *
 * @param {number} n
 * @param {number} samples
 */
export function bytes(n, samples) {
  return Collision.bytes(n) + 8 * ((11 + samples) * n ** 3 + 2 * (1.5 * n + 1) ** 3);
}

/**
 * @param {number} n
 * @param {number} samples
 */
function checkMemory(n, samples) {
  // 0 or undefined where the process has no limit of its own
  const available = Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
  const needed = bytes(n, samples);
  if (needed > available) {
    throw new InputError(
      "n",
      `${n}: takes ${gigabytes(needed)} with ${samples} samples, this machine has ${gigabytes(available)}`,
    );
  }
}

/**
 * 0 ≤ f ≤ 1/ε, and neither f nor the equilibrium it goes to reaches the walls.
 *
 * @param {Collision} collision
 * @param {(x: number, y: number, z: number) => number} initial
 * @param {Float64Array} f its values
 * @param {number} cut
 */
export function checkState(collision, initial, f, cut) {
  const { halfWidth, epsilon } = collision;
  const { minimum, maximum, mass, momentum, energy } = diagnose(collision, f);
  if (!(minimum >= 0 && maximum < Infinity && mass > 0)) {
    throw new InputError("initial", "must be finite, nowhere negative and somewhere positive");
  }
  if (epsilon * maximum > 1)
    throw new InputError("initial", `reaches ${maximum}, above 1/ε = ${1 / epsilon}`);
  const wall = largestAtWalls(collision, initial);
  if (!(wall <= cut * maximum)) {
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
 * The largest value on the six faces v_i = ±L (the upper three are no points of the periodic grid).
 *
 * @param {Collision} collision
 * @param {(x: number, y: number, z: number) => number} initial
 */
function largestAtWalls({ nodes, halfWidth }, initial) {
  let largest = 0;
  for (const wall of [-halfWidth, halfWidth]) {
    for (const a of nodes) {
      for (const b of nodes) {
        largest = Math.max(largest, initial(wall, a, b), initial(a, wall, b), initial(a, b, wall));
      }
    }
  }
  return largest;
}

/** @param {unknown} value */
const isNumber = (value) => typeof value === "number";

/** @param {unknown} value */
const shown = (value) =>
  typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);

/**
 * @param {string} key
 * @param {unknown} value
 */
function positive(key, value) {
  if (!(typeof value === "number" && value > 0 && value < Infinity))
    throw new InputError(key, `${shown(value)}: must be a number above 0`);
}

/** @param {number} count */
function gigabytes(count) {
  return `${(count / 2 ** 30).toPrecision(3)} GiB`;
}
