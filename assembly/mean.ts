import { dL, dR, get, get2, gHat, inv3dx, invEpsilon, N, set, set2, slope } from "./memory";

/** Newton's matrix takes no derivative of ĝ larger than this: at a jump onto f ≈ 0 the true one is unbounded. */
let derivativeLimit: f64 = 10;

export function limitDerivatives(limit: f64): void {
  derivativeLimit = limit;
}

/** Above this z² the polynomial gives way to the logarithm. */
const SERIES_LIMIT: f64 = 1.0 / 64.0;

// z / atanh z = Σ C_n z^{2n}; the first omitted term is below 5e-17 for z² ≤ 1/64.
const C1: f64 = -1.0 / 3.0;
const C2: f64 = -4.0 / 45.0;
const C3: f64 = -44.0 / 945.0;
const C4: f64 = -428.0 / 14175.0;
const C5: f64 = -10196.0 / 467775.0;
const C6: f64 = -10719068.0 / 638512875.0;
const C7: f64 = -25865068.0 / 1915538625.0;

/**
 * The vector constants, twice each, in the order of use below. Read from memory: literals would be folded into the loop,
 * where V8 builds a v128 anew at each use.
 */
const constants = memory.data<f64>(
  [
    0.5,
    0.5,
    1,
    1,
    2,
    2,
    SERIES_LIMIT,
    SERIES_LIMIT,
    C1,
    C1,
    C2,
    C2,
    C3,
    C3,
    C4,
    C4,
    C5,
    C5,
    C6,
    C6,
    C7,
    C7,
    2 * C2,
    2 * C2,
    3 * C3,
    3 * C3,
    4 * C4,
    4 * C4,
  ],
  16,
);

/**
 * The Fermi–Dirac logarithmic mean ĝ_k = Δf_k / Δφ_k, φ = ln(f / (1 - εf)), with its derivatives by f_{k-1} and f_k,
 * and Δf_k / (3Δx_k), at the interior faces k = 1 … N-1 (numerics.md §2).
 *
 * With p = f_R h_L and n = f_L h_R: Δf = p - n exactly, z = Δf / (p + n) = tanh(Δφ/2), ĝ = ½ (p + n) z / atanh z.
 * Fine grids have small z everywhere: a polynomial, no logarithm, two faces at once. Elsewhere Δφ = ln(p/n).
 * Accuracy: 2 ulp of ĝ for |z| ≥ 1/8, 1.5 ulp below, given z. Faces 0 and N get ĝ = 0.
 */
export function logarithmicMean(f: usize, h: usize): void {
  const n = N;
  const pg = gHat;
  const pl = dL;
  const pr = dR;
  const ps = slope;
  const pi = inv3dx;
  const half = v128.load(constants);
  const one = v128.load(constants, 16);
  const two = v128.load(constants, 32);
  const limit = v128.load(constants, 48);
  const c1 = v128.load(constants, 64);
  const c2 = v128.load(constants, 80);
  const c3 = v128.load(constants, 96);
  const c4 = v128.load(constants, 112);
  const c5 = v128.load(constants, 128);
  const c6 = v128.load(constants, 144);
  const c7 = v128.load(constants, 160);
  const d2 = v128.load(constants, 176);
  const d3 = v128.load(constants, 192);
  const d4 = v128.load(constants, 208);
  const inverse = f64x2.splat(invEpsilon);
  for (let k = 1; k < n; k += 2) {
    const fL = get2(f, k - 1);
    const fR = get2(f, k);
    const hL = get2(h, k - 1);
    const hR = get2(h, k);
    const sum = f64x2.add(f64x2.mul(fR, hL), f64x2.mul(fL, hR));
    // Δf from whichever of f and h is small, where the subtraction is exact
    const diff = v128.bitselect(f64x2.mul(f64x2.sub(hL, hR), inverse), f64x2.sub(fR, fL), f64x2.lt(hL, half));
    set2(ps, k, f64x2.mul(diff, get2(pi, k)));
    const z = f64x2.div(diff, sum);
    const u = f64x2.mul(z, z);
    if (v128.any_true(f64x2.gt(u, limit))) {
      steepFace(f, h, k, f64x2.extract_lane(diff, 0), f64x2.extract_lane(sum, 0));
      if (k + 1 < n) steepFace(f, h, k + 1, f64x2.extract_lane(diff, 1), f64x2.extract_lane(sum, 1));
      continue;
    }
    let q = f64x2.add(f64x2.mul(c7, u), c6);
    q = f64x2.add(f64x2.mul(q, u), c5);
    q = f64x2.add(f64x2.mul(q, u), c4);
    q = f64x2.add(f64x2.mul(q, u), c3);
    q = f64x2.add(f64x2.mul(q, u), c2);
    q = f64x2.add(f64x2.mul(q, u), c1);
    const G = f64x2.add(f64x2.mul(q, u), one);
    // G'(z) = 2z (C1 + 2 C2 u + 3 C3 u² + …): the matrix needs no more than four terms of it
    let d = f64x2.add(f64x2.mul(d4, u), d3);
    d = f64x2.add(f64x2.mul(d, u), d2);
    d = f64x2.add(f64x2.mul(d, u), c1);
    d = f64x2.mul(f64x2.mul(z, two), d);
    const T = f64x2.sub(G, f64x2.mul(z, d));
    const uL = f64x2.sub(f64x2.mul(two, hL), one);
    const uR = f64x2.sub(f64x2.mul(two, hR), one);
    set2(pg, k, f64x2.mul(half, f64x2.mul(sum, G)));
    set2(pr, k, f64x2.mul(half, f64x2.add(f64x2.mul(uL, T), d)));
    set2(pl, k, f64x2.mul(half, f64x2.sub(f64x2.mul(uR, T), d)));
  }
  set(pg, n, 0);
  set(pl, n, 0);
  set(pr, n, 0);
  set(ps, n, 0);
}

/** One face by the logarithm; derivatives ∂ĝ/∂f_R = (1 - ĝ/g_R)/Δφ, ∂ĝ/∂f_L = (ĝ/g_L - 1)/Δφ, limited. */
function steepFace(f: usize, h: usize, k: i32, diff: f64, sum: f64): void {
  const fL = get(f, k - 1);
  const fR = get(f, k);
  const hL = get(h, k - 1);
  const hR = get(h, k);
  const z = diff / sum;
  const u = z * z;
  if (u <= SERIES_LIMIT) {
    const G = 1 + u * (C1 + u * (C2 + u * (C3 + u * (C4 + u * (C5 + u * (C6 + u * C7))))));
    const d = 2 * z * (C1 + u * (2 * C2 + u * (3 * C3 + u * 4 * C4)));
    const T = G - z * d;
    set(gHat, k, 0.5 * sum * G);
    set(dR, k, 0.5 * ((2 * hL - 1) * T + d));
    set(dL, k, 0.5 * ((2 * hR - 1) * T - d));
    return;
  }
  const jump = Math.log((fR / fL) * (hL / hR));
  const mean = diff / jump;
  set(gHat, k, mean);
  set(dR, k, limited((1 - mean / (fR * hR)) / jump));
  set(dL, k, limited((mean / (fL * hL) - 1) / jump));
}

function limited(d: f64): f64 {
  return Math.max(-derivativeLimit, Math.min(derivativeLimit, d));
}
