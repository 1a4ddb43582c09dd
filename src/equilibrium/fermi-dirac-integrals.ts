import { exp, expm1, log, log1p, pow } from "../portable-math.js";
import { integratePanels } from "../quadrature.js";

/*
 * I_k(η) = ∫₀^∞ x^k / (1 + e^{x-η}) dx for half-integer k, without the factor 1/Γ(k+1) that some authors
 * include. dI_k/dη = k I_{k-1}. Below η = `degenerateFrom` the trapezoidal rule gives e^{-η} I_k; above, the
 * exact splitting at the Fermi edge gives the deviation of I_k from η^{k+1}/(k+1), so that neither the
 * classical nor the degenerate limit costs digits.
 */

/** k of I_k: k = 1/2 gives densities, 3/2 energies, -1/2 the derivative of the former. */
export type Index = -0.5 | 0.5 | 1.5;

/** Where callers change from `fermiDiracScaled` to `fermiDiracExcess`; both are accurate on either side. */
export const degenerateFrom = 4;

/**
 * e^{-η} I_k(η) = ∫₀^∞ x^k e^{-x} / (1 + e^{η-x}) dx, which tends to Γ(k+1) as η → -∞. For η ≤ 40; relative
 * error below 2e-15.
 *
 * With x = y² the integrand is even and analytic in |Im y| < d = Im √(η + iπ), so the trapezoidal rule with
 * step h is in error by e^{-2πd/h} (Goodwin 1949; Trefethen & Weideman, SIAM Rev. 56, 2014); h makes that
 * e^{-42}.
 */
export function fermiDiracScaled(k: Index, eta: number): number {
  const power = 2 * k + 1;
  const z = exp(eta);
  // Im √(η + iπ) is 1.253 at 0 and grows for η < 0, but h = 0.19 suits the Gaussian that is left and costs little.
  const strip = eta < 0 ? 1.25 : Math.PI / Math.sqrt(2 * (Math.sqrt(eta * eta + Math.PI * Math.PI) + eta));
  const h = (2 * Math.PI * strip) / 42;
  const last = Math.sqrt(Math.max(eta, 0) + 44);
  let sum = power === 0 ? 0.5 / (1 + z) : 0;
  for (let j = 1; j * h < last; j++) {
    const y2 = j * h * (j * h);
    const boltzmann = exp(-y2);
    sum += ((power === 0 ? 1 : power === 2 ? y2 : y2 * y2) * boltzmann) / (1 + z * boltzmann);
  }
  return 2 * h * sum;
}

/**
 * s_k(η) with I_k(η) = η^{k+1}/(k+1) · (1 + s_k(η)), for η ≥ 3 without upper limit. s_k = k(k+1)π²/(6η²) +
 * O(η⁻⁴) comes with a relative error below 3e-15 however small it is: what decides how far from saturation a
 * state is.
 *
 * s_k = (k+1) η^{-k-1} [∫₀^η ((η+u)^k - (η-u)^k) / (1+e^u) du + ∫_η^∞ (η+u)^k / (1+e^u) du], exactly.
 * Gauss–Legendre on panels of length ≤ 3 in u, away from the poles ±iπ; the root singularity at u = η is
 * substituted away.
 */
export function fermiDiracExcess(k: Index, eta: number): number {
  // Beyond u = 48 the Fermi factor is below 1e-20.
  const cut = 48;
  const end = Math.min(cut, eta - 2);
  let sum = integratePanels(
    (u) => powerDifference(k, eta, u, Math.sqrt(eta - u)) / (1 + exp(u)),
    0,
    end,
    Math.ceil(end / 3),
  );
  if (eta < cut + 3) {
    sum += integratePanels(
      // u = η - w²
      (w) => (2 * w * powerDifference(k, eta, eta - w * w, w)) / (1 + exp(eta - w * w)),
      0,
      Math.sqrt(eta - end),
    );
    sum += integratePanels(
      // u = η + v²
      (v) => (2 * v * pow(2 * eta + v * v, k)) / (1 + exp(eta + v * v)),
      0,
      6,
      4,
    );
  }
  return ((k + 1) * sum) / pow(eta, k + 1);
}

/** (η+u)^k - (η-u)^k without cancellation, given `low` = √(η-u). */
function powerDifference(k: Index, eta: number, u: number, low: number): number {
  const high = Math.sqrt(eta + u);
  const rootDifference = (2 * u) / (high + low);
  if (k === 0.5) return rootDifference;
  return k === 1.5 ? rootDifference * (2 * eta + high * low) : -rootDifference / (high * low);
}

/**
 * I_k(η) = ∫₀^∞ x^k / (1 + e^{x-η}) dx; relative error below 1e-14 (2e-15 beside what e^η costs). Underflows
 * to 0 below η = -745: use `fermiDiracScaled` there.
 */
export function fermiDiracIntegral(k: Index, eta: number): number {
  if (eta < degenerateFrom) return exp(eta) * fermiDiracScaled(k, eta);
  return (pow(eta, k + 1) / (k + 1)) * (1 + fermiDiracExcess(k, eta));
}

/** What η alone says of an equilibrium M = ε⁻¹ / (1 + e^{br²-η}) of density ρ and energy E. */
export interface FermiGas {
  /** e^{-η} I_{1/2}; NaN from `degenerateFrom` on, where η itself gives a. */
  scaledDensity: number;
  /** I_{3/2} / I_{1/2} = bE/ρ */
  energyRatio: number;
  /** H_ε / ρ = η - (5/3) I_{3/2}/I_{1/2}: by parts, ∫ ln(1 + e^{η-br²}) dv = (2b/3) εE. */
  entropyPerMass: number;
  /** ln(κ/(1 - κ)) and its derivative in η. */
  logit: number;
  slope: number;
}

/** All of `FermiGas` at η, to a relative 1e-14; for η < `degenerateFrom` the logit to 1e-14·max(1, |η|). */
export function fermiGas(eta: number): FermiGas {
  if (eta < degenerateFrom) {
    const g0 = fermiDiracScaled(-0.5, eta);
    const g1 = fermiDiracScaled(0.5, eta);
    const g3 = fermiDiracScaled(1.5, eta);
    const logFilling = eta + 2.5 * log(g1) - 1.5 * log(g3) + log(1.5) + 1.5 * log(0.6);
    const vacancy = -expm1(logFilling);
    return {
      scaledDensity: g1,
      energyRatio: g3 / g1,
      entropyPerMass: eta - ((5 / 3) * g3) / g1,
      logit: logFilling - log(vacancy),
      slope: ((1.25 * g0) / g1 - (2.25 * g1) / g3) / vacancy,
    };
  }
  // The same in terms of s_k, the leading powers of η cancelled by hand.
  const s0 = fermiDiracExcess(-0.5, eta);
  const s1 = fermiDiracExcess(0.5, eta);
  const s3 = fermiDiracExcess(1.5, eta);
  const logFilling = 2.5 * log1p(s1) - 1.5 * log1p(s3);
  const vacancy = -expm1(logFilling);
  const product = (1 + s1) * (1 + s3);
  return {
    scaledDensity: Number.NaN,
    energyRatio: (0.6 * eta * (1 + s3)) / (1 + s1),
    entropyPerMass: (eta * (s1 - s3)) / (1 + s1),
    logit: logFilling - log(vacancy),
    slope: (3.75 * (s0 + s3 + s0 * s3 - 2 * s1 - s1 * s1)) / (eta * product * vacancy),
  };
}
