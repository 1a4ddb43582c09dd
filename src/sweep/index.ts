/**
 * Parameter sweeps, in Node only: {@link sweep} computes the runs of a {@link SweepSpec} and goes on where it was stopped,
 * {@link planSweep} tells what they would be, {@link mergeSweeps} joins shards.
 *
 * @module landau-fermi-dirac/sweep
 */

export { mergeSweeps } from "./merge.js";
export type { FinishedRun, SweepOptions, SweepProgress, SweepResult, SweepStart } from "./options.js";
export type { Plan, Run } from "./plan.js";
export type { SweepSpec } from "./spec.js";
export { planSweep, sweep } from "./sweep.js";
