import { balancedFluxes } from "./collision";
import {
  ball,
  cell,
  f,
  face,
  fStar,
  gridFace,
  h,
  hStar,
  N,
  scratch,
  set,
  update,
  V,
  weightOf,
} from "./memory";

/**
 * The coefficients of the radial equation at faces k = 0 … N-1 (docs/method.md, The equation), of the accepted state:
 *
 *   D(r) = A_rr[g] = S/3r³
 *   A⊥(r) = (1/2r) ∫₀ʳ (1 - s²/3r²) s² g ds + (1/3) ∫ᵣ^∞ s g ds
 *   m(r) = ∫₀ʳ s² f ds
 *
 * with s ds g = ĝ Δx. Both diffusivities tend to (1/3) ∫₀^∞ s g ds at the origin. They are left in `fStar`, `hStar` and
 * `update`, not folded, which a step writes before it reads them: looking does not change what comes next.
 */
export function coefficients(): void {
  const n = N;
  const pD = fStar;
  const pA = hStar;
  const pM = update;
  balancedFluxes(f, h);
  let outer: f64 = 0;
  for (let k = 1; k < n; k++) outer += weightOf(k);
  set(pD, 0, outer / 3);
  set(pA, 0, outer / 3);
  set(pM, 0, 0);
  let second: f64 = 0; // ∫ s² g ds
  let fourth: f64 = 0; // ∫ s⁴ g ds
  let enclosed: f64 = 0;
  for (let k = 1; k < n; k++) {
    const w = weightOf(k);
    const cube = 3 * gridFace(ball, k);
    const r = Math.cbrt(cube);
    outer -= w;
    // the face's own dual cell lies half within r
    second += 0.5 * r * w;
    fourth += 0.5 * cube * w;
    const beyond = outer + 0.5 * w;
    enclosed += cell(f, k - 1) * cell(V, k - 1);
    set(pD, k, face(scratch, k) / cube);
    set(pA, k, (second - fourth / (3 * r * r)) / (2 * r) + beyond / 3);
    set(pM, k, enclosed);
    second += 0.5 * r * w;
    fourth += 0.5 * cube * w;
  }
}
