import {
  cell,
  cellPairs,
  closeCells,
  closeFaces,
  epsilon,
  facePairs,
  fStage,
  fStar,
  hStage,
  hStar,
  invEpsilon,
  invV,
  N,
  pair,
  scratch,
  setCell,
  setPair,
  V,
  x,
} from "./memory";
import { largest, meanNode } from "./scales";

/**
 * Forms c_k = m_k - m*_k of the iterate anew, where it has not come about by updates alone. Cell contents
 * V_i (f_i - f*_i) are summed from the inside up to the mean radius and from the outside beyond it: one sum over everything
 * would lose the tail to cancellation against the total mass. What is left of a mass defect goes into the cell that has
 * most room for it; false if it has not room enough.
 */
export function recoverContents(c: usize): bool {
  formContents();
  const defect = sumContents(c);
  if (defect === 0) return true;
  if (!addContent(roomiest(), -defect)) return false;
  formContents();
  sumContents(c);
  return true;
}

/** V_i (f_i - f*_i) in `scratch`, from the holes where they are the small ones. A middle cell has its own in one lane. */
export function formContents(): void {
  const half = f64x2.splat(0.5);
  const inverse = f64x2.splat(invEpsilon);
  for (let i = 0; i < cellPairs; i++) {
    const hole = pair(hStage, i);
    const dense = f64x2.lt(hole, half);
    let d = f64x2.sub(pair(fStage, i), pair(fStar, i));
    if (v128.any_true(dense)) {
      d = v128.bitselect(f64x2.mul(f64x2.sub(pair(hStar, i), hole), inverse), d, dense);
    }
    setPair(scratch, i, f64x2.mul(d, pair(V, i)));
  }
}

/** Sums `scratch` up, directed, in `c`; returns the sum over all cells, which ought to vanish. */
function sumContents(c: usize): f64 {
  let sum = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) {
    sum = f64x2.add(sum, pair(scratch, i - 1));
    setPair(c, i, sum);
  }
  const between = N & 1 ? load<f64>(scratch + ((<usize>facePairs) << 4)) : 0;
  const inner = f64x2.extract_lane(sum, 0) + between;
  const outer = f64x2.extract_lane(sum, 1) + between;
  const middle = middleFace();
  continueSum(c, 0, outer, middle);
  continueSum(c, 8, inner, N - middle - 1);
  closeFaces(c);
  return inner + f64x2.extract_lane(sum, 1);
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

/** The cell with the largest f* h* V. */
function roomiest(): i32 {
  let most: f64 = -1;
  let at = 0;
  for (let i = 0; i < cellPairs; i++) {
    const room = f64x2.mul(f64x2.mul(pair(fStar, i), pair(hStar, i)), pair(V, i));
    const inner = f64x2.extract_lane(room, 0);
    const outer = f64x2.extract_lane(room, 1);
    if (inner > most) {
      most = inner;
      at = i;
    }
    if (outer > most) {
      most = outer;
      at = N - 1 - i;
    }
  }
  return at;
}

/** Adds δ to f_i V_i of the iterate, unless that would take half of what the cell has. */
function addContent(i: i32, delta: f64): bool {
  const change = delta * cell(invV, i);
  const f = cell(fStage, i) + change;
  const h = cell(hStage, i) - epsilon * change;
  if (!(f > 0.5 * cell(fStage, i) && h > 0.5 * cell(hStage, i))) return false;
  if (h < 0.5) {
    setCell(hStage, i, h);
    setCell(fStage, i, Math.min((1 - h) * invEpsilon, largest()));
  } else {
    setCell(fStage, i, f);
    setCell(hStage, i, 1 - epsilon * f);
  }
  closeCells(fStage);
  closeCells(hStage);
  return true;
}
