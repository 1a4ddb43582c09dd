import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MethodName, type Problem, type SimulationResult, simulate, validate } from "../src/index.js";
import { methods } from "../src/solver/methods.js";
import { logarithmic, uniform } from "./arbitraries.js";

// Admissible data that is not nice: all of it has to run to equilibrium.

/** Runs a problem; one that takes absurdly many steps is stopped, and fails by its status. */
function run(problem: Problem): Promise<SimulationResult> {
  return simulate(problem, { profiles: false, onStep: ({ work }) => work.steps + work.rejected < 5000 });
}

function expectSound(result: SimulationResult): void {
  expect(result.status).toBe("done");
  expect(validate(result)).toEqual([]);
  expect(result.adjustment.massFraction).toBeLessThan(1e-13);
  const { epsilon } = result.problem;
  const { samples } = result;
  samples.forEach((sample, i) => {
    expect(sample.minimum).toBeGreaterThan(0);
    if (epsilon > 0) expect(sample.maximum).toBeLessThanOrEqual(1 / epsilon);
    // against a saturated ball it is infinite; anywhere else Infinity ≤ Infinity would pass for a fall
    if (result.equilibrium.temperature > 0) expect(sample.relativeEntropy).toBeLessThan(Infinity);
    if (i === 0) return;
    // rounding of a difference of entropies
    const rounding = 1e-13 * Math.max(Math.abs(sample.entropy), sample.mass);
    expect(sample.relativeEntropy).toBeLessThanOrEqual(samples[i - 1]!.relativeEntropy + rounding);
  });
}

/** The two temperatures with f(r) → amplitude · f(velocity · r): ε and time go with 1/amplitude. */
function scaled(amplitude: number, velocity: number, epsilon: number): Problem {
  return {
    epsilon: epsilon / amplitude,
    initial: {
      kind: "maxwellians",
      components: [
        { density: (0.7 * amplitude) / velocity ** 3, temperature: 0.5 / velocity ** 2 },
        { density: (0.3 * amplitude) / velocity ** 3, temperature: 2 / velocity ** 2 },
      ],
    },
    until: 1e4 / amplitude,
  };
}

interface Case {
  title: string;
  problem: Problem;
  /** ∫|f - M| at the end, as a share of the mass: what the grid leaves of it, and some. */
  distance: number;
}

const annulus = (inner: number, outer: number, height: number) =>
  ({ kind: "annulus", inner, outer, height }) as const;
const power = (exponent: number) => ({ kind: "power", height: 1, scale: 1, exponent }) as const;
const gaussian = (amplitude: number) => ({ kind: "shell", amplitude, radius: 0, width: 1 }) as const;

const cells = 400;
const cases: Case[] = [
  {
    title: "annulus at exactly 1/ε over zeros",
    problem: { epsilon: 1, initial: annulus(1, 1.5, 1), until: 1e3 },
    distance: 2e-4,
  },
  {
    title: "annulus at exactly 1/ε, 1/ε not a double",
    problem: { epsilon: 3, initial: annulus(1, 1.5, 1 / 3), until: 3e3 },
    distance: 2e-4,
  },
  {
    title: "hard-edged annulus, ε = 0",
    problem: { epsilon: 0, initial: annulus(1, 1.5, 1), until: 1e3 },
    distance: 2e-4,
  },
  {
    title: "ball at exactly 1/ε, filling the grid",
    problem: { epsilon: 1, initial: annulus(0, 1, 1), until: 1e2 },
    distance: 1e-13,
  },
  {
    title: "ball at exactly 1/ε over zeros, its edge on a face",
    problem: { epsilon: 1, initial: annulus(0, 1, 1), grid: { radius: 2 }, until: 1e2 },
    distance: 1e-11,
  },
  {
    title: "ball at exactly 1/ε over zeros, its edge within a cell",
    problem: { epsilon: 1, initial: annulus(0, 1, 1), grid: { radius: 1.7 }, until: 1e2 },
    distance: 2e-3,
  },
  {
    title: "power tail r⁻⁶, ε = 0",
    problem: { epsilon: 0, initial: power(6), until: 1e8 },
    distance: 2e-2,
  },
  {
    title: "power tail r⁻⁶, εf(0) = 1",
    problem: { epsilon: 1, initial: power(6), until: 1e8 },
    distance: 2e-2,
  },
  {
    title: "power tail r⁻⁸, ε = 0",
    problem: { epsilon: 0, initial: power(8), until: 1e7 },
    distance: 2e-2,
  },
  {
    title: "power tail r⁻⁸, εf(0) = 1",
    problem: { epsilon: 1, initial: power(8), until: 1e7 },
    distance: 2e-2,
  },
  {
    title: "ball at 0.9995/ε: within 0.1 % of saturation",
    problem: { epsilon: 1, initial: annulus(0, 1, 0.9995), until: 1e3 },
    distance: 2e-4,
  },
  {
    title: "smooth, within 0.1 % of saturation",
    problem: { epsilon: 1, initial: (r) => 1 / (1 + Math.exp((r ** 4 - 1) / 0.02)), until: 1e3 },
    distance: 2e-4,
  },
  {
    title: "εf(0) = 1 - 1e-12",
    problem: { epsilon: 1, initial: gaussian(1 - 1e-12), until: 1e4 },
    distance: 2e-4,
  },
  { title: "ε = 0", problem: scaled(1, 1, 0), distance: 2e-4 },
  { title: "ε = 1e-8", problem: scaled(1, 1, 1e-8), distance: 2e-4 },
];
for (const [amplitude, velocity] of [
  [1e12, 1],
  [1e-12, 1],
  [1, 1e6],
  [1, 1e-6],
  [1e49, 1e-13],
  [1e-48, 1e14],
] as const) {
  for (const epsilon of [0, 1]) {
    cases.push({
      title: `${amplitude} f(${velocity} r), ε = ${epsilon / amplitude}`,
      problem: scaled(amplitude, velocity, epsilon),
      distance: 2e-4,
    });
  }
}

describe.each(cases.map((entry) => [entry.title, entry] as const))("%s", (title, { problem, distance }) => {
  test.each([1e-3, 1e-5, 1e-8])("at tolerance %s", async (tolerance) => {
    const result = await run({
      ...problem,
      grid: { cells, ...problem.grid },
      samples: { count: 10 },
      tolerance,
    });
    if (title.includes("saturation")) {
      const filling = problem.epsilon / result.equilibrium.saturation;
      expect(filling).toBeGreaterThan(0.999);
      expect(filling).toBeLessThan(1);
    }
    const last = result.samples.at(-1)!;
    expect(last.l1Distance / last.mass).toBeLessThan(distance);
    expectSound(result);
  });
});

// A stage whose matrix has become so stiff that nothing moves is no solution, however small its updates.
describe("a thin shell leaves its place at any step", () => {
  const shells = [
    { cells: 40, first: 20, width: 2, height: 0.9, epsilon: 0 },
    { cells: 200, first: 160, width: 1, height: 0.9, epsilon: 1 },
    { cells: 400, first: 320, width: 2, height: 0.9, epsilon: 1 },
    { cells: 400, first: 200, width: 50, height: 0.999, epsilon: 1 },
  ];
  const until = 10;
  const radius = 3.3;
  test.each(shells)("$width of $cells cells", async ({ cells, first, width, height, epsilon }) => {
    const edge = (k: number) => (radius * k) / cells;
    const left = async (options: Partial<Problem>) => {
      const initial = (r: number) => (r >= edge(first) && r < edge(first + width) ? height : 0);
      const result = await run({
        epsilon,
        initial,
        grid: { cells, radius },
        until,
        samples: { at: [1, until] },
        ...options,
      });
      expectSound(result);
      return result.samples.slice(1).map(({ l1Distance }) => l1Distance / result.samples[0]!.l1Distance);
    };
    const exact = await left({ tolerance: 1e-7 });
    for (const method of Object.keys(methods) as MethodName[]) {
      for (const options of [{ step: 0.1 }, { step: 1 }, { tolerance: 1e-2 }, { tolerance: 1e-4 }]) {
        const found = await left({ method, ...options });
        found.forEach((share, k) => {
          expect(Math.abs(share - exact[k]!)).toBeLessThan(0.03);
        });
      }
    }
  });
});

// Full cells up to one that is not: other states of this mass have more energy on this grid, if not in the continuum.
describe("a ball at 1/ε whose edge is within a cell is at rest", () => {
  test.each([4, 9, 40, 400])("%s cells", async (count) => {
    for (const share of [1.01, 1.3, 1.7, 2.6046647815965116, 7]) {
      const result = await simulate({
        epsilon: 1,
        initial: annulus(0, 1, 1),
        grid: { cells: count, radius: share },
        until: 1e4,
        samples: { count: 3 },
        tolerance: 1e-8,
      });
      expectSound(result);
      expect(result.work.newtonIterations).toBe(0);
      for (const profile of result.profiles) expect(profile).toEqual(result.profiles[0]);
    }
  });

  test("but one whose last cells are not is not", async () => {
    const edge = (r: number) => (r < 1 ? 1 : r < 1.2 ? 0.5 : 0);
    const { samples } = await run({ epsilon: 1, initial: edge, grid: { cells: 40, radius: 2 }, until: 1 });
    expect(samples.at(-1)!.entropy).toBeLessThan(samples[0]!.entropy - 1e-3 * samples[0]!.mass);
  });

  test("so is all of the mass in one cell, for ε = 0", async () => {
    const problem = { epsilon: 0, initial: annulus(0, 1, 1), until: 1e3 };
    const { work } = await run({ ...problem, grid: { cells: 10, radius: 10 } });
    expect(work.newtonIterations).toBe(0);
  });
});

// Derivatives of the mean are limited there, and Newton's iteration does not contract as elsewhere: without the error of each
// iterate being seen, errors come out at hundreds of tolerances, and steps in thousands.
describe("a hot tail that falls by orders of magnitude from cell to cell", () => {
  const core = { density: 1, temperature: 0.05 };
  test.each([
    {
      components: [core, { density: 0.01, temperature: 100 }],
      cells: 100,
      tolerances: [1e-5, 1e-6],
      most: 60,
    },
    {
      components: [
        { density: 0.9, temperature: 1 },
        { density: 1e-3, temperature: 100 },
      ],
      cells: 50,
      tolerances: [1e-5, 1e-6, 1e-7],
      most: 5,
    },
    {
      components: [
        { ...core, temperature: 1e-3 },
        { density: 0.01, temperature: 100 },
      ],
      cells: 500,
      tolerances: [1e-4, 1e-5],
      most: 30,
    },
  ])("on $cells cells", async ({ components, cells, tolerances, most }) => {
    const initial = { kind: "maxwellians" as const, components };
    const problem = { epsilon: 0, initial, grid: { cells }, until: 1e5, samples: { count: 8, first: 1 } };
    const exact = await simulate({ ...problem, tolerance: 1e-9 });
    for (const tolerance of tolerances) {
      const found = await simulate({ ...problem, tolerance });
      expect(found.work.steps + found.work.rejected).toBeLessThan(600);
      const { faces } = found.grid;
      found.profiles.forEach((profile, k) => {
        let distance = 0;
        let mass = 0;
        profile.forEach((f, i) => {
          const volume = faces[i + 1]! ** 3 - faces[i]! ** 3;
          distance += volume * Math.abs(f - exact.profiles[k]![i]!);
          mass += volume * f;
        });
        expect(distance / mass).toBeLessThan(most * tolerance);
      });
    }
  });
});

test("the first step may be a vanishing share of the way to the next sample", async () => {
  const problem = { epsilon: 0, initial: annulus(1, 1.05, 1), grid: { cells: 150 }, tolerance: 1e-9 };
  for (const until of [1e10, 1e16, 1e100]) {
    expectSound(await run({ ...problem, until, samples: { at: [] } }));
  }
});

// Random data. ------------------------------------------------------------------------------------------------------

type Initial = Exclude<Problem["initial"], (r: number) => number>;

/** Initial data of height and extent of order 1, and its maximum. */
const shapes: fc.Arbitrary<{ initial: Initial; maximum: number }> = fc.oneof(
  fc
    .array(fc.record({ density: logarithmic(0.1, 10), temperature: logarithmic(0.1, 10) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((components) => ({
      initial: { kind: "maxwellians" as const, components },
      maximum: components.reduce((sum, c) => sum + c.density * (2 * Math.PI * c.temperature) ** -1.5, 0),
    })),
  fc
    .record({ amplitude: logarithmic(0.1, 10), radius: uniform(0, 3), width: logarithmic(0.2, 1) })
    .map((shell) => ({ initial: { kind: "shell" as const, ...shell }, maximum: shell.amplitude })),
  fc
    .record({ inner: uniform(0.2, 1), thickness: uniform(0.2, 1), height: logarithmic(0.1, 10) })
    .map(({ inner, thickness, height }) => ({
      initial: annulus(inner, inner + thickness, height),
      maximum: height,
    })),
  fc
    .record({ height: logarithmic(0.1, 10), scale: logarithmic(0.5, 2), exponent: uniform(6, 12) })
    .map((given) => ({ initial: { kind: "power" as const, ...given }, maximum: given.height })),
  fc
    .array(fc.record({ step: uniform(0.1, 1), f: fc.oneof(uniform(0, 1), fc.constant(0)) }), {
      minLength: 3,
      maxLength: 12,
    })
    .filter((points) => points.slice(1).some(({ f }) => f > 0.01))
    .map((points) => {
      let at = 0;
      const r = points.map(({ step }) => (at += step));
      const f = points.map((point) => point.f);
      return { initial: { kind: "table" as const, r, f }, maximum: Math.max(...f) };
    }),
);

const randomProblems: fc.Arbitrary<Problem> = fc
  .record({
    shape: shapes,
    filling: fc.oneof(fc.constant(0), uniform(0, 1), logarithmic(1e-8, 1), fc.constant(1)),
    duration: logarithmic(1e-1, 1e5),
    cells: fc.integer({ min: 60, max: 200 }),
    tolerance: logarithmic(1e-5, 1e-3),
    method: fc.constantFrom(...(Object.keys(methods) as MethodName[])),
  })
  .map(({ shape, filling, duration, cells, tolerance, method }) => ({
    epsilon: filling / shape.maximum,
    initial: shape.initial,
    until: duration / shape.maximum,
    grid: { cells },
    samples: { count: 8 },
    tolerance,
    method,
  }));

test("random admissible data", async () => {
  await fc.assert(
    fc.asyncProperty(randomProblems, async (problem) => {
      expectSound(await run(problem));
    }),
    { numRuns: 100, seed: 6 },
  );
});
