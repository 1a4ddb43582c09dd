/**
 * Physical units: {@link plasmaUnits} of a density and a temperature, {@link dimensionless} for a problem in s, m/s and eV.
 *
 * @module landau-fermi-dirac/units
 */

export type { PlasmaUnits } from "../types.js";
export type { CoulombLogarithmFormula } from "./coulomb-logarithm.js";
export { dimensionless, type PhysicalInitialData, type PhysicalProblem } from "./physical-problem.js";
export {
  type PhysicalErrors,
  type PhysicalSample,
  physicalEquilibrium,
  physicalErrors,
  physicalSample,
} from "./physical-result.js";
export { type PlasmaUnitsInput, plasmaUnits } from "./plasma-units.js";
