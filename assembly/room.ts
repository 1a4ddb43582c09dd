import { epsilon, epsilons, halves, invEpsilons, largests, ones, pair, setPair, V, x } from "./memory";

/** f h V of pair i of cells: the room that Pauli blocking leaves, and what may be given. */
export function roomOf(f: usize, h: usize, i: i32): v128 {
  let room = pair(f, i);
  if (epsilon > 0) room = f64x2.mul(room, pair(h, i));
  return f64x2.mul(room, pair(V, i));
}

/**
 * f += c f h, h -= ε c f h in the pairs of cells `first` … `last`, c = `share` + `slope` (x - `center`): a change in proportion to
 * the room that Pauli blocking leaves, admissible for |c| < 1. Whichever of f and h is small is changed, and the other follows.
 */
export function scaleRooms(
  f: usize,
  h: usize,
  first: i32,
  last: i32,
  share: v128,
  slope: v128 = f64x2.splat(0),
  center: v128 = f64x2.splat(0),
): void {
  if (epsilon > 0) scaleEach<f64>(f, h, first, last, share, slope, center);
  else scaleEach<i32>(f, h, first, last, share, slope, center);
}

function scaleEach<Holes>(
  f: usize,
  h: usize,
  first: i32,
  last: i32,
  share: v128,
  slope: v128,
  center: v128,
): void {
  const px = x;
  for (let i = first; i <= last; i++) {
    const c = f64x2.add(share, f64x2.mul(slope, f64x2.sub(pair(px, i), center)));
    const f0 = pair(f, i);
    if (!isFloat<Holes>()) {
      setPair(f, i, f64x2.mul(f0, f64x2.add(ones(), c)));
      continue;
    }
    const h0 = pair(h, i);
    setPair(f, i, scaledValue(f0, h0, c));
    setPair(h, i, scaledHoles(f0, h0, c));
  }
}

/** f + c f h, by way of the holes where they are the small ones. */
export function scaledValue(f0: v128, h0: v128, c: v128): v128 {
  const f1 = f64x2.mul(f0, f64x2.add(ones(), f64x2.mul(h0, c)));
  return v128.bitselect(fullWith(holesLeft(f0, h0, c)), f1, f64x2.lt(h0, halves()));
}

/** h - ε c f h, by way of f where that is the small one. */
export function scaledHoles(f0: v128, h0: v128, c: v128): v128 {
  const f1 = f64x2.mul(f0, f64x2.add(ones(), f64x2.mul(h0, c)));
  const h1 = f64x2.sub(ones(), f64x2.mul(epsilons(), f1));
  return v128.bitselect(holesLeft(f0, h0, c), h1, f64x2.lt(h0, halves()));
}

function holesLeft(f0: v128, h0: v128, c: v128): v128 {
  return f64x2.mul(h0, f64x2.sub(ones(), f64x2.mul(f64x2.mul(epsilons(), f0), c)));
}

/** f of a pair of cells known as f₁ and as 1 - εf₁ = h₁: by whichever is small, where it is precise. */
export function valueBy(f1: v128, h1: v128): v128 {
  return v128.bitselect(fullWith(h1), f1, f64x2.lt(h1, halves()));
}

/** 1 - εf, likewise. */
export function holesBy(f1: v128, h1: v128): v128 {
  return v128.bitselect(h1, f64x2.sub(ones(), f64x2.mul(epsilons(), f1)), f64x2.lt(h1, halves()));
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
