import { leastSquaresLine } from "../tools.mjs";
import { keys } from "./radial.mjs";

/**
 * @typedef {Record<"center" | "moment4" | "squared" | "entropy" | "profile" | "growth", number>} Errors
 * @typedef {Record<"center" | "moment4" | "squared" | "entropy", number>} Values
 * @typedef {{ radius: number, mean: number }[]} Profile
 */

/**
 * Errors of a run against the reference, the largest over the samples after the first: relative of the values and of
 * the `growth` M₄(t) - M₄(0), and of the `profile` the largest difference over the largest value.
 *
 * @param {{ samples: Values[], profiles: Profile[] }} run
 * @param {{ samples: Values[], profile: (sample: number, r: number) => number }} reference
 * @returns {Errors}
 */
export function errorsOf({ samples, profiles }, reference) {
  const errors = { profile: 0, growth: 0, center: 0, moment4: 0, squared: 0, entropy: 0 };
  for (let k = 1; k < samples.length; k++) {
    const exact = reference.samples[k];
    for (const key of keys) errors[key] = Math.max(errors[key], Math.abs(samples[k][key] / exact[key] - 1));
    const growth = exact.moment4 - reference.samples[0].moment4;
    errors.growth = Math.max(errors.growth, Math.abs((samples[k].moment4 - samples[0].moment4) / growth - 1));
    let height = 0;
    let difference = 0;
    for (const { radius, mean } of profiles[k]) {
      const value = reference.profile(k, radius);
      height = Math.max(height, value);
      difference = Math.max(difference, Math.abs(mean - value));
    }
    errors.profile = Math.max(errors.profile, difference / height);
  }
  return errors;
}

/**
 * n and CPU hours at which 3D would reach an error: ln error linear in n and ln time linear in ln n, through the two runs that
 * have the error between them or, beyond the last, by least squares over the last three.
 *
 * @param {{ cells: number, error: number, cpu: number }[]} runs ascending in n
 * @param {number} goal
 */
export function needs(runs, goal) {
  const reached = runs.findIndex(({ error }) => error <= goal);
  const near = reached < 0 ? runs.slice(-3) : runs.slice(Math.max(0, reached - 1), Math.max(2, reached + 1));
  const [a, b] = leastSquaresLine(near.map(({ cells, error }) => [cells, Math.log(error)]));
  const n = (Math.log(goal) - a) / b;
  const [c, d] = leastSquaresLine(near.map(({ cells, cpu }) => [Math.log(cells), Math.log(cpu)]));
  const hours = Math.exp(c + d * Math.log(n)) / 3600;
  return { n, hours, extrapolated: reached < 0 };
}
