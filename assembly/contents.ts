import { last0, last1 } from "./held";
import {
  cell,
  cellPairs,
  closeCells,
  closeFaces,
  direction,
  epsilon,
  face,
  facePairs,
  fStage,
  fStar,
  hStage,
  hStar,
  invEpsilon,
  invV,
  largest,
  N,
  ones,
  pair,
  scratch,
  setCell,
  setFace,
  setPair,
  x,
} from "./memory";
import { differenceOf, roomOf } from "./room";
import { meanNode } from "./scales";

/**
 * Forms c_k = m_k - m*_k of the iterate anew, where it has not come about by updates alone. Cell contents
 * V_i (f_i - f*_i) are summed from the inside up to the mean radius and from the outside beyond it: one sum over everything
 * would lose the tail to cancellation against the total mass. What is left of a mass defect goes into the cell that has
 * most room for it; false if it has not room enough.
 */
export function recoverContents(c: usize): bool {
  const middle = middleFace();
  const defect = sumContents(c, middle);
  if (defect === 0) return true;
  if (!addContent(roomiest, -defect)) return false;
  if (roomiest < middle) for (let k = roomiest + 1; k <= middle; k++) addToFace(c, k, -defect);
  else for (let k = middle + 1; k <= roomiest; k++) addToFace(c, k, defect);
  closeFaces(c);
  return true;
}

/**
 * Likewise where all that has been held back (see `held`) is among the pairs of cells `first` … `last`: c changes in these only,
 * and the defect of a lane goes into the cell of theirs that has most room. False if that has not room enough, or if they
 * reach to where the lanes meet: `recoverContents` has to follow.
 */
export function recoverHeld(c: usize, first: i32, last: i32): bool {
  if (last >= cellPairs - 2) return false;
  const middle = middleFace();
  const near = first > 0 ? pair(c, first) : f64x2.splat(0);
  const defect = f64x2.sub(f64x2.sub(pair(c, last + 1), near), sumRange(first, last));
  return (
    (last0 < 0 || recoverLane(c, 0, first, last, middle, f64x2.extract_lane(defect, 0))) &&
    (last1 < 0 || recoverLane(c, 8, first, last, N - middle, f64x2.extract_lane(defect, 1)))
  );
}

/** Of one lane, whose own sums go up to pair `middle` of faces: beyond, they are formed from the far end. */
function recoverLane(c: usize, lane: usize, first: i32, last: i32, middle: i32, defect: f64): bool {
  const i = <i32>load<f64>(places + lane);
  if (!addContent(lane === 0 ? i : N - 1 - i, defect)) return false;
  const from = scratch + lane;
  const to = c + lane;
  setPair(scratch, i, contentsOf(i));
  const meeting = min(max(middle, first), last);
  let sum = first > 0 ? load<f64>(to + ((<usize>first) << 4)) : 0;
  for (let i = first; i < meeting; i++) {
    sum += load<f64>(from + ((<usize>i) << 4));
    store<f64>(to + ((<usize>(i + 1)) << 4), sum);
  }
  sum = load<f64>(to + ((<usize>(last + 1)) << 4));
  for (let i = last; i > meeting; i--) {
    sum -= load<f64>(from + ((<usize>i) << 4));
    store<f64>(to + ((<usize>i) << 4), sum);
  }
  return true;
}

/** The pair of cells with the largest f h V of the iterate in each lane, and that, left by `sumRange`. */
const places = memory.data(32, 16);

/** Σ V (f - f*) over the pairs `first` … `last`, each of which it leaves in `scratch`. */
function sumRange(first: i32, last: i32): v128 {
  const one = ones();
  let sum = f64x2.splat(0);
  let most = sum;
  let index = f64x2.splat(<f64>first);
  let place = index;
  for (let i = first; i <= last; i++) {
    const contents = contentsOf(i);
    const room = roomOf(fStage, hStage, i);
    const more = f64x2.gt(room, most);
    most = v128.bitselect(room, most, more);
    place = v128.bitselect(index, place, more);
    index = f64x2.add(index, one);
    sum = f64x2.add(sum, contents);
    setPair(scratch, i, contents);
  }
  v128.store(places, place);
  v128.store(places, most, 16);
  return sum;
}

/** V (f - f*) of pair i of cells. */
function contentsOf(i: i32): v128 {
  return differenceOf(fStage, hStage, fStar, hStar, i);
}

/** The cell with the largest f h V of the iterate, left by `sumContents`. */
let roomiest: i32 = 0;

/** Sums the contents up, directed, in `c`; returns the sum over all cells, which ought to vanish. */
function sumContents(c: usize, middle: i32): f64 {
  sumRange(0, cellPairs - 1);
  const place = v128.load(places);
  const most = v128.load(places, 16);
  const inFirst = f64x2.extract_lane(most, 0) >= f64x2.extract_lane(most, 1);
  roomiest = inFirst ? <i32>f64x2.extract_lane(place, 0) : N - 1 - <i32>f64x2.extract_lane(place, 1);
  let sum = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    sum = f64x2.add(sum, pair(scratch, i));
    setPair(c, i + 1, sum);
  }
  const between = N & 1 ? load<f64>(scratch + ((<usize>facePairs) << 4)) : 0;
  const inner = load<f64>(c + ((<usize>facePairs) << 4)) + between;
  const outer = load<f64>(c + ((<usize>facePairs) << 4), 8);
  continueSum(c, 0, outer + between, middle);
  continueSum(c, 8, inner, N - middle - 1);
  closeFaces(c);
  return inner + outer;
}

/** From where the lanes meet down to pair `end`, not included, a lane's own sums give way to those from the other end. */
function continueSum(c: usize, lane: usize, start: f64, end: i32): void {
  let sum = start;
  for (let i = facePairs; i > end; i--) {
    store<f64>(c + lane + ((<usize>i) << 4), -sum);
    sum += load<f64>(scratch + lane + ((<usize>(i - 1)) << 4));
  }
}

/** The first face beyond the mean of x, but neither of the ends. */
function middleFace(): i32 {
  let low = 1;
  let high = N - 1;
  while (low < high) {
    const k = (low + high) >> 1;
    if (cell(x, k) > meanNode) high = k;
    else low = k + 1;
  }
  return low;
}

/** Adds δ to f_i V_i of the iterate, unless that would take half of what the cell has. */
function addContent(i: i32, delta: f64): bool {
  const change = delta * cell(invV, i);
  const f = cell(fStage, i) + change;
  const h = cell(hStage, i) - epsilon * change;
  if (!(f > 0.5 * cell(fStage, i) && h > 0.5 * cell(hStage, i))) return false;
  if (h < 0.5) {
    setCell(hStage, i, h);
    setCell(fStage, i, Math.min((1 - h) * invEpsilon, largest));
  } else {
    setCell(fStage, i, f);
    setCell(hStage, i, 1 - epsilon * f);
  }
  closeCells(fStage);
  closeCells(hStage);
  return true;
}

function addToFace(c: usize, k: i32, delta: f64): void {
  setFace(c, k, face(c, k) + direction(k) * delta);
}
