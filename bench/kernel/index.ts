// The solver's exports, and the parts of one Newton iteration one by one: what `kernel.bench.mjs` times.

import { newtonStep, RESIDUAL } from "../../assembly/elimination";
import { logarithmicMean } from "../../assembly/mean";
import { cell, f, face, fluxes, fStage, h, hStage, N, stride, update } from "../../assembly/memory";
import { fluxOf } from "../../assembly/predict";
import { applyUpdate, content, surveyState } from "../../assembly/stage";

export * from "../../assembly/index";

/** The stage starts from the accepted state, with f* the same. */
export function begin(): void {
  surveyState(f);
  memory.copy(fStage, f, stride());
  memory.copy(hStage, h, stride());
  memory.fill(fluxes, 0, stride());
}

export function mean(): void {
  logarithmicMean(fStage, hStage);
}

export function solve(tau: f64): void {
  newtonStep(fStage, fluxOf(0), tau, cell(fStage, N - 1), content, RESIDUAL);
}

export function change(): void {
  applyUpdate(fluxOf(0));
}

/** Σ |δm_k| */
export function sizeOfUpdate(): f64 {
  let sum: f64 = 0;
  for (let k = 1; k < N; k++) sum += Math.abs(face(update, k));
  return sum;
}

/** Makes δm so small that updates with it, however many, change nothing that matters. */
export function shrinkUpdate(): void {
  for (let k = 0; k < N + 2; k++) {
    const at = update + ((<usize>k) << 3);
    store<f64>(at, 1e-12 * load<f64>(at));
  }
}
