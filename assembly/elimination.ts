import { innerSum, outerSum } from "./mean";
import {
  ball,
  closeFaces,
  D_AHEAD,
  D_BEHIND,
  DIFFERENCE,
  dx,
  epsilon,
  F_BEHIND,
  facePairs,
  fStage,
  gridPair,
  gridV,
  hStage,
  invV,
  lanes,
  N,
  PARTIAL,
  pair,
  RECORD,
  records,
  setPair,
  swapLanes,
  update,
  WEIGHT,
} from "./memory";
import { beginUpdate, endUpdate, freeUpdate, heldUpdate, middleCellTwice } from "./update";

/** Σ Δx_k F_k, left by `eliminate`: 0 but for rounding. τ times this is the energy that the update adds to a balanced c. */
export let fluxEnergy: f64 = 0;

/**
 * Constants of the elimination's loop: 1/τ; `outerSum` and `innerSum`; ± f_{N-1}; 1; and what is added to Δf in the matrix.
 * Where f is flat, in a full core or a floored tail, that coupling would decay to denormal numbers from face to face, at a
 * hundred cycles each; 1e-200 is far below its rounding. Read from memory in the loop: registers are for what the
 * recurrence carries.
 */
const constants = memory.data<f64>([0, 0, 0, 0, 0, 0, 1, 1, 1e-200, 1e-200], 16);
const RATE: usize = 0;
const REST: usize = 16;
const WALL: usize = 32;
const ONE: usize = 48;
const FLOOR: usize = 64;

/**
 * Row of a pair before what is behind is eliminated. V8 computes late and keeps the operands, on the stack where registers do
 * not suffice; what is written here is computed at once. What is read, it keeps from there on, across the stores that
 * follow: hence the reads come last.
 */
const row = memory.data(64, 16);
const DIAGONAL: usize = 0;
const SIDE: usize = 16;
const JUMP: usize = 32;
const RATIO: usize = 48;

// What the elimination hands on from a pair to the next stands in the next pair's record, in place of what it has just
// read there. D_AHEAD stays, D_BEHIND is multiplied by RATIO.
const BEHIND: usize = 0;
const ENERGY: usize = 48;
const ENCLOSED: usize = 64;
const A: usize = 80;

function fma(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/**
 * The first half of one Newton step of the stage equation in enclosed masses, c_k - τF_k = 0 with c_k = m_k - m*_k,
 * after `logarithmicMean`. Unknowns are (δm_k, δσ_k), σ = S/3, at the faces k = 1 … N-1 (docs/method.md, In time):
 *
 *   Δx_k (δm_k/τ - δF_k) = Δx_k (F_k - c_k/τ)
 *   (δσ_k - δσ_{k-1})/V_{k-1} - (δσ_{k+1} - δσ_k)/V_k = δ(ĝ_k Δx_k),   δσ_0 = 0, zero slope at the last face,
 *
 * with δf_i = (δm_{i+1} - δm_i)/V_i, δm_0 = δm_N = 0, and the change of f_{N-1} in the drag left out: it would
 * couple every face with the wall (`stage` restores it where it matters). `Side` is f64, or i32 for the right-hand side
 * -Δx_k c_k/τ with the same matrix. Times Δx_k the flux, σ_k Δf_k + ĝ_k Δx_k (m_k - …), has no quotient in it; the second row
 * is multiplied by V_ahead. Block tridiagonal with 2×2 blocks. What is behind is eliminated, x_k = p_k + H_k x_ahead, from
 * both ends at once; the ends themselves are pair 0. `content` is Σ f_i V_i; `c` is directed.
 *
 * The recurrence takes the time: the block left of a pair goes into the next one's with its division pending, (b X)/det in
 * place of b (X/det), and flux, residual and matrix of the next pair are formed in the division's shadow.
 */
export function eliminate<Side>(c: usize, tau: f64, wallValue: f64, content: f64): void {
  const px = dx;
  const pr = ball;
  const pv = invV;
  const pV = gridV;
  setConstant(RATE, 1 / tau, 1 / tau);
  setConstant(REST, outerSum, innerSum);
  setConstant(WALL, wallValue, -wallValue);
  const one = v128.load(constants, ONE);
  const zero = f64x2.splat(0);
  let out = records;
  // Pair 0, the ends: δm = 0, and δσ_0 = 0 (but for 1e-300) in lane 0, δσ_N = δσ_{N-1} in lane 1.
  v128.store(out, zero, BEHIND);
  v128.store(out, f64x2.replace_lane(zero, 1, -content), ENCLOSED);
  v128.store(out, zero, ENERGY);
  v128.store(out, zero, A);
  v128.store(out, zero, D_AHEAD);
  let M00 = one;
  let N01 = zero;
  let M10 = zero;
  let M11 = f64x2.replace_lane(one, 0, 1e300);
  let r0 = zero;
  let r1 = zero;
  const last = facePairs;
  for (let i = 0; i <= last; i++) {
    // Row of pair i + 1; the pair past the last is zero, and has no effect.
    const enclosed = fma(v128.load(out, RECORD + F_BEHIND), gridPair(pV, i), v128.load(out, ENCLOSED));
    const ahead = f64x2.add(v128.load(out, RECORD + PARTIAL), v128.load(constants, REST));
    v128.store(out, enclosed, RECORD + ENCLOSED);
    const r = gridPair(pr, i + 1);
    const weight = v128.load(out, RECORD + WEIGHT);
    // ⅓ Σ ρĝΔx (lane 0), Σ ĝΔx (lane 1) over the faces behind, and of those ahead
    const behind = v128.load(out, BEHIND);
    const weighted = f64x2.mul(r, weight);
    v128.store(out, f64x2.add(behind, v128.shuffle<f64>(weighted, weight, 0, 3)), RECORD + BEHIND);
    const sigma = fma(r, v128.shuffle<f64>(ahead, behind, 0, 3), v128.shuffle<f64>(behind, ahead, 0, 3));
    const drag = f64x2.sub(enclosed, f64x2.mul(r, v128.load(constants, WALL)));
    const difference = v128.load(out, RECORD + DIFFERENCE);
    v128.store(row, f64x2.add(difference, v128.load(constants, FLOOR)), JUMP);
    const scaled = f64x2.mul(v128.load(constants, RATE), gridPair(px, i + 1));
    const contents = f64x2.mul(scaled, pair(c, i + 1));
    if (isFloat<Side>()) {
      const flux = fma(difference, sigma, f64x2.mul(weight, drag));
      v128.store(out, f64x2.add(flux, v128.load(out, ENERGY)), RECORD + ENERGY);
      v128.store(row, f64x2.sub(flux, contents), SIDE);
    } else {
      v128.store(row, f64x2.neg(contents), SIDE);
    }
    const vB = pair(pv, i);
    const xB = v128.load(out, RECORD + D_BEHIND);
    const ratioNext = f64x2.mul(gridPair(pV, i + 1), vB);
    v128.store(row, ratioNext, RATIO);
    v128.store(out, f64x2.mul(ratioNext, xB), RECORD + D_BEHIND);
    // Δx δF = a (δm_a - δm) - b (δm - δm_b) + …
    const b = f64x2.mul(f64x2.sub(sigma, f64x2.mul(drag, xB)), vB);
    const xA = v128.load(out, RECORD + D_AHEAD);
    const aNext = f64x2.mul(fma(drag, xA, sigma), pair(pv, i + 1));
    v128.store(out, aNext, RECORD + A);
    v128.store(row, f64x2.add(f64x2.add(aNext, b), f64x2.sub(scaled, weight)), DIAGONAL);
    // Pair i: [M00 -N01; M10 M11] x = r + [a 0; sA 1] x_ahead, x_behind eliminated; x = (P + X x_ahead) / det.
    const a = v128.load(out, A);
    const sA = v128.load(out, D_AHEAD);
    const sB = v128.load(out, RECORD + D_BEHIND);
    const ratio = v128.load(row, RATIO);
    const inverse = f64x2.div(v128.load(constants, ONE), fma(M00, M11, f64x2.mul(N01, M10)));
    const X00 = fma(M11, a, f64x2.mul(N01, sA));
    const X01 = N01;
    const X10 = f64x2.sub(f64x2.mul(M00, sA), f64x2.mul(M10, a));
    const X11 = M00;
    const P0 = fma(M11, r0, f64x2.mul(N01, r1));
    const P1 = f64x2.sub(f64x2.mul(M00, r1), f64x2.mul(M10, r0));
    v128.store(out, f64x2.mul(X00, inverse));
    v128.store(out, f64x2.mul(X01, inverse), 16);
    v128.store(out, f64x2.mul(X10, inverse), 32);
    v128.store(out, f64x2.mul(X11, inverse), 48);
    v128.store(out, f64x2.mul(P0, inverse), 64);
    v128.store(out, f64x2.mul(P1, inverse), 80);
    // Its place in the row of pair i + 1.
    M00 = f64x2.sub(v128.load(row, DIAGONAL), f64x2.mul(f64x2.mul(b, X00), inverse));
    N01 = fma(f64x2.mul(b, X01), inverse, v128.load(row, JUMP));
    r0 = fma(f64x2.mul(b, P0), inverse, v128.load(row, SIDE));
    const sDiagonal = f64x2.sub(v128.load(out, RECORD + D_AHEAD), sB);
    const unit = f64x2.add(v128.load(constants, ONE), ratio);
    M10 = fma(f64x2.sub(f64x2.mul(sB, X00), f64x2.mul(ratio, X10)), inverse, sDiagonal);
    M11 = fma(f64x2.sub(f64x2.mul(sB, X01), f64x2.mul(ratio, X11)), inverse, unit);
    r1 = f64x2.mul(f64x2.sub(f64x2.mul(ratio, P1), f64x2.mul(sB, P0)), inverse);
    out += RECORD;
  }
  fluxEnergy = lanesApart(v128.load(out, ENERGY));
}

function setConstant(at: usize, lane0: f64, lane1: f64): void {
  store<f64>(constants + at, lane0);
  store<f64>(constants + at, lane1, 8);
}

/** Sum of a directed quantity over both lanes. */
function lanesApart(a: v128): f64 {
  return f64x2.extract_lane(a, 0) - f64x2.extract_lane(a, 1);
}

// Where the lanes meet, left by `meet`: δm ahead of the pair from which the substitution starts, its index, its solution.
let ahead: v128 = f64x2.splat(0);
let firstPair: i32 = 0;
let first0: v128 = f64x2.splat(0);
let first1: v128 = f64x2.splat(0);

/**
 * Solves for the two faces in the middle. Lane 0 holds x_i = p + H x_{i+1}; lane 1, one pair back if both met in one face,
 * holds x_{i+1} = q + K x_i, directed: there δm has the opposite sign. Hence (1 - H K) x_i = p + H q.
 */
function meet(): void {
  const last = records + <usize>facePairs * RECORD;
  const shared = (N & 1) === 0;
  const other = (shared ? last - RECORD : last) + 8;
  const h00 = load<f64>(last);
  const h01 = load<f64>(last, 16);
  const h10 = load<f64>(last, 32);
  const h11 = load<f64>(last, 48);
  const k00 = load<f64>(other);
  const k01 = -load<f64>(other, 16);
  const k10 = -load<f64>(other, 32);
  const k11 = load<f64>(other, 48);
  const q0 = -load<f64>(other, 64);
  const q1 = load<f64>(other, 80);
  const m00 = 1 - (h00 * k00 + h01 * k10);
  const m01 = -(h00 * k01 + h01 * k11);
  const m10 = -(h10 * k00 + h11 * k10);
  const m11 = 1 - (h10 * k01 + h11 * k11);
  const r0 = load<f64>(last, 64) + (h00 * q0 + h01 * q1);
  const r1 = load<f64>(last, 80) + (h10 * q0 + h11 * q1);
  const inverse = 1 / (m00 * m11 - m01 * m10);
  const low0 = (m11 * r0 - m01 * r1) * inverse;
  const low1 = (m00 * r1 - m10 * r0) * inverse;
  const high0 = q0 + (k00 * low0 + k01 * low1);
  const high1 = q1 + (k10 * low0 + k11 * low1);
  first0 = lanes(low0, -high0);
  first1 = lanes(low1, high1);
  firstPair = facePairs;
  ahead = f64x2.neg(swapLanes(first0));
  if (!shared) return;
  // the face next to the middle one is solved for in lane 1 already
  const before = last - RECORD;
  const l0 = load<f64>(before, 64) + (load<f64>(before) * low0 + load<f64>(before, 16) * low1);
  const l1 = load<f64>(before, 80) + (load<f64>(before, 32) * low0 + load<f64>(before, 48) * low1);
  ahead = lanes(low0, -low0);
  first0 = f64x2.replace_lane(first0, 0, l0);
  first1 = f64x2.replace_lane(first1, 0, l1);
  firstPair = facePairs - 1;
}

/** The second half: δm, directed, in `update`, for those who have to change it before it is applied. */
export function substitute(): void {
  meet();
  let x0 = first0;
  let x1 = first1;
  let i = firstPair;
  let from = records + <usize>i * RECORD;
  setPair(update, i + 1, ahead);
  while (true) {
    setPair(update, i, x0);
    if (--i < 0) break;
    from -= RECORD;
    const y0 = f64x2.add(v128.load(from, 64), fma(v128.load(from), x0, f64x2.mul(v128.load(from, 16), x1)));
    x1 = f64x2.add(v128.load(from, 80), fma(v128.load(from, 32), x0, f64x2.mul(v128.load(from, 48), x1)));
    x0 = y0;
  }
  closeFaces(update);
}

/**
 * The second half, with the update of the iterate in the same sweep: c += δm, f += δf (see `update`), in the time of the
 * recurrence alone.
 */
export function substituteAndUpdate(c: usize): void {
  if (epsilon > 0) updateBackward<f64>(c);
  else updateBackward<i32>(c);
}

/** Where the sweep of `updateBackward` stands: δm, δσ of the pair to come, δm of the one before, Σ |d|. */
const sweep = memory.data(64, 16);

function updateBackward<Holes>(c: usize): void {
  meet();
  beginUpdate();
  let i = firstPair;
  setPair(c, i + 1, f64x2.add(pair(c, i + 1), ahead));
  v128.store(sweep, first0);
  v128.store(sweep, first1, 16);
  v128.store(sweep, ahead, 32);
  v128.store(sweep, middleCellTwice(f64x2.sub(ahead, first0)), 48);
  i = sweepPairs<Holes, i32>(c, i);
  while (i >= 0) i = sweepPairs<Holes, i32>(c, sweepPairs<f64, f64>(c, i));
  endUpdate(v128.load(sweep, 48));
}

/**
 * Takes the sweep from pair `first` down. `Held` is i32 for the pairs before one whose update has to be held back, in a loop
 * without a call, as in `mean`; f64 while they have to be, and one more. Returns the pair to come, -1 at the end. (Called
 * twice each, so that it is not inlined.)
 */
function sweepPairs<Holes, Held>(c: usize, first: i32): i32 {
  if (first < 0) return first;
  const pi = invV;
  const f = fStage;
  const h = hStage;
  let x0 = v128.load(sweep);
  let x1 = v128.load(sweep, 16);
  let beyond = v128.load(sweep, 32);
  let size = v128.load(sweep, 48);
  let from = records + <usize>first * RECORD;
  let i = first;
  while (true) {
    const d = f64x2.sub(beyond, x0);
    let held = false;
    if (isFloat<Held>()) held = heldUpdate(i, d);
    else if (!freeUpdate<Holes>(f, h, pi, i, d)) break;
    setPair(c, i, f64x2.add(pair(c, i), x0));
    size = f64x2.add(size, f64x2.abs(d));
    if (--i < 0) break;
    beyond = x0;
    from -= RECORD;
    x0 = f64x2.add(v128.load(from, 64), fma(v128.load(from), x0, f64x2.mul(v128.load(from, 16), x1)));
    x1 = f64x2.add(v128.load(from, 80), fma(v128.load(from, 32), beyond, f64x2.mul(v128.load(from, 48), x1)));
    if (isFloat<Held>() && !held) break;
  }
  v128.store(sweep, x0);
  v128.store(sweep, x1, 16);
  v128.store(sweep, beyond, 32);
  v128.store(sweep, size, 48);
  return i;
}

/** Applies δm of the array `update` in the same manner: with H = 0 and p = δm it is the solution. */
export function applyUpdate(c: usize): void {
  const zero = f64x2.splat(0);
  for (let i = 0; i <= facePairs; i++) {
    const at = records + <usize>i * RECORD;
    v128.store(at, zero);
    v128.store(at, zero, 16);
    v128.store(at, zero, 32);
    v128.store(at, zero, 48);
    v128.store(at, pair(update, i), 64);
    v128.store(at, zero, 80);
  }
  substituteAndUpdate(c);
}

/** Σ Δx_k a_k of a directed array: minus the energy of what it encloses. */
export function energyOf(a: usize): f64 {
  let energy = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) energy = fma(gridPair(dx, i), pair(a, i), energy);
  return lanesApart(energy);
}
