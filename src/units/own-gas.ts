import { relaxed } from "../equilibrium/equilibrium.js";
import { InputError } from "../errors.js";
import { pow } from "../portable-math.js";
import { rounded } from "../rounded.js";
import type { PlasmaUnits } from "../types.js";
import { elementaryCharge } from "./constants.js";
import { coulombLogarithm } from "./coulomb-logarithm.js";
import type { PlasmaUnitsInput } from "./plasma-units.js";

/** Share by which density or temperature of the gas may differ from those of its units without a word. */
const worthTelling = 0.2;

/** E_F of this many particles (m⁻³) of the gas of `units`, eV. */
export function fermiEnergyOf(density: number, units: PlasmaUnits): number {
  return units.fermiEnergy * pow(density / units.density, 2 / 3);
}

/**
 * What to say where a gas of these invariants (in `units`) is not at the density, or not on the way to the temperature, that
 * ln Λ and T/T_F of `units` are for.
 */
export function otherThanUnits(
  invariants: { mass: number; energy: number },
  units: PlasmaUnits,
  { coulombLogarithm: given = "lee-more" }: PlasmaUnitsInput,
): string[] {
  const density = invariants.mass * units.density;
  const temperature = relaxed(invariants, units.epsilon).temperature * units.energy;
  const differs = (own: number, other: number) => Math.abs(own / other - 1) > worthTelling;
  if (!differs(density, units.density) && !differs(temperature, units.temperature)) return [];
  const fermiEnergy = fermiEnergyOf(density, units);
  const state = (n: number, T: number, theta: number) =>
    `${rounded(n, 3)} m^-3 and ${rounded(T, 3)} eV (T/T_F = ${rounded(theta, 3)})`;
  const both =
    `units are for ${state(units.density, units.temperature, units.theta)}, in equilibrium the gas is at ` +
    state(density, temperature, temperature / fermiEnergy);
  if (typeof given === "number") return [`${both}; ln Λ = ${rounded(given, 3)} was given`];
  const gas = {
    density,
    thermalEnergy: temperature * elementaryCharge,
    fermiEnergy: fermiEnergy * elementaryCharge,
    mass: units.mass,
  };
  return [
    `${both}: times are with ln Λ = ${rounded(units.coulombLogarithm, 3)} of units, of the gas it is ${ownLogarithm(given, gas)}`,
  ];
}

/** ln Λ of a gas by the formula of this name, in words. */
function ownLogarithm(formula: string, gas: Parameters<typeof coulombLogarithm>[2]): string {
  try {
    const { value, formula: before = value } = coulombLogarithm("units.coulombLogarithm", formula, gas);
    return `${rounded(value, 3)}${value === before ? "" : ` (floor; the formula gives ${rounded(before, 2)})`}`;
  } catch (error) {
    if (error instanceof InputError) return `none by ${formula}`;
    throw error;
  }
}
