import { roundingOf, SEGMENT } from "./invariants";
import { cell, cellPairs, closeCells, f, h, N, pair, total, x } from "./memory";
import { differenceOf, roomOf, scaleRooms } from "./room";
import { meanNode, scaleOfEnergy } from "./scales";

/** An excess below this share of the energy is not worth a sweep. */
const SETTLED: f64 = 1e-17;

/** Σ (f₁ - f) V (x - x̄) of the state looked at last, against the accepted one of the same mass. */
export let excess: f64 = 0;

/**
 * Gives a state f₁ the energy of the accepted one at constant mass: f₁ += λ f₁ h₁ (x - x̄), h₁ -= ε λ f₁ h₁ (x - x̄), with x̄
 * the mean of x under f₁ h₁ V: a change of temperature, small against f₁ everywhere. `moreContent` and `moreEnergy` are given
 * to Σ f₁ V and Σ f₁ V x besides, by f₁ += κ f₁ h₁. Does nothing and returns false if f₁ would change by more than the share
 * `limit` anywhere.
 */
export function restoreEnergy(
  f1: usize,
  h1: usize,
  limit: f64,
  moreContent: f64 = 0,
  moreEnergy: f64 = 0,
): bool {
  compare(f1, h1, meanNode);
  const owing = moreContent !== 0 || moreEnergy !== 0;
  if (!owing && Math.abs(excess) <= SETTLED * scaleOfEnergy()) return true;
  if (first * (first / weight) > 0.9 * second) compare(f1, h1, origin + first / weight); // x̄ elsewhere: it would cancel
  const mean = origin + first / weight;
  const lambda = (moreEnergy - mean * moreContent - excess) / (second - first * (first / weight));
  const kappa = moreContent / weight;
  if (!(Math.abs(lambda) * cell(x, N - 1) + Math.abs(kappa) <= limit)) return false;
  scaleRooms(f1, h1, 0, cellPairs - 1, f64x2.splat(kappa), f64x2.splat(lambda), f64x2.splat(mean));
  closeCells(f1);
  closeCells(h1);
  return true;
}

/** Σ w, Σ w (x - origin) and Σ w (x - origin)², w = f₁ h₁ V. */
let weight: f64 = 0;
let first: f64 = 0;
let second: f64 = 0;
let origin: f64 = 0;

/** These and `excess`, whose sums over segments have their rounding carried along. */
function compare(f1: usize, h1: usize, from: f64): void {
  const start = f64x2.splat(from);
  let sum = f64x2.splat(0);
  let sum1 = sum;
  let sum2 = sum;
  let difference = sum;
  let rounding = sum;
  for (let i = 0; i < cellPairs; ) {
    const end = min(cellPairs, i + SEGMENT);
    let segment = f64x2.splat(0);
    for (; i < end; i++) {
      const d = f64x2.sub(pair(x, i), start);
      segment = f64x2.add(segment, f64x2.mul(differenceOf(f1, h1, f, h, i), d));
      const w = roomOf(f1, h1, i);
      const wd = f64x2.mul(w, d);
      sum = f64x2.add(sum, w);
      sum1 = f64x2.add(sum1, wd);
      sum2 = f64x2.add(sum2, f64x2.mul(wd, d));
    }
    const next = f64x2.add(difference, segment);
    rounding = f64x2.add(rounding, roundingOf(difference, segment, next));
    difference = next;
  }
  origin = from;
  weight = total(sum);
  first = total(sum1);
  second = total(sum2);
  excess = total(difference) + total(rounding);
}
