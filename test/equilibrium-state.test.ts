import { describe, expect, test } from "vitest";
import { equilibrium, namedProblems, simulate, validate } from "../src/index.js";
import { Engine } from "../src/solver/engine.js";
import { methods, singleEuler } from "../src/solver/methods.js";
import { collide, kernelOf, stateOf } from "./collision-twin.js";

// Fermi–Dirac states stay, everything else goes there.

/** Evenly spaced faces, and the same ones moved about. */
function grids(cells: number, radius: number): Record<string, Float64Array> {
  const even = Float64Array.from({ length: cells + 1 }, (_, k) => (radius * k) / cells);
  const uneven = even.map((e, k) => e + (k % cells ? (0.3 * radius * Math.sin(7 * k)) / cells : 0));
  return { even, uneven };
}

interface Equilibrium {
  title: string;
  epsilon: number;
  logA: number;
  b: number;
}

const states: Equilibrium[] = [
  { title: "classical", epsilon: 0, logA: -2, b: 0.5 },
  { title: "almost classical", epsilon: 1e-8, logA: 1, b: 0.5 },
  { title: "moderately degenerate", epsilon: 1, logA: 1, b: 0.5 },
  { title: "strongly degenerate, εa = e³⁰", epsilon: 1, logA: 30, b: 1 },
  { title: "strongly degenerate, ε = 1000", epsilon: 1e3, logA: 20, b: 0.7 },
];

describe.each(states.map((state) => [state.title, state] as const))("φ = ln a - 2bx, %s", (_, state) => {
  const { epsilon, logA, b } = state;
  const radius = Math.sqrt((Math.max(0, logA + Math.log(epsilon || 1)) + 45) / b);
  const start = async (faces: Float64Array) => {
    const engine = await Engine.create(faces, epsilon);
    const { f, h } = stateOf(
      engine.nodes.map((x) => logA - 2 * b * x),
      epsilon,
    );
    engine.setState(f, h);
    return { engine, f, h };
  };

  describe.each([25, 200])("%s cells", (cells) => {
    test.each(Object.entries(grids(cells, radius)))(
      "no rate beyond rounding of its terms, %s",
      async (_, faces) => {
        const { engine, f, h } = await start(faces);
        const kernel = kernelOf(faces, engine.nodes);
        const { gross } = collide(kernel, { f, h }, epsilon);
        engine.rate().forEach((rate, i) => {
          expect(Math.abs(rate) * kernel.V[i]!).toBeLessThan(
            100 * Number.EPSILON * (gross[i]! + gross[i + 1]!),
          );
        });
      },
    );
  });

  describe.each([25, 200, 2000])("%s cells", (cells) => {
    test.each(Object.entries(grids(cells, radius)))(
      "no step, however long, changes it, %s",
      async (_, faces) => {
        const { engine, f, h } = await start(faces);
        const mass = f.reduce((sum, value, i) => sum + value * engine.volumes[i]!, 0);
        for (const method of [singleEuler, ...Object.values(methods)]) {
          for (const time of [1, 1e3, 1e6, 1e12]) {
            engine.setState(f, h);
            engine.setMethod(method); // and with it forget the slope of the step before
            expect(engine.attempt(time * (epsilon || 1), 1e-13)).toBe("done");
            engine.accept();
            const change = f.reduce(
              (sum, value, i) => sum + Math.abs(engine.state[i]! - value) * engine.volumes[i]!,
              0,
            );
            expect(change / mass).toBeLessThan(1e-12);
            // in the tail too, unless f falls by orders of magnitude from cell to cell
            if (cells < 200) continue;
            const worst = f.reduce(
              (most, value, i) =>
                Math.max(
                  most,
                  Math.abs(engine.state[i]! / value - 1),
                  Math.abs(engine.holes[i]! / h[i]! - 1),
                ),
              0,
            );
            expect(worst).toBeLessThan(1e-11);
          }
        }
      },
    );
  });
});

describe("every named problem ends at M", () => {
  // docs/method.md: discrete equilibria are φ linear in x; M at the nodes differs from them by O(h²).
  test.each(Object.entries(namedProblems))("%s, at second order in h", async (name, { problem }) => {
    const distances: number[] = [];
    for (const cells of [250, 500, 1000]) {
      const result = await simulate({
        ...problem,
        until: 100 * problem.until,
        grid: { cells },
        samples: { count: 5 },
      });
      expect(result.status).toBe("done");
      expect(validate(result)).toEqual([]);
      const last = result.samples.at(-1)!;
      // nothing moves any more
      expect(last.entropyProduction * result.problem.until).toBeLessThan(1e-6 * last.mass);
      distances.push(last.l1Distance / last.mass);

      // M, once more from the mass and energy of the cells and the formula (1.4)
      const { a, b, saturation } = equilibrium({
        mass: last.mass,
        energy: last.energy,
        epsilon: problem.epsilon,
      });
      expect(problem.epsilon).toBeLessThan(saturation);
      const { faces } = result.grid;
      const profile = result.profiles.at(-1)!;
      let distance = 0;
      profile.forEach((f, i) => {
        const [e0, e1] = [faces[i]!, faces[i + 1]!];
        const r2 = (3 * (e1 ** 5 - e0 ** 5)) / (5 * (e1 ** 3 - e0 ** 3));
        const decay = a * Math.exp(-b * r2);
        distance +=
          ((4 * Math.PI) / 3) * (e1 ** 3 - e0 ** 3) * Math.abs(f - decay / (1 + problem.epsilon * decay));
      });
      expect(Math.abs(distance / last.l1Distance - 1)).toBeLessThan(1e-6);
    }
    const [coarse, middle, fine] = distances as [number, number, number];
    console.log(`${name}: ∫|f - M|/ρ ${distances.map((d) => d.toExponential(2)).join(", ")}`);
    expect(coarse).toBeLessThan(1e-3);
    expect(Math.abs(coarse / middle - 4)).toBeLessThan(0.4);
    expect(Math.abs(middle / fine - 4)).toBeLessThan(0.4);
  });
});

describe("a and b at ρ = Θ = 1, as they were worked out before the solver was", () => {
  const known = [
    [1, 0.066073, 0.5057015],
    [10, 0.10019307, 0.56678875],
    [30, 0.56482828, 0.84402615],
    [40, 8.17328377, 1.31873647],
  ] as const;
  test.each(known)("ε = %s", (epsilon, a, b) => {
    const found = equilibrium({ mass: 1, energy: 3, epsilon });
    expect(Math.abs(found.a - a)).toBeLessThanOrEqual(0.5e-8);
    expect(Math.abs(found.b - b)).toBeLessThanOrEqual(0.5e-8);
  });
  test("saturation", () => {
    const { saturation } = equilibrium({ mass: 1, energy: 3, epsilon: 1 });
    expect(Math.abs(saturation - 46.832098)).toBeLessThanOrEqual(0.5e-6);
  });
});
