import { InputError, RunError } from "../errors.js";
import { cbrt, exp, log, log1p } from "../portable-math.js";
import type { Equilibrium } from "../types.js";
import { degenerateFrom, fermiGas } from "./fermi-dirac-integrals.js";

/*
 * With η = ln(εa) and x = br², the moments of M = ε⁻¹ / (1 + e^{x-η}) are
 *   ρ = (2π/ε) b^{-3/2} I_{1/2}(η),   E = (2π/ε) b^{-5/2} I_{3/2}(η),
 * so b = (ρ/E) I_{3/2}/I_{1/2}, and η alone fixes the filling
 *   κ = ε/ε* = (3/2) (3/5)^{3/2} I_{1/2}^{5/2} / I_{3/2}^{3/2},
 * which increases from 0 (classical) to 1 (saturated), κ ≈ 1 - 5π²/(8η²).
 */

export interface EquilibriumInput {
  /** ρ = ∫ f dv */
  mass: number;
  /** E = ∫ |v|² f dv; 3ρT for a Maxwellian of temperature T. */
  energy: number;
  /** Quantum parameter ε ≥ 0. */
  epsilon: number;
}

/**
 * The equilibrium M(r) = a e^{-br²} / (1 + εa e^{-br²}) of paper (1.4) with ∫ M dv = ρ and ∫ |v|² M dv = E.
 * For ε = 0 the Maxwellian, b = 3ρ/(2E), a = ρ (b/π)^{3/2}.
 *
 * Relative errors: b, T and the entropy 1e-14, also next to saturation (1 - ε/ε* is formed without rounding);
 * a, and εa = e^η, 1e-14·max(1, η). Entropy: H_ε[M] = ηρ - (5/3) bE, for ε = 0 ∫ M ln M = ρ (ln a - 3/2).
 *
 * @throws InputError if mass or energy is not positive and finite, ε negative or not finite, or ε ≥ ε*.
 */
export function equilibrium({ mass, energy, epsilon }: EquilibriumInput): Equilibrium {
  requirePositive("mass", mass);
  requirePositive("energy", energy);
  if (!(Number.isFinite(epsilon) && epsilon >= 0)) {
    throw new InputError("epsilon", `must be a finite number ≥ 0, got ${epsilon}`);
  }
  const limit = saturation(mass, energy);
  const { logFilling, vacancy } = filling(mass, energy, epsilon);
  if (vacancy <= 0 || (epsilon > 0 && epsilon >= limit)) {
    throw new InputError(
      "epsilon",
      `no equilibrium of Fermi–Dirac form: epsilon = ${epsilon} is not below saturation ε* = ${limit} ` +
        `for mass ${mass}, energy ${energy}; valid: 0 ≤ ε < ε*`,
    );
  }
  const classical = epsilon === 0;
  const eta = classical ? -Infinity : solveEta(logFilling, vacancy);
  const { scaledDensity, energyRatio, entropyPerMass } = classical ? maxwellGas : fermiGas(eta);
  const b = (energyRatio * mass) / energy;
  const temperature = 1 / (2 * b);
  if (!(b > 0 && b < Infinity && temperature < Infinity)) {
    throw new InputError(
      "energy",
      `${energy} with mass ${mass}: the temperature is outside the range of a double`,
    );
  }
  let a: number;
  let logA: number;
  if (eta < degenerateFrom) {
    // From ρ rather than from e^η, where a large |η| would cost digits.
    a = (mass * b * Math.sqrt(b)) / (2 * Math.PI * scaledDensity);
    logA = log(mass) + 1.5 * log(b) - log(2 * Math.PI * scaledDensity);
    if (a > 0 && a < Infinity) logA = log(a);
    else a = exp(logA);
  } else {
    logA = eta - log(epsilon);
    a = eta < 700 ? exp(eta) / epsilon : exp(logA);
  }
  return {
    a,
    b,
    logA,
    temperature,
    chemicalPotential: eta * temperature,
    saturation: limit,
    entropy: mass * (classical ? logA - 1.5 : entropyPerMass),
  };
}

/**
 * ε*(ρ, E) = (4π/3) (5Θ)^{3/2} / ρ, Θ = E/(3ρ): the ε at which a ball filled to 1/ε has this mass ρ and this
 * energy E = ∫ |v|² f dv. No f ≤ 1/ε with these moments exists beyond it. Relative error 1e-15.
 */
export function saturation(mass: number, energy: number): number {
  requirePositive("mass", mass);
  requirePositive("energy", energy);
  const speed2 = (5 * (energy / mass)) / 3;
  return ((4 * Math.PI) / 3) * (speed2 / mass) * Math.sqrt(speed2);
}

/**
 * The saturated Fermi–Dirac state ε⁻¹ χ{r < r_F} (paper, after (1.4)) of the given mass: r_F =
 * (3ερ/(4π))^{1/3} and E = (3/5) ρ r_F². Temperature and entropy are 0, chemicalPotential is r_F²/2,
 * saturation is ε itself.
 */
export function saturatedBall(mass: number, epsilon: number): Equilibrium {
  requirePositive("mass", mass);
  requirePositive("epsilon", epsilon);
  const radius = cbrt(3 / (4 * Math.PI)) * cbrt(epsilon) * cbrt(mass);
  return {
    a: Infinity,
    b: Infinity,
    logA: Infinity,
    temperature: 0,
    chemicalPotential: (radius * radius) / 2,
    saturation: epsilon,
    entropy: 0,
  };
}

/** Nearer to saturation than this share (of ε*, or of the least energy on a grid), data is the state at rest to rounding. */
export const restRounding = 1e-12;

/** The equilibrium of these invariants; the saturated ball where admissible data leaves no other. */
export function relaxed({ mass, energy }: { mass: number; energy: number }, epsilon: number): Equilibrium {
  if (epsilon >= saturation(mass, energy) * (1 - restRounding)) return saturatedBall(mass, epsilon);
  return equilibrium({ mass, energy, epsilon });
}

/**
 * M(r) of paper (1.4). The exponent br² - η is rounded once, so the relative error is about 2e-16·max(1, br²,
 * |η|). Underflows to 0 far out. For a saturated ball 1/ε inside r_F and 0 from r_F on.
 */
export function equilibriumValue(eq: Equilibrium, epsilon: number, r: number): number {
  if (eq.temperature === 0) return r * r < 2 * eq.chemicalPotential ? 1 / epsilon : 0;
  const decay = eq.b * r * r;
  const x = 2 * eq.b * eq.chemicalPotential - decay;
  if (x > 0) return 1 / (epsilon * (1 + exp(-x)));
  const maxwellian = decay < 700 && eq.a < Infinity ? eq.a * exp(-decay) : exp(eq.logA - decay);
  return maxwellian / (1 + exp(x));
}

/** 1 - εM(r) = 1 / (1 + e^{η - br²}), as accurate as M itself where M has rounded to 1/ε; 1 for ε = 0. */
export function equilibriumHoles(eq: Equilibrium, epsilon: number, r: number): number {
  if (epsilon === 0) return 1;
  if (eq.temperature === 0) return r * r < 2 * eq.chemicalPotential ? 0 : 1;
  const x = 2 * eq.b * eq.chemicalPotential - eq.b * r * r;
  if (x <= 0) return 1 / (1 + exp(x));
  const e = exp(-x);
  return e / (1 + e);
}

/** `fermiGas` at η = -∞: Γ(3/2) and Γ(5/2)/Γ(3/2). The entropy diverges and is taken as ∫ M ln M instead. */
const maxwellGas = { scaledDensity: Math.sqrt(Math.PI) / 2, energyRatio: 1.5, entropyPerMass: -Infinity };

/**
 * η with the given filling. The logit of κ is increasing and concave in η, like η on the classical side and
 * 2 ln η on the degenerate one: Newton's iteration converges from either guess. The bracket is for safety.
 */
function solveEta(logFilling: number, vacancy: number): number {
  const target = logFilling - log(vacancy);
  // κ ≈ 1 - 5π²/(8η²) or, classically, κ ≈ √(0.036π) e^η.
  let eta = vacancy < 0.2 ? Math.PI * Math.sqrt(0.625 / vacancy) : logFilling - 0.5 * log(0.036 * Math.PI);
  let low = -Infinity;
  let high = Infinity;
  for (let pass = 0; pass < 100; pass++) {
    const { logit, slope } = fermiGas(eta);
    if (logit < target) low = eta;
    else high = eta;
    const step = (target - logit) / slope;
    // Quadratic: the error left after a step of relative size 1e-9 is below round-off.
    if (Math.abs(step) <= 1e-9 * Math.max(1, Math.abs(eta))) return eta + step;
    const next = eta + step;
    eta = next > low && next < high ? next : low + (high - low) / 2;
  }
  throw new RunError(`equilibrium: no convergence for ln(ε/ε*) = ${logFilling}, 1 - ε/ε* = ${vacancy}`);
}

/** π² 2²⁰⁰, rounded. */
const piSquared = 15859842793896456971492733267136087350514330331013375657674344n;

/**
 * ln κ and 1 - κ for κ = ε/ε*: κ² = 243 ε² ρ⁵ / (2000 π² E³), exactly but for π² (200 bits). Near saturation
 * η, and with it a and b, depend on 1 - κ, of which rounded arithmetic would leave few digits; nor does
 * anything overflow here.
 */
function filling(mass: number, energy: number, epsilon: number): { logFilling: number; vacancy: number } {
  if (epsilon === 0) return { logFilling: -Infinity, vacancy: 1 };
  const [rho, rhoExponent] = exactly(mass);
  const [E, energyExponent] = exactly(energy);
  const [eps, epsilonExponent] = exactly(epsilon);
  const exponent = BigInt(2 * epsilonExponent + 5 * rhoExponent - 3 * energyExponent) + 200n;
  const numerator = (243n * eps ** 2n * rho ** 5n) << (exponent > 0n ? exponent : 0n);
  const denominator = (2000n * piSquared * E ** 3n) << (exponent < 0n ? -exponent : 0n);
  if (numerator >= denominator) return { logFilling: 0, vacancy: 0 };
  const square = quotient(numerator, denominator);
  const vacancy = quotient(denominator - numerator, denominator).value / (1 + Math.sqrt(square.value));
  return { logFilling: vacancy < 0.5 ? log1p(-vacancy) : square.log / 2, vacancy };
}

/** [m, e] with x = m 2^e exactly, for positive finite x. */
function exactly(x: number): [bigint, number] {
  // -54 and not -52: the logarithm may round up. 2⁻¹⁰⁷⁴ divides every double.
  const exponent = Math.max(-1074, Math.floor(log(x) * Math.LOG2E) - 54);
  return [BigInt(x / 2 ** exponent), exponent];
}

/** n/d for positive integers, to double precision; its logarithm also where it underflows. */
function quotient(n: bigint, d: bigint): { value: number; log: number } {
  const shift = 64 + 4 * (d.toString(16).length - n.toString(16).length);
  const q = Number(shift > 0 ? (n << BigInt(shift)) / d : n / (d << BigInt(-shift)));
  const value = q * 2 ** -shift;
  return { value, log: value > 1e-300 ? log(value) : log(q) - shift * Math.LN2 };
}

function requirePositive(key: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new InputError(key, `must be a positive finite number, got ${value}`);
  }
}
