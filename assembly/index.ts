// What the host sees. Pointers are byte offsets; every state is a pair (f, h = 1 - εf) of arrays, folded (memory.ts) where
// nothing else is said.

import * as collision from "./collision";
import * as estimate from "./estimate";
import { prepareGrid } from "./grid";
import * as integrator from "./integrator";
import { invariants } from "./invariants";
import * as arrays from "./memory";
import { diagnose } from "./moments";
import * as predict from "./predict";
import { setScales } from "./scales";
import * as stage from "./stage";

/** Small results: invariants in 0 … 2, diagnostics in 3 … 11. */
const results = heap.alloc(16 * 8);

export function resultsPointer(): usize {
  return results;
}

/** Allocates for `cells` cells; faces (cells + 1 doubles) are then written at `facesPointer` before `prepare`. */
export function allocate(cells: i32): void {
  arrays.allocate(cells);
}

/** Where the faces are handed in: scratch that the first step overwrites. */
export function facesPointer(): usize {
  return arrays.slopes;
}

export function prepare(epsilon: f64): void {
  arrays.setEpsilon(epsilon);
  prepareGrid(arrays.slopes);
  integrator.forgetSlopes();
}

/** The accepted state. Moves with `accept`. */
export function statePointer(): usize {
  return arrays.f;
}

export function stateHolesPointer(): usize {
  return arrays.h;
}

/** The candidate of the last `attempt`; between steps scratch, where `diagnose` expects the equilibrium. */
export function candidatePointer(): usize {
  return arrays.fStage;
}

export function candidateHolesPointer(): usize {
  return arrays.hStage;
}

export function volumesPointer(): usize {
  return arrays.V;
}

export function nodesPointer(): usize {
  return arrays.x;
}

export { candidateChange, setCoefficient, setErrorWeight, setMethod, setSource } from "./integrator";

/**
 * Tries a step from the accepted state, whose Σ f V is `content` and whose mean of x is `meanNode`; the candidate is to have
 * `owedContent` more of Σ f V, and `owedEnergy` of Σ f V x. 0 done, 1 Newton failed, 2 repair failed. See `attemptStep`.
 */
export function attempt(
  dt: f64,
  newtonTolerance: f64,
  content: f64,
  meanNode: f64,
  owedContent: f64,
  owedEnergy: f64,
): i32 {
  setScales(content, meanNode, owedContent, owedEnergy);
  return integrator.attemptStep(dt, newtonTolerance);
}

/** The candidate becomes the accepted state. */
export function accept(): void {
  arrays.acceptStage();
  integrator.advanceSlopes();
}

export function errorNorm(): f64 {
  return estimate.errorNorm;
}

export function correctionNorm(): f64 {
  return estimate.correctionNorm;
}

export function guessNorm(): f64 {
  return integrator.guessNorm;
}

export function newtonIterations(): f64 {
  return stage.newtonIterations;
}

export function repairedStages(): f64 {
  return predict.repairedStages;
}

/** mass, energy, entropy of the accepted state. */
export function measureState(): void {
  invariants(arrays.f, arrays.h, results);
}

/** mass, energy, entropy of the candidate. */
export function measureCandidate(): void {
  invariants(arrays.fStage, arrays.hStage, results);
}

/** Diagnostics of the accepted state against the equilibrium at the candidate's place. */
export function diagnoseState(logA: f64, b: f64): void {
  diagnose(arrays.f, arrays.h, arrays.fStage, arrays.hStage, logA, b, results + 24);
}

/** df/dt of the accepted state, at the returned pointer. */
export function rate(): usize {
  collision.collide(arrays.f, arrays.h, arrays.fStar);
  return arrays.fStar;
}

export function changeRate(): f64 {
  return collision.changeRate(arrays.f, arrays.h);
}

/** Computes D, A⊥ and m at the faces 0 … N-1, to be read at the three pointers, not folded, before the next step. */
export { coefficients } from "./coefficients";

export function parallelPointer(): usize {
  return arrays.fStar;
}

export function perpendicularPointer(): usize {
  return arrays.hStar;
}

export function enclosedPointer(): usize {
  return arrays.update;
}
