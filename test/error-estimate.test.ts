import { describe, expect, test } from "vitest";
import { estimateErrors, namedProblems, type Problem, simulate } from "../src/index.js";
import { folder, lfd, runJson } from "./cli.js";

// What is estimated against what is so: the same problem on 4 times the cells, at tolerance 1e-9.

const smooth = [
  "mass",
  "energy",
  "moment4",
  "entropy",
  "relativeEntropy",
  "entropyProduction",
  "center",
  "fisher",
] as const;

const two = namedProblems["two-temperature"]!.problem;
const cases: { title: string; problem: Problem }[] = [
  { title: "two temperatures, ε = 1", problem: { ...two, until: 10 } },
  {
    title: "two temperatures, ε = 0, tolerance 1e-3",
    problem: { ...two, epsilon: 0, until: 10, tolerance: 1e-3 },
  },
  { title: "shell", problem: { ...namedProblems.rosenbluth!.problem, until: 36, samples: { at: [9] } } },
  {
    title: "near saturation with sdirk2, tolerance 1e-4",
    problem: {
      epsilon: 1,
      initial: (r) => 1 / (1 + Math.exp((r ** 4 - 1) / 0.08)),
      until: 0.5,
      samples: { at: [0.1] },
      method: "sdirk2",
      tolerance: 1e-4,
    },
  },
  {
    title: "fixed steps",
    problem: { ...two, until: 4, samples: { at: [1] }, step: 0.1, method: "sdirk2", tolerance: 1e-10 },
  },
  {
    title: "fixed steps of implicit Euler",
    problem: {
      ...two,
      until: 4,
      samples: { at: [1] },
      step: 0.01,
      method: "implicit-euler",
      tolerance: 1e-10,
    },
  },
];

describe("the error bars hold the true error, and the extrapolated value is nearer", () => {
  test.each(cases)("$title", async ({ problem }) => {
    const cells = 800;
    const given = { ...problem, samples: problem.samples ?? { at: [1] }, grid: { cells } };
    const base = await simulate(given);
    const errors = await estimateErrors(given, base);
    const { step, ...adaptive } = given;
    const reference = await simulate({
      ...adaptive,
      method: "sdirk4",
      tolerance: 1e-9,
      grid: { cells: 4 * cells, radius: base.grid.radius },
    });
    expect(errors.map(({ time }) => time)).toEqual(base.samples.map(({ time }) => time));
    let better = 0;
    let compared = 0;
    for (const [k, sample] of base.samples.entries()) {
      if (sample.time === 0) continue; // data with edges are no smooth function of the cells
      for (const key of smooth) {
        const exact = reference.samples[k]![key];
        const { spatial, temporal, extrapolated } = errors[k]![key];
        const error = Math.abs(sample[key] - exact);
        const roundOff = 1e-8 * Math.abs(exact); // of the reference
        const where = `${key} at ${sample.time}: ${error}, bars ${spatial} and ${temporal}`;
        expect(error, where).toBeLessThanOrEqual(1.25 * (spatial + temporal) + roundOff);
        if (error > 100 * roundOff) {
          // no bar that holds everything because it is too long: the two parts may cancel in the error, not by much
          expect(Math.max(spatial, temporal), where).toBeLessThanOrEqual(3 * error);
          compared++;
          if (Math.abs(extrapolated - exact) < error / 3) better++;
        }
      }
    }
    expect(compared).toBeGreaterThan(4);
    expect(better / compared).toBeGreaterThan(0.8);
  });

  test("dM₄/dt of a mixture of Maxwellians at the start: the exact value within the bars", async () => {
    // ∫|v|⁴ f at t and 0 gives dM₄/dt to first order; the exact rate at ε = 1 is numerics' -0.0626374350962
    const t = 1e-4;
    const problem: Problem = { ...two, until: t, samples: { at: [] }, tolerance: 1e-9, grid: { cells: 400 } };
    const base = await simulate(problem);
    const errors = await estimateErrors(problem, base);
    const rate = errors[1]!.moment4.extrapolated - errors[0]!.moment4.extrapolated;
    const raw = (base.samples[1]!.moment4 - base.samples[0]!.moment4) / t;
    const exact = -0.0626374350962;
    // d²M₄/dt² t/2 is 1e-5 of it
    expect(Math.abs(rate / t / exact - 1)).toBeLessThan(5e-5);
    expect(Math.abs(rate / t - exact)).toBeLessThan(Math.abs(raw - exact) / 3);
  });
});

describe("lfd run --verify", () => {
  const flags = ["two-temperature", "--cells", "100", "--until", "1", "--at", "0.5"];
  test("--json has the error bars of every number of every sample", async () => {
    const document = (await runJson([...flags, "--verify"])) as unknown as {
      samples: Record<string, number>[];
      errors: Record<string, unknown>[];
    };
    expect(document.errors).toHaveLength(document.samples.length);
    for (const [k, sample] of document.samples.entries()) {
      expect(Object.keys(document.errors[k]!)).toEqual(Object.keys(sample));
      expect(Object.keys(document.errors[k]!.entropy as object)).toEqual([
        "spatial",
        "temporal",
        "extrapolated",
      ]);
    }
  });
  test("prints a table", async () => {
    const { stdout, status } = await lfd(["run", ...flags, "--verify"]);
    expect(stdout).toMatch(/value +± cells +± steps +extrapolated/);
    expect(status).toBe(0);
  });
  test.each([
    [["annulus", "--cells", "7"], /grid.cells: 7 have no half/],
    [["annulus", "--tolerance", "5e-12"], /tolerance: 5e-12 leaves no tenth/],
  ])("%s is refused before anything is computed", async (args, message) => {
    const { status, stderr, stdout } = await lfd(["run", ...args, "--verify"]);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, ""]);
  });
  test("--resume is refused", async () => {
    const cwd = folder();
    await lfd(["run", ...flags, "--output", "r.h5"], { cwd });
    const { status, stderr } = await lfd(["run", "--resume", "r.h5", "--until", "2", "--verify"], { cwd });
    expect(stderr).toMatch(/^lfd: --verify: cannot be given with --resume/);
    expect(status).toBe(2);
  });
});
