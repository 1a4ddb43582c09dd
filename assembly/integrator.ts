import {
  epsilon,
  f,
  fStage,
  fStar,
  get,
  h,
  hStage,
  hStar,
  invEpsilon,
  MAX_STAGES,
  N,
  set,
  slopes,
  stride,
  V,
} from "./memory";
import { repairStar } from "./repair";
import { content, largest, restoreMass, solveStage, surveyState } from "./stage";

// The method: a diagonally implicit Runge–Kutta tableau whose last stage is the new state (stiffly accurate).
let stages: i32 = 0;
const matrix = new StaticArray<f64>(MAX_STAGES * MAX_STAGES);
/** Weights of the error estimate Δt Σ e_i K_i. */
const errorWeights = new StaticArray<f64>(MAX_STAGES);

export let errorNorm: f64 = 0;
export let repairedStages: f64 = 0;

/** K of the last stage is the slope at the accepted state: the first guess of the next step. */
let slopeKnown: bool = false;

export const STEP_DONE: i32 = 0;
export const STEP_NEWTON_FAILED: i32 = 1;
export const STEP_REPAIR_FAILED: i32 = 2;

export function setMethod(count: i32): void {
  stages = count;
  slopeKnown = false;
}

export function setCoefficient(i: i32, j: i32, a: f64): void {
  matrix[i * MAX_STAGES + j] = a;
}

export function setErrorWeight(i: i32, e: f64): void {
  errorWeights[i] = e;
}

export function forgetSlope(): void {
  slopeKnown = false;
}

/**
 * Tries one step of size `dt` from the accepted state; the candidate is left in `fStage`, `hStage`, its estimated
 * error (relative L¹) in `errorNorm`. Nothing of the accepted state is changed. Stage i: f - a_ii Δt dF/V = f*,
 * K_i = (f - f*)/(a_ii Δt), which has neither mass nor energy.
 */
export function attemptStep(dt: f64, newtonTolerance: f64): i32 {
  surveyState(f, h);
  for (let i = 0; i < stages; i++) {
    const tau = dt * matrix[i * MAX_STAGES + i];
    const admissible = formStar(dt, i);
    if (!admissible) {
      repairedStages += 1;
      if (!repairStar()) {
        slopeKnown = false;
        return STEP_REPAIR_FAILED;
      }
    }
    const guess = i > 0 ? i - 1 : stages - 1;
    predict(i > 0 || slopeKnown ? tau : 0, slopes + <usize>guess * stride());
    if (!solveStage(tau, newtonTolerance, slopes + <usize>i * stride())) {
      slopeKnown = false;
      return STEP_NEWTON_FAILED;
    }
    formSlope(1 / tau, slopes + <usize>i * stride());
  }
  slopeKnown = true;
  errorNorm = estimateError(dt) / content;
  return STEP_DONE;
}

/** f* and h* of stage `row`; false if one of them is negative somewhere. */
function formStar(dt: f64, row: i32): bool {
  const n = N;
  const size = stride();
  const p1 = slopes;
  const p2 = p1 + size;
  const p3 = p2 + size;
  const p4 = p3 + size;
  const base = row * MAX_STAGES;
  const a1 = row > 0 ? dt * matrix[base] : 0;
  const a2 = row > 1 ? dt * matrix[base + 1] : 0;
  const a3 = row > 2 ? dt * matrix[base + 2] : 0;
  const a4 = row > 3 ? dt * matrix[base + 3] : 0;
  const e = epsilon;
  const inverse = invEpsilon;
  const top = largest();
  let low: f64 = 1;
  for (let i = 0; i < n; i++) {
    let d: f64 = 0;
    if (row > 0) d = a1 * get(p1, i);
    if (row > 1) d += a2 * get(p2, i);
    if (row > 2) d += a3 * get(p3, i);
    if (row > 3) d += a4 * get(p4, i);
    let f1 = get(f, i) + d;
    let h1 = get(h, i) - e * d;
    // above 1/ε it stays what it is: the repair moves the excess to other cells
    if (h1 < 0.5) f1 = h1 < 0 ? (1 - h1) * inverse : Math.min((1 - h1) * inverse, top);
    else h1 = 1 - e * f1;
    set(fStar, i, f1);
    set(hStar, i, h1);
    low = Math.min(low, Math.min(f1, h1));
  }
  return low >= 0;
}

/**
 * First guess f* + τK, held within reach of the accepted state so that it is admissible; what holding back has put in
 * or taken out is restored, since Newton's updates carry no mass. Failing that, the accepted state itself.
 */
function predict(tau: f64, slope: usize): void {
  const n = N;
  const e = epsilon;
  const inverse = invEpsilon;
  const top = largest();
  let surplus: f64 = 0;
  for (let i = 0; i < n; i++) {
    const d = tau * get(slope, i);
    const freeF = get(fStar, i) + d;
    const freeH = get(hStar, i) - e * d;
    let f1 = Math.max(freeF, 0.1 * get(f, i));
    let h1 = Math.max(freeH, 0.1 * get(h, i));
    if (h1 < 0.5) {
      if (h1 !== freeH) surplus += (freeH - h1) * inverse * get(V, i);
      f1 = Math.min((1 - h1) * inverse, top);
    } else {
      if (f1 !== freeF) surplus += (f1 - freeF) * get(V, i);
      h1 = 1 - e * f1;
    }
    set(fStage, i, f1);
    set(hStage, i, h1);
  }
  if (surplus !== 0 && !restoreMass(surplus)) {
    const bytes = (<usize>n) << 3;
    memory.copy(fStage, f, bytes);
    memory.copy(hStage, h, bytes);
  }
}

function formSlope(inverseTau: f64, out: usize): void {
  const n = N;
  for (let i = 0; i < n; i++) {
    const hole = get(hStage, i);
    const d = hole < 0.5 ? (get(hStar, i) - hole) * invEpsilon : get(fStage, i) - get(fStar, i);
    set(out, i, d * inverseTau);
  }
}

/** Σ V |Δt Σ e_i K_i| */
function estimateError(dt: f64): f64 {
  const n = N;
  const size = stride();
  const count = stages;
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    let error: f64 = 0;
    for (let s = 0; s < count; s++) error += errorWeights[s] * get(slopes + <usize>s * size, i);
    sum += Math.abs(error) * get(V, i);
  }
  return sum * dt;
}

/** Σ V |f_candidate - f| / Σ V f: how far the last attempt would move the state. */
export function candidateChange(): f64 {
  const n = N;
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(get(fStage, i) - get(f, i)) * get(V, i);
  return sum / content;
}
