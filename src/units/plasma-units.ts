import { InputError } from "../errors.js";
import { cbrt, pow } from "../portable-math.js";
import { isMapping } from "../problem/plain.js";
import { oneOf } from "../problem/schema-parts.js";
import { didYouMean } from "../problem/suggest.js";
import { rounded } from "../rounded.js";
import type { PlasmaUnits } from "../types.js";
import {
  bohrRadius,
  boltzmann,
  electronMass,
  elementaryCharge,
  lightSpeed,
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
  const logarithm = coulombLogarithm(`${prefix}coulombLogarithm`, input.coulombLogarithm ?? "lee-more", {
    density,
    thermalEnergy: kT,
    fermiEnergy,
    mass,
  });
  const lnLambda = logarithm.value;
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
    ...(logarithm.formula === undefined ? {} : { formulaLogarithm: logarithm.formula }),
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
    notes: [...logarithm.notes, ...relativistic(Math.max(fermiVelocity, Math.sqrt(kT / mass)))],
  };
  for (const [key, value] of Object.entries(units)) {
    if (typeof value !== "number") continue;
    if (!Number.isFinite(value) || (value <= 0 && key !== "chemicalPotential")) {
      throw new InputError(
        `${prefix}density`,
        `with this temperature, ${key} is outside the range of a double`,
      );
    }
  }
  return units;
}

/** Share of the speed of light from which on the user is told: the kinetic energy is then wrong by some 1 %. */
const worthTelling = 0.1;

function relativistic(speed: number): string[] {
  const share = speed / lightSpeed;
  if (share <= worthTelling) return [];
  return [
    `the equation is not relativistic, and √(k_B T/m) or v_F is ${rounded(share, 2)} of the speed of light`,
  ];
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
