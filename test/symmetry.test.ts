import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MethodName, type Problem, type Sample, simulate } from "../src/index.js";
import { methods } from "../src/solver/methods.js";
import { sampleKeys } from "../src/types.js";
import { logarithmic } from "./arbitraries.js";

// If f(v, t) solves with ε, then μ f(λv, μt) solves with ε/μ, for any λ, μ > 0 (docs/method.md, The equation).

/** How each diagnostic of μ f(λ·) follows from that of f. */
function expectedSample(s: Sample, lambda: number, mu: number, epsilon: number): Sample {
  const number = mu / lambda ** 3;
  return {
    time: s.time / mu,
    mass: number * s.mass,
    energy: (number / lambda ** 2) * s.energy,
    moment4: (number / lambda ** 4) * s.moment4,
    entropy: number * (s.entropy + (epsilon > 0 ? 0 : s.mass * Math.log(mu))),
    relativeEntropy: number * s.relativeEntropy,
    entropyProduction: mu * number * s.entropyProduction,
    center: mu * s.center,
    minimum: mu * s.minimum,
    maximum: mu * s.maximum,
    l1Distance: number * s.l1Distance,
    weightedL2: number * s.weightedL2,
    fisher: number * lambda ** 2 * s.fisher,
  };
}

interface Case {
  title: string;
  epsilon: number;
  until: number;
  /** μ f(λr) */
  initial: (lambda: number, mu: number) => Problem["initial"];
}

const cases: Case[] = [
  {
    title: "shell, ε = 0",
    epsilon: 0,
    until: 100,
    initial: (lambda, mu) => ({
      kind: "shell",
      amplitude: 0.01 * mu,
      radius: 0.3 / lambda,
      width: 0.3 / Math.sqrt(10) / lambda,
    }),
  },
  {
    title: "two temperatures, ε = 1",
    epsilon: 1,
    until: 50,
    initial: (lambda, mu) => ({
      kind: "maxwellians",
      components: [
        { density: (0.7 * mu) / lambda ** 3, temperature: 0.5 / lambda ** 2 },
        { density: (0.3 * mu) / lambda ** 3, temperature: 2 / lambda ** 2 },
      ],
    }),
  },
  {
    title: "annulus at 0.9/ε",
    epsilon: 1,
    until: 5,
    initial: (lambda, mu) => ({ kind: "annulus", inner: 1 / lambda, outer: 1.5 / lambda, height: 0.9 * mu }),
  },
];

const factor = logarithmic(1e-4, 1e4);
const methodNames = Object.keys(methods) as MethodName[];

describe.each(cases.map((entry) => [entry.title, entry] as const))("%s", (_, { epsilon, until, initial }) => {
  test.each(methodNames)("%s", async (method) => {
    const run = (lambda: number, mu: number) => {
      const at = [0.01, 0.1, 1].map((part) => (part * until) / mu);
      return simulate({
        epsilon: epsilon / mu,
        initial: initial(lambda, mu),
        until: at.at(-1)!,
        samples: { at },
        grid: { cells: 200 },
        tolerance: 1e-4,
        method,
      });
    };
    const reference = await run(1, 1);
    await fc.assert(
      fc.asyncProperty(factor, factor, async (lambda, mu) => {
        const { grid, samples, profiles } = await run(lambda, mu);
        expect(Math.abs((grid.radius * lambda) / reference.grid.radius - 1)).toBeLessThan(1e-14);
        samples.forEach((sample, i) => {
          const expected = expectedSample(reference.samples[i]!, lambda, mu, epsilon);
          for (const key of sampleKeys) {
            const size =
              key === "entropy" ? Math.max(Math.abs(expected.entropy), expected.mass) : expected[key];
            // the minimum is a value of the tail, 1e-20 of the maximum and less
            const bound = key === "minimum" ? 1e-6 : 1e-9;
            expect(Math.abs(sample[key] - expected[key]), key).toBeLessThanOrEqual(bound * size);
          }
          let difference = 0;
          let mass = 0;
          profiles[i]!.forEach((f, k) => {
            const volume = (k + 1) ** 3 - k ** 3;
            difference += volume * Math.abs(f / mu - reference.profiles[i]![k]!);
            mass += volume * reference.profiles[i]![k]!;
          });
          expect(difference / mass).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});
