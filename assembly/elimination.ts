import { dL, dR, drag, dx, factors, gHat, inv3dx, invV, N, R, S, set, slope } from "./memory";

/**
 * Newton's linear system of a stage (numerics.md §3): for the face unknowns (δm_k, δS_k), k = 1 … N-1,
 *
 *   δm_k - τ δF_k = -R_k
 *   (δS_k - δS_{k-1})/3V_{k-1} - (δS_{k+1} - δS_k)/3V_k = Δx_k δĝ_k,   δS_0 = 0, zero slope at the last face,
 *
 * with δf_i = (δm_{i+1} - δm_i)/V_i, δm_0 = δm_N = 0, and the change of f_{N-1} in the drag left out: it would
 * couple every face with the wall (`solveStage` restores it where it matters). Block tridiagonal with 2×2 blocks:
 *
 *   x_k = p_k - G_k x_ahead
 *
 * The elimination runs from both ends at once, the two lanes of f64x2: lane 0 upwards from face 1, lane 1 downwards
 * from face N-1. One end alone is bound by the latency of its recurrence and takes twice as long. On return δm_k
 * stands in `R`.
 */
export function solveLinear(tau: f64): void {
  const pairs = N >> 1; // rows 1 … N-1; the middle row of an odd number is met by both lanes
  forward(tau, pairs);
  backward(pairs);
}

/** {p[i], p[j]} */
function lanes(p: usize, i: i32, j: i32): v128 {
  return v128.load_lane<f64>(p + ((<usize>j) << 3), v128.load_zero<f64>(p + ((<usize>i) << 3)), 1);
}

function fma(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Factors of the pair i: G (four), p (two), 16 bytes each. */
function slot(i: i32): usize {
  return factors + <usize>i * 96;
}

function forward(tau: f64, pairs: i32): void {
  const n = N;
  const pg = gHat;
  const pL = dL;
  const pR = dR;
  const ps = slope;
  const pS = S;
  const pC = drag;
  const pb = R;
  const pdx = dx;
  const pi = inv3dx;
  const pv = invV;
  const one = f64x2.splat(1);
  const third = f64x2.splat(1.0 / 3.0);
  const vTau = f64x2.splat(tau);
  const signAhead = f64x2.replace_lane(one, 1, -1);
  const signBehind = f64x2.replace_lane(one, 0, -1);
  let G00 = f64x2.splat(0);
  let G01 = G00;
  let G10 = G00;
  let G11 = f64x2.replace_lane(G00, 1, -1); // lane 0: δS_0 = 0; lane 1: δS_N = δS_{N-1}
  let p0 = G00;
  let p1 = G00;
  let out = slot(1);
  for (let i = 1; i <= pairs; i++) {
    const j = n - i;
    const ahead = lanes(pv, i, j - 1);
    const behind = lanes(pv, i - 1, j);
    const qa = f64x2.mul(
      f64x2.mul(
        v128.load_lane<f64>(pL + ((<usize>j) << 3), v128.load_zero<f64>(pR + ((<usize>i) << 3)), 1),
        signAhead,
      ),
      ahead,
    );
    const qb = f64x2.mul(
      f64x2.mul(
        v128.load_lane<f64>(pR + ((<usize>j) << 3), v128.load_zero<f64>(pL + ((<usize>i) << 3)), 1),
        signBehind,
      ),
      behind,
    );
    const ca = f64x2.mul(ahead, third);
    const cb = f64x2.mul(behind, third);
    const tauC = f64x2.mul(vTau, lanes(pC, i, j));
    const alpha = f64x2.mul(vTau, f64x2.mul(lanes(pS, i, j), lanes(pi, i, j)));
    const step = lanes(pdx, i, j);
    // both rows touch δm behind, here and ahead with weights Aa and Ab: δF = Aa (δm_a - δm) - Ab (δm - δm_b) + …
    const Aa = fma(tauC, qa, f64x2.mul(alpha, ahead));
    const Ab = fma(tauC, qb, f64x2.mul(alpha, behind));
    const sa = f64x2.mul(step, qa);
    const sb = f64x2.mul(step, qb);
    const d00 = f64x2.sub(f64x2.add(one, f64x2.add(Aa, Ab)), f64x2.mul(vTau, lanes(pg, i, j)));
    const d01 = f64x2.neg(f64x2.mul(vTau, lanes(ps, i, j)));
    const M00 = fma(Ab, G00, d00);
    const M01 = fma(Ab, G01, d01);
    const M10 = fma(cb, G10, fma(sb, G00, f64x2.add(sa, sb)));
    const M11 = fma(cb, G11, fma(sb, G01, f64x2.add(ca, cb)));
    const r0 = f64x2.sub(f64x2.mul(Ab, p0), lanes(pb, i, j));
    const r1 = fma(cb, p1, f64x2.mul(sb, p0));
    const inv = f64x2.div(one, f64x2.sub(f64x2.mul(M00, M11), f64x2.mul(M01, M10)));
    p0 = f64x2.mul(f64x2.sub(f64x2.mul(M11, r0), f64x2.mul(M01, r1)), inv);
    p1 = f64x2.mul(f64x2.sub(f64x2.mul(M00, r1), f64x2.mul(M10, r0)), inv);
    G00 = f64x2.mul(f64x2.sub(f64x2.mul(M01, sa), f64x2.mul(M11, Aa)), inv);
    G01 = f64x2.mul(f64x2.mul(M01, ca), inv);
    G10 = f64x2.mul(f64x2.sub(f64x2.mul(M10, Aa), f64x2.mul(M00, sa)), inv);
    G11 = f64x2.neg(f64x2.mul(f64x2.mul(M00, ca), inv));
    v128.store(out, G00);
    v128.store(out, G01, 16);
    v128.store(out, G10, 32);
    v128.store(out, G11, 48);
    v128.store(out, p0, 64);
    v128.store(out, p1, 80);
    out += 96;
  }
}

function backward(pairs: i32): void {
  const n = N;
  const pb = R;
  // Where the lanes meet: lane 0 holds x_i = p - G x_{i+1}, lane 1 (one pair back if both met in one row) x_{i+1} =
  // p' - G' x_i. Hence (1 - G G') x_i = p - G p'.
  const a = slot(pairs);
  const shared = 2 * pairs === n;
  const b = shared ? slot(pairs - 1) + 8 : a + 8;
  const g00 = load<f64>(a);
  const g01 = load<f64>(a, 16);
  const g10 = load<f64>(a, 32);
  const g11 = load<f64>(a, 48);
  const k00 = load<f64>(b);
  const k01 = load<f64>(b, 16);
  const k10 = load<f64>(b, 32);
  const k11 = load<f64>(b, 48);
  const q0 = load<f64>(b, 64);
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
  let x0 = f64x2.replace_lane(f64x2.splat(low0), 1, high0);
  let x1 = f64x2.replace_lane(f64x2.splat(low1), 1, high1);
  set(pb, pairs, low0);
  let i = pairs - 1;
  if (shared) {
    // lane 1's row at `pairs` is lane 0's: its solution for the row above is already `high`
    set(pb, n - i, high0);
    const s = slot(i);
    const l0 = load<f64>(s, 64) - (load<f64>(s) * low0 + load<f64>(s, 16) * low1);
    const l1 = load<f64>(s, 80) - (load<f64>(s, 32) * low0 + load<f64>(s, 48) * low1);
    set(pb, i, l0);
    x0 = f64x2.replace_lane(x0, 0, l0);
    x1 = f64x2.replace_lane(x1, 0, l1);
    i--;
  } else {
    set(pb, n - pairs, high0);
  }
  for (; i > 0; i--) {
    const s = slot(i);
    const y0 = f64x2.sub(v128.load(s, 64), fma(v128.load(s), x0, f64x2.mul(v128.load(s, 16), x1)));
    const y1 = f64x2.sub(v128.load(s, 80), fma(v128.load(s, 32), x0, f64x2.mul(v128.load(s, 48), x1)));
    x0 = y0;
    x1 = y1;
    set(pb, i, f64x2.extract_lane(y0, 0));
    set(pb, n - i, f64x2.extract_lane(y0, 1));
  }
  set(pb, 0, 0);
  set(pb, n, 0);
}
