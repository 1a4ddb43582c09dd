import { cellPairs, MAX_STAGES, N, pair, setPair, total } from "./memory";
import { content } from "./scales";
import { slopeOf } from "./terms";

/**
 * The two-step correction. With E = Δt Σ e_j K_j, the distance to the embedded solution, and E' that of the step Δt' before,
 * the last stage of a step is
 *
 *   f + Δt Σ b_j K_j - k (E - (Δt/Δt')⁴ E'),   k = κ Δt / (Δt' + α (Δt - Δt')),
 *
 * κ a `share` and α a `place` in the step. E is of order Δt⁴, at t + αΔt, so that the difference is of order Δt⁵; with κ the
 * share that the error has of it nearly what the method lacks to the next order, all of it where the equation is linear.
 */
let kappa: f64 = 0;
let alpha: f64 = 0;

/** k, 0 where there is nothing to compare with, and k (Δt/Δt')⁴, of the step that is tried. */
export let correction: f64 = 0;
export let carriedOver: f64 = 0;
/** ‖E‖ and ‖k (E - (Δt/Δt')⁴ E')‖, Σ V |·| / Σ V f, of the step tried last. */
export let errorNorm: f64 = 0;
export let correctionNorm: f64 = 0;

/** Numbers of the flux arrays of E' and E, and the step Δt' that E' is of; 0 if there is none. */
export let estimateBefore: i32 = MAX_STAGES;
let estimateNow: i32 = MAX_STAGES + 1;
let stepBefore: f64 = 0;

/** A step may be this many times as long as the one before, or as short, for their E to be compared. */
const COMPARABLE: f64 = 4;

export function setCorrection(share: f64, place: f64): void {
  kappa = share;
  alpha = place;
}

export function forgetEstimate(): void {
  stepBefore = 0;
}

/** The step of size `dt` has been accepted. */
export function keepEstimate(dt: f64): void {
  const free = estimateBefore;
  estimateBefore = estimateNow;
  estimateNow = free;
  stepBefore = dt;
}

export function beginCorrection(dt: f64): void {
  correction = 0;
  carriedOver = 0;
  if (stepBefore === 0 || dt > COMPARABLE * stepBefore || dt * COMPARABLE < stepBefore) return;
  const growth = dt / stepBefore;
  correction = (kappa * dt) / (stepBefore + alpha * (dt - stepBefore));
  carriedOver = correction * growth * growth * growth * growth;
}

/** Weights of E, k and k (Δt/Δt')⁴, twice each, for the loop to read: registers are for what it carries. */
const constants = memory.data(112, 16);

/** E from the flux arrays of the stages, with their `weights` Δt e_j / τ_j. */
export function estimateError(weights: StaticArray<f64>): void {
  const k0 = slopeOf(0);
  const k1 = weighing(1, weights);
  const k2 = weighing(2, weights);
  const k3 = weighing(3, weights);
  const k4 = weighing(4, weights);
  for (let j = 0; j < MAX_STAGES; j++) setPair(constants, j, f64x2.splat(weights[j]));
  setPair(constants, 5, f64x2.splat(correction));
  setPair(constants, 6, f64x2.splat(carriedOver));
  const old = slopeOf(estimateBefore);
  const toNow = slopeOf(estimateNow);
  let sum = f64x2.splat(0);
  let corrected = sum;
  let behind = sum;
  let correctedBehind = sum;
  for (let i = 1; i <= cellPairs; i++) {
    let E = f64x2.add(weighted(0, pair(k0, i)), weighted(1, pair(k1, i)));
    E = f64x2.add(E, f64x2.add(weighted(2, pair(k2, i)), weighted(3, pair(k3, i))));
    E = f64x2.add(E, weighted(4, pair(k4, i)));
    setPair(toNow, i, E);
    sum = f64x2.add(sum, f64x2.abs(f64x2.sub(E, behind)));
    behind = E;
    const difference = f64x2.sub(weighted(5, E), weighted(6, pair(old, i)));
    corrected = f64x2.add(corrected, f64x2.abs(f64x2.sub(difference, correctedBehind)));
    correctedBehind = difference;
  }
  const before = pair(toNow, cellPairs - 1);
  const beforeCorrected = f64x2.sub(weighted(5, before), weighted(6, pair(old, cellPairs - 1)));
  errorNorm = (total(sum) - twice(behind, before)) / content;
  correctionNorm = (total(corrected) - twice(correctedBehind, beforeCorrected)) / content;
}

function weighted(i: i32, value: v128): v128 {
  return f64x2.mul(pair(constants, i), value);
}

/** The flux array of stage j; where it weighs nothing the first, which is read anyway: one stream of memory less. */
function weighing(j: i32, weights: StaticArray<f64>): usize {
  return slopeOf(weights[j] === 0 ? 0 : j);
}

/** A middle cell's share of a sum over pairs of |ahead - behind|, which is to have it once. */
function twice(ahead: v128, behind: v128): f64 {
  return N & 1 ? Math.abs(f64x2.extract_lane(ahead, 1) - f64x2.extract_lane(behind, 1)) : 0;
}
