import { expect, test } from "vitest";
import { namedProblems, simulate, validate } from "../src/index.js";

// numerics.md §6: values on which two codes that know nothing of this one agree.
const center = new Map([
  [9, 2.19365e-4],
  [36, 3.6894e-3],
  [81, 8.95024e-3],
  [144, 1.255738e-2],
  [225, 1.465004e-2],
  [900, 1.73275e-2],
]);
const moment4 = new Map([
  [9, 2.97485e-5],
  [225, 3.8066e-5],
  [900, 4.12533e-5],
]);

/** Half a unit of the fifth significant digit. */
const fifthDigit = (value: number) => 0.5 * 10 ** (Math.floor(Math.log10(value)) - 4);

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
