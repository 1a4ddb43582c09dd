import { epsilon, invEpsilon, pair, setPair } from "./memory";
import { largest } from "./scales";

/**
 * f += c f h, h -= ε c f h for a pair of cells: a change in proportion to the room that Pauli blocking leaves, admissible for
 * |c| < 1. Whichever of f and h is small is changed, and the other follows.
 */
export function scaleRoom(f: usize, h: usize, i: i32, c: v128): void {
  const one = f64x2.splat(1);
  const e = f64x2.splat(epsilon);
  const f0 = pair(f, i);
  const h0 = pair(h, i);
  const f1 = f64x2.mul(f0, f64x2.add(one, f64x2.mul(h0, c)));
  const dense = f64x2.lt(h0, f64x2.splat(0.5));
  if (!v128.any_true(dense)) {
    setPair(f, i, f1);
    setPair(h, i, f64x2.sub(one, f64x2.mul(e, f1)));
    return;
  }
  const h1 = f64x2.mul(h0, f64x2.sub(one, f64x2.mul(f64x2.mul(e, f0), c)));
  const full = f64x2.pmin(f64x2.mul(f64x2.sub(one, h1), f64x2.splat(invEpsilon)), f64x2.splat(largest()));
  setPair(f, i, v128.bitselect(full, f1, dense));
  setPair(h, i, v128.bitselect(h1, f64x2.sub(one, f64x2.mul(e, f1)), dense));
}
