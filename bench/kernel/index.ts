// The solver's exports, and the parts of one Newton iteration one by one: what `kernel.bench.mjs` times.

import { eliminate, substituteAndUpdate } from "../../assembly/elimination";
import { measureState, resultsPointer } from "../../assembly/index";
import { FOUR_PI } from "../../assembly/invariants";
import { logarithmicMean } from "../../assembly/mean";
import {
  cell,
  f,
  facePairs,
  fStage,
  h,
  hStage,
  N,
  RECORD,
  records,
  slopes,
  stride,
} from "../../assembly/memory";
import { content, setScales } from "../../assembly/scales";
import { slopeOf } from "../../assembly/terms";
import { beginIteration, norm } from "../../assembly/update";

export * from "../../assembly/index";

/** The stage starts from the accepted state, with f* the same. */
export function begin(): void {
  measureState();
  setScales(load<f64>(resultsPointer()) / FOUR_PI, 1);
  memory.copy(fStage, f, stride());
  memory.copy(hStage, h, stride());
  memory.fill(slopes, 0, stride());
  beginIteration();
}

export function mean(): void {
  logarithmicMean(fStage, hStage);
}

export function eliminateOnce(tau: f64): void {
  eliminate<f64>(slopeOf(0), tau, cell(fStage, N - 1), content);
}

export function change(): void {
  substituteAndUpdate(slopeOf(0));
}

/** Σ |δf| V since `begin` */
export function sizeOfUpdate(): f64 {
  return norm;
}

/** Makes δm so small that updates with it, however many, change nothing that matters. */
export function shrinkUpdate(): void {
  for (let i = 0; i <= facePairs; i++) {
    const at = records + <usize>i * RECORD;
    v128.store(at, f64x2.mul(v128.load(at, 64), f64x2.splat(1e-12)), 64);
    v128.store(at, f64x2.mul(v128.load(at, 80), f64x2.splat(1e-12)), 80);
  }
}
