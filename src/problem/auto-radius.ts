import { InputError } from "../errors.js";
import { log, pow } from "../portable-math.js";
import { rounded } from "../rounded.js";
import type { RadialFunction } from "../types.js";
import { algebraicTail, integrals, type Panels, panelsOf } from "./panels.js";

const energyCut = 1e-16; // of the energy may lie beyond R
const levelCut = 1e-18; // of the maximum may be left at R
const farthest = 50; // times the rms radius, for tails that would never end

/** The radius of the grid, and which fractions of mass and energy of the initial data lie beyond it. */
export interface AutoRadius {
  radius: number;
  cutMass: number;
  cutEnergy: number;
}

/**
 * The smallest R beyond which f holds at most 1e-16 of its energy and stays below 1e-18 of its maximum, or
 * 50 √(E/ρ) if that is less and f decays algebraically; at least `equilibriumTailRadius`. Not rounded: for f(r/λ) it
 * is λ times as large, to round-off.
 */
export function autoRadius(fn: RadialFunction, equilibriumTailRadius: number): AutoRadius {
  const panels = panelsOf(fn);
  const { scale, massBeyond, energyBeyond } = panels;
  let radius = Math.max(energyRadius(fn, panels), levelRadius(fn, panels));
  const cap = farthest * scale * Math.sqrt(energyBeyond[0]! / massBeyond[0]!);
  if (radius > cap && isAlgebraic(fn, radius)) radius = cap;
  return cutAt(fn, Math.max(radius, equilibriumTailRadius));
}

/** A radius with the fractions of mass and energy that lie beyond it. */
export function cutAt(fn: RadialFunction, radius: number): AutoRadius {
  const panels = panelsOf(fn);
  const cut = beyond(fn, panels, radius);
  return {
    radius,
    cutMass: cut.mass / panels.massBeyond[0]!,
    cutEnergy: cut.energy / panels.energyBeyond[0]!,
  };
}

/**
 * That the grid holds the state it is for.
 *
 * @param radius as it was given, for the message
 * @throws InputError if more than half of the mass is beyond
 */
export function requireBulk({ cutMass }: AutoRadius, radius: number | string): void {
  if (cutMass <= 0.5) return;
  const share = rounded(100 * cutMass, 3);
  throw new InputError(
    "grid.radius",
    `${radius} leaves out ${share} % of the mass of the initial data; at most half of it, or auto, which takes all in`,
  );
}

/** Mass and energy beyond R, in the units of the panels. */
function beyond(fn: RadialFunction, panels: Panels, R: number): { mass: number; energy: number } {
  const { edges, scale, massBeyond, energyBeyond, tailExponent } = panels;
  const k = edges.findIndex((edge) => edge >= R);
  if (k < 0) {
    return tailExponent === undefined ? { mass: 0, energy: 0 } : algebraicTail(fn, R, tailExponent, scale);
  }
  const part = integrals(fn, R, edges[k]!, scale);
  return { mass: massBeyond[k]! + part.mass, energy: energyBeyond[k]! + part.energy };
}

function energyRadius(fn: RadialFunction, panels: Panels): number {
  const { edges, energyBeyond, tailExponent } = panels;
  const allowed = energyCut * energyBeyond[0]!;
  const k = energyBeyond.findIndex((energy) => energy <= allowed);
  if (k >= 0) {
    return bisect(edges[k - 1]!, edges[k]!, (R) => beyond(fn, panels, R).energy <= allowed);
  }
  return edges.at(-1)! * pow(energyBeyond.at(-1)! / allowed, 1 / (tailExponent! - 5));
}

function levelRadius(fn: RadialFunction, { edges, maximum }: Panels): number {
  const level = levelCut * maximum.value;
  const k = edges.findLastIndex((edge) => fn.value(edge) > level);
  if (k === edges.length - 1) return fn.support ?? Infinity;
  return bisect(edges[Math.max(k, 0)]!, edges[k + 1]!, (R) => fn.value(R) <= level);
}

/** Whether -d ln f/d ln r has ceased to grow at R, as it does for f ~ r^-p and for nothing with an exponential in it. */
function isAlgebraic(fn: RadialFunction, R: number): boolean {
  if (fn.support !== undefined) return false;
  if ((fn as { tailExponent?: number }).tailExponent !== undefined || R === Infinity) return true;
  const [f1, f2, f4] = [fn.value(R), fn.value(2 * R), fn.value(4 * R)];
  return f4 > 0 && log(f2 / f4) < 1.2 * log(f1 / f2);
}

/** The first double at which `done` holds, which it does at `high` and ever after. */
function bisect(low: number, high: number, done: (R: number) => boolean): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (done(middle)) high = middle;
    else low = middle;
  }
}
