import {
  cellPairs,
  epsilon,
  epsilons,
  f,
  fStar,
  h,
  halves,
  hStar,
  invEpsilons,
  invV,
  largests,
  ones,
  pair,
  setPair,
  V,
} from "./memory";
import { farSuffices, noteFar, raised } from "./repair";
import { holesBy, valueBy } from "./room";
import { STAR, sumOfTerms } from "./terms";

/** f* of the stage stands in these pairs of cells of `fStar`, `hStar`. */
export let starFirst: i32 = 0;
export let starLast: i32 = -1;

/** None of it. */
export function forgetStar(): void {
  starLast = -1;
}

/** Forms f* and h* of the stage, but for pairs where they are there (and perhaps repaired). */
export function formStar(): void {
  if (starLast < 0) starFirst = 0;
  formStarFrom(0, starFirst);
  formStarFrom(starLast + 1, cellPairs);
  starFirst = 0;
  starLast = cellPairs - 1;
}

/** Likewise in the pairs `first` … `last` alone, unless some of them are there and some not: then in all. */
export function formStarIn(first: i32, last: i32): void {
  if (starLast < 0) {
    starFirst = first;
    starLast = last;
    formStarFrom(first, last + 1);
  } else if (first < starFirst || last > starLast) {
    formStar();
  }
}

/** In the pairs `first` … `end` - 1. */
function formStarFrom(first: i32, end: i32): void {
  let behind = starAt(first);
  for (let i = first; i < end; i++) {
    const ahead = sumOfTerms(STAR, i + 1);
    setStar(i, f64x2.sub(ahead, behind));
    behind = ahead;
  }
}

/**
 * Likewise in `first` … `last`, with the repair of a far tail as they are formed, the last part of which is left to
 * `guessFromStar`; false if another repair is needed.
 */
export function formStarFar(first: i32, last: i32, tolerance: f64): bool {
  if (isAll(first, last)) return false; // nothing is far: a pool moves less
  starFirst = first;
  starLast = last;
  if (epsilon > 0) raiseStar<f64>(first, last);
  else raiseStar<i32>(first, last);
  return farSuffices(tolerance);
}

/** f* and h* in the pairs `first` … `last`; negative ones are raised. (As in `mean`: no call in the loop.) */
function raiseStar<Holes>(first: i32, last: i32): void {
  const pf = f;
  const ph = h;
  const pi = invV;
  const pV = V;
  const toF = fStar;
  const toH = hStar;
  const zero = f64x2.splat(0);
  let added = zero;
  let room = zero;
  let behind = starAt(first);
  for (let i = first; i <= last; i++) {
    const ahead = sumOfTerms(STAR, i + 1);
    const d = f64x2.mul(f64x2.sub(ahead, behind), pair(pi, i));
    behind = ahead;
    const volume = pair(pV, i);
    const f0 = pair(pf, i);
    const f1 = f64x2.add(f0, d);
    const empty = f64x2.lt(f1, zero);
    const f2 = v128.bitselect(raised(f0), f1, empty);
    if (!isFloat<Holes>()) {
      setPair(toF, i, f2);
      added = f64x2.add(added, f64x2.mul(f64x2.sub(f2, f1), volume));
      room = f64x2.add(room, f64x2.mul(f2, volume));
      continue;
    }
    const h0 = pair(ph, i);
    const h1 = f64x2.sub(h0, f64x2.mul(epsilons(), d));
    const h2 = v128.bitselect(raised(h0), h1, f64x2.lt(h1, zero));
    const dense = f64x2.lt(h1, halves());
    const fromHoles = f64x2.mul(f64x2.sub(h1, h2), invEpsilons());
    const f3 = valueBy(f2, h2);
    const h3 = holesBy(f2, h2);
    setPair(toF, i, f3);
    setPair(toH, i, h3);
    added = f64x2.add(added, f64x2.mul(v128.bitselect(fromHoles, f64x2.sub(f2, f1), dense), volume));
    room = f64x2.add(room, f64x2.mul(f64x2.mul(f3, h3), volume));
  }
  noteFar(added, room);
}

/** The sum of f*'s terms at the face behind pair i. */
function starAt(i: i32): v128 {
  return i > 0 ? sumOfTerms(STAR, i) : f64x2.splat(0);
}

/** f* and h* of pair i from what they have more than the accepted state. */
function setStar(i: i32, content: v128): void {
  const d = f64x2.mul(content, pair(invV, i));
  const f1 = f64x2.add(pair(f, i), d);
  if (epsilon === 0) {
    setPair(fStar, i, f1);
    return;
  }
  const h1 = f64x2.sub(pair(h, i), f64x2.mul(epsilons(), d));
  // above 1/ε it stays what it is: the repair moves the excess to other cells
  let full = f64x2.mul(f64x2.sub(ones(), h1), invEpsilons());
  full = v128.bitselect(full, f64x2.pmin(full, largests()), f64x2.lt(h1, f64x2.splat(0)));
  const dense = f64x2.lt(h1, halves());
  setPair(fStar, i, v128.bitselect(full, f1, dense));
  setPair(hStar, i, v128.bitselect(h1, f64x2.sub(ones(), f64x2.mul(epsilons(), f1)), dense));
}

/** From some pairs before the first that gives or takes, to some more past the last: they have something to give. */
export function fromBefore(first: i32): i32 {
  return max(0, first - 64);
}

export function toBeyond(last: i32): i32 {
  return min(cellPairs - 1, last + 64 + (last >> 3));
}

export function isAll(first: i32, last: i32): bool {
  return first === 0 && last === cellPairs - 1;
}
