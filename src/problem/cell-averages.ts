import { cube, fifth } from "../portable-math.js";
import { gaussLegendre } from "../quadrature.js";
import type { RadialFunction } from "../types.js";
import { panelsOf } from "./panels.js";

export { autoRadius, cutAt } from "./auto-radius.js";

/**
 * ∫ f dv = 4π ∫ f r² dr and ∫ |v|² f dv = 4π ∫ f r⁴ dr over all of ℝ³, to about 1e-14: adaptive quadrature, with the
 * tail of algebraic decay r^-p, p > 5, in closed form. Knows of no grid.
 *
 * Throws InputError (key `initial`) if there is no mass, or mass or energy is not finite.
 */
export function massAndEnergy(fn: RadialFunction): { mass: number; energy: number } {
  const { massBeyond, energyBeyond, scale } = panelsOf(fn);
  return {
    mass: 4 * Math.PI * massBeyond[0]! * cube(scale),
    energy: 4 * Math.PI * energyBeyond[0]! * fifth(scale),
  };
}

const whole = gaussLegendre(5);
/** Rules for cells that are at most this share of their panel: f varies by that much less on them. Error below 1e-16. */
const finest = { share: 1 / 2000, rule: gaussLegendre(2) };
const fine = { share: 1 / 100, rule: gaussLegendre(3) };
const maxDepth = 6;

/**
 * f̄ᵢ = ∫ f r² dr / ∫ r² dr over cell i, faces[i] ≤ r ≤ faces[i + 1]; one value a cell. Cells are cut where f's panels
 * end, breakpoints among them, so a jump within a cell counts by its exact volume fraction and a coarse cell sees all
 * of f. Averages lie within the range of f: a cell on which f is constant gets that constant, one beyond the support 0.
 *
 * Throws InputError (key `initial`) as `massAndEnergy` does, and where a given function's value is not valid.
 */
export function cellAverages(fn: RadialFunction, faces: Float64Array): Float64Array {
  const { edges } = panelsOf(fn);
  const support = fn.support ?? Infinity;
  const averages = new Float64Array(faces.length - 1);
  let panel = 0;
  for (let i = 0; i < averages.length; i++) {
    const left = faces[i]!;
    const right = faces[i + 1]!;
    if (left >= support) break;
    while (panel + 1 < edges.length && edges[panel + 1]! <= left) panel++;
    if (panel + 1 >= edges.length || right <= edges[panel + 1]!) {
      const share = (right - left) / (edges[panel + 1]! - edges[panel]!); // not a number beyond the last
      const rule = share <= finest.share ? finest.rule : share <= fine.share ? fine.rule : whole;
      averages[i] = average(fn, left, right, 0, rule);
      continue;
    }
    let a = left;
    let content = 0;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let k = panel; a < right; k++) {
      const b = k + 1 < edges.length ? Math.min(right, edges[k + 1]!) : right;
      const mean = a >= support ? 0 : average(fn, a, b, 0, whole);
      content += mean * volume(a, b);
      minimum = Math.min(minimum, mean);
      maximum = Math.max(maximum, mean);
      a = b;
    }
    averages[i] = within(minimum, content / volume(left, right), maximum);
  }
  return averages;
}

/** The mean of f over a ≤ r ≤ b, within one panel. */
function average(
  fn: RadialFunction,
  a: number,
  b: number,
  depth: number,
  { nodes, weights }: typeof whole,
): number {
  const half = (b - a) / 2;
  const middle = a + half;
  let minimum = Infinity;
  let maximum = 0;
  let weight = 0;
  let content = 0;
  for (let q = 0; q < nodes.length; q++) {
    const r = middle + half * nodes[q]!;
    const f = fn.value(r);
    const w = weights[q]! * r * r;
    weight += w;
    content += w * f;
    if (f < minimum) minimum = f;
    if (f > maximum) maximum = f;
  }
  // Panels resolve f to a fraction of its mass. Where it falls by an order of magnitude within a cell, which is in
  // the tail on a coarse grid, halving resolves it to a fraction of itself.
  if (maximum > 10 * minimum && maximum > 1e-290 && depth < maxDepth) {
    const low = average(fn, a, middle, depth + 1, whole) * volume(a, middle);
    const high = average(fn, middle, b, depth + 1, whole) * volume(middle, b);
    return (low + high) / volume(a, b);
  }
  return within(minimum, content / weight, maximum);
}

/** A mean, rid of the rounding that takes it out of the range of what it is the mean of. */
function within(minimum: number, mean: number, maximum: number): number {
  return Math.min(Math.max(mean, minimum), maximum);
}

/** (b³ - a³)/3 without cancellation. */
function volume(a: number, b: number): number {
  return ((b - a) * (a * a + a * b + b * b)) / 3;
}
