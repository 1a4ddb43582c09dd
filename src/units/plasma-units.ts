import { InputError } from "../errors.js";
import { cbrt, pow } from "../portable-math.js";
import { isMapping } from "../problem/plain.js";
import { oneOf } from "../problem/schema-parts.js";
import { didYouMean } from "../problem/suggest.js";
import {
  bohrRadius,
  boltzmann,
  electronMass,
  elementaryCharge,
  planck,
  vacuumPermittivity,
} from "./constants.js";
import { type CoulombLogarithmFormula, coulombLogarithm } from "./coulomb-logarithm.js";
import { degeneracyParameter } from "./ideal-gas.js";
import { numberDensity, positiveNumber, thermalEnergy } from "./quantity.js";

/** A gas of one species with charge e: two of density, temperature and ε; the rest has defaults. */
export interface PlasmaUnitsInput {
  /** n: a number in m⁻³, or text such as "1.81e23 cm^-3". */
  density?: number | string;
  /** T with its unit: "5 eV", "58000 K". */
  temperature?: string;
  /** ε in place of one of the two; with `velocity: "thermal"` only. */
  epsilon?: number;
  /** kg; default: the electron's. */
  mass?: number;
  /** g_s, states for each momentum; default 2. */
  spinWeight?: number;
  /** ln Λ, or a formula's name; default "lee-more". */
  coulombLogarithm?: number | CoulombLogarithmFormula;
  /** What v₀ is: "thermal" (default), √(k_B T/m); or "fermi", ħ(6π²n/g_s)^{1/3}/m. */
  velocity?: "thermal" | "fermi";
}

/** What the dimensionless quantities are multiples of, and how degenerate the gas is. SI, but for energies in eV. */
export interface PlasmaUnits {
  /** n, m⁻³: the unit of density, so ∫ f dv = 1 is this density. */
  density: number;
  /** k_B T, eV. */
  temperature: number;
  /** T, K. */
  kelvin: number;
  /** kg */
  mass: number;
  spinWeight: number;
  coulombLogarithm: number;
  /** ε = n h³/(g_s m³ v₀³): εf is the occupation of a state, between 0 and 1. */
  epsilon: number;
  /** v₀, m/s. */
  velocity: number;
  /** t₀ = v₀³/(4πΓn), s, with Γ = e⁴ ln Λ/(4πε₀²m²). */
  time: number;
  /** m v₀², eV: a particle at r has the kinetic energy r²/2 of these. */
  energy: number;
  /** E_F = m v_F²/2, eV, and E_F/k_B, K. */
  fermiEnergy: number;
  fermiTemperature: number;
  /** v_F = ħ(6π²n/g_s)^{1/3}/m, m/s. */
  fermiVelocity: number;
  /** Θ = T/T_F */
  theta: number;
  /** μ of the ideal Fermi gas with this density and temperature, eV. */
  chemicalPotential: number;
  /** Wigner–Seitz radius (3/4πn)^{1/3} over Bohr's radius. */
  wignerSeitz: number;
  /** Spitzer's self-collision time t_c = m^{1/2}(3k_B T)^{3/2} (4πε₀)²/(8·0.714π n e⁴ ln Λ), s: the classical measure. */
  spitzerTime: number;
}

const keys = [
  "density",
  "temperature",
  "epsilon",
  "mass",
  "spinWeight",
  "coulombLogarithm",
  "velocity",
] as const satisfies readonly (keyof PlasmaUnitsInput)[];

/**
 * The units in which ∂t f = (Γ/2) ∇·∫ U(v - v*) (f*∇f - f∇*f*) dv*, U = (I - û⊗û)/|u|, with 1 - f h³/(g_s m³) for Pauli
 * blocking, is paper (1.1) with its factor 1/(8π): f in n/v₀³, v in v₀, t in t₀ = v₀³/(4πΓn), and ε = n h³/(g_s m³ v₀³).
 *
 * Given two of density, temperature and ε (ε = n h³/(g_s (m k_B T)^{3/2}) where v₀ is thermal), the third follows.
 *
 * @param prefix of the keys in error messages
 * @throws InputError for a key or value that is not valid, or unless exactly two of the three are given
 */
export function plasmaUnits(input: PlasmaUnitsInput, prefix = ""): PlasmaUnits {
  check(input, prefix);
  const mass = positiveNumber(`${prefix}mass`, input.mass ?? electronMass, "a mass > 0 in kg");
  const spinWeight = positiveNumber(`${prefix}spinWeight`, input.spinWeight ?? 2, "a number > 0");
  const hbar = planck / (2 * Math.PI);
  // h³/g_s, the volume of a state in (position, momentum) space
  const state = (planck * planck * planck) / spinWeight;
  const epsilonGiven =
    input.epsilon === undefined
      ? undefined
      : positiveNumber(`${prefix}epsilon`, input.epsilon, "a number > 0");
  const kTGiven =
    input.temperature === undefined ? undefined : thermalEnergy(`${prefix}temperature`, input.temperature);
  const density =
    input.density === undefined
      ? (epsilonGiven! * pow(mass * kTGiven!, 1.5)) / state
      : numberDensity(`${prefix}density`, input.density);
  const kT = kTGiven ?? pow((density * state) / epsilonGiven!, 2 / 3) / mass;

  const fermiVelocity = (hbar / mass) * cbrt((6 * Math.PI * Math.PI * density) / spinWeight);
  const fermiEnergy = (mass * fermiVelocity * fermiVelocity) / 2;
  const velocity = input.velocity === "fermi" ? fermiVelocity : Math.sqrt(kT / mass);
  const lnLambda = coulombLogarithm(`${prefix}coulombLogarithm`, input.coulombLogarithm ?? "lee-more", {
    density,
    thermalEnergy: kT,
    fermiEnergy,
    mass,
  });
  const momentum = mass * velocity;
  const charge2 = (elementaryCharge * elementaryCharge) / vacuumPermittivity;
  const gamma = ((charge2 / mass) * (charge2 / mass) * lnLambda) / (4 * Math.PI);
  const theta = kT / fermiEnergy;
  const units: PlasmaUnits = {
    density,
    temperature: kT / elementaryCharge,
    kelvin: kT / boltzmann,
    mass,
    spinWeight,
    coulombLogarithm: lnLambda,
    epsilon: (density * state) / momentum / momentum / momentum,
    velocity,
    time: (velocity * velocity * velocity) / (4 * Math.PI * gamma * density),
    energy: (momentum * velocity) / elementaryCharge,
    fermiEnergy: fermiEnergy / elementaryCharge,
    fermiTemperature: fermiEnergy / boltzmann,
    fermiVelocity,
    theta,
    chemicalPotential: (degeneracyParameter(theta) * kT) / elementaryCharge,
    wignerSeitz: cbrt(3 / (4 * Math.PI * density)) / bohrRadius,
    spitzerTime:
      (Math.sqrt(mass) * pow(3 * kT, 1.5) * 16 * Math.PI * Math.PI) /
      (8 * 0.714 * Math.PI * density * charge2 * charge2 * lnLambda),
  };
  for (const [key, value] of Object.entries(units)) {
    if (!Number.isFinite(value) || (value <= 0 && key !== "chemicalPotential")) {
      throw new InputError(
        `${prefix}density`,
        `with this temperature, ${key} is outside the range of a double`,
      );
    }
  }
  return units;
}

function check(input: PlasmaUnitsInput, prefix: string): void {
  if (!isMapping(input)) {
    throw new InputError(prefix.replace(/\.$/, "") || "units", `a mapping with keys ${keys.join(", ")}`);
  }
  for (const key of Object.keys(input)) {
    if (!(keys as readonly string[]).includes(key)) {
      throw new InputError(
        prefix + key,
        `is not a valid key; valid: ${keys.join(", ")}${didYouMean(key, keys)}`,
      );
    }
  }
  const { density, temperature, epsilon, velocity = "thermal" } = input;
  if (velocity !== "thermal" && velocity !== "fermi") {
    throw new InputError(
      `${prefix}velocity`,
      `${JSON.stringify(velocity)} is not valid; ${oneOf(["thermal", "fermi"], velocity)}`,
    );
  }
  if ([density, temperature, epsilon].filter((value) => value !== undefined).length !== 2) {
    const missing = density === undefined ? "density" : temperature === undefined ? "temperature" : "epsilon";
    throw new InputError(prefix + missing, "exactly two of density, temperature and epsilon are needed");
  }
  if (velocity === "fermi" && epsilon !== undefined) {
    throw new InputError(
      `${prefix}epsilon`,
      "is always 4π/3 with velocity fermi; give density and temperature",
    );
  }
}
