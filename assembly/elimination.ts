import { innerSum, outerSum } from "./mean";
import {
  ball,
  closeFaces,
  dAhead,
  dBehind,
  dx,
  facePairs,
  factors,
  gHat,
  invDx,
  invV,
  N,
  pair,
  partial,
  setPair,
  slope,
  total,
  update,
  V,
} from "./memory";

/** Σ Δx_k c_k and Σ Δx_k δm_k: minus the energy that the iterate has too much, and that the update adds. */
export let contentsEnergy: f64 = 0;
export let updateEnergy: f64 = 0;

/** Which right-hand side: the residual of the stage equation, or the change of the drag with f_{N-1}. */
export const RESIDUAL: i32 = 0;
export const WALL: i32 = 1;

/**
 * One Newton step of the stage equation in enclosed masses, c_k - τF_k = 0 with c_k = m_k - m*_k, after
 * `logarithmicMean`. Unknowns are (δm_k, δσ_k), σ = S/3, at the faces k = 1 … N-1 (numerics.md §3):
 *
 *   δm_k/τ - δF_k = F_k - c_k/τ
 *   (δσ_k - δσ_{k-1})/V_{k-1} - (δσ_{k+1} - δσ_k)/V_k = Δx_k δĝ_k,   δσ_0 = 0, zero slope at the last face,
 *
 * with δf_i = (δm_{i+1} - δm_i)/V_i, δm_0 = δm_N = 0, and the change of f_{N-1} in the drag left out: it would
 * couple every face with the wall (`stage` restores it where it matters). Block tridiagonal with 2×2 blocks:
 *
 *   x_k = p_k - G_k x_ahead
 *
 * Flux, residual and matrix are formed in the shadow of the elimination, which is bound by the latency of its recurrence
 * and runs from both ends at once. `c` and δm, left in `update`, are directed. `content` is Σ f_i V_i.
 */
export function newtonStep(f: usize, c: usize, tau: f64, wallValue: f64, content: f64, side: i32): void {
  contentsEnergy = forward(f, c, tau, wallValue, content, side);
  updateEnergy = backward();
}

function fma(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

function forward(f: usize, c: usize, tau: f64, wallValue: f64, content: f64, side: i32): f64 {
  const count = facePairs;
  const pg = gHat;
  const pA = dAhead;
  const pB = dBehind;
  const ps = slope;
  const pt = partial;
  const px = dx;
  const pr = ball;
  const pi = invDx;
  const pv = invV;
  const pV = V;
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const rate = f64x2.splat(1 / tau);
  const direction = f64x2.replace_lane(one, 1, -1);
  const rest = f64x2.replace_lane(f64x2.splat(outerSum), 1, innerSum);
  const wall = f64x2.mul(direction, f64x2.splat(wallValue));
  const isWall = side === WALL;
  let enclosed = f64x2.replace_lane(zero, 1, -content);
  let behind = zero; // ⅓ Σ ρĝΔx (lane 0), Σ ĝΔx (lane 1) over the faces behind
  let energy = zero;
  let G00 = zero;
  let G01 = zero;
  let G10 = zero;
  let G11 = f64x2.replace_lane(zero, 1, -1); // lane 0: δσ_0 = 0; lane 1: δσ_N = δσ_{N-1}
  let p0 = zero;
  let p1 = zero;
  let vB = pair(pv, 0);
  let out = factors + 96;
  for (let i = 1; i <= count; i++) {
    const r = pair(pr, i);
    const mean = pair(pg, i);
    const step = pair(px, i);
    const steep = pair(ps, i);
    const vA = pair(pv, i);
    enclosed = fma(pair(f, i - 1), pair(pV, i - 1), enclosed);
    const ahead = f64x2.add(pair(pt, i), rest);
    const sigma = fma(r, v128.shuffle<f64>(ahead, behind, 0, 3), v128.shuffle<f64>(behind, ahead, 0, 3));
    const weight = f64x2.mul(mean, step);
    behind = f64x2.add(behind, v128.shuffle<f64>(f64x2.mul(r, weight), weight, 0, 3));
    const drag = f64x2.sub(enclosed, f64x2.mul(r, wall));
    const have = pair(c, i);
    energy = fma(step, have, energy);
    const F = fma(steep, sigma, f64x2.mul(mean, drag));
    let rhs = f64x2.sub(F, f64x2.mul(rate, have));
    if (isWall) rhs = f64x2.mul(direction, f64x2.mul(mean, r));
    const alpha = f64x2.mul(sigma, pair(pi, i));
    // both rows touch δm behind, here and ahead with weights Aa and Ab: δF = Aa (δm_a - δm) - Ab (δm - δm_b) + …
    const qa = f64x2.mul(pair(pA, i), vA);
    const qb = f64x2.mul(pair(pB, i), vB);
    const Aa = fma(drag, qa, f64x2.mul(alpha, vA));
    const Ab = f64x2.sub(f64x2.mul(alpha, vB), f64x2.mul(drag, qb));
    const sa = f64x2.mul(step, qa);
    const sb = f64x2.neg(f64x2.mul(step, qb));
    const d00 = f64x2.sub(f64x2.add(f64x2.add(Aa, Ab), rate), mean);
    const M00 = fma(Ab, G00, d00);
    const M01 = f64x2.sub(f64x2.mul(Ab, G01), steep);
    const M10 = fma(vB, G10, fma(sb, G00, f64x2.add(sa, sb)));
    const M11 = fma(vB, G11, fma(sb, G01, f64x2.add(vA, vB)));
    const r0 = fma(Ab, p0, rhs);
    const r1 = fma(vB, p1, f64x2.mul(sb, p0));
    const inv = f64x2.div(one, f64x2.sub(f64x2.mul(M00, M11), f64x2.mul(M01, M10)));
    p0 = f64x2.mul(f64x2.sub(f64x2.mul(M11, r0), f64x2.mul(M01, r1)), inv);
    p1 = f64x2.mul(f64x2.sub(f64x2.mul(M00, r1), f64x2.mul(M10, r0)), inv);
    G00 = f64x2.mul(f64x2.sub(f64x2.mul(M01, sa), f64x2.mul(M11, Aa)), inv);
    G01 = f64x2.mul(f64x2.mul(M01, vA), inv);
    G10 = f64x2.mul(f64x2.sub(f64x2.mul(M10, Aa), f64x2.mul(M00, sa)), inv);
    G11 = f64x2.neg(f64x2.mul(f64x2.mul(M00, vA), inv));
    v128.store(out, G00);
    v128.store(out, G01, 16);
    v128.store(out, G10, 32);
    v128.store(out, G11, 48);
    v128.store(out, p0, 64);
    v128.store(out, p1, 80);
    out += 96;
    vB = vA;
  }
  return total(f64x2.mul(direction, energy));
}

function backward(): f64 {
  const count = facePairs;
  const pm = update;
  const px = dx;
  // Where the lanes meet: lane 0 holds x_i = p - G x_{i+1}; lane 1, one pair back if both met in one face, holds
  // x_{i+1} = p' - G' x_i, directed: there δm has the opposite sign. Hence (1 - G G') x_i = p - G p'.
  const a = factors + <usize>count * 96;
  const shared = (N & 1) === 0;
  const b = shared ? a - 88 : a + 8;
  const g00 = load<f64>(a);
  const g01 = load<f64>(a, 16);
  const g10 = load<f64>(a, 32);
  const g11 = load<f64>(a, 48);
  const k00 = load<f64>(b);
  const k01 = -load<f64>(b, 16);
  const k10 = -load<f64>(b, 32);
  const k11 = load<f64>(b, 48);
  const q0 = -load<f64>(b, 64);
  const q1 = load<f64>(b, 80);
  const m00 = 1 - (g00 * k00 + g01 * k10);
  const m01 = -(g00 * k01 + g01 * k11);
  const m10 = -(g10 * k00 + g11 * k10);
  const m11 = 1 - (g10 * k01 + g11 * k11);
  const r0 = load<f64>(a, 64) - (g00 * q0 + g01 * q1);
  const r1 = load<f64>(a, 80) - (g10 * q0 + g11 * q1);
  const inv = 1 / (m00 * m11 - m01 * m10);
  const low0 = (m11 * r0 - m01 * r1) * inv;
  const low1 = (m00 * r1 - m10 * r0) * inv;
  const high0 = q0 - (k00 * low0 + k01 * low1);
  const high1 = q1 - (k10 * low0 + k11 * low1);
  let x0 = f64x2.replace_lane(f64x2.splat(low0), 1, -high0);
  let x1 = f64x2.replace_lane(f64x2.splat(low1), 1, high1);
  let i = count - 1;
  let energy = f64x2.splat(0);
  if (shared) {
    // the face next to the middle one is solved for in lane 1 already
    const l0 = load<f64>(a - 96, 64) - (load<f64>(a - 96) * low0 + load<f64>(a - 96, 16) * low1);
    const l1 = load<f64>(a - 96, 80) - (load<f64>(a - 96, 32) * low0 + load<f64>(a - 96, 48) * low1);
    setPair(pm, count, f64x2.replace_lane(f64x2.splat(low0), 1, -low0));
    energy = f64x2.mul(pair(px, count), pair(pm, count));
    x0 = f64x2.replace_lane(x0, 0, l0);
    x1 = f64x2.replace_lane(x1, 0, l1);
  } else {
    i = count;
  }
  // x0, x1 belong to pair i
  let s = factors + <usize>i * 96;
  setPair(pm, i, x0);
  energy = fma(pair(px, i), x0, energy);
  for (i--; i > 0; i--) {
    s -= 96;
    const y0 = f64x2.sub(v128.load(s, 64), fma(v128.load(s), x0, f64x2.mul(v128.load(s, 16), x1)));
    const y1 = f64x2.sub(v128.load(s, 80), fma(v128.load(s, 32), x0, f64x2.mul(v128.load(s, 48), x1)));
    x0 = y0;
    x1 = y1;
    setPair(pm, i, x0);
    energy = fma(pair(px, i), x0, energy);
  }
  closeFaces(pm);
  return f64x2.extract_lane(energy, 0) - f64x2.extract_lane(energy, 1);
}
