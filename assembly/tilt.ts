import { cell, cellPairs, closeCells, N, pair, total, x } from "./memory";
import { roomOf, scaleRoom } from "./room";
import { meanNode } from "./scales";

/**
 * Adds `amount` to Σ f V x at constant Σ f V: f += λ f h (x - x̄), h -= ε λ f h (x - x̄), with x̄ the mean of x under f h V:
 * a change of temperature, small against f everywhere. Does nothing and returns false if f would change by more than the
 * share `limit` anywhere.
 */
export function tilt(f: usize, h: usize, amount: f64, limit: f64): bool {
  weigh(f, h, meanNode);
  if (first * (first / weight) > 0.9 * second) weigh(f, h, origin + first / weight); // x̄ elsewhere: it would cancel
  const mean = origin + first / weight;
  const lambda = amount / (second - first * (first / weight));
  if (!(Math.abs(lambda) * cell(x, N - 1) <= limit)) return false;
  const factor = f64x2.splat(lambda);
  const center = f64x2.splat(mean);
  for (let i = 0; i < cellPairs; i++) scaleRoom(f, h, i, f64x2.mul(factor, f64x2.sub(pair(x, i), center)));
  closeCells(f);
  closeCells(h);
  return true;
}

/** Σ w, Σ w (x - origin) and Σ w (x - origin)², w = f h V. */
let weight: f64 = 0;
let first: f64 = 0;
let second: f64 = 0;
let origin: f64 = 0;

function weigh(f: usize, h: usize, from: f64): void {
  let sum = f64x2.splat(0);
  let sum1 = sum;
  let sum2 = sum;
  const start = f64x2.splat(from);
  for (let i = 0; i < cellPairs; i++) {
    const d = f64x2.sub(pair(x, i), start);
    const w = roomOf(f, h, i);
    const wd = f64x2.mul(w, d);
    sum = f64x2.add(sum, w);
    sum1 = f64x2.add(sum1, wd);
    sum2 = f64x2.add(sum2, f64x2.mul(wd, d));
  }
  origin = from;
  weight = total(sum);
  first = total(sum1);
  second = total(sum2);
}
