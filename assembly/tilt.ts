import { cell, cellPairs, epsilon, get, invEpsilon, N, set, V, x } from "./memory";
import { largest } from "./stage";

/**
 * Adds `amount` to Σ f V x at constant Σ f V: f += λ f h (x - x̄), h -= ε λ f h (x - x̄), with x̄ the mean of x under f h V.
 * Both stay positive. Does nothing and returns false if f would change by more than the share `limit` anywhere.
 */
export function tilt(f: usize, h: usize, amount: f64, limit: f64): bool {
  const n = 2 * cellPairs; // in the order of storage; a middle cell weighs once
  let weight: f64 = 0;
  let first: f64 = 0;
  for (let i = 0; i < n; i++) {
    const w = get(f, i) * get(h, i) * get(V, i);
    weight += w;
    first += w * get(x, i);
  }
  const mean = first / weight;
  let variance: f64 = 0;
  for (let i = 0; i < n; i++) {
    const d = get(x, i) - mean;
    variance += get(f, i) * get(h, i) * get(V, i) * d * d;
  }
  const lambda = amount / variance;
  if (!(Math.abs(lambda) * cell(x, N - 1) <= limit)) return false;
  const top = largest();
  for (let i = 0; i < n; i++) {
    const f0 = get(f, i);
    const h0 = get(h, i);
    const c = lambda * (get(x, i) - mean);
    if (h0 < 0.5) {
      const h1 = h0 * (1 - epsilon * f0 * c);
      set(h, i, h1);
      set(f, i, Math.min((1 - h1) * invEpsilon, top));
    } else {
      const f1 = f0 * (1 + h0 * c);
      set(f, i, f1);
      set(h, i, 1 - epsilon * f1);
    }
  }
  return true;
}
