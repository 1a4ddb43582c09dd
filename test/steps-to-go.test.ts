import { expect, it } from "vitest";
import { stepsToGo } from "../src/steps-to-go.js";

it("steps of a given size are as many as fit; others grow with time", () => {
  expect(stepsToGo({ time: 10, step: 0.5 }, { until: 1000, step: 0.5 })).toBe(1980);
  // the last one was cut short at a sample
  expect(stepsToGo({ time: 10, step: 1e-6 }, { until: 1000, step: 0.5 })).toBe(1980);
  expect(stepsToGo({ time: 10, step: 1 }, { until: 10 * Math.E ** 3 })).toBe(30);
  expect(stepsToGo({ time: 0, step: 0 }, { until: 1 })).toBeNaN();
});
