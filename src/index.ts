/**
 * The package itself, in Node and in the browser: a problem goes to {@link simulate}, a result comes back.
 *
 * @module landau-fermi-dirac
 */

export { type Collision, collision } from "./collision.js";
export { equilibrium, equilibriumValue, saturation } from "./equilibrium/equilibrium.js";
export { estimateErrors } from "./error-estimate.js";
export { InputError, RunError } from "./errors.js";
export { type NamedProblem, namedProblems } from "./named-problems.js";
export { radialNodes } from "./output/nodes.js";
export { type Problem, resolveProblem } from "./problem/schema.js";
export { type Progress, type SimulateOptions, type SimulationResult, simulate } from "./simulate.js";
export type { Coefficients } from "./solver/engine.js";
export type { Resumed } from "./solver/prepare.js";
export type {
  Checkpoint,
  Conservation,
  Equilibrium,
  ErrorBar,
  Grid,
  InitialData,
  MethodName,
  ResolvedProblem,
  RunDocument,
  RunHeader,
  Sample,
  SampleErrors,
  Work,
} from "./types.js";
export { validate } from "./validate.js";
