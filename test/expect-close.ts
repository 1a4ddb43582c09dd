import { expect } from "vitest";

/** Equal to within a share of what is expected. */
export function expectClose(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(relative);
}
