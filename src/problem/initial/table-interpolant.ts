import { massAndEnergy } from "../cell-averages.js";
import type { InitialFunction } from "../initial.js";

/**
 * The piecewise-linear interpolant of the points (r[i], f[i]), r strictly increasing and ≥ 0: f[0] below r[0], 0 beyond
 * the last r (with a jump there unless the last f is 0). Its scale is its rms radius.
 */
export function tableInterpolant(r: readonly number[], f: readonly number[]): InitialFunction {
  const last = r.length - 1;
  let i = 0; // the interval found last: quadrature moves on from there, mostly
  const fn: InitialFunction = {
    value(x) {
      if (x <= r[0]!) return f[0]!;
      if (x > r[last]!) return 0;
      if (!(x > r[i]! && x <= r[i + 1]!)) i = interval(r, x);
      const left = r[i]!;
      const t = (x - left) / (r[i + 1]! - left);
      return (1 - t) * f[i]! + t * f[i + 1]!; // a convex combination: never outside the two values
    },
    breakpoints: r.filter((x) => x > 0),
    scale: r[last]!,
    support: r[last]!,
    landmarks: [],
  };
  const { mass, energy } = massAndEnergy(fn);
  fn.scale = Math.sqrt(energy / mass);
  return fn;
}

/** i with r[i] < x ≤ r[i + 1]. */
function interval(r: readonly number[], x: number): number {
  let low = 0;
  let high = r.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x > r[middle]!) low = middle;
    else high = middle;
  }
  return low;
}
