export type { CoulombLogarithmFormula } from "./coulomb-logarithm.js";
export {
  dimensionless,
  type PhysicalProblem,
  type PhysicalSample,
  physicalEquilibrium,
  physicalSample,
} from "./physical-problem.js";
export { type PlasmaUnits, type PlasmaUnitsInput, plasmaUnits } from "./plasma-units.js";
