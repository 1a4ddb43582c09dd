import type { Problem } from "../../problem/schema.js";

/** Data of the four kinds that Theorem 1.1 must bear. ε = 1 throughout, as in the paper. */
export const gallery: readonly { name: string; problem: Omit<Problem, "until"> }[] = [
  {
    name: "smooth",
    problem: {
      epsilon: 1,
      initial: {
        kind: "maxwellians",
        components: [
          { density: 0.7, temperature: 0.5 },
          { density: 0.3, temperature: 2 },
        ],
      },
    },
  },
  {
    name: "hard-edged, f = 0.999/ε",
    problem: { epsilon: 1, initial: { kind: "annulus", inner: 1, outer: 1.5, height: 0.999 } },
  },
  {
    name: "few moments, f ~ r⁻⁸",
    problem: {
      epsilon: 1,
      initial: { kind: "power", height: 0.5, scale: 1, exponent: 8 },
      grid: { radius: 20 },
    },
  },
  {
    name: "near ε*",
    problem: { epsilon: 1, initial: { kind: "annulus", inner: 0.13, outer: 1, height: 0.995 } },
  },
];
