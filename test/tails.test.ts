import { expect, test } from "vitest";
import { namedProblems, simulate } from "../src/index.js";

// Far below the bulk f grows by tens of orders of magnitude within a step, and f* of a stage is negative there: what a repair
// leaves of such a tail no norm of the error sees.

test.each([
  ["annulus", 1],
  ["near-saturation", 0.3],
  ["degenerate-electrons", 0.5],
] as const)("the tail of %s is right to a factor, on average", async (name, most) => {
  const { problem } = namedProblems[name];
  const at = { ...problem, grid: { cells: 2000 } };
  const reference = await simulate({ ...at, tolerance: 1e-9 });
  const run = await simulate(at);
  let sum = 0;
  run.profiles.forEach((profile, s) => {
    const exact = reference.profiles[s]!;
    profile.forEach((f, i) => {
      sum += Math.abs(Math.log(f / exact[i]!));
    });
  });
  const mean = sum / run.profiles.length / 2000;
  console.log(`${name}: mean |Δ ln f| ${mean.toPrecision(2)}`);
  expect(mean).toBeLessThan(most);
});
