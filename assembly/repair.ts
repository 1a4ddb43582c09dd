import {
  cell,
  closeCells,
  dAhead,
  dBehind,
  dx,
  epsilon,
  f,
  face,
  fStar,
  get,
  gHat,
  h,
  hStar,
  invEpsilon,
  invV,
  N,
  set,
  setCell,
  V,
} from "./memory";
import { largest, scaleOfEnergy } from "./stage";
import { tilt } from "./tilt";

/** Largest relative change of f that restoring the energy after a repair may make anywhere. */
const LARGEST_TILT: f64 = 0.1;

/** Where a state has no room for a tilt (f h vanishes: it is saturated), this share of the energy may be lost: rounding. */
const NEGLIGIBLE: f64 = 1e-16;
/** What is negative ends at no less than this share of the accepted state … */
const RAISED: f64 = 0.01;
/** … and what has to give to it keeps this share: a pool may reach far into a tail that has nothing to give. */
const KEPT: f64 = 0.5;

/**
 * Makes f* ≥ 0 and h* = 1 - εf* ≥ 0 without changing mass or energy: pools negative cell contents, then negative
 * holes. Where a pool reached an end of the grid the energy it cost is put back by a tilt of the whole profile,
 * f += λ f h (x - x̄), which has no mass. Returns false if that would have to change f by more than a tenth.
 */
export function repairStar(): bool {
  const n = N;
  // scratch, not folded: arrays of Newton's iteration, which starts afresh afterwards
  const contents = gHat;
  for (let i = 0; i < n; i++) set(contents, i, content(fStar, f, i));
  let lost = poolNegative(contents, dAhead, dBehind);
  for (let i = 0; i < n; i++) {
    if (get(contents, i) !== content(fStar, f, i)) {
      const f1 = get(contents, i) * cell(invV, i) + reserve(fStar, f, i);
      setCell(fStar, i, f1);
      setCell(hStar, i, 1 - epsilon * f1);
    }
  }
  if (epsilon > 0) {
    for (let i = 0; i < n; i++) set(contents, i, content(hStar, h, i));
    lost -= poolNegative(contents, dAhead, dBehind) * invEpsilon;
    const top = largest();
    for (let i = 0; i < n; i++) {
      if (get(contents, i) !== content(hStar, h, i)) {
        const h1 = get(contents, i) * cell(invV, i) + reserve(hStar, h, i);
        setCell(hStar, i, h1);
        setCell(fStar, i, Math.min((1 - h1) * invEpsilon, top));
      }
    }
  }
  closeCells(fStar);
  closeCells(hStar);
  return (
    lost === 0 || tilt(fStar, hStar, lost, LARGEST_TILT) || Math.abs(lost) <= NEGLIGIBLE * scaleOfEnergy()
  );
}

/** The value that the pooling is not to take from a cell. */
function reserve(star: usize, accepted: usize, i: i32): f64 {
  const value = cell(star, i);
  const before = cell(accepted, i);
  return value < 0 ? RAISED * before : Math.min(value, KEPT * before);
}

/** What the pooling has to make non-negative. */
function content(star: usize, accepted: usize, i: i32): f64 {
  return (cell(star, i) - reserve(star, accepted, i)) * cell(V, i);
}

/**
 * Makes cell contents c_i = V_i f*_i (or V_i h*_i) non-negative without changing Σ c_i or, away from the ends,
 * Σ c_i x_i. Returns the Σ c_i x_i that was lost.
 *
 * c ≥ 0 says that the enclosed masses m*_k = Σ_{i<k} c_i do not decrease and stay within [0, M]. Their isotonic
 * regression with weights Δx_k (pool adjacent violators) keeps Σ m*_k Δx_k, that is the energy, and the ends, that is
 * the mass; a deficit moves to the neighbouring cells by linear interpolation in x. Blocks outside [0, M] are set to
 * the end's value, and the energy that costs is what is returned. It is all formed from the gaps c_i between blocks,
 * never from m* itself: differences of m* would lose the tail. One pass, O(N). `weights` and `starts`: N + 2 doubles.
 */
function poolNegative(c: usize, weights: usize, starts: usize): f64 {
  const n = N;
  let top = -1; // blocks of pooled faces: first face, weight; the gap before block t is c[first - 1]
  let carry: f64 = 0;
  let lost: f64 = 0;
  for (let k = 1; k < n; k++) {
    top++;
    set(starts, top, <f64>k);
    set(weights, top, face(dx, k));
    if (carry !== 0) set(c, k - 1, get(c, k - 1) + carry);
    carry = 0;
    while (true) {
      const first = <i32>get(starts, top);
      const gap = get(c, first - 1);
      if (!(gap < 0)) break;
      const own = get(weights, top);
      set(c, first - 1, 0);
      if (top === 0) {
        lost -= gap * own; // the block rises to m = 0
        carry += gap;
        break;
      }
      const before = get(weights, top - 1);
      const total = before + own;
      const previous = <i32>get(starts, top - 1);
      set(c, previous - 1, get(c, previous - 1) + gap * (own / total));
      carry += gap * (before / total);
      top--;
      set(weights, top, total);
    }
  }
  let last = get(c, n - 1) + carry;
  while (last < 0 && top >= 0) {
    lost += last * get(weights, top); // the block sinks to m = M
    const first = <i32>get(starts, top);
    last += get(c, first - 1);
    set(c, first - 1, Math.max(last, 0));
    if (last >= 0) last = 0;
    top--;
  }
  set(c, n - 1, Math.max(last, 0));
  return lost;
}
