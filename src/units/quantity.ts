import { InputError } from "../errors.js";
import { isNumber } from "../problem/schema-parts.js";
import { boltzmann, elementaryCharge } from "./constants.js";

const quantity = /^\s*((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(.*?)\s*$/i;

function parts(text: string): { value: number; unit: string } | undefined {
  const [, value, unit] = quantity.exec(text) ?? [];
  return value === undefined ? undefined : { value: Number(value), unit: unit! };
}

/** k_B T in joules of `"5 eV"`, `"0.3keV"` or `"58000 K"`. A bare number could be either and is refused. */
export function thermalEnergy(key: string, given: unknown): number {
  const joules: Record<string, number> = {
    K: boltzmann,
    eV: elementaryCharge,
    keV: 1e3 * elementaryCharge,
  };
  const { value, unit } = (typeof given === "string" && parts(given)) || { value: Number.NaN, unit: "" };
  const factor = Object.hasOwn(joules, unit) ? joules[unit]! : Number.NaN;
  return finitePositive(key, given, value * factor, "a temperature > 0 with its unit, as in 5eV or 58000K");
}

/** m⁻³ of a number, `"1.8e29"`, `"1.8e29 m^-3"`, `"1.8e23 cm^-3"` or `"1.8e23 cm⁻³"`. */
export function numberDensity(key: string, given: unknown): number {
  const factors: Record<string, number> = {
    "": 1,
    "m^-3": 1,
    "m⁻³": 1,
    "m-3": 1,
    "cm^-3": 1e6,
    "cm⁻³": 1e6,
    "cm-3": 1e6,
  };
  const { value, unit } =
    typeof given === "string"
      ? (parts(given) ?? { value: Number.NaN, unit: "" })
      : { value: isNumber(given) ? given : Number.NaN, unit: "" };
  const factor = Object.hasOwn(factors, unit) ? factors[unit]! : Number.NaN;
  return finitePositive(key, given, value * factor, "a density > 0 in m^-3, or as in 1.8e23cm^-3");
}

/** A number > 0 that is given as a number. */
export function positiveNumber(key: string, given: unknown, what: string): number {
  return finitePositive(key, given, isNumber(given) ? given : Number.NaN, what);
}

function finitePositive(key: string, given: unknown, value: number, valid: string): number {
  if (value > 0 && value < Infinity) return value;
  throw new InputError(key, `${JSON.stringify(given)} is not valid; ${valid}`);
}
