/**
 * Physical units: {@link plasmaUnits} of a density and a temperature, {@link dimensionless} for a problem in s, m/s and eV.
 *
 * @module landau-fermi-dirac/units
 */

export type { CoulombLogarithmFormula } from "./coulomb-logarithm.js";
export {
  dimensionless,
  type PhysicalProblem,
  type PhysicalSample,
  physicalEquilibrium,
  physicalSample,
} from "./physical-problem.js";
export { type PlasmaUnits, type PlasmaUnitsInput, plasmaUnits } from "./plasma-units.js";
