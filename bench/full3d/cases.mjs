import { isotropic, maxwellians, smoothShell } from "./initial.mjs";

/**
 * The problems of the benchmark. `tolerances`: of the time stepping by n (cells), about a tenth of the error in space
 * or less, so that neither solver works for digits that its grid does not have.
 */
const tolerancesRadial = { 100: 1e-5, 1000: 1e-7, 10000: 1e-9, 100000: 1e-11 };

const shell = (r) => smoothShell(0.01, 0.3)(r, 0, 0);
const mixture = [
  { density: 0.7, temperature: 0.5 },
  { density: 0.3, temperature: 2 },
];
const mixtureProfile = (r) => maxwellians(mixture)(r, 0, 0);

export const cases = {
  shell: {
    title: "smooth shell like Rosenbluth's, ε = 0",
    epsilon: 0,
    profile: shell,
    halfWidth: 1.7,
    radius: 2,
    at: [12, 36],
    cells: [16, 24, 32, 48, 64],
    method: "rk4",
    tolerances3d: { 16: 1e-3, 24: 1e-4, 32: 1e-5, 48: 1e-7, 64: 1e-8 },
    tolerancesRadial,
  },
  degenerate: {
    title: "the same shell, ε = 76, half of saturation",
    epsilon: 76,
    profile: shell,
    halfWidth: 1.7,
    radius: 2,
    at: [12, 36],
    cells: [16, 24, 32, 48, 64],
    method: "rk4",
    tolerances3d: { 16: 1e-3, 24: 1e-4, 32: 1e-5, 48: 1e-6, 64: 1e-7 },
    tolerancesRadial,
  },
  mixture: {
    title: "two temperatures, (0.7, 0.5) and (0.3, 2), ε = 0, to t = 100",
    epsilon: 0,
    profile: mixtureProfile,
    halfWidth: 10.5,
    radius: 14,
    at: [100],
    cells: [32, 48, 64],
    method: "rkc",
    tolerances3d: { 32: 1e-4, 48: 1e-5, 64: 1e-6 },
    tolerancesRadial,
  },
};

/** The 3D problem of a case. */
export function problem3d({ epsilon, profile, halfWidth, at, tolerances3d: tolerance }, n, method) {
  return {
    n,
    halfWidth,
    epsilon,
    initial: isotropic(profile),
    until: at.at(-1),
    at,
    method,
    tolerance: tolerance[n],
    cut: 1e-4,
  };
}

/** The radial problem of a case. */
export function problemRadial({ epsilon, profile, radius, at }) {
  return { epsilon, initial: profile, until: at.at(-1), samples: { at }, grid: { radius } };
}
