import { equilibrium, equilibriumValue, InputError, type Problem, saturation } from "landau-fermi-dirac";
import { requireBulk } from "../../../dist/problem/auto-radius.js";
import { cutAt, massAndEnergy } from "../../../dist/problem/cell-averages.js";
import { initialFunction } from "../../../dist/problem/initial.js";
import { panelsOf } from "../../../dist/problem/panels.js";
import { typed } from "../model/state.js";

// What the page knows of a problem before it runs.

export type Initial = Exclude<Problem["initial"], (r: number) => number>;

/** Where the grid ends. */
export type Radius = number | "auto";

/** What is known of f(r, 0) as a whole. */
export interface Facts {
  mass: number;
  energy: number;
  /** ε*: no state with f ≤ 1/ε has this mass and energy beyond it. */
  saturation: number;
  /** Where f is largest. */
  highest: { r: number; value: number };
  /** The ε at which f reaches 1/ε there; Infinity where f follows ε (kind fermi-dirac). */
  largestEpsilon: number;
}

interface Whole extends Pick<Facts, "mass" | "energy" | "highest"> {
  fn: ReturnType<typeof initialFunction>;
}

const cache = new WeakMap<Initial, Whole>();

function wholeOf(initial: Initial, epsilon: number): Whole {
  const known = cache.get(initial);
  if (known) return known;
  const fn = initialFunction(initial, epsilon);
  const whole = { fn, ...massAndEnergy(fn), highest: panelsOf(fn).maximum };
  if (!followsEpsilon(initial)) cache.set(initial, whole);
  return whole;
}

/** Whether f(r, 0) is another one for another ε. */
function followsEpsilon({ kind }: Initial): boolean {
  return kind === "fermi-dirac";
}

/**
 * Facts of what a grid that ends at `radius` takes in; "auto" takes all in. Throws InputError for data without finite mass
 * and energy, or with less than half of the mass inside.
 */
export function factsOf(initial: Initial, epsilon: number, radius: Radius = "auto"): Facts {
  const { fn, mass, energy, highest } = wholeOf(initial, epsilon);
  const cut = radius === "auto" ? undefined : cutAt(fn, radius);
  if (cut) requireBulk(cut, cut.radius);
  const inside = { mass: mass * (1 - (cut?.cutMass ?? 0)), energy: energy * (1 - (cut?.cutEnergy ?? 0)) };
  return {
    ...inside,
    saturation: saturation(inside.mass, inside.energy),
    highest,
    largestEpsilon: followsEpsilon(initial) ? Infinity : 1 / highest.value,
  };
}

/**
 * Refuses an ε that the initial data does not allow, in terms of what limits it. `key` is what was changed last: that is
 * where the message belongs.
 */
export function checkPauli(initial: Initial, epsilon: number, radius: Radius, key: string): Facts {
  const facts = factsOf(initial, epsilon, radius);
  const { highest, largestEpsilon } = facts;
  if (epsilon <= largestEpsilon * (1 + 1e-12)) return facts;
  const allowed = `ε up to ${short(largestEpsilon)} (${short(largestEpsilon / facts.saturation, 2)} of saturation) is possible`;
  const message =
    epsilon >= facts.saturation
      ? `ε = ${short(epsilon)} is above saturation: ε* = ${short(facts.saturation)} for this mass and energy, and no f ≤ 1/ε has them; ${allowed}`
      : `f reaches ${short(highest.value)} at r = ${short(highest.r, 3)}, above 1/ε = ${short(1 / epsilon)}; ${allowed}, or a lower f`;
  throw new InputError(key, message);
}

/** ε with ε/ε* = fraction; where f follows ε, by bisection of the increasing ε/ε*(ε). */
export function epsilonAt(fraction: number, initial: Initial, radius: Radius): number {
  if (initial.kind !== "fermi-dirac") return fraction * factsOf(initial, 0, radius).saturation;
  const reached = (epsilon: number) => epsilon / factsOf(initial, epsilon, radius).saturation;
  let low = 0;
  let high = 1 / initial.a;
  while (reached(high) < fraction && high < 1e12) high *= 4;
  for (let pass = 0; pass < 40; pass++) {
    const middle = (low + high) / 2;
    if (reached(middle) < fraction) low = middle;
    else high = middle;
  }
  return high;
}

/** f(r, 0) and the equilibrium M(r) it goes to, at equidistant radii out to where little is left. */
export function curves(initial: Initial, epsilon: number, points: number) {
  const fn = initialFunction(initial, epsilon);
  const { mass, energy } = factsOf(initial, epsilon);
  const end = 2.1 * Math.sqrt(energy / mass);
  const r = Array.from({ length: points }, (_, k) => (end * k) / (points - 1));
  const eq = equilibrium({ mass, energy, epsilon });
  return { r, f: r.map((x) => fn.value(x)), m: r.map((x) => equilibriumValue(eq, epsilon, x)) };
}

/** `x` to a few significant digits, as one would type it. */
export function short(x: number, digits = 4): string {
  return typed(Number(x.toPrecision(digits)));
}
