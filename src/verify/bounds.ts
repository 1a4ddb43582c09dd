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
