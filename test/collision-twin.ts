/*
 * The collision operator a second time, straight from the double sum of docs/method.md (In space) and as slow as that is:
 * O(N²), a logarithm at every face, no prefix sums, no polynomials. What the solver computes must agree with it to
 * rounding. Nothing here knows of the solver.
 */

/** The radial kernel: volumes V and nodes x of the cells, ρ and Δx of the faces (0 and N unused). */
export interface Kernel {
  cells: number;
  V: number[];
  x: number[];
  rho: number[];
  dx: number[];
}

/** `nodes`: the same x, rounded by someone else; Δx, a difference of them, depends on their last bits. */
export function kernelOf(faces: ArrayLike<number>, nodes?: ArrayLike<number>): Kernel {
  const cells = faces.length - 1;
  const V: number[] = [];
  const x: number[] = [];
  for (let i = 0; i < cells; i++) {
    const a = faces[i]!;
    const b = faces[i + 1]!;
    // b³ - a³ and b⁵ - a⁵ with the factor b - a taken out by hand: it would cancel
    const third = ((b - a) * (b ** 2 + a * b + a ** 2)) / 3;
    const fifth = ((b - a) * (b ** 4 + a * b ** 3 + a ** 2 * b ** 2 + a ** 3 * b + a ** 4)) / 5;
    V.push(third);
    x.push(nodes?.[i] ?? fifth / 2 / third); // ∫ r⁴/2 dr / V
  }
  const rho = Array.from(faces, (e) => e ** 3);
  const dx = Array.from(faces, (_, k) => (k > 0 && k < cells ? x[k]! - x[k - 1]! : Number.NaN));
  return { cells, V, x, rho, dx };
}

/** A state, 0 < f < 1/ε, with h = 1 - εf to as many digits as f. */
export interface State {
  f: ArrayLike<number>;
  h: ArrayLike<number>;
}

/** The state with φ = ln(f / (1 - εf)) = `phi`; f = e^φ for ε = 0. */
export function stateOf(phi: ArrayLike<number>, epsilon: number): { f: Float64Array; h: Float64Array } {
  const f = Float64Array.from(phi, (p) => 1 / (epsilon + Math.exp(-p)));
  const h = Float64Array.from(phi, (p) => 1 / (1 + epsilon * Math.exp(p)));
  return { f, h };
}

/** Whether f is so near 1/ε on both sides of face k that its difference is better taken from the holes. */
const dense = ({ h }: State, k: number) => h[k]! < 0.5 && h[k - 1]! < 0.5;

/** Δf at face k. */
function jumpOfF(state: State, epsilon: number, k: number): number {
  const { f, h } = state;
  return dense(state, k) ? (h[k - 1]! - h[k]!) / epsilon : f[k]! - f[k - 1]!;
}

/** What Δf is the difference of. */
function sizeOfF(state: State, epsilon: number, k: number): number {
  const { f, h } = state;
  return dense(state, k) ? (h[k - 1]! + h[k]!) / epsilon : f[k]! + f[k - 1]!;
}

/** Δφ = ln(f_k h_{k-1} / (f_{k-1} h_k)) at face k; by log1p where that is near 0, since f_k h_{k-1} - f_{k-1} h_k = Δf. */
function jumpOfPhi(state: State, epsilon: number, k: number): number {
  const { f, h } = state;
  const change = jumpOfF(state, epsilon, k) / (f[k - 1]! * h[k]!);
  return Math.abs(change) < 0.5
    ? Math.log1p(change)
    : Math.log(f[k]!) - Math.log(f[k - 1]!) + Math.log(h[k - 1]!) - Math.log(h[k]!);
}

export interface Collision {
  /** df_i/dt */
  rate: number[];
  /** F_k */
  flux: number[];
  /** ĝ_k, the Fermi–Dirac logarithmic mean. */
  mean: number[];
  /** Size of what is summed up to F_k: rounding is to be measured against this. */
  gross: number[];
  /** -dH/dt = (4π/6) ΣΣ min(ρ_k, ρ_j) ĝ_k ĝ_j Δx_k Δx_j (δφ_k - δφ_j)² */
  production: number;
}

/** F_k = (1/3) Σ_j min(ρ_k, ρ_j) ĝ_k ĝ_j Δx_j (Δφ_k/Δx_k - Δφ_j/Δx_j), df_i/dt = (F_{i+1} - F_i)/V_i. */
export function collide(kernel: Kernel, state: State, epsilon: number): Collision {
  const { cells, V, rho, dx } = kernel;
  const { f, h } = state;
  const mean = new Array<number>(cells + 1).fill(0);
  const slope: number[] = []; // Δφ/Δx
  const size: number[] = []; // the same before the difference is taken
  for (let k = 1; k < cells; k++) {
    const df = jumpOfF(state, epsilon, k);
    const dphi = jumpOfPhi(state, epsilon, k);
    mean[k] = df === 0 ? f[k]! * h[k]! : df / dphi;
    slope[k] = dphi / dx[k]!;
    size[k] = sizeOfF(state, epsilon, k) / mean[k]! / dx[k]!;
  }
  const flux = new Array<number>(cells + 1).fill(0);
  const gross = new Array<number>(cells + 1).fill(0);
  let production = 0;
  let enclosed = 0;
  for (let k = 1; k < cells; k++) {
    enclosed += f[k - 1]! * V[k - 1]!;
    for (let j = 1; j < cells; j++) {
      const weight = (Math.min(rho[k]!, rho[j]!) * mean[k]! * mean[j]! * dx[j]!) / 3;
      flux[k]! += weight * (slope[k]! - slope[j]!);
      gross[k]! += weight * (size[k]! + Math.abs(slope[j]!));
      production += 2 * Math.PI * weight * dx[k]! * (slope[k]! - slope[j]!) ** 2;
    }
    // the prefix sums have m_k - ρ_k f_{N-1}/3 in place of the sum over slope[j]
    gross[k]! += mean[k]! * (enclosed + (rho[k]! * f[cells - 1]!) / 3);
  }
  const rate = V.map((v, i) => (flux[i + 1]! - flux[i]!) / v);
  return { rate, flux, mean, gross, production };
}
