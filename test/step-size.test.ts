import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { relativeError } from "../bench/tools.mjs";
import { namedProblems, type Problem, simulate } from "../src/index.js";
import type { Engine } from "../src/solver/engine.js";
import { type Method, methods } from "../src/solver/methods.js";
import { prepare } from "../src/solver/prepare.js";
import { allowedError, localError, StepSize } from "../src/solver/step-size.js";
import type { Checkpoint } from "../src/types.js";
import { uniform } from "./arbitraries.js";

const { sdirk4 } = methods;
const { correction: _, ...uncorrected } = sdirk4;

/** An engine of its own, after steps of the given sizes from the initial state, or from another; its faces and f. */
async function advanced(problem: Problem, method: Method, sizes: number[], from?: Checkpoint) {
  const { engine, header } = await prepare({ ...problem, grid: { cells: 400 }, samples: { at: [] } });
  if (from) engine.setState(from.f, from.holes);
  engine.setMethod(method);
  for (const size of sizes) {
    attempt(engine, size);
    engine.accept();
  }
  return { engine, faces: header.grid.faces, f: engine.state };
}

function attempt(engine: Engine, size: number): void {
  expect(engine.attempt(size, 1e-13)).toBe("done");
}

/** n steps that fill [0, t], each `ratio` times as long as the one before. */
function steps(n: number, t: number, ratio: number): number[] {
  const first = ratio === 1 ? t / n : (t * (ratio - 1)) / (ratio ** n - 1);
  return Array.from({ length: n }, (_, k) => first * ratio ** k);
}

const twoTemperatures = namedProblems["two-temperature"]!.problem;

describe("the two-step correction", () => {
  // ∂ₜf is linear in f - M near M
  const nearby: Problem = {
    epsilon: 0,
    initial: {
      kind: "maxwellians",
      components: [
        { density: 0.5, temperature: 0.97 },
        { density: 0.5, temperature: 1.03 },
      ],
    },
    until: 40,
  };

  test.each([1, 1.1])(
    "makes SDIRK4 one of order five where the equation is linear, steps growing by %d",
    async (r) => {
      const linear = { ...sdirk4, correction: { ...sdirk4.correction!, share: 13 / 140 } };
      const orders = async (method: Method) => {
        const exact = await advanced(nearby, linear, steps(256, nearby.until, r ** (1 / 16)));
        const errors: number[] = [];
        for (const n of [8, 16, 32]) {
          const { f, faces } = await advanced(nearby, method, steps(n, nearby.until, r ** (16 / n)));
          errors.push(relativeError(f, exact.f, faces));
        }
        return errors.slice(1).map((e, k) => Math.log2(errors[k]! / e));
      };
      for (const order of await orders(uncorrected)) expect(Math.abs(order - 4)).toBeLessThan(0.3);
      for (const order of await orders(linear)) expect(order).toBeGreaterThan(4.7);
    },
  );

  test.each(Object.keys(namedProblems))("takes from the error of steps that grow: %s", async (name) => {
    const { problem } = namedProblems[name]!;
    // from a state that SDIRK4 can take long steps from
    const t = problem.until / 30;
    const { last } = await simulate({ ...problem, grid: { cells: 400 }, until: t, samples: { at: [] } });
    const exact = await advanced(problem, sdirk4, steps(128, t, 1.01), last);
    const [before, now] = await Promise.all(
      [uncorrected, sdirk4].map(async (method) => {
        const { f, faces } = await advanced(problem, method, steps(8, t, 1.15), last);
        return relativeError(f, exact.f, faces);
      }),
    );
    expect(now).toBeLessThan(name === "near-saturation" ? before! : 0.6 * before!);
  });

  test("compares with the step accepted last, not with one that was given up", async () => {
    const sizes = [0.6, 0.8];
    const { engine, faces } = await advanced(twoTemperatures, sdirk4, sizes);
    attempt(engine, 1.5); // not accepted
    attempt(engine, 1);
    engine.accept();
    const straight = await advanced(twoTemperatures, sdirk4, [...sizes, 1]);
    expect(relativeError(engine.state, straight.f, faces)).toBeLessThan(1e-13);
    const plain = await advanced(twoTemperatures, uncorrected, [...sizes, 1]);
    expect(relativeError(engine.state, plain.f, faces)).toBeGreaterThan(1e-10); // it would have shown
  });

  test("needs a step to compare with, neither much shorter nor much longer", async () => {
    for (const [size, compared] of [
      [0.1, false],
      [0.3, true],
      [1, true],
      [3, true],
      [5, false],
    ] as const) {
      const { engine } = await advanced(twoTemperatures, sdirk4, [1]);
      expect(engine.correctionNorm).toBe(0);
      attempt(engine, size);
      expect(engine.correctionNorm > 0).toBe(compared);
    }
  });
});

describe("localError", () => {
  const positive = fc.double({ min: 1e-300, max: 1, noNaN: true });
  const of = (
    errorNorm: number,
    guessNorm: number,
    correctionNorm: number,
    guessWeight = sdirk4.guessWeight,
  ) => localError({ errorNorm, guessNorm, correctionNorm }, { guessWeight });

  test("is at most e, and e where no use is made of the guess", () => {
    fc.assert(
      fc.property(positive, positive, uniform(0, 1), (e, u, share) => {
        expect(of(e, u, share * of(e, u, 0))).toBeLessThanOrEqual(e);
        expect(of(e, u, 0, 0)).toBe(e);
      }),
    );
  });

  test("continues u, e as a geometric progression where e is the smaller", () => {
    expect(of(1e-8, 1e-5, 0, 1)).toBeCloseTo(1e-11, 16);
  });

  test("is less what the correction has taken, but a third of it at least, or what was taken too much", () => {
    const whole = of(1e-6, 1e-6, 0);
    expect(of(1e-6, 1e-6, whole / 4)).toBeCloseTo(0.75 * whole, 15);
    expect(of(1e-6, 1e-6, whole)).toBeCloseTo(whole / 3, 15);
    expect(of(1e-6, 1e-6, 10 * whole)).toBeCloseTo(9 * whole, 15);
  });

  test("nothing and not-a-number stay what they are", () => {
    expect(of(0, 0, 0)).toBe(0);
    expect(of(Number.NaN, 1, 0)).toBeNaN();
  });
});

describe("allowedError", () => {
  test("shrinks faster than the tolerance where the estimate is of the error's order, never grows past it", () => {
    const tolerances = [1e-3, 1e-5, 1e-6, 1e-8, 1e-10];
    for (const method of Object.values(methods)) {
      const shares = tolerances.map((tolerance) => allowedError(tolerance, method) / tolerance);
      expect(shares.slice(0, 3)).toEqual([method.localShare, method.localShare, method.localShare]);
      const steps = method.guessWeight > 0 ? (1e-10 / 1e-8) ** (-1 / method.estimateOrder) : 1;
      expect(shares[3]! / shares[4]!).toBeCloseTo(steps, 10);
    }
  });

  test.each(Object.keys(namedProblems))("keeps the error of a run at the tolerance: %s", async (name) => {
    const { problem } = namedProblems[name]!;
    const at = (tolerance: number) =>
      simulate({
        ...problem,
        grid: { cells: 200 },
        samples: { count: 6, spacing: "log", first: problem.until * 1e-3 },
        tolerance,
      });
    const exact = await at(1e-11);
    for (const tolerance of [1e-3, 1e-5, 1e-7, 1e-9]) {
      const run = await at(tolerance);
      const errors = run.profiles.map((f, k) => relativeError(f, exact.profiles[k]!, run.grid.faces));
      expect(Math.max(...errors), `at ${tolerance}`).toBeLessThan(
        name === "annulus" ? 3 * tolerance : tolerance,
      );
      // measured: 0.006 of it and more at 1e-3, which takes a dozen steps; 0.035 and more of the smaller ones
      const least = tolerance > 1e-4 ? tolerance / 300 : tolerance / 100;
      expect(Math.max(...errors), `at ${tolerance}`).toBeGreaterThan(least);
    }
  });
});

describe("StepSize", () => {
  test("holds the error where time scales lengthen from step to step", () => {
    // an error of (Δt / t)⁵, as in a self-similar relaxation
    const run = (next: (size: number, error: number) => number) => {
      let t = 1;
      let size = 0.01;
      let error = 0;
      for (let k = 0; k < 60; k++) {
        error = (4 * size) ** 5 / t ** 5;
        t += size;
        size = next(size, error);
      }
      return error;
    };
    const sizes = new StepSize();
    const plain = run((size, error) => 0.9 * size * error ** (-1 / 5));
    const predictive = run((size, error) => sizes.after(size, error, 5));
    expect(plain).toBeLessThan(0.3);
    expect(predictive).toBeGreaterThan(1.5 * plain);
    expect(predictive).toBeLessThan(1);
  });

  test("shrinks after too large an error, however large", () => {
    const sizes = new StepSize();
    fc.assert(
      fc.property(fc.double({ min: 1.0001, max: Number.POSITIVE_INFINITY, noNaN: true }), (error) => {
        const size = sizes.insteadOf(1, error, 5);
        expect(size).toBeLessThan(0.91);
        expect(size).toBeGreaterThanOrEqual(0.1);
      }),
    );
    expect(sizes.insteadOf(1, Number.NaN, 5)).toBe(0.1);
  });

  test("needs few attempts where the error is of a lower order than the method's", () => {
    fc.assert(
      fc.property(uniform(0.5, 5), uniform(0.01, 4), (order, decades) => {
        const sizes = new StepSize();
        let size = 10 ** decades;
        let attempts = 0;
        for (; size ** order > 1; attempts++) size = sizes.insteadOf(size, size ** order, 5);
        expect(attempts).toBeLessThanOrEqual(Math.ceil(decades) + 2); // a tenth at most, each
        expect(size).toBeGreaterThan(0.05);
      }),
    );
  });

  test("compares only attempts at the same step", () => {
    const plain = new StepSize().insteadOf(1, 10, 5);
    const sizes = new StepSize();
    sizes.insteadOf(2, 20, 5);
    sizes.forget();
    expect(sizes.insteadOf(1, 10, 5)).toBe(plain);
    sizes.after(0.5, 0.9, 5);
    expect(sizes.insteadOf(1, 10, 5)).toBe(plain);
  });
});
