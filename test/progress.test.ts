import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProgressLine } from "../src/cli/progress.js";
import type { Progress } from "../src/simulate.js";

let drawn: string[];
const { isTTY, columns } = process.stderr;

beforeEach(() => {
  drawn = [];
  vi.useFakeTimers({ toFake: ["performance"] });
  Object.assign(process.stderr, { isTTY: true, columns: 60 });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    drawn.push(String(text).replace("\r\x1b[K", ""));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  Object.assign(process.stderr, { isTTY, columns });
});

/** Steps of half the time reached, one a second, from 1e-6 on. */
function steps(line: ProgressLine, count: number, before = 0): void {
  for (let k = 0, time = 1e-6; k < count; k++, time *= 1.5) {
    vi.advanceTimersByTime(1000);
    line.step({ time, step: time / 2, until: 100, work: { steps: before + k + 1 } } as Progress);
  }
}

it("the time to go is that of the steps to go, a number that depends on the logarithm of time", () => {
  steps(new ProgressLine(), 5);
  // 2 ln(100/5.06e-6) = 33.6 steps of a second
  expect(drawn.at(-1)).toBe("t = 5.062e-6 of 100.0  about 34.0 s to go  Δt 2.53e-6");
});

it("none is told while the first steps are taken", () => {
  steps(new ProgressLine(), 4);
  expect(drawn).toHaveLength(4);
  expect(drawn.join()).not.toContain("to go");
});

it("a run that goes on counts its own steps only, and a line that is too narrow keeps the time to go", () => {
  steps(new ProgressLine("error bars: "), 5, 1000);
  expect(drawn.at(-1)).toBe("error bars: t = 5.062e-6 of 100.0  about 34.0 s to go");
});

it("another run begins anew", () => {
  const line = new ProgressLine();
  steps(line, 9);
  steps(line, 6);
  // the first of them is when its clock starts; 2 ln(100/7.59e-6) = 32.8
  expect(drawn.at(-1)).toContain("about 33.0 s to go");
});
