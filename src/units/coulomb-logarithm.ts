import { InputError } from "../errors.js";
import { cbrt, log } from "../portable-math.js";
import { isNumber, oneOf } from "../problem/schema-parts.js";
import { rounded } from "../rounded.js";
import { elementaryCharge, planck, vacuumPermittivity } from "./constants.js";

/** A gas of charges e: n in m⁻³, k_B T and E_F in joules, mass in kg. */
export interface Gas {
  density: number;
  thermalEnergy: number;
  fermiEnergy: number;
  mass: number;
}

/** A Coulomb logarithm, and how it came about. */
export interface CoulombLogarithm {
  value: number;
  /** What the named formula gives, before its floor; absent for a number that was given. */
  formula?: number;
  /** Where the value is not what the formula stands for, a sentence each. */
  notes: string[];
}

interface Formula {
  value(gas: Gas): number;
  /** The least value used; absent: none. */
  floor?: number;
  /** What to say where the formula does not hold although it gives a number. */
  caution?(gas: Gas): string | undefined;
}

const formulas = {
  /**
   * Y. T. Lee and R. M. More, Phys. Fluids 27, 1273 (1984), for electrons on electrons (Z = 1, ions do not
   * screen), in SI:
   *
   *     ln Λ = ½ ln(1 + b_max²/b_min²)
   *     b_max = max( √(ε₀ k_B √(T² + T_F²) / (n e²)), (3/4πn)^{1/3} )      their (19), and the distance between neighbours
   *     b_min = max( e²/(4πε₀ 3k_B T), ħ/(2 √(3m k_B T)) )                distance of closest approach, λ/2 of the uncertainty
   *
   * They print h in b_min; it is ħ (S. Skupsky, Phys. Rev. A 36, 5701 (1987)): Δx Δp = ħ/2 with Δp² = 3m k_B T. Their
   * floor of 2 is not derived: below it collisions are not a sum of small deflections, and no formula of this form holds.
   */
  "lee-more": {
    floor: 2,
    value({ density, thermalEnergy, fermiEnergy, mass }) {
      const e2 = (elementaryCharge * elementaryCharge) / vacuumPermittivity;
      const screening2 =
        Math.sqrt(thermalEnergy * thermalEnergy + fermiEnergy * fermiEnergy) / (density * e2);
      const sphere = cbrt(3 / (4 * Math.PI * density));
      const largest = Math.max(Math.sqrt(screening2), sphere);
      const smallest = Math.max(
        e2 / (4 * Math.PI * 3 * thermalEnergy),
        planck / (2 * Math.PI) / (2 * Math.sqrt(3 * mass * thermalEnergy)),
      );
      const ratio = largest / smallest;
      return 0.5 * log(1 + ratio * ratio);
    },
  },
  /**
   * NRL Plasma Formulary, thermal electron–electron collisions, not degenerate, n in cm⁻³ and T in eV:
   * ln Λ = 23.5 - ln(n^{1/2} T^{-5/4}) - [10⁻⁵ + (ln T - 2)²/16]^{1/2}.
   */
  nrl: {
    value({ density, thermalEnergy }) {
      const lnT = log(thermalEnergy / elementaryCharge);
      const bend = (lnT - 2) / 4;
      return 23.5 - 0.5 * log(density * 1e-6) + 1.25 * lnT - Math.sqrt(1e-5 + bend * bend);
    },
    caution({ thermalEnergy, fermiEnergy }) {
      const theta = thermalEnergy / fermiEnergy;
      if (theta > 1) return undefined;
      return `nrl is for gases that are not degenerate; here T/T_F = ${rounded(theta, 3)}, lee-more screens with T_F too`;
    },
  },
} satisfies Record<string, Formula>;

export type CoulombLogarithmFormula = keyof typeof formulas;

/**
 * ln Λ as it is given: a number > 0, or the name of a formula for electrons on electrons.
 *
 * @throws InputError if it is neither, or if the formula gives nothing positive (it does not hold there)
 */
export function coulombLogarithm(key: string, given: number | string, gas: Gas): CoulombLogarithm {
  if (isNumber(given)) {
    if (given > 0) return { value: given, notes: [] };
  } else if (Object.hasOwn(formulas, given)) {
    return byFormula(key, given, formulas[given as CoulombLogarithmFormula], gas);
  }
  throw new InputError(
    key,
    `${JSON.stringify(given)} is not valid; a number > 0, or ${oneOf(Object.keys(formulas), given)}`,
  );
}

function byFormula(
  key: string,
  name: string,
  { value, floor, caution }: Formula,
  gas: Gas,
): CoulombLogarithm {
  const formula = value(gas);
  if (!(formula > 0)) {
    throw new InputError(
      key,
      `${name} gives ${rounded(formula, 4)} for this density and temperature, where it does not hold; ` +
        "valid: a number > 0, or lee-more",
    );
  }
  const notes = [caution?.(gas)].filter((note) => note !== undefined);
  if (floor === undefined || formula >= floor) return { value: formula, formula, notes };
  notes.push(
    `ln Λ = ${floor} is the floor of ${name}; the formula gives ${rounded(formula, 2)}: take times as estimates of their order`,
  );
  return { value: floor, formula, notes };
}
