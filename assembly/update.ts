import { holdNothing, noteHeld } from "./held";
import {
  ball,
  cellPairs,
  closeCells,
  epsilons,
  fStage,
  gridFace,
  halves,
  hStage,
  invEpsilons,
  invV,
  N,
  ones,
  pair,
  setPair,
  total,
  V,
  x,
} from "./memory";
import { holesBy, roomOf, scaleRooms, valueBy } from "./room";
import { content, meanNode } from "./scales";

/** f never falls below this share of itself in one update, and neither do the holes … */
const KEEP: f64 = 0.1;
/** … nor f below this share of the mean density, or h below this: far under any tail, far above denormal numbers. */
const TINY: f64 = 1e-200;

/** Below this share of the mass (and of the energy), what holding back puts in or takes out is round-off. */
export const NEGLIGIBLE: f64 = 1e-16;

/** What holding back has added is taken from cells nearby if that moves them by no more than this share. */
const LOCAL: f64 = 1e-4;

/** Σ |δf| V of the updates of an iteration. */
export let norm: f64 = 0;
/** What holding them back has added to Σ f V, and the absolute sum of that, weighted 1 + x/x̄. */
export let surplus: f64 = 0;
export let truncated: f64 = 0;

/** The least f that an update may leave of f: `KEEP` of it (of h likewise). */
export function kept(value: v128): v128 {
  return f64x2.mul(v128.load(constants), value);
}

/** `KEEP`, and the least f and h of all, twice each. */
const constants = memory.data<f64>([KEEP, KEEP, 0, 0, TINY, TINY], 16);

export function beginIteration(): void {
  norm = 0;
  surplus = 0;
  truncated = 0;
  holdNothing();
}

export function beginUpdate(): void {
  const least = (TINY * content) / gridFace(ball, N);
  v128.store(constants, f64x2.splat(least), 16);
}

/** `size` is Σ |d|. */
export function endUpdate(size: v128): void {
  norm += total(size);
  closeCells(fStage);
  closeCells(hStage);
}

/** What a sum over the pairs of cells has to begin with so that a middle cell, which stands in both lanes, counts once. */
export function middleCellTwice(d: v128): v128 {
  const zero = f64x2.splat(0);
  return N & 1 ? f64x2.replace_lane(zero, 1, -Math.abs(f64x2.extract_lane(d, 1))) : zero;
}

/** Σ |δf| V that directed values δm of the faces make. */
export function changeBy(m: usize): f64 {
  let change = middleCellTwice(f64x2.sub(pair(m, cellPairs), pair(m, cellPairs - 1)));
  let behind = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    const ahead = pair(m, i + 1);
    change = f64x2.add(change, f64x2.abs(f64x2.sub(ahead, behind)));
    behind = ahead;
  }
  return total(change);
}

/**
 * f += δf of pair i of cells of `f`, `h`, δf = d/V, d = δm_ahead - δm_behind. False, and nothing is changed, where that has to be
 * held back: `heldUpdate`. (Makes no call; inlined in loops.)
 */
export function freeUpdate<Holes>(f: usize, h: usize, inverseV: usize, i: i32, d: v128): bool {
  const change = f64x2.mul(d, pair(inverseV, i));
  const f0 = pair(f, i);
  const f1 = f64x2.add(f0, change);
  const emptied = f64x2.lt(f1, leastOf(f0));
  if (!isFloat<Holes>()) {
    if (v128.any_true(emptied)) return false;
    setPair(f, i, f1);
    return true;
  }
  const h0 = pair(h, i);
  const h1 = f64x2.sub(h0, f64x2.mul(epsilons(), change));
  const dense = f64x2.lt(h1, halves());
  if (!v128.any_true(v128.or(emptied, dense))) {
    setPair(f, i, f1);
    setPair(h, i, f64x2.sub(ones(), f64x2.mul(epsilons(), f1)));
    return true;
  }
  if (v128.any_true(v128.or(emptied, f64x2.lt(h1, leastHoles(h0))))) return false;
  setPair(f, i, valueBy(f1, h1));
  setPair(h, i, holesBy(f1, h1));
  return true;
}

/** Likewise, held back so that neither f nor 1 - εf falls below a tenth of itself. False if there was no need for that. */
export function heldUpdate(i: i32, d: v128): bool {
  const change = f64x2.mul(d, pair(invV, i));
  const f0 = pair(fStage, i);
  const f1 = f64x2.add(f0, change);
  const leastF = leastOf(f0);
  const h0 = pair(hStage, i);
  const h1 = f64x2.sub(h0, f64x2.mul(epsilons(), change));
  const leastH = leastHoles(h0);
  bookAdded(hold(i, f1, h1, leastF, leastH), i);
  return v128.any_true(v128.or(f64x2.lt(f1, leastF), f64x2.lt(h1, leastH)));
}

function leastOf(f0: v128): v128 {
  return f64x2.pmax(kept(f0), v128.load(constants, 16));
}

function leastHoles(h0: v128): v128 {
  return f64x2.pmax(kept(h0), v128.load(constants, 32));
}

/**
 * Sets pair i of cells of the iterate to `freeF`, `freeH`, but no less than the least: where f is near 1/ε the holes are what
 * is kept, and f follows. Returns what that has added to f V.
 */
export function hold(i: i32, freeF: v128, freeH: v128, leastF: v128, leastH: v128): v128 {
  const f1 = f64x2.pmax(freeF, leastF);
  const h1 = f64x2.pmax(freeH, leastH);
  const dense = f64x2.lt(h1, halves());
  const added = v128.bitselect(f64x2.mul(f64x2.sub(freeH, h1), invEpsilons()), f64x2.sub(f1, freeF), dense);
  setPair(fStage, i, valueBy(f1, h1));
  setPair(hStage, i, holesBy(f1, h1));
  return f64x2.mul(added, pair(V, i));
}

function bookAdded(added: v128, i: i32): void {
  if (!v128.any_true(f64x2.ne(added, f64x2.splat(0)))) return;
  surplus += total(added);
  noteHeld(i, added);
  const weight = f64x2.add(f64x2.splat(1), f64x2.mul(pair(x, i), f64x2.splat(1 / meanNode)));
  truncated += total(f64x2.mul(f64x2.abs(added), weight));
}

/**
 * Takes `amount` (∫ over 4π) out of the mass of the iterate by f -= c f h, h += c ε f h, which stays admissible; false
 * if that would move f by half of itself. The energy is left to the next update.
 */
export function restoreMass(amount: f64): bool {
  const c = amount / total(roomIn(0, cellPairs - 1));
  if (!(Math.abs(c) <= 0.5)) return false;
  scaleRooms(fStage, hStage, 0, cellPairs - 1, f64x2.splat(-c));
  closeCells(fStage);
  closeCells(hStage);
  return true;
}

/** Likewise the `amount` of each lane out of its own cells among the pairs `first` … `last`; false if that would move f by more than `LOCAL`. */
export function restoreMassIn(first: i32, last: i32, amount: v128): bool {
  const none = f64x2.eq(amount, f64x2.splat(0));
  const c = f64x2.neg(v128.andnot(f64x2.div(amount, roomIn(first, last)), none));
  if (!i64x2.all_true(f64x2.le(f64x2.abs(c), f64x2.splat(LOCAL)))) return false;
  scaleRooms(fStage, hStage, first, last, c);
  return true;
}

/** Σ f h V of the iterate over the pairs `first` … `last`, in each lane. */
function roomIn(first: i32, last: i32): v128 {
  let room = f64x2.splat(0);
  for (let i = first; i <= last; i++) room = f64x2.add(room, roomOf(fStage, hStage, i));
  return room;
}
