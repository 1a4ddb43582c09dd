import {
  cellPairs,
  FLUXES,
  f,
  fluxes,
  fStage,
  MAX_STAGES,
  N,
  pair,
  setPair,
  stride,
  total,
  V,
} from "./memory";
import { fluxOf, guessWeights, startStage, starWeights } from "./predict";
import { lost } from "./repair";
import { content, surveyState } from "./scales";
import { defect, expectNothing, guessError, solveStage } from "./stage";

// The method: a diagonally implicit Runge–Kutta tableau whose last stage is the new state (stiffly accurate).
let stages: i32 = 0;
const matrix = new StaticArray<f64>(MAX_STAGES * MAX_STAGES);
/** Weights e_i of the error estimate. */
const errorWeights = new StaticArray<f64>(MAX_STAGES);
/** κ and α of the two-step correction (see `correctionOf`); κ = 0 for none. */
let correction: f64 = 0;
let place: f64 = 0;
/** Which slopes a stage's first guess is extrapolated from: the stages in order of preference, -1 for none. */
const sources = new StaticArray<i32>(MAX_STAGES * MAX_STAGES);

// What stands in the flux arrays: stage i's array holds c_k = τ_i K_i as a flux, its slope at the time `when`, counted from
// the accepted state.
const scale = new StaticArray<f64>(MAX_STAGES);
const when = new StaticArray<f64>(MAX_STAGES);
const known = new StaticArray<bool>(MAX_STAGES);
/** What rounding has left of Σ Δx_k c_k in the stages of the step, and in its error estimate. */
const defects = new StaticArray<f64>(FLUXES);

export let errorNorm: f64 = 0;
export let guessNorm: f64 = 0;
let lastStep: f64 = 0;
/** Size of the accepted step that the error estimate in the last flux array is of; 0 if there is none. */
let estimatedStep: f64 = 0;

export const STEP_DONE: i32 = 0;
export const STEP_NEWTON_FAILED: i32 = 1;
export const STEP_REPAIR_FAILED: i32 = 2;

export function setMethod(count: i32, kappa: f64, alpha: f64): void {
  stages = count;
  correction = kappa;
  place = alpha;
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

/** After a failure too: what stands in a flux array need not be a number then, and 0 times it would not be 0. */
export function forgetSlopes(): void {
  memory.fill(fluxes, 0, stride() * FLUXES);
  for (let j = 0; j < MAX_STAGES; j++) known[j] = false;
  estimatedStep = 0;
  expectNothing();
}

/** The candidate has become the accepted state. */
export function advanceSlopes(): void {
  for (let j = 0; j < MAX_STAGES; j++) when[j] -= lastStep;
  estimatedStep = lastStep;
}

/** A step may be this many times as long as the one before, or as short, for the error estimates of both to be compared. */
const COMPARABLE: f64 = 5;

/**
 * The last stage of a step Δt after one of Δt' is
 *
 *   f + Δt Σ b_j K_j - k (E - (Δt/Δt')⁴ E'),   k = κ Δt / (Δt' + α (Δt - Δt')),
 *
 * E = Δt Σ e_j K_j the error estimate and E' that of the step before: E is of order Δt⁴, at t + αΔt, so that the
 * difference is of order Δt⁵, and with κ the share that the error has of it nearly what the method lacks to the next order:
 * all of it where the equation is linear. Returns k, 0 where there is nothing to compare with.
 */
function correctionOf(dt: f64): f64 {
  if (estimatedStep === 0 || dt > COMPARABLE * estimatedStep || dt * COMPARABLE < estimatedStep) return 0;
  return (correction * dt) / (estimatedStep + place * (dt - estimatedStep));
}

/**
 * Tries one step of size `dt` from the accepted state; the candidate is left in `fStage`, `hStage`, its estimated
 * error (relative L¹) in `errorNorm`, that of the last stage's first guess in `guessNorm`. Nothing of the accepted state
 * is changed. Stage i: f - a_ii Δt dF/V = f*, K_i = (f - f*)/(a_ii Δt), which has neither mass nor energy; kept as the flux
 * c_k = m_k - m*_k.
 */
export function attemptStep(dt: f64, newtonTolerance: f64): i32 {
  surveyState(f);
  const k = correctionOf(dt);
  const growth = k > 0 ? dt / estimatedStep : 0;
  estimatedStep = 0; // the array will be written over
  for (let i = 0; i < stages; i++) {
    const share = i === stages - 1 ? k : 0;
    const tau = dt * (matrix[i * MAX_STAGES + i] - share * errorWeights[i]);
    let node: f64 = 0;
    let owed: f64 = 0;
    for (let j = 0; j < MAX_STAGES; j++) {
      node += j <= i ? matrix[i * MAX_STAGES + j] : 0;
      starWeights[j] = j < i ? (dt * (matrix[i * MAX_STAGES + j] - share * errorWeights[j])) / scale[j] : 0;
      if (j < i) owed += starWeights[j] * defects[j];
    }
    starWeights[MAX_STAGES] = share * growth * growth * growth * growth;
    owed += starWeights[MAX_STAGES] * defects[MAX_STAGES];
    extrapolate(i, node * dt, tau);
    const c = fluxOf(i);
    if (!startStage(c)) {
      forgetSlopes();
      return STEP_REPAIR_FAILED;
    }
    if (i === stages - 1) owed += lost;
    if (!solveStage(tau, newtonTolerance, c, owed, i === stages - 1)) {
      forgetSlopes();
      return STEP_NEWTON_FAILED;
    }
    defects[i] = defect;
    scale[i] = tau;
    when[i] = node * dt;
    known[i] = true;
  }
  lastStep = dt;
  errorNorm = estimateError(dt) / content;
  guessNorm = guessError / content;
  return STEP_DONE;
}

/** Weights of the first guess τK of stage i: the slope at `time`, by the polynomial through its sources that are known. */
function extrapolate(i: i32, time: f64, tau: f64): void {
  for (let j = 0; j < MAX_STAGES; j++) guessWeights[j] = 0;
  for (let a = 0; a < MAX_STAGES; a++) {
    const j = sources[i * MAX_STAGES + a];
    if (j < 0 || !known[j]) continue;
    let weight: f64 = 1;
    for (let b = 0; b < MAX_STAGES; b++) {
      const k = sources[i * MAX_STAGES + b];
      if (k < 0 || !known[k] || k === j) continue;
      weight *= (time - when[k]) / (when[j] - when[k]);
    }
    guessWeights[j] = (tau * weight) / scale[j];
  }
}

/** Σ V |E|, E = Δt Σ e_i K_i, which is left in the last flux array. */
function estimateError(dt: f64): f64 {
  const estimate = fluxOf(MAX_STAGES);
  defects[MAX_STAGES] = 0;
  for (let j = 0; j < stages; j++) defects[MAX_STAGES] += ((dt * errorWeights[j]) / scale[j]) * defects[j];
  const k0 = fluxOf(0);
  const k1 = fluxOf(1);
  const k2 = fluxOf(2);
  const k3 = fluxOf(3);
  const k4 = fluxOf(4);
  const w0 = errorWeight(0, dt);
  const w1 = errorWeight(1, dt);
  const w2 = errorWeight(2, dt);
  const w3 = errorWeight(3, dt);
  const w4 = errorWeight(4, dt);
  let sum = f64x2.splat(0);
  let behind = sum;
  let last = sum;
  for (let i = 1; i <= cellPairs; i++) {
    let ahead = f64x2.add(f64x2.mul(w0, pair(k0, i)), f64x2.mul(w1, pair(k1, i)));
    ahead = f64x2.add(ahead, f64x2.add(f64x2.mul(w2, pair(k2, i)), f64x2.mul(w3, pair(k3, i))));
    ahead = f64x2.add(ahead, f64x2.mul(w4, pair(k4, i)));
    setPair(estimate, i, ahead);
    last = f64x2.abs(f64x2.sub(ahead, behind));
    sum = f64x2.add(sum, last);
    behind = ahead;
  }
  return total(sum) - (N & 1 ? f64x2.extract_lane(last, 1) : 0); // the middle cell counts once
}

/** Weight of the flux array of stage j in the error estimate. */
function errorWeight(j: i32, dt: f64): v128 {
  return f64x2.splat(j < stages ? (dt * errorWeights[j]) / scale[j] : 0);
}

/** Σ V |f_candidate - f| / Σ V f: how far the last attempt would move the state. */
export function candidateChange(): f64 {
  let sum = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.abs(f64x2.sub(pair(fStage, i), pair(f, i))), pair(V, i)));
  }
  return total(sum) / content;
}
