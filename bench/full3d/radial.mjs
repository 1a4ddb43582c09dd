import { radialNodes, simulate } from "../../dist/index.js";

/**
 * What the radial solver says, extrapolated: its errors are of second order in the width of a cell with a smooth
 * factor, so that runs at N and 2N cells give (4·fine - coarse)/3.
 *
 * @param {object} problem `epsilon`, `initial` (a function of |v| or the package's kinds), `until`, `samples`, `grid.radius`
 * @param {number} cells N
 * @param {number} tolerance of the integration in time
 */
export async function extrapolated(problem, cells, tolerance) {
  const coarse = await radialRun(problem, cells, tolerance);
  const fine = await radialRun(problem, 2 * cells, tolerance);
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => (4 * b - a) / 3;
  return {
    samples: fine.samples.map((sample, k) => ({
      time: sample.time,
      ...mapValues((key) => mix(coarse.samples[k][key], sample[key])),
    })),
    /** f(r) at a sample; 0 beyond R. */
    profile: (/** @type {number} */ k, /** @type {number} */ r) =>
      mix(coarse.profile(k, r), fine.profile(k, r)),
  };
}

/** Quantities compared. */
export const keys = /** @type {const} */ (["center", "moment4", "squared", "entropy"]);

/** @param {(key: typeof keys[number]) => number} value */
function mapValues(value) {
  return {
    center: value("center"),
    moment4: value("moment4"),
    squared: value("squared"),
    entropy: value("entropy"),
  };
}

/**
 * One radial run.
 *
 * @param {object} problem
 * @param {number} cells
 * @param {number} tolerance
 */
export async function radialRun(problem, cells, tolerance) {
  const { grid } = /** @type {{ grid?: object }} */ (problem);
  const began = performance.now();
  const run = await simulate(/** @type {any} */ ({ ...problem, grid: { ...grid, cells }, tolerance }));
  const seconds = (performance.now() - began) / 1000;
  const { faces } = run.grid;
  const nodes = radialNodes(faces);
  return {
    seconds,
    work: run.work,
    radius: run.grid.radius,
    samples: run.samples.map((sample, k) => ({ ...sample, squared: squared(faces, run.profiles[k]) })),
    profile: (/** @type {number} */ k, /** @type {number} */ r) =>
      r > run.grid.radius ? 0 : interpolate(nodes, run.profiles[k], r),
  };
}

/**
 * ∫ f² dv of cell averages.
 *
 * @param {Float64Array} faces
 * @param {Float64Array} f
 */
function squared(faces, f) {
  let sum = 0;
  for (let i = 0; i < f.length; i++) sum += f[i] * f[i] * (faces[i + 1] ** 3 - faces[i] ** 3);
  return ((4 * Math.PI) / 3) * sum;
}

/**
 * Lagrange interpolation through six points, in r², in which a smooth isotropic f is smooth.
 *
 * @param {Float64Array} nodes ascending
 * @param {Float64Array} values
 * @param {number} r
 */
function interpolate(nodes, values, r) {
  const spacing = nodes[nodes.length - 1] / nodes.length;
  const first = Math.min(Math.max(Math.floor(r / spacing) - 3, 0), nodes.length - 6);
  let sum = 0;
  for (let i = first; i < first + 6; i++) {
    let weight = 1;
    for (let j = first; j < first + 6; j++) {
      if (j !== i) weight *= (r * r - nodes[j] ** 2) / (nodes[i] ** 2 - nodes[j] ** 2);
    }
    sum += weight * values[i];
  }
  return sum;
}
