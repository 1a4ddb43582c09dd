import { InputError } from "../../errors.js";
import { cube, fifth, log, pow } from "../../portable-math.js";
import { massAndEnergy } from "../cell-averages.js";
import type { InitialFunction } from "../initial.js";

const smallest = 1e-9;
const largest = 1e9;
const perDecade = 64;

/**
 * A function given by the user, with the length scale it does not tell: r³f and r⁵f (mass and energy per e-fold of r)
 * are scanned over 1e-9 ≤ r ≤ 1e9, and the scale is the rms radius. Jumps need not be told either: panels shrink onto
 * them. Every value is checked whenever f is called; throws InputError naming r and the value.
 */
export function analyse(given: (r: number) => number): InitialFunction {
  const value = (r: number): number => {
    const f = given(r);
    if (typeof f === "number" && f >= 0 && f < Infinity) return f;
    throw new InputError("initial", `f(${r}) = ${String(f)} is not valid; a finite number ≥ 0`);
  };
  const steps = perDecade * Math.round(log(largest / smallest) / Math.LN10);
  const radii = Array.from({ length: steps + 1 }, (_, k) => smallest * pow(10, k / perDecade));
  value(0);
  const values = radii.map(value);
  const mass = values.map((f, k) => f * cube(radii[k]!));
  const energy = values.map((f, k) => f * fifth(radii[k]!));
  const massPeak = Math.max(...mass);
  const energyPeak = Math.max(...energy);
  if (!(massPeak > 0)) {
    throw new InputError(
      "initial",
      `f is 0 at all radii tried, from ${smallest} to ${largest}: no mass found`,
    );
  }
  const first = mass.findIndex((m) => m >= 1e-20 * massPeak);
  const last = energy.findLastIndex((e) => e >= 1e-30 * energyPeak);
  const fn: InitialFunction = {
    value,
    breakpoints: [],
    scale: radii[mass.indexOf(massPeak)]!,
    landmarks: radii.slice(Math.max(0, first - 1), last + 2),
  };
  const total = massAndEnergy(fn);
  fn.scale = Math.sqrt(total.energy / total.mass);
  return fn;
}
