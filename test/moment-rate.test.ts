import { describe, expect, test } from "vitest";
import { moment4Rate } from "../bench/full3d/exact.mjs";
import { collision, saturation } from "../src/index.js";

interface Maxwellian {
  density: number;
  temperature: number;
}

/** dM₄/dt of a mixture for ε = 0 in closed form. */
function classicalRate(f: Maxwellian[]): number {
  let sum = 0;
  f.forEach((a, i) => {
    for (const b of f.slice(i + 1)) {
      sum +=
        a.density *
        b.density *
        (a.temperature - b.temperature) ** 2 *
        (a.temperature + b.temperature) ** -1.5;
    }
  });
  return ((-2 * Math.SQRT2) / Math.PI ** 1.5) * sum;
}

/** ∫ |v|⁴ ∂t f dv on a grid. */
async function computedRate(components: Maxwellian[], epsilon: number, cells: number): Promise<number> {
  const initial = { kind: "maxwellians" as const, components };
  const { rate, volumes, radius } = await collision({ epsilon, initial, grid: { cells }, until: 1 });
  return 4 * Math.PI * rate.reduce((sum, value, i) => sum + value * volumes[i]! * radius[i]! ** 4, 0);
}

/** Uniform numbers in [0, 1), always the same. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Two or three components, the temperatures at least a factor 1.5 apart: with equal ones there is no rate. */
function randomMixture(random: () => number): Maxwellian[] {
  let temperature = 0.2 + random();
  return Array.from({ length: random() < 0.5 ? 2 : 3 }, () => {
    const component = { density: 0.1 + random(), temperature };
    temperature *= 1.5 + 2 * random();
    return component;
  });
}

const given: Maxwellian[] = [
  { density: 0.7, temperature: 0.5 },
  { density: 0.3, temperature: 2 },
];
const random = randomNumbers(1957);
const mixtures: { title: string; components: Maxwellian[]; epsilon: number }[] = [
  { title: "given, ε = 0", components: given, epsilon: 0 },
  { title: "given, ε = 1", components: given, epsilon: 1 },
];
for (let n = 1; n <= 4; n++) {
  const components = randomMixture(random);
  const height = components.reduce((sum, c) => sum + c.density * (2 * Math.PI * c.temperature) ** -1.5, 0);
  mixtures.push({ title: `random ${n}, ε = 0`, components, epsilon: 0 });
  for (const share of [0.3 * random(), 1]) {
    mixtures.push({
      title: `random ${n}, ε f(0) = ${share.toFixed(3)}`,
      components,
      epsilon: (share / height) * (1 - 1e-12),
    });
  }
}

describe("the formulas", () => {
  test("give the values that were worked out before the solver was", () => {
    expect(moment4Rate(given, 0) / -0.06071723475886 - 1).toBeCloseTo(0, 12);
    expect(moment4Rate(given, 1) / -0.0626374350962 - 1).toBeCloseTo(0, 11);
  });
  test("agree with each other for ε = 0", () => {
    for (const { components } of mixtures) {
      expect(moment4Rate(components, 0) / classicalRate(components) - 1).toBeCloseTo(0, 12);
    }
  });
});

describe("d/dt ∫|v|⁴f at t = 0: 1e-5 at 4000 cells, 1e-8 after extrapolation", () => {
  test.each(mixtures)("$title", async ({ components, epsilon }) => {
    const mass = components.reduce((sum, c) => sum + c.density, 0);
    const energy = components.reduce((sum, c) => sum + 3 * c.density * c.temperature, 0);
    expect(epsilon).toBeLessThan(saturation(mass, energy));
    const exact = moment4Rate(components, epsilon);
    const coarse = await computedRate(components, epsilon, 2000);
    const fine = await computedRate(components, epsilon, 4000);
    expect(Math.abs(fine / exact - 1)).toBeLessThan(1e-5);
    expect(Math.abs((4 * fine - coarse) / 3 / exact - 1)).toBeLessThan(1e-8);
  });
});
