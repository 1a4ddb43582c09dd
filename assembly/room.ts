import { epsilon, epsilons, halves, invEpsilons, largests, ones, pair, setPair, V } from "./memory";

/** f h V of pair i of cells: the room that Pauli blocking leaves, and what may be given. */
export function roomOf(f: usize, h: usize, i: i32): v128 {
  let room = pair(f, i);
  if (epsilon > 0) room = f64x2.mul(room, pair(h, i));
  return f64x2.mul(room, pair(V, i));
}

/**
 * f += c f h, h -= ε c f h for a pair of cells: a change in proportion to the room that Pauli blocking leaves, admissible for
 * |c| < 1. Whichever of f and h is small is changed, and the other follows.
 */
export function scaleRoom(f: usize, h: usize, i: i32, c: v128): void {
  const f0 = pair(f, i);
  if (epsilon === 0) {
    setPair(f, i, f64x2.mul(f0, f64x2.add(ones(), c)));
    return;
  }
  const h0 = pair(h, i);
  const f1 = f64x2.mul(f0, f64x2.add(ones(), f64x2.mul(h0, c)));
  const h1 = f64x2.sub(ones(), f64x2.mul(epsilons(), f1));
  const dense = f64x2.lt(h0, halves());
  if (!v128.any_true(dense)) {
    setPair(f, i, f1);
    setPair(h, i, h1);
    return;
  }
  const small = f64x2.mul(h0, f64x2.sub(ones(), f64x2.mul(f64x2.mul(epsilons(), f0), c)));
  setPair(f, i, v128.bitselect(fullWith(small), f1, dense));
  setPair(h, i, v128.bitselect(small, h1, dense));
}

/** f where 1 - εf = h, below 1/ε. */
export function fullWith(h: v128): v128 {
  return f64x2.pmin(f64x2.mul(f64x2.sub(ones(), h), invEpsilons()), largests());
}

/** V (f - f₀) of pair i of cells, from the holes where they are the small ones. A middle cell has its own in one lane. */
export function differenceOf(f: usize, h: usize, f0: usize, h0: usize, i: i32): v128 {
  let d = f64x2.sub(pair(f, i), pair(f0, i));
  if (epsilon > 0) {
    const hole = pair(h, i);
    const dense = f64x2.lt(hole, halves());
    d = v128.bitselect(f64x2.mul(f64x2.sub(pair(h0, i), hole), invEpsilons()), d, dense);
  }
  return f64x2.mul(d, pair(V, i));
}
