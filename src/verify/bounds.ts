/*
 * The constants of Lemmas 2.2, 2.3 and 5.5 in numbers. The proofs split ∫ |f(y)| |x-y|^{-λ} dy at a radius ϱ and apply
 * Hölder's inequality on both sides,
 *
 *   ‖f‖_q α_q ϱ^{3/q* - λ} + ‖f‖_p α_p ϱ^{3/p* - λ},   α_s = ‖|x|^{-λ}‖_{L^{s*}} of the unit ball or of its outside,
 *
 * and the best ϱ gives C ‖f‖_q^α ‖f‖_p^{1-α}, α = (λ/3 - 1/p*) / (1/q* - 1/p*).
 */

const conjugate = (p: number) => (p === 1 ? Infinity : p === Infinity ? 1 : p / (p - 1));

/** ‖|x|^{-λ}‖_{L^{q*}(B₁)}, λq* < 3 */
export function innerNorm(q: number, lambda: number): number {
  const s = conjugate(q);
  return ((4 * Math.PI) / (3 - lambda * s)) ** (1 / s);
}

/** ‖|x|^{-λ}‖_{L^{p*}(ℝ³∖B₁)}, λp* > 3; 1 for p = 1 */
export function outerNorm(p: number, lambda: number): number {
  const s = conjugate(p);
  return s === Infinity ? 1 : ((4 * Math.PI) / (lambda * s - 3)) ** (1 / s);
}

export interface SplitBound {
  constant: number;
  /** Exponent of ‖f‖_q; that of ‖f‖_p is 1 less it. */
  alpha: number;
}

/** sup ∫ |f(y)| |x-y|^{-λ} dy ≤ constant ‖f‖_q^alpha ‖f‖_p^{1-alpha} */
export function splitBound(p: number, q: number, lambda: number): SplitBound {
  const a = 3 / conjugate(q) - lambda;
  const b = lambda - 3 / conjugate(p);
  const alpha = b / (a + b);
  const shape = (b / a) ** (1 - alpha) + (a / b) ** alpha;
  return { constant: innerNorm(q, lambda) ** alpha * outerNorm(p, lambda) ** (1 - alpha) * shape, alpha };
}

/**
 * Sharp constant of ‖∇a[f]‖² = (1/4π) ∬ f f* |x-y|⁻¹ ≤ S ‖f‖²_{6/5}: Lieb's of the Hardy–Littlewood–Sobolev inequality
 * (paper [32]) for λ = 1 in ℝ³, √π Γ(1)/Γ(5/2) (Γ(3/2)/Γ(3))^{-2/3}, over 4π; attained by (1+r²)^{-5/2}.
 */
export const sharpPotential =
  Math.sqrt(Math.PI) /
  ((3 * Math.sqrt(Math.PI)) / 4) /
  (Math.sqrt(Math.PI) / 2 / 2) ** (2 / 3) /
  (4 * Math.PI);

/**
 * The best constant of Lemma 2.2 for isotropic f ≥ 0: both eigenvalues of A[f] are at most D(0) = (1/3) ∫ s f ds, the
 * kernels being ordered, and its supremum over ‖f‖_q^α ‖f‖_p^{1-α} is at the f with f^{p-1} + f^{q-1} = 1/r (Lagrange;
 * dilations and factors change nothing), for q = ∞ and p = 1 a ball. In u = ln f by the trapezoidal rule.
 */
export function sharpIsotropic(p: number, q: number): number {
  if (q === Infinity) return (3 / (4 * Math.PI)) ** (2 / 3) / 6;
  const { alpha } = splitBound(p, q, 1);
  const step = 0.02;
  const reach = 40 / Math.min(3 - 2 * p, 2 * q - 3);
  let [centre, ofP, ofQ] = [0, 0, 0];
  for (let u = -reach; u <= reach; u += step) {
    const f = Math.exp(u);
    const [a, b] = [f ** (p - 1), f ** (q - 1)];
    const r = 1 / (a + b);
    const dr = ((p - 1) * a + (q - 1) * b) * r * r; // -dr/du
    centre += r * f * dr;
    ofP += r * r * f ** p * dr;
    ofQ += r * r * f ** q * dr;
  }
  const norm = (sum: number, s: number) => (4 * Math.PI * step * sum) ** (1 / s);
  return (step * centre) / 3 / (norm(ofQ, q) ** alpha * norm(ofP, p) ** (1 - alpha));
}

/**
 * The best constant of ‖∇a[f]‖_∞ ≤ C ‖f‖_q^α ‖f‖_p^{1-α} for isotropic f, whatever p < 3 < q: r⁻² ∫₀ʳ s²f is at most
 * (4π/3)^{2/3}/(4π) ‖f‖₃ by Hölder's inequality, with equality for balls, and ‖f‖₃ interpolates.
 */
export const sharpField = ((4 * Math.PI) / 3) ** (2 / 3) / (4 * Math.PI);
