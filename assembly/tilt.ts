import { cell, cellPairs, closeCells, N, pair, total, V, x } from "./memory";
import { scaleRoom } from "./room";

/**
 * Adds `amount` to Σ f V x at constant Σ f V: f += λ f h (x - x̄), h -= ε λ f h (x - x̄), with x̄ the mean of x under f h V:
 * a change of temperature, small against f everywhere. Does nothing and returns false if f would change by more than the
 * share `limit` anywhere.
 */
export function tilt(f: usize, h: usize, amount: f64, limit: f64): bool {
  let weight = f64x2.splat(0);
  let first = weight;
  for (let i = 0; i < cellPairs; i++) {
    const w = f64x2.mul(f64x2.mul(pair(f, i), pair(h, i)), pair(V, i));
    weight = f64x2.add(weight, w);
    first = f64x2.add(first, f64x2.mul(w, pair(x, i)));
  }
  const mean = f64x2.splat(total(first) / total(weight));
  let variance = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    const d = f64x2.sub(pair(x, i), mean);
    const w = f64x2.mul(f64x2.mul(pair(f, i), pair(h, i)), pair(V, i));
    variance = f64x2.add(variance, f64x2.mul(w, f64x2.mul(d, d)));
  }
  const lambda = amount / total(variance);
  if (!(Math.abs(lambda) * cell(x, N - 1) <= limit)) return false;
  const factor = f64x2.splat(lambda);
  for (let i = 0; i < cellPairs; i++) scaleRoom(f, h, i, f64x2.mul(factor, f64x2.sub(pair(x, i), mean)));
  closeCells(f);
  closeCells(h);
  return true;
}
