import { integrate } from "../quadrature.js";
import type { Equilibrium } from "../types.js";

/** The weight m = M(1 - εM) of paper (5.3), by its logarithm: it underflows long before the sectors may be cut off. */
export interface Weight {
  /** ln m(r) */
  logM(r: number): number;
  /** The rate of the tail: m ~ e^{-br²}. */
  b: number;
  /** Within this radius lies all but a share e^{-`depth`} of m's maximum, for `reach(depth)`. */
  reach(depth: number): number;
  /** c = (1/3) ∫₀^∞ s⁴ m ds: D ~ c/r³ far out. */
  c: number;
  /**
   * b²c/(b²c + 1), where the essential spectrum starts, in every sector: h = u e^{br²/2} with u spread far out turns
   * ∫ D h'² m r² dr into ∫ (c/r) u'² + b²c r u² and the weighted norm into ∫ r u², while the nonlocal part (compact)
   * and the centrifugal term (r⁻³ against r⁻¹) vanish.
   */
  essentialEdge: number;
}

export function equilibriumWeight({ b, logA }: Equilibrium, epsilon: number): Weight {
  const logEpsilon = epsilon > 0 ? Math.log(epsilon) : -Infinity;
  const eta = logEpsilon + logA;
  const logM = (r: number): number => {
    const z = eta - b * r * r;
    // m = e^z / (ε (1 + e^z)²), from the side where the exponential is small
    return z > 0
      ? -logEpsilon - z - 2 * Math.log1p(Math.exp(-z))
      : logA - b * r * r - 2 * Math.log1p(Math.exp(z));
  };
  const surface = eta > 0 ? Math.sqrt(eta / b) : 0;
  const reach = (depth: number) => Math.sqrt((Math.max(eta, 0) + depth) / b);
  const moment4 = integrate((s) => s ** 4 * Math.exp(logM(s)), 0, reach(60), {
    breakpoints: [surface],
    relativeTolerance: 1e-13,
  });
  const c = moment4 / 3;
  return { logM, b, reach, c, essentialEdge: (b * b * c) / (b * b * c + 1) };
}
