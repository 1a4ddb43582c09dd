import { expect, test } from "vitest";
import { namedProblems, simulate, validate } from "../src/index.js";
import { center, fifthDigit, moment4 } from "./published-values.js";

test("Rosenbluth–MacDonald–Chuck shell: f(0, t) and ∫|v|⁴f to five digits", async () => {
  const { problem } = namedProblems.rosenbluth!;
  const result = await simulate({
    ...problem,
    grid: { cells: 10000 },
    samples: { at: [...center.keys()] },
  });
  expect(result.status).toBe("done");
  expect(validate(result)).toEqual([]);
  expect(result.problem).toMatchObject({ tolerance: 1e-6, method: "sdirk4", grid: { radius: "auto" } });
  const at = (time: number) => result.samples.find((sample) => sample.time === time)!;
  for (const [time, value] of center) {
    expect(Math.abs(at(time).center - value), `f(0, ${time})`).toBeLessThan(fifthDigit(value));
  }
  for (const [time, value] of moment4) {
    expect(Math.abs(at(time).moment4 - value), `M4(${time})`).toBeLessThan(fifthDigit(value));
  }
});
