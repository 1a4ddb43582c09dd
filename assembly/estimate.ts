import { cellPairs, MAX_STAGES, N, pair, setPair, total } from "./memory";
import { slopeOf } from "./predict";
import { content } from "./scales";

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

/** E from the flux arrays of the stages, with their `weights` Δt e_j / τ_j. */
export function estimateError(weights: StaticArray<f64>): void {
  const k0 = slopeOf(0);
  const k1 = weighing(1, weights);
  const k2 = weighing(2, weights);
  const k3 = weighing(3, weights);
  const k4 = weighing(4, weights);
  const w0 = f64x2.splat(weights[0]);
  const w1 = f64x2.splat(weights[1]);
  const w2 = f64x2.splat(weights[2]);
  const w3 = f64x2.splat(weights[3]);
  const w4 = f64x2.splat(weights[4]);
  const old = slopeOf(estimateBefore);
  const toNow = slopeOf(estimateNow);
  const k = f64x2.splat(correction);
  const kOld = f64x2.splat(carriedOver);
  let sum = f64x2.splat(0);
  let corrected = sum;
  let behind = sum;
  let correctedBehind = sum;
  let last = sum;
  let correctedLast = sum;
  for (let i = 1; i <= cellPairs; i++) {
    let E = f64x2.add(f64x2.mul(w0, pair(k0, i)), f64x2.mul(w1, pair(k1, i)));
    E = f64x2.add(E, f64x2.add(f64x2.mul(w2, pair(k2, i)), f64x2.mul(w3, pair(k3, i))));
    E = f64x2.add(E, f64x2.mul(w4, pair(k4, i)));
    setPair(toNow, i, E);
    last = f64x2.abs(f64x2.sub(E, behind));
    sum = f64x2.add(sum, last);
    behind = E;
    const difference = f64x2.sub(f64x2.mul(k, E), f64x2.mul(kOld, pair(old, i)));
    correctedLast = f64x2.abs(f64x2.sub(difference, correctedBehind));
    corrected = f64x2.add(corrected, correctedLast);
    correctedBehind = difference;
  }
  errorNorm = (total(sum) - twice(last)) / content;
  correctionNorm = (total(corrected) - twice(correctedLast)) / content;
}

/** The flux array of stage j; where it weighs nothing the first, which is read anyway: one stream of memory less. */
function weighing(j: i32, weights: StaticArray<f64>): usize {
  return slopeOf(weights[j] === 0 ? 0 : j);
}

/** A middle cell's share of a sum over pairs, which is to have it once. */
function twice(last: v128): f64 {
  return N & 1 ? f64x2.extract_lane(last, 1) : 0;
}
