import type { Problem } from "./problem/schema.js";
import type { PlasmaUnits } from "./types.js";
import { dimensionless, type PhysicalProblem } from "./units/physical-problem.js";

/** A problem that can be asked for by name. */
export interface NamedProblem {
  /** One sentence: what it is and what is to be seen. */
  title: string;
  /** The published source, in words. */
  citation: string;
  /** Dimensionless, paper (1.1). */
  problem: Problem;
  /** The same in physical units, where it comes from there. */
  physical?: PhysicalProblem;
  /** What its numbers are multiples of, likewise; `lfd run` reports in them too. */
  units?: PlasmaUnits;
}

const goldingGualdaniZamponi =
  'W. Golding, M. P. Gualdani and N. Zamponi, "Existence of smooth solutions to the Landau-Fermi-Dirac equation with Coulomb potential"';

/**
 * Speeds v_F √(1 ± 3.5 eV/E_F) and v_F, v_F = 2.026e6 m/s, with ramps of 0.02 v_F for the temperature before the pulse. It
 * lifts 18 % of the electrons within a photon below the edge to within one above it: 0.155 = 0.18 (1 - 0.7^{3/2})/(1.3^{3/2} - 1)
 * keeps their number. ε/ε* = 0.945: a Fermi-Dirac state at T/T_F = 0.097 results, 1.13 eV.
 */
const excitedAluminium: PhysicalProblem = {
  name: "degenerate-electrons",
  units: {
    density: "18.1e22 cm^-3",
    temperature: "1.13 eV",
    coulombLogarithm: "lee-more",
    velocity: "fermi",
  },
  initial: {
    kind: "table",
    r: [0, 1.675e6, 1.716e6, 2.006e6, 2.046e6, 2.289e6, 2.33e6],
    f: [0.999, 0.999, 0.82, 0.82, 0.155, 0.155, 0],
  },
  until: 2e-16,
};

export const namedProblems: Readonly<Record<string, NamedProblem>> = {
  rosenbluth: {
    title:
      "A shell of classical particles fills its centre and becomes a Maxwellian: the standard test since 1957.",
    citation:
      'W. M. MacDonald, M. N. Rosenbluth and W. Chuck, "Relaxation of a system of particles with Coulomb interactions", Phys. Rev. 107, 350 (1957); the equation in the form of M. N. Rosenbluth, W. M. MacDonald and D. L. Judd, "Fokker-Planck equation for an inverse-square force", Phys. Rev. 107, 1 (1957)',
    problem: {
      name: "rosenbluth",
      epsilon: 0,
      initial: { kind: "shell", amplitude: 0.01, radius: 0.3, width: 0.3 / Math.sqrt(10) },
      until: 900,
      samples: { at: [9, 36, 81, 144, 225, 400, 625, 900] },
    },
  },
  "two-temperature": {
    title:
      "A hot and a cold Maxwellian, weakly degenerate, share their energy and become one Fermi-Dirac state.",
    citation: goldingGualdaniZamponi,
    problem: {
      name: "two-temperature",
      epsilon: 1,
      initial: {
        kind: "maxwellians",
        components: [
          { density: 0.7, temperature: 0.5 },
          { density: 0.3, temperature: 2 },
        ],
      },
      until: 200,
    },
  },
  // ε/ε* = 0.46 and T/T_F = 0.49: M(0) = 0.83/ε, between the classical and the cold limit. Done at t = 100 to 1e-7.
  annulus: {
    title:
      "A hard-edged shell at 0.9/ε around nothing: jumps smooth at once, the hole fills, a moderately degenerate state is left.",
    citation: `${goldingGualdaniZamponi}: initial data need only be bounded, 0 ≤ f ≤ 1/ε`,
    problem: {
      name: "annulus",
      epsilon: 1,
      initial: { kind: "annulus", inner: 1, outer: 1.5, height: 0.9 },
      until: 100,
    },
  },
  // For height η/ε and κ = inner/outer, ε/ε* = η (1 - κ³)^{5/2} (1 - κ⁵)^{-3/2}: 0.9896 here, T/T_F = 0.041. At η = 1
  // exactly g = f(1 - εf) would vanish and any set would be stationary (paper, section 1); 0.995 leaves it room to move.
  "near-saturation": {
    title:
      "A Fermi ball with a small hole at its centre, ε = 0.99 ε*: almost every collision is blocked until the hole has filled.",
    citation:
      'V. Bagland and M. Lemou, "Equilibrium states for the Landau-Fermi-Dirac equation", in Nonlocal Elliptic and Parabolic Problems 66, 29-37 (2004)',
    problem: {
      name: "near-saturation",
      epsilon: 1,
      initial: { kind: "annulus", inner: 0.13, outer: 1, height: 0.995 },
      until: 50,
    },
  },
  "degenerate-electrons": {
    title:
      "Conduction electrons of aluminium (11.7 eV Fermi energy) just after a pulse of 3.5 eV photons: the steps in f, one photon below and above the Fermi edge, smooth; velocity 1 is v_F, εf the occupation.",
    citation:
      'After B. Y. Mueller and B. Rethfeld, "Relaxation dynamics in laser-excited metals under nonequilibrium conditions", Phys. Rev. B 87, 035139 (2013), with Landau in place of Boltzmann collisions',
    ...fromPhysical(excitedAluminium),
  },
};

/** Dimensionless, without what has a default: the keys that the other named problems have. */
function fromPhysical(physical: PhysicalProblem): Omit<NamedProblem, "title" | "citation"> {
  const { problem, units } = dimensionless(physical);
  const { name, epsilon, initial, until } = problem;
  return {
    problem: { ...(name === undefined ? {} : { name }), epsilon, initial, until },
    physical,
    units,
  };
}
