import { innerSum, outerSum } from "./mean";
import {
  ball,
  closeFaces,
  D_AHEAD,
  D_BEHIND,
  dx,
  FACTOR,
  facePairs,
  factors,
  invDx,
  invV,
  MEAN,
  means,
  N,
  PARTIAL,
  pair,
  SLOPE,
  setPair,
  swapLanes,
  update,
  V,
} from "./memory";
import { beginUpdate, endUpdate, middleCellTwice, updateCells } from "./update";

/** Σ Δx_k F_k, left by `eliminate`: 0 but for rounding. τ times this is the energy that the update adds to a balanced c. */
export let fluxEnergy: f64 = 0;

/**
 * Constants of the elimination's loop: 1/τ; `outerSum` and `innerSum`; ± f_{N-1}; the share of the flux; 1. Read from
 * memory: what can be computed anew V8 computes anew in each round, divisions included.
 */
const constants = memory.data<f64>([0, 0, 0, 0, 0, 0, 0, 0, 1, 1], 16);

// What the elimination hands on from a pair to the next stands in the next pair's record of `factors`, which is written
// over when that pair is eliminated: only what is on the critical path stays in registers. (At a fixed address a load may
// meet a spilled register's store with the same low bits of address, in every round, and wait for it.)
const BEHIND: usize = 0;
const ENCLOSED: usize = 16;
const ENERGY: usize = 32;
const A: usize = 48;
const S_AHEAD: usize = 64;
const T: usize = 80;

function fma(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/**
 * The first half of one Newton step of the stage equation in enclosed masses, c_k - τF_k = 0 with c_k = m_k - m*_k,
 * after `logarithmicMean`. Unknowns are (δm_k, δσ_k), σ = S/3, at the faces k = 1 … N-1 (numerics.md §3):
 *
 *   δm_k/τ - δF_k = share F_k - c_k/τ
 *   (δσ_k - δσ_{k-1})/V_{k-1} - (δσ_{k+1} - δσ_k)/V_k = Δx_k δĝ_k,   δσ_0 = 0, zero slope at the last face,
 *
 * with δf_i = (δm_{i+1} - δm_i)/V_i, δm_0 = δm_N = 0, and the change of f_{N-1} in the drag left out: it would
 * couple every face with the wall (`stage` restores it where it matters). `share` is 1, or 0 for another right-hand side
 * -c/τ with the same matrix. Block tridiagonal with 2×2 blocks; the second row is divided by 1/V_behind. What is behind is
 * eliminated, x_k = p_k + H_k x_ahead, from both ends at once; the ends themselves are pair 0. `content` is Σ f_i V_i;
 * `c` is directed.
 *
 * The recurrence takes the time: the block left of a pair goes into the next one's with its division pending, (b X)/det in
 * place of b (X/det), and flux, residual and matrix of the next pair are formed in the division's shadow.
 */
export function eliminate(f: usize, c: usize, tau: f64, wallValue: f64, content: f64, share: f64): void {
  const px = dx;
  const pr = ball;
  const pi = invDx;
  const pv = invV;
  const pV = V;
  setConstant(0, 1 / tau, 1 / tau);
  setConstant(16, outerSum, innerSum);
  setConstant(32, wallValue, -wallValue);
  setConstant(48, share, share);
  const rate = v128.load(constants);
  const rest = v128.load(constants, 16);
  const wall = v128.load(constants, 32);
  const shares = v128.load(constants, 48);
  const one = v128.load(constants, 64);
  const zero = f64x2.splat(0);
  let out = factors;
  // Pair 0, the ends: δm = 0, and δσ_0 = 0 in lane 0, δσ_N = δσ_{N-1} in lane 1.
  v128.store(out, zero, BEHIND);
  v128.store(out, f64x2.replace_lane(zero, 1, -content), ENCLOSED);
  v128.store(out, zero, ENERGY);
  v128.store(out, zero, A);
  v128.store(out, zero, S_AHEAD);
  v128.store(out, f64x2.replace_lane(zero, 1, 1), T);
  let M00 = one;
  let N01 = zero;
  let M10 = zero;
  let M11 = one;
  let r0 = zero;
  let r1 = zero;
  let face = means + MEAN;
  const last = facePairs;
  for (let i = 0; i <= last; i++) {
    // pair i: [M00 -N01; M10 M11] x = r + [a 0; sA t] x_ahead, x_behind eliminated
    const a = v128.load(out, A);
    const sA = v128.load(out, S_AHEAD);
    const t = v128.load(out, T);
    const inverse = f64x2.div(one, fma(M00, M11, f64x2.mul(N01, M10)));
    const X00 = fma(M11, a, f64x2.mul(N01, sA));
    const X01 = f64x2.mul(N01, t);
    const X10 = f64x2.sub(f64x2.mul(M00, sA), f64x2.mul(M10, a));
    const X11 = f64x2.mul(M00, t);
    const P0 = fma(M11, r0, f64x2.mul(N01, r1));
    const P1 = f64x2.sub(f64x2.mul(M00, r1), f64x2.mul(M10, r0));
    // pair i + 1; past the last one this has no effect
    const volume = pair(pV, i);
    const enclosed = fma(pair(f, i), volume, v128.load(out, ENCLOSED));
    v128.store(out, enclosed, FACTOR + ENCLOSED);
    const r = pair(pr, i + 1);
    const mean = v128.load(face);
    const step = pair(px, i + 1);
    const weight = f64x2.mul(mean, step);
    // ⅓ Σ ρĝΔx (lane 0), Σ ĝΔx (lane 1) over the faces behind, and of those ahead
    const behind = v128.load(out, BEHIND);
    v128.store(
      out,
      f64x2.add(behind, v128.shuffle<f64>(f64x2.mul(r, weight), weight, 0, 3)),
      FACTOR + BEHIND,
    );
    const ahead = f64x2.add(v128.load(face, PARTIAL), rest);
    const sigma = fma(r, v128.shuffle<f64>(ahead, behind, 0, 3), v128.shuffle<f64>(behind, ahead, 0, 3));
    const drag = f64x2.sub(enclosed, f64x2.mul(r, wall));
    const steep = v128.load(face, SLOPE);
    const flux = fma(steep, sigma, f64x2.mul(mean, drag));
    v128.store(out, fma(step, flux, v128.load(out, ENERGY)), FACTOR + ENERGY);
    const rhs = f64x2.sub(f64x2.mul(shares, flux), f64x2.mul(rate, pair(c, i + 1)));
    // δF = a (δm_a - δm) - b (δm - δm_b) + …, Δx δĝ/V_b in the same manner with sA and -sB
    const alpha = f64x2.mul(sigma, pair(pi, i + 1));
    const dA = v128.load(face, D_AHEAD);
    const dB = v128.load(face, D_BEHIND);
    face += MEAN;
    const vA = pair(pv, i + 1);
    const tNext = f64x2.mul(vA, volume);
    const aNext = f64x2.mul(fma(drag, dA, alpha), vA);
    const sANext = f64x2.mul(f64x2.mul(step, dA), tNext);
    v128.store(out, aNext, FACTOR + A);
    v128.store(out, sANext, FACTOR + S_AHEAD);
    v128.store(out, tNext, FACTOR + T);
    const b = f64x2.mul(f64x2.sub(alpha, f64x2.mul(drag, dB)), pair(pv, i));
    const sB = f64x2.mul(step, dB);
    const diagonal = f64x2.add(f64x2.add(aNext, b), f64x2.sub(rate, mean));
    M00 = f64x2.sub(diagonal, f64x2.mul(f64x2.mul(b, X00), inverse));
    N01 = fma(f64x2.mul(b, X01), inverse, steep);
    M10 = fma(f64x2.sub(f64x2.mul(sB, X00), X10), inverse, f64x2.sub(sANext, sB));
    M11 = fma(f64x2.sub(f64x2.mul(sB, X01), X11), inverse, f64x2.add(one, tNext));
    r0 = fma(f64x2.mul(b, P0), inverse, rhs);
    r1 = f64x2.mul(f64x2.sub(P1, f64x2.mul(sB, P0)), inverse);
    v128.store(out, f64x2.mul(X00, inverse));
    v128.store(out, f64x2.mul(X01, inverse), 16);
    v128.store(out, f64x2.mul(X10, inverse), 32);
    v128.store(out, f64x2.mul(X11, inverse), 48);
    v128.store(out, f64x2.mul(P0, inverse), 64);
    v128.store(out, f64x2.mul(P1, inverse), 80);
    out += FACTOR;
  }
  fluxEnergy = difference(v128.load(out, ENERGY));
}

function setConstant(at: usize, lane0: f64, lane1: f64): void {
  store<f64>(constants + at, lane0);
  store<f64>(constants + at, lane1, 8);
}

/** Sum of a directed quantity over both lanes. */
function difference(a: v128): f64 {
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
  const last = factors + <usize>facePairs * FACTOR;
  const shared = (N & 1) === 0;
  const other = (shared ? last - FACTOR : last) + 8;
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
  first0 = f64x2.replace_lane(f64x2.splat(low0), 1, -high0);
  first1 = f64x2.replace_lane(f64x2.splat(low1), 1, high1);
  firstPair = facePairs;
  ahead = f64x2.neg(swapLanes(first0));
  if (!shared) return;
  // the face next to the middle one is solved for in lane 1 already
  const before = last - FACTOR;
  const l0 = load<f64>(before, 64) + (load<f64>(before) * low0 + load<f64>(before, 16) * low1);
  const l1 = load<f64>(before, 80) + (load<f64>(before, 32) * low0 + load<f64>(before, 48) * low1);
  ahead = f64x2.replace_lane(f64x2.splat(low0), 1, -low0);
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
  let from = factors + <usize>i * FACTOR;
  setPair(update, i + 1, ahead);
  while (true) {
    setPair(update, i, x0);
    if (--i < 0) break;
    from -= FACTOR;
    const y0 = f64x2.add(v128.load(from, 64), fma(v128.load(from), x0, f64x2.mul(v128.load(from, 16), x1)));
    x1 = f64x2.add(v128.load(from, 80), fma(v128.load(from, 32), x0, f64x2.mul(v128.load(from, 48), x1)));
    x0 = y0;
  }
  closeFaces(update);
}

/**
 * The second half, with the update of the iterate in the same sweep: c += δm, f += δf (see `update`), in the time of the
 * recurrence alone. Returns Σ Δx_k c_k: minus the energy, in excess of that of f*, which the iterate has now.
 */
export function substituteAndUpdate(c: usize): f64 {
  meet();
  beginUpdate();
  let x0 = first0;
  let x1 = first1;
  let i = firstPair;
  let beyond = ahead;
  let from = factors + <usize>i * FACTOR;
  let size = middleCellTwice(f64x2.sub(beyond, x0));
  let contents = f64x2.add(pair(c, i + 1), beyond);
  setPair(c, i + 1, contents);
  let energy = f64x2.mul(pair(dx, i + 1), contents);
  while (true) {
    contents = f64x2.add(pair(c, i), x0);
    setPair(c, i, contents);
    energy = fma(pair(dx, i), contents, energy);
    size = f64x2.add(size, updateCells(i, f64x2.sub(beyond, x0)));
    if (--i < 0) break;
    beyond = x0;
    from -= FACTOR;
    const y0 = f64x2.add(v128.load(from, 64), fma(v128.load(from), x0, f64x2.mul(v128.load(from, 16), x1)));
    x1 = f64x2.add(v128.load(from, 80), fma(v128.load(from, 32), x0, f64x2.mul(v128.load(from, 48), x1)));
    x0 = y0;
  }
  endUpdate(size);
  return difference(energy);
}

/** Applies δm of the array `update` in the same manner: with H = 0 and p = δm it is the solution. */
export function applyUpdate(c: usize): f64 {
  const zero = f64x2.splat(0);
  for (let i = 0; i <= facePairs; i++) {
    const at = factors + <usize>i * FACTOR;
    v128.store(at, zero);
    v128.store(at, zero, 16);
    v128.store(at, zero, 32);
    v128.store(at, zero, 48);
    v128.store(at, pair(update, i), 64);
    v128.store(at, zero, 80);
  }
  return substituteAndUpdate(c);
}

/** Σ Δx_k a_k of a directed array: minus the energy of what it encloses. */
export function energyOf(a: usize): f64 {
  let energy = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) energy = fma(pair(dx, i), pair(a, i), energy);
  return difference(energy);
}
