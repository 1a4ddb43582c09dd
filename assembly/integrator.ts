import {
  beginCorrection,
  carriedOver,
  correction,
  estimateBefore,
  estimateError,
  forgetEstimate,
  keepEstimate,
  setCorrection,
} from "./estimate";
import { cellPairs, f, fStage, MAX_STAGES, pair, SLOPES, slopes, stride, total, V } from "./memory";
import { startStage } from "./predict";
import { content } from "./scales";
import { expectNothing, guessError, solveStage } from "./stage";
import { guessWeights, slopeOf, starWeights } from "./terms";

// The method: a diagonally implicit Runge–Kutta tableau whose last stage is the new state (stiffly accurate).
let stages: i32 = 0;
const matrix = new StaticArray<f64>(MAX_STAGES * MAX_STAGES);
/** Weights e_i of the error estimate. */
const errorWeights = new StaticArray<f64>(MAX_STAGES);
/** Which slopes a stage's first guess is extrapolated from: stages in order of preference, -1 for none. */
const sources = new StaticArray<i32>(MAX_STAGES * MAX_STAGES);

// What stands in the flux arrays: stage i's array holds c_k = τ_i K_i as a flux, its slope at the time `when`, counted from
// the accepted state.
const scale = new StaticArray<f64>(MAX_STAGES);
const when = new StaticArray<f64>(MAX_STAGES);
const known = new StaticArray<bool>(MAX_STAGES);
/** Weights of the flux arrays in the error estimate. */
const estimateWeights = new StaticArray<f64>(MAX_STAGES);

export let guessNorm: f64 = 0;
let lastStep: f64 = 0;

export const STEP_DONE: i32 = 0;
export const STEP_NEWTON_FAILED: i32 = 1;
export const STEP_REPAIR_FAILED: i32 = 2;

export function setMethod(count: i32, share: f64, place: f64): void {
  stages = count;
  setCorrection(share, place);
  forgetSlopes();
}

export function setCoefficient(i: i32, j: i32, a: f64): void {
  matrix[i * MAX_STAGES + j] = a;
}

export function setErrorWeight(i: i32, e: f64): void {
  errorWeights[i] = e;
}

export function setSource(i: i32, place: i32, stage: i32): void {
  sources[i * MAX_STAGES + place] = stage;
}

/** What stands in the flux arrays stays there, and counts for nothing. */
export function forgetSlopes(): void {
  for (let j = 0; j < MAX_STAGES; j++) known[j] = false;
  forgetEstimate();
  expectNothing();
}

/** After a failure: what stands in a flux array need not be a number then, and 0 times it would not be 0. */
function clearSlopes(): void {
  memory.fill(slopes, 0, stride() * SLOPES);
  forgetSlopes();
}

/** The candidate has become the accepted state. */
export function advanceSlopes(): void {
  for (let j = 0; j < MAX_STAGES; j++) when[j] -= lastStep;
  keepEstimate(lastStep);
}

/**
 * Tries one step of size `dt` from the accepted state; the candidate is left in `fStage`, `hStage`, its error
 * estimates in `estimate` and, of the last stage's first guess, in `guessNorm` (relative L¹). Nothing of the accepted state
 * is changed. Stage i: f - a_ii Δt dF/V = f*, K_i = (f - f*)/(a_ii Δt), which has neither mass nor energy; kept as the flux
 * c_k = m_k - m*_k.
 */
export function attemptStep(dt: f64, newtonTolerance: f64): i32 {
  beginCorrection(dt);
  for (let i = 0; i < stages; i++) {
    const last = i === stages - 1;
    const corrected = last ? correction : 0;
    const tau = dt * (matrix[i * MAX_STAGES + i] - corrected * errorWeights[i]);
    let node: f64 = 0;
    for (let j = 0; j < MAX_STAGES; j++) {
      node += j <= i ? matrix[i * MAX_STAGES + j] : 0;
      starWeights[j] =
        j < i ? (dt * (matrix[i * MAX_STAGES + j] - corrected * errorWeights[j])) / scale[j] : 0;
    }
    for (let j = MAX_STAGES; j < SLOPES; j++) starWeights[j] = last && j === estimateBefore ? carriedOver : 0;
    extrapolate(i, node * dt, tau);
    const c = slopeOf(i);
    if (!startStage(c, newtonTolerance)) {
      clearSlopes();
      return STEP_REPAIR_FAILED;
    }
    if (!solveStage(tau, newtonTolerance, c, last)) {
      clearSlopes();
      return STEP_NEWTON_FAILED;
    }
    scale[i] = tau;
    when[i] = node * dt;
    known[i] = true;
  }
  lastStep = dt;
  for (let j = 0; j < MAX_STAGES; j++)
    estimateWeights[j] = j < stages ? (dt * errorWeights[j]) / scale[j] : 0;
  estimateError(estimateWeights);
  guessNorm = guessError / content;
  return STEP_DONE;
}

/** Weights of the first guess τK of stage i: the slope at `time`, by the polynomial through its sources that are known. */
function extrapolate(i: i32, time: f64, tau: f64): void {
  for (let j = 0; j < MAX_STAGES; j++) guessWeights[j] = 0;
  for (let a = 0; a < MAX_STAGES; a++) {
    const j = sourceOf(i, a);
    if (j < 0) continue;
    let weight: f64 = 1;
    for (let b = 0; b < MAX_STAGES; b++) {
      const k = sourceOf(i, b);
      if (k < 0 || k === j) continue;
      weight *= (time - when[k]) / (when[j] - when[k]);
    }
    guessWeights[j] = (tau * weight) / scale[j];
  }
}

/** The source of stage i at a place of its list; -1 where its slope is not known, or one before it stands at the same time. */
function sourceOf(i: i32, place: i32): i32 {
  const list = i * MAX_STAGES;
  const j = sources[list + place];
  if (j < 0 || !known[j]) return -1;
  for (let a = 0; a < place; a++) {
    const k = sources[list + a];
    if (k >= 0 && known[k] && when[k] === when[j]) return -1;
  }
  return j;
}

/** Σ V |f_candidate - f| / Σ V f: how far the last attempt would move the state. */
export function candidateChange(): f64 {
  let sum = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.abs(f64x2.sub(pair(fStage, i), pair(f, i))), pair(V, i)));
  }
  return total(sum) / content;
}
