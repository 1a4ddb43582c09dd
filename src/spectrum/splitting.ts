import { type KernelFactors, type Sector, sector, shellCoefficients } from "./sector.js";
import { combine, type Semiseparable, type Tridiagonal } from "./semiseparable.js";
import type { Weight } from "./weight.js";

/*
 * The splitting L = K_k - Λ_k of paper (5.8)–(5.10) in a sector, over 8π (the kernel of (1.1)):
 *
 *   (Λ_k h, h)_k = ∫ A[m]∇h·∇h ⟨v⟩^k m + k ∫ ⟨v⟩^{k-2} h v·A[m]∇h m - ∫ h² ⟨v⟩^k m² + ξ (∫ h m ⟨v⟩^k)²
 *
 * on the spheres of `sector`. For k = 0 the form of K is what remains, the nonlocal part and -∫ h² m².
 */

const bracket = (r: number) => Math.sqrt(1 + r * r);

/**
 * Λ_k as a sector of its own: `form` is Λ_k without ξ, `norm` that of 𝓗^k, `mass` that of L²(m⟨v⟩^k); for ℓ = 0 the
 * constraint ∫ h m ⟨v⟩^k = 0 takes the place of ξ → ∞ (the infimum increases with ξ, to that under the constraint).
 * Weights in units of their own are not meant.
 */
export function coercivePart(
  weight: Weight,
  ell: number,
  cells: number,
  radius: number,
  k: number,
  factors: KernelFactors = { local: 1, nonlocal: 1 },
): Sector {
  const plain = sector(weight, ell, cells, radius);
  const dr = radius / cells;
  const first = ell === 0 ? 0 : 1;
  const { size } = plain.form;
  const L = ell * (ell + 1);
  const { parallel, perpendicular } = shellCoefficients(weight, cells, dr);
  const tridiagonal = (): Tridiagonal => ({ diagonal: new Float64Array(size), off: new Float64Array(size) });
  const [local, norm, mass] = [tridiagonal(), tridiagonal(), tridiagonal()];
  // adds times·(aL y_{q-1} + aR y_q)(bL y_{q-1} + bR y_q), symmetrised
  const add = (to: Tridiagonal, q: number, times: number, a: [number, number], b: [number, number]) => {
    const i = q - 1 - first;
    if (i >= 0) {
      to.diagonal[i]! += times * a[0] * b[0];
      to.off[i]! += (times * (a[0] * b[1] + a[1] * b[0])) / 2;
    }
    to.diagonal[i + 1]! += times * a[1] * b[1];
  };
  for (let q = 1; q <= cells; q++) {
    const r = (q - 0.5) * dr;
    const logM = weight.logM(r);
    const left = Math.exp((logM - weight.logM((q - 1) * dr)) / 2);
    const right = Math.exp((logM - weight.logM(q * dr)) / 2);
    const p: [number, number] = [-left / dr, right / dr];
    const h: [number, number] = [left / 2, right / 2];
    const w = r * r * dr * bracket(r) ** k;
    const [D, tangential] = [parallel[q]!, (perpendicular[q]! * L) / (r * r)].map(
      (x) => factors.local * x,
    ) as [number, number];
    for (const matrix of [local, norm]) {
      add(matrix, q, w * D, p, p);
      add(matrix, q, w * tangential, h, h);
    }
    add(local, q, (w * k * r * D) / (1 + r * r), h, p);
    add(local, q, -factors.nonlocal * w * Math.exp(logM), h, h);
    add(norm, q, w * weight.damping(r), h, h);
    add(mass, q, w, h, h);
  }
  return {
    ...plain,
    form: combine(zero(size), 1, local, 1),
    local,
    norm,
    mass,
    nullSpace: plain.nullSpace.slice(0, ell === 0 ? 1 : 0),
  };
}

/**
 * K_k without ξ, for (5.20). `matrix` is the form (K_0 g, h) in L²(m); `weighted(k)` has ⟨v⟩^k at the nodes (`pairing`), so that
 * (K_k h, h) in L²(m⟨v⟩^k) is the form at h and h⟨v⟩^k, and the `norm` of L²(m⟨v⟩^{k-2}).
 */
export function compactPart(
  weight: Weight,
  ell: number,
  cells: number,
  radius: number,
  factors?: KernelFactors,
) {
  const { form, nodes } = sector(weight, ell, cells, radius, factors);
  const { local } = coercivePart(weight, ell, cells, radius, 0);
  return {
    matrix: combine(form, -1, local, 1),
    weighted: (k: number) => ({
      pairing: Float64Array.from(nodes, (r) => bracket(r) ** k),
      norm: coercivePart(weight, ell, cells, radius, k - 2).mass,
    }),
  };
}

function zero(size: number): Semiseparable {
  const zeros = () => new Float64Array(size);
  return {
    size,
    diagonal: zeros(),
    coupling: zeros(),
    u: [zeros(), zeros()],
    v: [zeros(), zeros()],
    phi: [zeros(), zeros()],
  };
}
