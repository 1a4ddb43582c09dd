/** Fermi–Dirac equilibrium M(r) = a e^{-br²} / (1 + ε a e^{-br²}) of paper (1.4), with u = 0. */
export interface Equilibrium {
  /** Amplitude a; Infinity where it exceeds the range of a double (ln a is in `logA`) and for a saturated ball. */
  a: number;
  /** b = 1/(2T) > 0; Infinity for a saturated ball. */
  b: number;
  /** ln a. */
  logA: number;
  /** T = 1/(2b). 0 for a saturated ball. */
  temperature: number;
  /** μ = T ln(εa), so that M = ε⁻¹ / (1 + e^{(r²/2 - μ)/T}); -Infinity for ε = 0. */
  chemicalPotential: number;
  /** ε*(ρ, E) = (4π/3) (5Θ)^{3/2} / ρ, Θ = E/(3ρ): no equilibrium of the form (1.4) for ε ≥ ε*. */
  saturation: number;
  /** H_ε[M]; for ε = 0 the classical ∫ M ln M. */
  entropy: number;
}

/** Diagnostics of one state f(·, t). All integrals are over ℝ³ (4π ∫ … r² dr). With ε = 0 the classical limits. */
export interface Sample {
  time: number;
  /** ∫ f dv */
  mass: number;
  /** ∫ |v|² f dv */
  energy: number;
  /** ∫ |v|⁴ f dv */
  moment4: number;
  /** H_ε[f] of the paper; ∫ f ln f for ε = 0. */
  entropy: number;
  /** H_ε[f | M] ≥ 0 */
  relativeEntropy: number;
  /** The double integral of (1.3): -dH_ε/dt ≥ 0. */
  entropyProduction: number;
  /** f(0, t) */
  center: number;
  minimum: number;
  maximum: number;
  /** ∫ |f - M| dv */
  l1Distance: number;
  /** ∫ (f - M)² / (M (1 - εM)) dv; Infinity where f has a heavier tail than M can divide. */
  weightedL2: number;
  /** ∫ |∇f|² / (f (1 - εf)) dv */
  fisher: number;
}

export const sampleKeys = [
  "time",
  "mass",
  "energy",
  "moment4",
  "entropy",
  "relativeEntropy",
  "entropyProduction",
  "center",
  "minimum",
  "maximum",
  "l1Distance",
  "weightedL2",
  "fisher",
] as const satisfies readonly (keyof Sample)[];

/** How far one number of a sample is from the exact one, by estimate. */
export interface ErrorBar {
  /** |error| that the cells leave. */
  spatial: number;
  /** |error| that the time steps leave. */
  temporal: number;
  /** The value with both taken out. */
  extrapolated: number;
}

/** The error bars of every number of a sample. */
export type SampleErrors = { time: number } & Record<Exclude<keyof Sample, "time">, ErrorBar>;

/** The radial grid: cell i lies between faces[i] and faces[i + 1]; faces[0] = 0, faces[cells] = radius. */
export interface Grid {
  cells: number;
  radius: number;
  faces: Float64Array;
}

export interface Conservation {
  /** Worst relative drift of ∫ f over all accepted steps. */
  mass: number;
  /** Worst relative drift of ∫ |v|² f over all accepted steps. */
  energy: number;
  /** Largest increase of H_ε over one accepted step (absolute; 0 if it never rose). */
  entropyIncrease: number;
}

export interface Work {
  /** Accepted steps. */
  steps: number;
  /** Attempted steps given up, all reasons together. */
  rejected: number;
  newtonIterations: number;
  /** Time spent in the solver: steps (entropy and drifts included), not samples and not the host around it. */
  seconds: number;
  /** Attempts given up because the estimated error was above the tolerance. */
  rejectedError: number;
  /** Attempts given up because Newton's iteration did not converge. */
  rejectedNewton: number;
  /** Attempts given up because the entropy would have risen. */
  rejectedEntropy: number;
  /** Steps taken with implicit Euler in place of the chosen method. */
  fallbackSteps: number;
  /** Stages whose right-hand side left [0, 1/ε] and was repaired keeping mass and energy. */
  repairedStages: number;
}

/** What the grid made of the initial data: cut off at R, and raised so that 0 < f < 1/ε holds strictly. */
export interface Adjustment {
  /** Share of ∫ f dv that lies beyond R and is left out. */
  cutMass: number;
  /** Share of ∫ |v|² f dv that lies beyond R and is left out. */
  cutEnergy: number;
  /** Values below this were raised to it (zeros have no entropy variable). */
  floor: number;
  /** 1 - εf below this was raised to it. */
  holeFloor: number;
  /** ∫ |f_used - f_given| dv / ∫ f dv */
  massFraction: number;
}

/** What every result begins with: known before the first step. */
export interface RunHeader {
  problem: ResolvedProblem;
  grid: Grid;
  equilibrium: Equilibrium;
  adjustment: Adjustment;
  /** What the numbers are multiples of, where that is known. For files; the solver knows nothing of it. */
  units?: PlasmaUnits;
  /** The problem itself was given in physical units, and whoever goes on with its run means seconds. */
  physical?: boolean;
}

/** What the dimensionless quantities are multiples of, and how degenerate the gas is. SI, but for energies in eV. */
export interface PlasmaUnits {
  /** n, m⁻³: the unit of density, so ∫ f dv = 1 is this density. */
  density: number;
  /** k_B T, eV. */
  temperature: number;
  /** T, K. */
  kelvin: number;
  /** kg */
  mass: number;
  spinWeight: number;
  coulombLogarithm: number;
  /** What the named formula gives before its floor; absent where ln Λ was given as a number. */
  formulaLogarithm?: number;
  /** ε = n h³/(g_s m³ v₀³): εf is the occupation of a state, between 0 and 1. */
  epsilon: number;
  /** v₀, m/s. */
  velocity: number;
  /** t₀ = v₀³/(4πΓn), s, with Γ = e⁴ ln Λ/(4πε₀²m²). */
  time: number;
  /** m v₀², eV: a particle at r has the kinetic energy r²/2 of these. */
  energy: number;
  /** E_F = m v_F²/2, eV, and E_F/k_B, K. */
  fermiEnergy: number;
  fermiTemperature: number;
  /** v_F = ħ(6π²n/g_s)^{1/3}/m, m/s. */
  fermiVelocity: number;
  /** Θ = T/T_F */
  theta: number;
  /** μ of the ideal Fermi gas with this density and temperature, eV. */
  chemicalPotential: number;
  /** Wigner–Seitz radius (3/4πn)^{1/3} over Bohr's radius. */
  wignerSeitz: number;
  /** Spitzer's self-collision time t_c = m^{1/2}(3k_B T)^{3/2} (4πε₀)²/(8·0.714π n e⁴ ln Λ), s: the classical measure. */
  spitzerTime: number;
  /** Where the numbers are beyond what they hold for, a sentence each. */
  notes: string[];
}

/** The document that `lfd run --json` prints (non-finite numbers become null there). */
export interface RunDocument {
  problem: ResolvedProblem;
  grid: { cells: number; radius: number };
  equilibrium: Equilibrium;
  adjustment: Adjustment;
  samples: Sample[];
  conservation: Conservation;
  work: Work;
  status: string;
}

/** A state from which a run goes on. */
export interface Checkpoint {
  time: number;
  /** f, one value a cell. */
  f: Float64Array;
  /** 1 - εf, one value a cell; kept beside f because it carries digits that f has lost near 1/ε. */
  holes: Float64Array;
  /** Step size to try next; 0 before the first step, where it is still to be found. */
  step: number;
  conservation: Conservation;
  work: Work;
}

export type MethodName = "sdirk4" | "sdirk2" | "implicit-euler";

/** A problem with every default filled in; serialises to JSON and reads back as the same problem. */
export interface ResolvedProblem {
  /** Name of the named problem it came from, if any. */
  name?: string;
  epsilon: number;
  initial: InitialData;
  grid: { cells: number; radius: number | "auto" };
  until: number;
  /** Ascending, distinct, the first is 0, the last ≤ until. */
  samples: { at: number[] };
  tolerance: number;
  method: MethodName;
  /** Fixed time step; absent: adaptive. */
  step?: number;
}

export type InitialData =
  | { kind: "maxwellians"; components: { density: number; temperature: number }[] }
  | { kind: "shell"; amplitude: number; radius: number; width: number }
  | { kind: "fermi-dirac"; a: number; b: number }
  | { kind: "annulus"; inner: number; outer: number; height: number }
  | { kind: "power"; height: number; scale: number; exponent: number }
  | { kind: "table"; file?: string; r: number[]; f: number[] }
  | { kind: "function" };

/** r ↦ f(r, 0), with what quadrature needs to know of it. */
export interface RadialFunction {
  value(r: number): number;
  /** Ascending radii where f or a derivative jumps; quadrature never straddles them. */
  breakpoints: number[];
  /** A radius within which most of the mass lies: the length scale of the bulk. */
  scale: number;
  /** f = 0 beyond this radius; absent: no compact support. */
  support?: number;
}
