import { InputError } from "../errors.js";
import { cbrt, log } from "../portable-math.js";
import { isNumber, oneOf } from "../problem/schema-parts.js";
import { elementaryCharge, planck, vacuumPermittivity } from "./constants.js";

/** A gas of charges e: n in m⁻³, k_B T and E_F in joules, mass in kg. */
export interface Gas {
  density: number;
  thermalEnergy: number;
  fermiEnergy: number;
  mass: number;
}

const formulas = {
  /**
   * Y. T. Lee and R. M. More, Phys. Fluids 27, 1273 (1984), (20)-(22), for electrons on electrons (Z = 1, ions do not
   * screen): ln Λ = max(2, ½ ln(1 + b_max²/b_min²)), b_max the larger of the Debye length with k_B √(T² + T_F²) for its
   * temperature and the radius (3/4πn)^{1/3}, b_min the larger of e²/(4πε₀ 3k_B T) and h/(2 √(3m k_B T)).
   */
  "lee-more": ({ density, thermalEnergy, fermiEnergy, mass }: Gas): number => {
    const e2 = (elementaryCharge * elementaryCharge) / vacuumPermittivity;
    const screening2 = Math.sqrt(thermalEnergy * thermalEnergy + fermiEnergy * fermiEnergy) / (density * e2);
    const sphere = cbrt(3 / (4 * Math.PI * density));
    const largest = Math.max(Math.sqrt(screening2), sphere);
    const smallest = Math.max(
      e2 / (4 * Math.PI * 3 * thermalEnergy),
      planck / (2 * Math.sqrt(3 * mass * thermalEnergy)),
    );
    const ratio = largest / smallest;
    return Math.max(2, 0.5 * log(1 + ratio * ratio));
  },
  /**
   * NRL Plasma Formulary, thermal electron–electron collisions, not degenerate, n in cm⁻³ and T in eV:
   * ln Λ = 23.5 - ln(n^{1/2} T^{-5/4}) - [10⁻⁵ + (ln T - 2)²/16]^{1/2}.
   */
  nrl: ({ density, thermalEnergy }: Gas): number => {
    const lnT = log(thermalEnergy / elementaryCharge);
    const bend = (lnT - 2) / 4;
    return 23.5 - 0.5 * log(density * 1e-6) + 1.25 * lnT - Math.sqrt(1e-5 + bend * bend);
  },
};

export type CoulombLogarithmFormula = keyof typeof formulas;

/**
 * ln Λ as it is given: a number > 0, or the name of a formula for electrons on electrons.
 *
 * @throws InputError if it is neither, or if the formula gives nothing positive (it does not hold there)
 */
export function coulombLogarithm(key: string, given: number | string, gas: Gas): number {
  if (isNumber(given)) {
    if (given > 0) return given;
  } else if (Object.hasOwn(formulas, given)) {
    const value = formulas[given as CoulombLogarithmFormula](gas);
    if (value > 0) return value;
    throw new InputError(
      key,
      `${given} gives ${Number(value.toPrecision(4))} for this density and temperature, where it does not hold; ` +
        "valid: a number > 0, or lee-more",
    );
  }
  throw new InputError(
    key,
    `${JSON.stringify(given)} is not valid; a number > 0, or ${oneOf(Object.keys(formulas), given)}`,
  );
}
