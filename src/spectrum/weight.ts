import {
  degenerateFrom,
  fermiDiracIntegral,
  fermiDiracScaled,
} from "../equilibrium/fermi-dirac-integrals.js";
import type { Equilibrium } from "../types.js";

/** The weight m = M(1 - εM) of paper (5.3), by its logarithm: it underflows long before the sectors may be cut off. */
export interface Weight {
  /** ln m(r) */
  logM(r: number): number;
  /** The rate of the tail: m ~ e^{-br²}. */
  b: number;
  /** ⟨v⟩⁻¹ of the norm of Theorem 5.4, in the units of the weight: its factor before ∫ h² m. */
  damping(r: number): number;
  /** Within this radius lies all but a share e^{-`depth`} of m's maximum, for `reach(depth)`. */
  reach(depth: number): number;
  /** c = (1/3) ∫₀^∞ s⁴ m ds: D ~ c/r³ far out. */
  c: number;
  /**
   * b²c/(b²c + 1), where the essential spectrum starts, in every sector: h = u e^{br²/2} with u spread far out turns
   * ∫ D h'² m r² dr into ∫ (c/r) u'² + b²c r u² and the weighted norm into ∫ r u² (times r `damping`), while the
   * nonlocal part (compact) and the centrifugal term (r⁻³ against r⁻¹) vanish.
   */
  essentialEdge: number;
}

/**
 * What velocities and f are counted in. In terms of w = v/velocity and f/density the form of the linearised operator
 * only gets the factor density² velocity³, and so does ∫ A[m]∇h·∇h m dv; ∫ h² m⟨v⟩⁻¹ gets density velocity³, and ⟨v⟩
 * stays what it is. So L is as well resolved for any ρ and Θ as for ρ = Θ = 1, to which `thermalUnits` reduces them.
 */
export interface Units {
  velocity: number;
  density: number;
}

/** √Θ and ρΘ^{-3/2}, Θ = E/(3ρ). */
export function thermalUnits(mass: number, energy: number): Units {
  const velocity = Math.sqrt(energy / mass / 3);
  return { velocity, density: mass / velocity ** 3 };
}

/** The weight at an equilibrium, in units given. */
export function equilibriumWeight(
  state: Pick<Equilibrium, "b" | "logA">,
  epsilon: number,
  { velocity, density }: Units = { velocity: 1, density: 1 },
): Weight {
  const b = state.b * velocity * velocity;
  const logA = state.logA - Math.log(density);
  const logEpsilon = epsilon > 0 ? Math.log(epsilon) + Math.log(density) : -Infinity;
  const eta = logEpsilon + logA;
  const logM = (r: number): number => {
    const z = eta - b * r * r;
    // m = e^z / (ε (1 + e^z)²), from the side where the exponential is small
    return z > 0
      ? -logEpsilon - z - 2 * Math.log1p(Math.exp(-z))
      : logA - b * r * r - 2 * Math.log1p(Math.exp(z));
  };
  const reach = (depth: number) => Math.sqrt((Math.max(eta, 0) + depth) / b);
  // by parts, M' = -2brm: ∫ s⁴ m ds = (3/2b) ∫ s² M ds = (3/4) ε⁻¹ b^{-5/2} I_{1/2}(η)
  const filled =
    eta < degenerateFrom
      ? Math.exp(logA) * fermiDiracScaled(0.5, eta)
      : fermiDiracIntegral(0.5, eta) / Math.exp(logEpsilon);
  const c = filled / (4 * b * b * Math.sqrt(b));
  const damping = (r: number) => 1 / (density * Math.hypot(1, velocity * r));
  const edge = b * b * c * density * velocity; // over lim r·damping
  return { logM, b, reach, c, damping, essentialEdge: edge / (edge + 1) };
}
