import {
  cell,
  cellPairs,
  closeCells,
  dx,
  epsilon,
  epsilons,
  f,
  fStar,
  get,
  gridFace,
  h,
  hStar,
  invEpsilon,
  invV,
  N,
  ones,
  pair,
  records,
  set,
  setCell,
  setPair,
  stride,
  total,
  V,
  x,
} from "./memory";
import { fullWith } from "./room";
import { content, scaleOfEnergy } from "./scales";
import { restoreEnergy } from "./tilt";

/** Largest relative change of f that restoring the energy after a repair may make anywhere. */
const LARGEST_TILT: f64 = 0.1;

/** Below this share of the energy what a repair has cost is left to the end of the step. */
const LEFT: f64 = 1e-13;
/** What is missing below this share of the mass is taken from cells all around, or below these of tolerance and energy. */
const FAR: f64 = 1e-14;
const SHARE: f64 = 0.3;
const LARGEST_SHARE: f64 = 3e-7;
/** What is negative ends at no less than this share of the accepted state … */
const RAISED: f64 = 0.01;
/** … and what has to give to it keeps this share: a pool may reach far into a tail that has nothing to give. */
const KEPT: f64 = 0.5;

/**
 * Makes f* ≥ 0 and h* = 1 - εf* ≥ 0 without changing mass or energy: pools negative cell contents, then negative
 * holes. Where a pool reached an end of the grid the energy it cost is put back by a tilt of the whole profile, which has no
 * mass, or left to the end of the step where it is little. Returns false if a tilt would have to change f by more than a tenth.
 */
export function repairStar(): bool {
  let lost: f64 = 0;
  if (formContents(fStar, f)) {
    lost = poolNegative();
    for (let i = firstPair(); i <= lastPair(); i++) {
      setPair(fStar, i, pooled(fStar, f, i));
      setPair(
        hStar,
        i,
        v128.bitselect(f64x2.sub(ones(), f64x2.mul(epsilons(), pair(fStar, i))), pair(hStar, i), changed),
      );
    }
  }
  if (epsilon > 0 && formContents(hStar, h)) {
    lost -= poolNegative() * invEpsilon;
    for (let i = firstPair(); i <= lastPair(); i++) {
      setPair(hStar, i, pooled(hStar, h, i));
      setPair(fStar, i, v128.bitselect(fullWith(pair(hStar, i)), pair(fStar, i), changed));
    }
  }
  closeCells(fStar);
  closeCells(hStar);
  return Math.abs(lost) <= LEFT * scaleOfEnergy() || restoreEnergy(fStar, hStar, LARGEST_TILT);
}

/** What the raising has added to Σ f V in each lane, and the room of the pairs it has looked at. */
let added: v128 = f64x2.splat(0);
let room: v128 = f64x2.splat(0);
/** What all of these pairs give for it, c of `scaleRooms`. */
let given: v128 = f64x2.splat(0);

/**
 * The repair of a far tail (or a full core), where little is missing, all of it in pairs of cells next to each other: what is
 * negative is `raised` as far as a pool would, pair by pair as f* is formed (`star`), and in each lane all of these pairs
 * give for it in proportion to their room f h V (`givenFar`), if `farSuffices`. The energy is left to the end of the step.
 */
export function noteFar(moreContent: v128, ofRoom: v128): void {
  added = moreContent;
  room = ofRoom;
}

/** What a negative f* (h*) is raised to, of the accepted f (h). */
export function raised(accepted: v128): v128 {
  return f64x2.mul(v128.load(shares), accepted);
}

/**
 * False if too much is missing: more than `FAR` of the mass, and, were it brought from the wall, more of the energy than a share
 * of `tolerance`, that of the stage in relative L¹; or more than half of the room.
 */
export function farSuffices(tolerance: f64): bool {
  given = f64x2.neg(f64x2.div(added, room));
  if (v128.any_true(f64x2.gt(f64x2.abs(given), f64x2.splat(0.5)))) return false;
  const missing = total(f64x2.abs(added));
  const energy = Math.min(LARGEST_SHARE, SHARE * tolerance) * scaleOfEnergy();
  return missing <= FAR * content || missing * cell(x, N - 1) <= energy;
}

/** What every pair of cells is to give, c of `scaleRooms`. */
export function givenFar(): v128 {
  return given;
}

/** The pairs that hold the cells from `firstChanged` to `lastChanged`. */
function firstPair(): i32 {
  return lastChanged < 0 ? 0 : min(firstChanged, N - 1 - lastChanged);
}

function lastPair(): i32 {
  if (lastChanged < 0) return -1;
  return firstChanged < cellPairs && lastChanged >= N - cellPairs
    ? cellPairs - 1
    : min(lastChanged, N - 1 - firstChanged);
}

/** Which cells of the pair that `pooled` has looked at are not what they were. */
let changed: v128 = f64x2.splat(0);

/** Pair i of cells of f* (or h*) with what the pooling has left it. */
function pooled(star: usize, accepted: usize, i: i32): v128 {
  const value = pair(star, i);
  const reserve = reserveOf(value, pair(accepted, i));
  const left = pair(contents(), i);
  changed = f64x2.ne(left, f64x2.mul(f64x2.sub(value, reserve), pair(V, i)));
  return v128.bitselect(f64x2.add(f64x2.mul(left, pair(invV, i)), reserve), value, changed);
}

// Scratch: what Newton's iteration, which starts afresh afterwards, knows of the faces.

/** What the pooling has to make non-negative, one value a cell, folded. */
function contents(): usize {
  return records;
}

/** Weight, first and last face of every block of more than one face, not folded. */
function weights(): usize {
  return records + stride();
}

function starts(): usize {
  return records + 2 * stride();
}

function ends(): usize {
  return records + 3 * stride();
}

/** `contents` of f* or h*; true if one is negative. */
function formContents(star: usize, accepted: usize): bool {
  const p = contents();
  let low = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    const value = pair(star, i);
    low = f64x2.pmin(low, value);
    setPair(p, i, f64x2.mul(f64x2.sub(value, reserveOf(value, pair(accepted, i))), pair(V, i)));
  }
  return f64x2.extract_lane(low, 0) < 0 || f64x2.extract_lane(low, 1) < 0;
}

/** RAISED and KEPT, twice each. */
const shares = memory.data<f64>([RAISED, RAISED, KEPT, KEPT], 16);

/** What the pooling is not to take from a pair of cells. */
function reserveOf(value: v128, before: v128): v128 {
  const below = f64x2.lt(value, f64x2.splat(0));
  const most = f64x2.pmin(value, f64x2.mul(v128.load(shares, 16), before));
  return v128.bitselect(f64x2.mul(v128.load(shares), before), most, below);
}

let firstChanged: i32 = 0;
let lastChanged: i32 = 0;

function setContent(i: i32, value: f64): void {
  setCell(contents(), i, value);
  if (i < firstChanged) firstChanged = i;
  if (i > lastChanged) lastChanged = i;
}

/** The first face from k on that has negative contents before it. */
function nextNegative(k: i32): i32 {
  const p = contents();
  let i = k - 1;
  for (; i < cellPairs; i++) if (load<f64>(p + ((<usize>i) << 4)) < 0) return i + 1;
  for (; i < N; i++) if (load<f64>(p + ((<usize>(N - 1 - i)) << 4), 8) < 0) return i + 1;
  return N + 1;
}

/**
 * Makes cell contents c_i = V_i f*_i (or V_i h*_i) non-negative without changing Σ c_i or, away from the ends,
 * Σ c_i x_i. Returns the Σ c_i x_i that was lost; the cells changed are within `firstChanged` … `lastChanged`.
 *
 * c ≥ 0 says that the enclosed masses m*_k = Σ_{i<k} c_i do not decrease and stay within [0, M]. Their isotonic
 * regression with weights Δx_k (pool adjacent violators) keeps Σ m*_k Δx_k, that is the energy, and the ends, that is
 * the mass; a deficit moves to the neighbouring cells by linear interpolation in x. Blocks outside [0, M] are set to
 * the end's value, and the energy that costs is what is returned. It is all formed from the gaps c_i between blocks,
 * never from m* itself: differences of m* would lose the tail. One pass, O(N); a block of one face is not written down.
 */
function poolNegative(): f64 {
  const n = N;
  const c = contents();
  firstChanged = n;
  lastChanged = -1;
  top = -1;
  let carry: f64 = 0;
  let lost: f64 = 0;
  for (let k = nextNegative(1); k < n; k = carry !== 0 ? k + 1 : nextNegative(k + 1)) {
    if (carry !== 0) setContent(k - 1, cell(c, k - 1) + carry);
    carry = 0;
    let first = k;
    let own = gridFace(dx, k);
    while (true) {
      const gap = cell(c, first - 1);
      if (!(gap < 0)) break;
      setContent(first - 1, 0);
      if (first === 1) {
        lost -= gap * own; // the block rises to m = 0
        carry += gap;
        break;
      }
      const previous = blockBefore(first);
      const share = gap / (weightBefore + own);
      setContent(previous - 1, cell(c, previous - 1) + share * own);
      carry += share * weightBefore;
      first = previous;
      own += weightBefore;
    }
    if (first < k) pushBlock(first, k, own);
  }
  let last = cell(c, n - 1) + carry;
  if (last !== cell(c, n - 1)) setContent(n - 1, last);
  for (let first = n; last < 0 && first > 1; ) {
    first = blockBefore(first);
    lost += last * weightBefore; // the block sinks to m = M
    last += cell(c, first - 1);
    setContent(first - 1, Math.max(last, 0));
    if (last >= 0) last = 0;
    setContent(n - 1, 0);
  }
  return lost;
}

/** Blocks of more than one face written down so far, less one. */
let top: i32 = -1;
let weightBefore: f64 = 0;

function pushBlock(first: i32, last: i32, weight: f64): void {
  top++;
  set(starts(), top, <f64>first);
  set(ends(), top, <f64>last);
  set(weights(), top, weight);
}

/** Takes off the block that ends before face k: its first face, and its weight in `weightBefore`. */
function blockBefore(k: i32): i32 {
  if (top >= 0 && <i32>get(ends(), top) === k - 1) {
    weightBefore = get(weights(), top);
    return <i32>get(starts(), top--);
  }
  weightBefore = gridFace(dx, k - 1);
  return k - 1;
}
