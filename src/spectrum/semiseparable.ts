/*
 * Symmetric matrices of the form tridiagonal + semi-separable of rank two,
 *
 *   A_ii = diagonal_i,  A_ij = Σ_c u_c[i] Φ_c[i+1] … Φ_c[j-1] v_c[j]  (+ coupling_i if j = i + 1),  i < j,  c = 1, 2,
 *
 * which is what a kernel Σ_c a_c(r_<) b_c(r_>) leaves on a grid; the factors Φ carry the powers of r from point to point
 * as ratios, so that none overflows. A product costs O(n), and so does A = L D Lᵀ: eliminating the first rows changes
 * the rest by a matrix of the same generators v and Φ, kept as a 3 × 3 matrix P (a Riccati recursion). The signs of D
 * count the negative eigenvalues of A (Sylvester).
 */

export interface Semiseparable {
  size: number;
  diagonal: Float64Array;
  /** coupling[i] belongs to (i, i + 1), beside what the generators give there. */
  coupling: Float64Array;
  /** Generators, one array a term: row, column and transition. */
  u: readonly [Float64Array, Float64Array];
  v: readonly [Float64Array, Float64Array];
  phi: readonly [Float64Array, Float64Array];
}

/** A tridiagonal matrix: off[i] is the entry (i, i + 1). */
export interface Tridiagonal {
  diagonal: Float64Array;
  off: Float64Array;
}

export function multiply(matrix: Semiseparable, x: Float64Array): Float64Array {
  const { size, diagonal, coupling, u, v, phi } = matrix;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) product[i] = diagonal[i]! * x[i]!;
  for (let i = 0; i + 1 < size; i++) {
    product[i]! += coupling[i]! * x[i + 1]!;
    product[i + 1]! += coupling[i]! * x[i]!;
  }
  for (const c of [0, 1] as const) {
    let below = 0;
    for (let i = 0; i < size; i++) {
      product[i]! += v[c][i]! * below;
      below = phi[c][i]! * below + u[c][i]! * x[i]!;
    }
    let above = 0;
    for (let i = size - 1; i >= 0; i--) {
      product[i]! += u[c][i]! * above;
      above = phi[c][i]! * above + v[c][i]! * x[i]!;
    }
  }
  return product;
}

export function multiplyTridiagonal({ diagonal, off }: Tridiagonal, x: Float64Array): Float64Array {
  const size = diagonal.length;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    product[i] =
      diagonal[i]! * x[i]! + (i > 0 ? off[i - 1]! * x[i - 1]! : 0) + (i + 1 < size ? off[i]! * x[i + 1]! : 0);
  }
  return product;
}

/** αA + βB, sharing nothing with A. */
export function combine(A: Semiseparable, alpha: number, B: Tridiagonal, beta: number): Semiseparable {
  return {
    size: A.size,
    diagonal: A.diagonal.map((d, i) => alpha * d + beta * B.diagonal[i]!),
    coupling: A.coupling.map((e, i) => (i + 1 < A.size ? alpha * e + beta * B.off[i]! : 0)),
    u: [A.u[0].map((x) => alpha * x), A.u[1].map((x) => alpha * x)],
    v: A.v,
    phi: A.phi,
  };
}

/** A = L D Lᵀ with unit lower triangular L, L_ji = g_i · Φ … v_j / D_i; no pivoting. */
export class Factorisation {
  readonly #matrix: Semiseparable;
  readonly #pivots: Float64Array;
  readonly #g: readonly [Float64Array, Float64Array];
  /** Number of negative eigenvalues of A. */
  readonly negative: number;

  constructor(matrix: Semiseparable) {
    const { size, diagonal, coupling, u, v, phi } = matrix;
    this.#matrix = matrix;
    this.#pivots = new Float64Array(size);
    this.#g = [new Float64Array(size), new Float64Array(size)];
    let [p11, p12, p13, p22, p23, p33] = [0, 0, 0, 0, 0, 0];
    let negative = 0;
    for (let i = 0; i < size; i++) {
      const a = v[0][i]!;
      const b = v[1][i]!;
      const f = phi[0][i]!;
      const h = phi[1][i]!;
      const pv1 = p11 * a + p12 * b + p13;
      const pv2 = p12 * a + p22 * b + p23;
      const pv3 = p13 * a + p23 * b + p33;
      let pivot = diagonal[i]! - (a * pv1 + b * pv2 + pv3);
      // A zero pivot is an eigenvalue of a leading block met exactly; next to it the count is the same.
      if (pivot === 0) pivot = Number.EPSILON * Math.abs(diagonal[i]!) || Number.MIN_VALUE;
      if (pivot < 0) negative++;
      const g1 = u[0][i]! - f * pv1;
      const g2 = u[1][i]! - h * pv2;
      const g3 = coupling[i]!;
      const inverse = 1 / pivot;
      p11 = f * f * p11 + g1 * g1 * inverse;
      p12 = f * h * p12 + g1 * g2 * inverse;
      p22 = h * h * p22 + g2 * g2 * inverse;
      p13 = g1 * g3 * inverse;
      p23 = g2 * g3 * inverse;
      p33 = g3 * g3 * inverse;
      this.#pivots[i] = pivot;
      this.#g[0][i] = g1;
      this.#g[1][i] = g2;
    }
    this.negative = negative;
  }

  /** A⁻¹ b */
  solve(b: Float64Array): Float64Array {
    const { size, coupling, v, phi } = this.#matrix;
    const [g1, g2] = this.#g;
    const x = new Float64Array(size);
    let [s1, s2, s3] = [0, 0, 0];
    for (let i = 0; i < size; i++) {
      const y = b[i]! - v[0][i]! * s1 - v[1][i]! * s2 - s3;
      const scaled = y / this.#pivots[i]!;
      s1 = phi[0][i]! * s1 + g1[i]! * scaled;
      s2 = phi[1][i]! * s2 + g2[i]! * scaled;
      s3 = coupling[i]! * scaled;
      x[i] = scaled;
    }
    let [c1, c2, c3] = [0, 0, 0];
    for (let i = size - 1; i >= 0; i--) {
      x[i]! -= (g1[i]! * c1 + g2[i]! * c2 + coupling[i]! * c3) / this.#pivots[i]!;
      c1 = phi[0][i]! * c1 + v[0][i]! * x[i]!;
      c2 = phi[1][i]! * c2 + v[1][i]! * x[i]!;
      c3 = x[i]!;
    }
    return x;
  }
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
