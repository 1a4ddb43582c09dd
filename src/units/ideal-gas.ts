import {
  degenerateFrom,
  fermiDiracIntegral,
  fermiDiracScaled,
} from "../equilibrium/fermi-dirac-integrals.js";
import { log } from "../portable-math.js";

/**
 * η = μ/(k_B T) of the ideal Fermi gas at Θ = T/T_F: the root of I_{1/2}(η) = (2/3) Θ^{-3/2}. ln I_{1/2} is increasing
 * and concave, so Newton's iteration converges from anywhere, from the left after its first step.
 */
export function degeneracyParameter(theta: number): number {
  const target = log(2 / 3) - 1.5 * log(theta);
  let eta = theta < 0.5 ? 1 / theta : target - log(Math.sqrt(Math.PI) / 2);
  for (let pass = 0; pass < 60; pass++) {
    const logDensity =
      eta < degenerateFrom ? eta + log(fermiDiracScaled(0.5, eta)) : log(fermiDiracIntegral(0.5, eta));
    const slope =
      eta < degenerateFrom
        ? (0.5 * fermiDiracScaled(-0.5, eta)) / fermiDiracScaled(0.5, eta)
        : (0.5 * fermiDiracIntegral(-0.5, eta)) / fermiDiracIntegral(0.5, eta);
    const step = (target - logDensity) / slope;
    eta += step;
    if (Math.abs(step) <= 1e-13 * Math.max(1, Math.abs(eta))) break;
  }
  return eta;
}
