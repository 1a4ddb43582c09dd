export { mergeSweeps } from "./merge.js";
export type { FinishedRun, SweepOptions, SweepProgress, SweepResult, SweepStart } from "./options.js";
export type { Plan, Run } from "./plan.js";
export type { SweepSpec } from "./spec.js";
export { planSweep, sweep } from "./sweep.js";
