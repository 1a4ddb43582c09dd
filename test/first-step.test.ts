import { expect, test, vi } from "vitest";
import { namedProblems, type Problem } from "../src/index.js";
import { firstStep } from "../src/solver/first-step.js";
import { methods } from "../src/solver/methods.js";
import { prepare } from "../src/solver/prepare.js";
import { allowedError, localError } from "../src/solver/step-size.js";

const { sdirk4 } = methods;
const { estimateOrder } = sdirk4;

/** The first step of SDIRK4 at `tolerance`, and how many attempts to look ahead it took. */
async function first(problem: Problem, cells: number, tolerance = 1e-6, longest = Number.POSITIVE_INFINITY) {
  const { engine } = await prepare({ ...problem, grid: { cells } });
  const allowed = allowedError(tolerance, sdirk4);
  const { state, holes } = engine;
  const attempts = vi.spyOn(engine, "attempt");
  const size = firstStep(engine, allowed, estimateOrder, longest);
  const probes = attempts.mock.calls.length;
  expect(engine.state).toEqual(state);
  expect(engine.holes).toEqual(holes);
  return { engine, allowed, size, probes };
}

// 3e3 cells resolve what a jump does at first, 3e4 do not
for (const cells of [3e3, 3e4]) {
  test.each(Object.keys(namedProblems))(
    `is within reach of what the tolerance allows: %s, ${cells} cells`,
    async (name) => {
      const { engine, allowed, size, probes } = await first(namedProblems[name]!.problem, cells);
      expect(probes).toBeLessThanOrEqual(6);
      engine.setMethod(sdirk4);
      expect(engine.attempt(size, 1e-7)).toBe("done");
      const error = localError(engine, sdirk4) / allowed;
      expect(error).toBeLessThan(5);
      expect(error).toBeGreaterThan(1e-5); // a tenth of the step at least
    },
  );
}

test("is the same on every grid where the data is smooth", async () => {
  const { problem } = namedProblems.rosenbluth!;
  const coarse = await first(problem, 500);
  const fine = await first(problem, 50_000);
  expect(Math.abs(fine.size / coarse.size - 1)).toBeLessThan(0.01);
});

test("scales as time does: f → λf, ε → ε/λ, t → t/λ", async () => {
  const given = (lambda: number): Problem => ({
    epsilon: 0.5 / lambda,
    initial: { kind: "annulus", inner: 0.5, outer: 1, height: lambda },
    until: 10 / lambda,
  });
  const { size } = await first(given(1), 500);
  const dense = await first(given(1024), 500);
  expect(Math.abs((dense.size * 1024) / size - 1)).toBeLessThan(1e-12);
});

test("grows with the tolerance and is no longer than asked", async () => {
  const { problem } = namedProblems["two-temperature"]!;
  const sizes = await Promise.all([1e-9, 1e-6, 1e-3].map(async (t) => (await first(problem, 300, t)).size));
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect((await first(problem, 300, 1e-6, sizes[1]! / 3)).size).toBe(sizes[1]! / 3);
});

test.each([
  [0, 1e-14],
  [5, 1e-16],
])("is all of a time too short for anything to move: ε = %s, %s", async (epsilon, until) => {
  const { initial } = namedProblems["two-temperature"]!.problem;
  expect((await first({ epsilon, initial, until }, 200, 1e-6, until)).size).toBe(until);
});

test("is the whole run where nothing moves", async () => {
  const b = 0.8;
  const { size } = await first(
    { epsilon: 1, initial: { kind: "fermi-dirac", a: 2, b }, until: 10 },
    4000,
    1e-3,
    100,
  );
  expect(size).toBe(100);
});
