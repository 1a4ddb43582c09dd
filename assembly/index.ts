// What the host sees. Pointers are byte offsets; every state is a pair (f, h = 1 - εf) of N doubles.

import { collide } from "./collision";
import { prepareGrid } from "./grid";
import * as integrator from "./integrator";
import * as memory from "./memory";
import { diagnose, invariants } from "./moments";
import * as stage from "./stage";

/** Small results: invariants in 0 … 2, diagnostics in 3 … 11. */
const results = heap.alloc(16 * 8);

export function resultsPointer(): usize {
  return results;
}

/** Allocates for `cells` cells; faces (cells + 1 doubles) are then written at `facesPointer` before `prepare`. */
export function allocate(cells: i32): void {
  memory.allocate(cells);
}

/** Where the faces are handed in: scratch that the first step overwrites. */
export function facesPointer(): usize {
  return memory.slopes;
}

export function prepare(epsilon: f64): void {
  memory.setEpsilon(epsilon);
  prepareGrid(memory.slopes);
  integrator.forgetSlope();
}

/** The accepted state. Moves with `accept`. */
export function statePointer(): usize {
  return memory.f;
}

export function stateHolesPointer(): usize {
  return memory.h;
}

/** The candidate of the last `attempt`; between steps scratch, where `diagnose` expects the equilibrium. */
export function candidatePointer(): usize {
  return memory.fStage;
}

export function candidateHolesPointer(): usize {
  return memory.hStage;
}

export function volumesPointer(): usize {
  return memory.V;
}

export function nodesPointer(): usize {
  return memory.x;
}

export { candidateChange, setCoefficient, setErrorWeight, setMethod } from "./integrator";

/** Tries a step: 0 done, 1 Newton failed, 2 repair failed. See `attemptStep`. */
export function attempt(dt: f64, newtonTolerance: f64): i32 {
  return integrator.attemptStep(dt, newtonTolerance);
}

/** The candidate becomes the accepted state. */
export function accept(): void {
  memory.acceptStage();
}

export function errorNorm(): f64 {
  return integrator.errorNorm;
}

export function newtonIterations(): f64 {
  return stage.newtonIterations;
}

export function repairedStages(): f64 {
  return integrator.repairedStages;
}

/** mass, energy, entropy of the accepted state. */
export function measureState(): void {
  invariants(memory.f, memory.h, results);
}

/** mass, energy, entropy of the candidate. */
export function measureCandidate(): void {
  invariants(memory.fStage, memory.hStage, results);
}

/** Diagnostics of the accepted state against the equilibrium at the candidate's place. */
export function diagnoseState(logA: f64, b: f64): void {
  diagnose(memory.f, memory.h, memory.fStage, memory.hStage, logA, b, results + 24);
}

/** df/dt of the accepted state, at the returned pointer. */
export function rate(): usize {
  collide(memory.f, memory.h, memory.fStar);
  return memory.fStar;
}

/** Computes D, A⊥ and m at the faces 0 … N-1, to be read at the three pointers before the next step. */
export { coefficients } from "./coefficients";

export function parallelPointer(): usize {
  return memory.fStar;
}

export function perpendicularPointer(): usize {
  return memory.hStar;
}

export function enclosedPointer(): usize {
  return memory.R;
}
