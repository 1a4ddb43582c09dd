import { InputError } from "../errors.js";
import { cube, fifth, log } from "../portable-math.js";
import { gaussLegendre } from "../quadrature.js";
import type { RadialFunction } from "../types.js";
import type { InitialFunction } from "./initial.js";

/** The half-line cut into panels on each of which f is resolved by the 5-point Gauss–Legendre rule. */
export interface Panels {
  /** Ascending from 0 to the support, or to where nothing is left but perhaps an algebraic tail. */
  edges: Float64Array;
  /** Unit of length of the two integrals below, so that no power of r overflows. */
  scale: number;
  /** ∫ f r² dr / scale³ from edges[k] to ∞. */
  massBeyond: Float64Array;
  /** ∫ f r⁴ dr / scale⁵ from edges[k] to ∞, to a relative 1e-10 at every k as well. */
  energyBeyond: Float64Array;
  /** f ~ r^-tailExponent beyond the last edge; absent: nothing there. */
  tailExponent?: number;
  maximum: { r: number; value: number };
  minimum: { r: number; value: number };
}

const rule = gaussLegendre(5);
const tolerances = [1e-14, 1e-12, 1e-10, 1e-8]; // of mass and energy; the later ones for noisy functions
const negligible = 1e-32; // of the peak of r⁵f: where the panels may end
const farthest = 1e9; // times the scale: a tail that goes on beyond is algebraic
const maxBisections = 20000;

const cache = new WeakMap<RadialFunction, Panels>();

/**
 * The panels of f, made once. They start from breakpoints, landmarks and outward doubling, and are bisected until the
 * rule on a panel and on its halves agree to 1e-14 of mass and energy, and to 1e-10 of the energy from there outwards.
 *
 * Throws InputError (key `initial`) if f holds no mass, mass or energy is not finite, or f is too irregular.
 */
export function panelsOf(fn: RadialFunction): Panels {
  const known = cache.get(fn);
  if (known) return known;
  const seeds = seedEdges(fn);
  for (const tolerance of tolerances) {
    const panels = build(fn, seeds.edges, seeds.tailExponent, tolerance);
    if (panels === undefined) continue;
    const mass = panels.massBeyond[0]! * cube(fn.scale);
    const energy = panels.energyBeyond[0]! * fifth(fn.scale);
    if (!(mass > 0 && mass < Infinity && energy > 0 && energy < Infinity)) {
      throw new InputError(
        "initial",
        `mass ${4 * Math.PI * mass} and energy ${4 * Math.PI * energy} are not valid; finite numbers > 0`,
      );
    }
    cache.set(fn, panels);
    return panels;
  }
  throw new InputError(
    "initial",
    "f is too irregular to be integrated to 1e-8; a smoother function, or a table",
  );
}

/** ∫_a^b f x² dx and ∫_a^b f x⁴ dx, x = r/scale, by one application of the rule. */
export function integrals(fn: RadialFunction, a: number, b: number, scale: number) {
  const half = (b - a) / 2;
  let mass = 0;
  let energy = 0;
  for (let q = 0; q < 5; q++) {
    const r = a + half * (1 + rule.nodes[q]!);
    const x2 = (r / scale) * (r / scale);
    const w = rule.weights[q]! * fn.value(r) * x2;
    mass += w;
    energy += w * x2;
  }
  return { mass: (mass * half) / scale, energy: (energy * half) / scale };
}

/** What lies beyond R where f ~ r^-p: ∫_R^∞ f r² dr = f(R) R³/(p - 3), likewise for the energy. */
export function algebraicTail(fn: RadialFunction, R: number, p: number, scale: number) {
  const x = R / scale;
  const f = fn.value(R);
  return { mass: (f * cube(x)) / (p - 3), energy: (f * fifth(x)) / (p - 5) };
}

/** Where bisection starts, graded, and the exponent of the tail if it must end in one. */
function seedEdges(fn: RadialFunction): { edges: number[]; tailExponent?: number } {
  const support = fn.support ?? Infinity;
  const inside = [...fn.breakpoints, ...((fn as InitialFunction).landmarks ?? []), fn.scale].filter(
    (r) => r > 0 && r < support,
  );
  const edges = [0, ...new Set(inside)].sort((a, b) => a - b);
  if (support < Infinity) return { edges: graded([...edges, support]) };

  const weight = (r: number) => fn.value(r) * fifth(r / fn.scale);
  let peak = edges.reduce((max, r) => Math.max(max, weight(r)), 0);
  for (let r = edges.at(-1)!; ; ) {
    const w = Math.max(weight(1.5 * r), weight(2 * r));
    r *= 2;
    edges.push(r);
    if (w <= negligible * peak) return { edges: graded(edges) };
    peak = Math.max(peak, w);
    if (r > farthest * fn.scale) {
      return {
        edges: graded(edges),
        tailExponent: (fn as InitialFunction).tailExponent ?? measuredExponent(fn, r),
      };
    }
  }
}

/**
 * More edges, so that no panel is more than twice as long as its neighbour: all points of the rule on a long panel
 * beside short ones may miss what is left of the feature that the short ones are there for.
 */
function graded(edges: readonly number[]): number[] {
  const width = (k: number) => (k >= 1 && k < edges.length ? edges[k]! - edges[k - 1]! : Infinity);
  const result = [edges[0]!];
  for (let k = 1; k < edges.length; k++) {
    let a = edges[k - 1]!;
    let b = edges[k]!;
    let fromLeft = 2 * width(k - 1);
    let fromRight = 2 * width(k + 1);
    const right = [b];
    while (b - a > Math.min(fromLeft, fromRight)) {
      if (fromLeft <= fromRight) {
        a += fromLeft;
        fromLeft *= 2;
        result.push(a);
      } else {
        b -= fromRight;
        fromRight *= 2;
        right.push(b);
      }
    }
    result.push(...right.reverse());
  }
  return result;
}

function measuredExponent(fn: RadialFunction, R: number): number {
  const exponent = log(fn.value(R / 32) / fn.value(R)) / log(32);
  if (!(exponent > 5 + 1e-6)) {
    throw new InputError(
      "initial",
      `f goes like r^${(-exponent).toPrecision(3)} at r = ${Number(R.toPrecision(2))}: its energy is infinite; a decay faster than r^-5`,
    );
  }
  return exponent;
}

/** undefined: the tolerance takes too many panels. */
function build(
  fn: RadialFunction,
  seeds: readonly number[],
  tailExponent: number | undefined,
  tolerance: number,
): Panels | undefined {
  const scale = fn.scale;
  let total = { mass: 0, energy: 0 };
  for (let k = 1; k < seeds.length; k++) total = sum(total, integrals(fn, seeds[k - 1]!, seeds[k]!, scale));

  // From the outside in: in the tail, errors are judged by what lies farther out.
  const R = seeds.at(-1)!;
  let beyond =
    tailExponent === undefined ? { mass: 0, energy: 0 } : algebraicTail(fn, R, tailExponent, scale);
  total = sum(total, beyond);
  const edges = [R];
  const massBeyond = [beyond.mass];
  const energyBeyond = [beyond.energy];
  let bisections = 0;
  for (let k = seeds.length - 1; k > 0; k--) {
    const stack = [{ a: seeds[k - 1]!, b: seeds[k]!, whole: integrals(fn, seeds[k - 1]!, seeds[k]!, scale) }];
    for (let panel = stack.pop(); panel !== undefined; panel = stack.pop()) {
      const { a, b, whole } = panel;
      const middle = a + (b - a) / 2;
      const left = integrals(fn, a, middle, scale);
      const right = integrals(fn, middle, b, scale);
      const halves = sum(left, right);
      const here = sum(beyond, halves);
      const massError = Math.abs(halves.mass - whole.mass);
      const energyError = Math.abs(halves.energy - whole.energy);
      const tailTolerance = Math.max(1e-10, tolerance) * here.energy + 1e-16 * negligible * total.energy;
      const resolved =
        massError <= tolerance * total.mass &&
        energyError <= Math.min(tolerance * total.energy, tailTolerance);
      if (resolved || middle <= a || middle >= b) {
        beyond = here;
        edges.push(a);
        massBeyond.push(beyond.mass);
        energyBeyond.push(beyond.energy);
      } else {
        if (++bisections > maxBisections) return undefined;
        stack.push({ a, b: middle, whole: left }, { a: middle, b, whole: right });
      }
    }
  }
  const ascending = Float64Array.from(edges).reverse();
  return {
    edges: ascending,
    scale,
    massBeyond: Float64Array.from(massBeyond).reverse(),
    energyBeyond: Float64Array.from(energyBeyond).reverse(),
    ...(tailExponent === undefined ? {} : { tailExponent }),
    maximum: extremum(fn, ascending, 1),
    minimum: extremum(fn, ascending, -1),
  };
}

/** The largest (sign 1) or smallest (sign -1) f at panel ends and midpoints, refined by golden-section search. */
function extremum(fn: RadialFunction, edges: Float64Array, sign: 1 | -1): { r: number; value: number } {
  let best = { r: 0, value: fn.value(0) };
  let reach = edges[1]!;
  const look = (r: number, width: number) => {
    const value = fn.value(r);
    if (sign * value <= sign * best.value) return;
    best = { r, value };
    reach = width;
  };
  for (let k = 1; k < edges.length; k++) {
    const width = edges[k]! - edges[k - 1]!;
    look(edges[k - 1]! + width / 2, width);
    look(edges[k]!, Math.max(width, (edges[k + 1] ?? 0) - edges[k]!));
  }
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.max(0, best.r - reach);
  let high = best.r + reach;
  for (let pass = 0; pass < 60; pass++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    look(a, reach);
    look(b, reach);
    if (sign * fn.value(a) >= sign * fn.value(b)) high = b;
    else low = a;
  }
  return best;
}

function sum(p: { mass: number; energy: number }, q: { mass: number; energy: number }) {
  return { mass: p.mass + q.mass, energy: p.energy + q.energy };
}
