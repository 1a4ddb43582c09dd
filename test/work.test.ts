import { describe, expect, it } from "vitest";
import { relativeError } from "../bench/tools.mjs";
import { namedProblems, type Problem, simulate } from "../src/index.js";
import { bytesNeeded } from "../src/wasm-memory.js";

// How much work a relaxation takes, counted, not timed: Newton iterations and memory. What they cost is measured in bench/.

/** The largest relative L¹ error of f at the sample times, from the integration in time alone, and the work it took. */
async function temporal(problem: Problem, reference = 1e-10) {
  const run = await simulate(problem);
  const exact = await simulate({ ...problem, tolerance: reference });
  expect([run.status, exact.status]).toEqual(["done", "done"]);
  expect(run.problem.tolerance).toBe(1e-6);
  const errors = run.profiles.map((f, k) => relativeError(f, exact.profiles[k]!, run.grid.faces));
  return { error: Math.max(...errors), work: run.work };
}

describe("the default tolerance", () => {
  it.each(Object.keys(namedProblems))("gives 1e-7 to 1e-6 on %s", async (name) => {
    const { problem } = namedProblems[name]!;
    const samples = { count: 6, spacing: "log", first: problem.until * 1e-3 } as const;
    const { error, work } = await temporal({ ...problem, grid: { cells: 400 }, samples });
    console.log(`${name}: error ${error.toExponential(1)}, ${work.newtonIterations} Newton iterations`);
    expect(error).toBeLessThanOrEqual(1e-6);
    expect(error).toBeGreaterThanOrEqual(1e-7);
  });

  it("relaxes rosenbluth in at most 250 Newton iterations, from 10³ to 10⁵ cells", async () => {
    const { problem } = namedProblems.rosenbluth!;
    expect(problem.until).toBe(900);
    for (const cells of [1000, 10_000, 100_000]) {
      const at = { ...problem, grid: { cells }, samples: { at: [9, 100, 900] } };
      // tells an error of 1e-6 as well, in a fifth of the time
      const { error, work } = await temporal(at, cells > 10_000 ? 1e-8 : 1e-10);
      expect(error).toBeLessThanOrEqual(1e-6);
      expect(work.newtonIterations).toBeLessThanOrEqual(250);
    }
  }, 240_000);
});

describe("hard data costs no more than other data", () => {
  const shell = { kind: "annulus", inner: 1, outer: 1.5, height: 1 } as const;
  const ball = { kind: "annulus", inner: 0, outer: 1, height: 0.9 } as const;
  it.each([
    [
      "a shell at 1/ε, whose repairs are of holes",
      { initial: shell, grid: { cells: 20_000 }, tolerance: 1e-3 },
    ],
    ["a ball that the wall holds", { initial: ball, grid: { cells: 400, radius: 1.2 }, tolerance: 1e-5 }],
  ])("%s", async (_, problem) => {
    const { status, work } = await simulate({ epsilon: 1, until: 10, ...problem }, { profiles: false });
    expect(status).toBe("done");
    expect(work.newtonIterations).toBeLessThan(300);
    expect(work.rejectedNewton).toBe(0);
  });
});

describe("memory", () => {
  it("is at most 30 doubles a cell", () => {
    for (const cells of [1e5, 1e6, 1e7]) expect(bytesNeeded(cells)).toBeLessThanOrEqual(8 * 30 * cells);
  });

  it("10⁷ cells take a step within the 4 GiB of WASM", async () => {
    const { problem } = namedProblems.rosenbluth!;
    const grid = { cells: 10_000_000 };
    const run = await simulate(
      { ...problem, grid, until: 0.01, step: 0.01, samples: { at: [0.01] } },
      { profiles: false },
    );
    expect(bytesNeeded(grid.cells)).toBeLessThan(2 ** 32);
    expect(run.status).toBe("done");
    expect(run.work.steps).toBe(1);
    expect(run.conservation.mass).toBeLessThan(1e-13);
    expect(run.conservation.energy).toBeLessThan(1e-13);
    expect(run.samples[1]!.entropy).toBeLessThan(run.samples[0]!.entropy);
  }, 240_000);
});
