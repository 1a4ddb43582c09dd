import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../src/errors.js";
import { autoRadius, cellAverages, massAndEnergy } from "../src/problem/cell-averages.js";
import { checkAdmissible, type InitialFunction, initialFunction } from "../src/problem/initial.js";
import { integrate } from "../src/quadrature.js";
import type { InitialData } from "../src/types.js";
import { uniform } from "./arbitraries.js";

const faces = (cells: number, radius: number) =>
  Float64Array.from({ length: cells + 1 }, (_, i) => (radius * i) / cells);

/** 4π Σ f̄ᵢ Vᵢ */
function massOf(averages: Float64Array, edges: Float64Array): number {
  let sum = 0;
  averages.forEach((f, i) => {
    sum += f * (edges[i + 1]! ** 3 - edges[i]! ** 3);
  });
  return (4 * Math.PI * sum) / 3;
}

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThanOrEqual(tolerance);
}

/** ∫₀^∞ f r^k dr, independently of panels. */
const moment = (fn: InitialFunction, k: number) =>
  integrate((r) => fn.value(r) * r ** k, 0, Infinity, {
    scale: fn.scale,
    breakpoints: [...fn.breakpoints, ...fn.landmarks],
  });

/** Γ(n/2) for whole n > 0. */
const gammaHalf = (n: number): number =>
  n === 1 ? Math.sqrt(Math.PI) : n === 2 ? 1 : (n / 2 - 1) * gammaHalf(n - 2);

const mixture: InitialData = {
  kind: "maxwellians",
  components: [
    { density: 0.7, temperature: 0.5 },
    { density: 0.3, temperature: 2 },
  ],
};
const data: Record<string, [InitialData, number]> = {
  mixture: [mixture, 1],
  "rosenbluth shell": [{ kind: "shell", amplitude: 0.01, radius: 0.3, width: 0.3 / Math.sqrt(10) }, 0],
  "thin shell": [{ kind: "shell", amplitude: 1, radius: 1, width: 1e-3 }, 0],
  "fermi-dirac": [{ kind: "fermi-dirac", a: 2, b: 0.7 }, 1],
  "cold fermi-dirac": [{ kind: "fermi-dirac", a: 1e300, b: 1e3 }, 1],
  annulus: [{ kind: "annulus", inner: 1, outer: 1.5, height: 1 }, 1],
  ball: [{ kind: "annulus", inner: 0, outer: 2, height: 1 }, 1],
  power: [{ kind: "power", height: 0.5, scale: 2, exponent: 8 }, 1],
  table: [{ kind: "table", r: [0.5, 1, 3], f: [1, 0.2, 0.1] }, 1],
};

describe.each(Object.entries(data))("%s", (_, [initial, epsilon]) => {
  const fn = initialFunction(initial, epsilon);
  const { mass, energy } = massAndEnergy(fn);

  it("mass and energy agree with another quadrature", () => {
    expectRelative(mass, 4 * Math.PI * moment(fn, 2), 1e-12);
    expectRelative(energy, 4 * Math.PI * moment(fn, 4), 1e-12);
  });

  it("most of the mass lies within the scale, in order of magnitude", () => {
    expect(fn.scale ** 2 / (energy / mass)).toBeGreaterThan(0.1);
    expect(fn.scale ** 2 / (energy / mass)).toBeLessThan(10);
  });

  it.each([7, 100, 3001])("%i cell averages hold the mass within the radius", (cells) => {
    const { radius, cutMass, cutEnergy } = autoRadius(fn, 0);
    expect(cutEnergy).toBeGreaterThanOrEqual(0);
    const edges = faces(cells, radius);
    expectRelative(massOf(cellAverages(fn, edges), edges), mass * (1 - cutMass), 1e-13);
  });

  it("averages stay within the range of f, and are 0 beyond the support", () => {
    const edges = faces(200, 1.3 * (fn.support ?? 5 * fn.scale));
    const averages = cellAverages(fn, edges);
    const highest = Math.max(...averages);
    expect(highest).toBeLessThanOrEqual(
      Math.max(fn.value(0), ...fn.breakpoints.map(fn.value), ...fn.landmarks.map(fn.value)),
    );
    expect(Math.min(...averages)).toBeGreaterThanOrEqual(0);
    averages.forEach((f, i) => {
      if (edges[i]! >= (fn.support ?? Infinity)) expect(f).toBe(0);
    });
  });

  it("the radius scales with f exactly", () => {
    for (const lambda of [1e-6, 1 / 3, 7, 1e6]) {
      const wide = initialFunction(stretched(initial, lambda), epsilon);
      const { radius, cutEnergy } = autoRadius(fn, 0);
      const scaled = autoRadius(wide, 0);
      expectRelative(scaled.radius, lambda * radius, 1e-12);
      expectRelative(massAndEnergy(wide).mass, lambda ** 3 * mass, 1e-12);
      if (cutEnergy > 0) expectRelative(scaled.cutEnergy, cutEnergy, 1e-6);
    }
  });

  it("is admissible up to its height and no further", () => {
    checkAdmissible(fn, epsilon);
    const averages = cellAverages(fn, faces(2000, autoRadius(fn, 0).radius));
    const height = Math.max(...averages);
    expect(() => checkAdmissible(fn, 1.001 / height)).toThrow(/exceeds 1\/epsilon = /);
  });
});

/** f(r/λ); a density of maxwellians is a moment and goes along with λ³. */
function stretched(initial: InitialData, lambda: number): InitialData {
  switch (initial.kind) {
    case "maxwellians":
      return {
        kind: "maxwellians",
        components: initial.components.map(({ density, temperature }) => ({
          density: density * lambda ** 3,
          temperature: temperature * lambda ** 2,
        })),
      };
    case "shell":
      return { ...initial, radius: initial.radius * lambda, width: initial.width * lambda };
    case "fermi-dirac":
      return { ...initial, b: initial.b / lambda ** 2 };
    case "annulus":
      return { ...initial, inner: initial.inner * lambda, outer: initial.outer * lambda };
    case "power":
      return { ...initial, scale: initial.scale * lambda };
    case "table":
      return { ...initial, r: initial.r.map((r) => r * lambda) };
    case "function":
      return initial;
  }
}

describe("closed forms", () => {
  it("random mixtures of Maxwellians: Σ nᵢ and 3 Σ nᵢTᵢ, on the grid too", () => {
    const magnitude = uniform(-3, 3).map((x) => 10 ** x);
    const components = fc.array(fc.record({ density: magnitude, temperature: magnitude }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(components, fc.integer({ min: 4, max: 400 }), (parts, cells) => {
        const fn = initialFunction({ kind: "maxwellians", components: parts }, 0);
        const mass = parts.reduce((sum, { density }) => sum + density, 0);
        const energy = parts.reduce((sum, { density, temperature }) => sum + 3 * density * temperature, 0);
        const found = massAndEnergy(fn);
        expectRelative(found.mass, mass, 2e-14);
        expectRelative(found.energy, energy, 2e-14);
        const edges = faces(cells, autoRadius(fn, 0).radius);
        expectRelative(massOf(cellAverages(fn, edges), edges), mass, 1e-13);
      }),
    );
  });

  it.each([5.0001, 5.01, 5.5, 6, 7, 12, 100])("power tail r^-%d", (exponent) => {
    const [height, scale] = [0.3, 2.5];
    const fn = initialFunction({ kind: "power", height, scale, exponent }, 0);
    // ∫ r^k (1+r²)^{-p/2} dr = ½ B((k+1)/2, (p-k-1)/2); by recurrence from B(3/2, q) to B(5/2, q - 1).
    const found = massAndEnergy(fn);
    const q = (exponent - 3) / 2;
    expectRelative(found.energy / found.mass / scale ** 2, 1.5 / (q - 1), 1e-12);
    if (Number.isInteger(exponent)) {
      const beta = (gammaHalf(3) * gammaHalf(exponent - 3)) / gammaHalf(exponent);
      expectRelative(found.mass, 2 * Math.PI * height * scale ** 3 * beta, 1e-13);
    }
    const { radius, cutEnergy } = autoRadius(fn, 1);
    const cap = 50 * Math.sqrt(found.energy / found.mass);
    if (exponent <= 12) expectRelative(radius, cap, 1e-12);
    else expect(radius).toBeLessThan(cap);
    expect(cutEnergy).toBeGreaterThanOrEqual(0);
    expect(cutEnergy).toBeLessThan(1);
  });

  it("the same power given as a function", () => {
    for (const exponent of [5.01, 6, 9]) {
      const given = initialFunction({ kind: "function" }, 0, (r) => (1 + r * r) ** (-exponent / 2));
      const fn = initialFunction({ kind: "power", height: 1, scale: 1, exponent }, 0);
      expectRelative(massAndEnergy(given).mass, massAndEnergy(fn).mass, 1e-13);
      expectRelative(massAndEnergy(given).energy, massAndEnergy(fn).energy, 1e-11);
      expectRelative(autoRadius(given, 0).radius, autoRadius(fn, 0).radius, 1e-11);
    }
  });

  it("annulus: exact volume fractions, exactly its height inside", () => {
    const fn = initialFunction({ kind: "annulus", inner: 1.03, outer: 2.51, height: 0.1 }, 1);
    const edges = faces(30, 3);
    cellAverages(fn, edges).forEach((f, i) => {
      const [a, b] = [edges[i]!, edges[i + 1]!];
      const [lower, upper] = [Math.max(a, 1.03), Math.min(b, 2.51)];
      if (lower >= upper) expect(f).toBe(0);
      else if (lower === a && upper === b) expect(f).toBe(0.1);
      else expectRelative(f, (0.1 * (upper ** 3 - lower ** 3)) / (b ** 3 - a ** 3), 1e-13);
    });
  });

  it("a jump that was not announced counts by its exact volume fraction as well", () => {
    const fn = initialFunction({ kind: "function" }, 1, (r) => (r < 1.2345 ? 1 : r < 2 ? 0.5 : 0));
    const edges = faces(7, 3);
    const averages = cellAverages(fn, edges);
    expect(averages[0]).toBe(1);
    expect(averages[3]).toBe(0.5);
    expect(averages[6]).toBe(0);
    const [a, b] = [edges[2]! ** 3, edges[3]! ** 3];
    expectRelative(averages[2]!, (1.2345 ** 3 - a + 0.5 * (b - 1.2345 ** 3)) / (b - a), 1e-12);
  });

  it("table: the interpolant of linear data is exact, constant below the first r", () => {
    const line = (r: number) => 0.9 - 0.1 * r;
    const r = [0.2, 0.5, 0.6, 1.7, 3, 4];
    const fn = initialFunction({ kind: "table", r, f: r.map(line) }, 1);
    const edges = faces(9, 4.5);
    const antiderivative = (x: number) => (0.9 * x ** 3) / 3 - (0.1 * x ** 4) / 4;
    cellAverages(fn, edges).forEach((f, i) => {
      const [a, b] = [edges[i]!, edges[i + 1]!];
      let content = antiderivative(Math.min(b, 4)) - antiderivative(Math.min(a, 4));
      if (i === 0) content += (line(0.2) * 0.2 ** 3) / 3 - antiderivative(0.2);
      if (a >= 4) expect(f).toBe(0);
      else expectRelative(f, (3 * content) / (b ** 3 - a ** 3), 1e-13);
    });
    expect(fn.value(0)).toBe(line(0.2));
    expect(fn.value(4)).toBe(line(4));
    expect(fn.value(4.001)).toBe(0);
  });

  it("a long table is averaged over all of its points", () => {
    const r = Array.from({ length: 20001 }, (_, i) => i / 2500);
    const fn = initialFunction({ kind: "table", r, f: r.map((x) => Math.exp((-x * x) / 2)) }, 1);
    const edges = faces(10, 8);
    expectRelative(massOf(cellAverages(fn, edges), edges), (2 * Math.PI) ** 1.5, 1e-7);
    expectRelative(massAndEnergy(fn).mass, massOf(cellAverages(fn, edges), edges), 1e-13);
  });

  it("cell averages differ from f at the centre of mass by the order h²", () => {
    const fn = initialFunction(mixture, 1);
    const errors = [50, 100, 200].map((cells) => {
      const edges = faces(cells, 8);
      const averages = cellAverages(fn, edges);
      return Math.max(...averages.map((f, i) => Math.abs(f - fn.value((edges[i]! + edges[i + 1]!) / 2))));
    });
    for (const k of [1, 2]) expect(Math.log2(errors[k - 1]! / errors[k]!)).toBeCloseTo(2, 0);
  });

  it("tails are right to a fraction of themselves on a coarse grid", () => {
    const fn = initialFunction({ kind: "maxwellians", components: [{ density: 1, temperature: 1 }] }, 0);
    const edges = faces(20, 20);
    const averages = cellAverages(fn, edges);
    for (const i of [5, 10, 15]) {
      const [a, b] = [edges[i]!, edges[i + 1]!];
      const content = integrate((r) => fn.value(r) * r * r, a, b, { relativeTolerance: 1e-13 });
      expectRelative(averages[i]!, (3 * content) / (b ** 3 - a ** 3), 1e-8);
    }
  });

  it("a cold Fermi sea keeps its values where e^{br²} would overflow", () => {
    const fn = initialFunction({ kind: "fermi-dirac", a: 1e300, b: 1 }, 1e-300);
    expectRelative(fn.value(Math.sqrt(720)), Math.exp(300 * Math.LN10 - 720), 1e-10);
    expectRelative(fn.value(0), 0.5e300, 1e-15);
  });
});

describe("autoRadius", () => {
  it("leaves 1e-16 of the energy or 1e-18 of the height, whichever is farther out", () => {
    const fn = initialFunction({ kind: "maxwellians", components: [{ density: 1, temperature: 1 }] }, 0);
    const { radius, cutEnergy } = autoRadius(fn, 0);
    expect(Math.max(cutEnergy / 1e-16, fn.value(radius) / fn.value(0) / 1e-18)).toBeCloseTo(1, 6);
    const inside = autoRadius(initialFunction(data.annulus![0], 1), 0);
    expect(inside).toEqual({ radius: 1.5, cutMass: 0, cutEnergy: 0 });
  });

  it("is at least the radius of the equilibrium", () => {
    const fn = initialFunction(data.annulus![0], 1);
    expect(autoRadius(fn, 6)).toEqual({ radius: 6, cutMass: 0, cutEnergy: 0 });
  });

  it("does not take a small hot component for an algebraic tail", () => {
    const components = [
      { density: 1, temperature: 1e-6 },
      { density: 1e-9, temperature: 1 },
    ];
    const { radius } = autoRadius(initialFunction({ kind: "maxwellians", components }, 0), 0);
    expect(radius).toBeGreaterThan(6);
  });

  it("scales for given functions too", () => {
    const radius = (lambda: number) => {
      const f = (r: number) => Math.exp(-r / lambda) * (1 + Math.sin(r / lambda)) * 0.3;
      return autoRadius(initialFunction({ kind: "function" }, 1, f), 0).radius;
    };
    for (const lambda of [1e-6, 0.3, 1e5]) expectRelative(radius(lambda), lambda * radius(1), 1e-9);
  });
});

describe("what is not admissible", () => {
  const given = (f: (r: number) => unknown) => () =>
    cellAverages(initialFunction({ kind: "function" }, 1, f as (r: number) => number), faces(100, 10));
  it.each<[string, () => unknown, RegExp]>([
    [
      "negative",
      given((r) => Math.exp(-r) - 0.01),
      /^initial: f\(4\.\d+\) = -0\.0\d+ is not valid; a finite/,
    ],
    ["NaN", given((r) => Math.sqrt(5 - r)), /^initial: f\(\d\.\d+\) = NaN is not valid/],
    ["infinite at 0", given((r) => Math.exp(-r) / r), /^initial: f\(0\) = Infinity is not valid/],
    ["text", given(() => "1"), /^initial: f\(0\) = 1 is not valid/],
    ["nothing returned", given(() => undefined), /^initial: f\(0\) = undefined is not valid/],
    ["zero", given(() => 0), /^initial: f is 0 at all radii tried.*no mass/],
    ["constant", given(() => 1), /^initial: f goes like r\^.*infinite/],
    ["slow decay", given((r) => (1 + r) ** -5), /^initial: f goes like r\^-5\.00 .*faster than r\^-5/],
    ["noise", given((r) => Math.exp(-r * r) * Math.abs(Math.sin(1e9 * r))), /^initial: f is too irregular/],
    ["no function", () => initialFunction({ kind: "function" }, 1), /^initial: the function .* is not given/],
    [
      "out of range",
      () => massAndEnergy(initialFunction({ kind: "annulus", inner: 0, outer: 1e100, height: 1 }, 0)),
      /^initial: mass .* and energy Infinity are not valid/,
    ],
    [
      "above 1/ε at the centre",
      () => checkAdmissible(initialFunction({ kind: "power", height: 0.73, scale: 1, exponent: 9 }, 2), 2),
      /^initial: f\(0\) = 0\.73 exceeds 1\/epsilon = 0\.5/,
    ],
    [
      "above 1/ε on a shell",
      () => checkAdmissible(initialFunction(data["thin shell"]![0], 2), 2),
      /^initial: f\(1\) = 1 exceeds 1\/epsilon = 0\.5/,
    ],
    [
      "above 1/ε between the points looked at first",
      () => {
        const f = (r: number) => 0.9999 * Math.exp(-(((r - 1.2345678) / 0.3) ** 2));
        checkAdmissible(initialFunction({ kind: "function" }, 1, f), 1 / 0.999899999);
      },
      /^initial: f\(1\.23457\) = 0\.9999 exceeds/,
    ],
  ])("%s", (_, action, message) => {
    expect(action).toThrow(InputError);
    expect(action).toThrow(message);
  });

  it("exactly 1/ε passes, to rounding", () => {
    for (const epsilon of [1, 3, 0.7, 1e-8]) {
      checkAdmissible(
        initialFunction({ kind: "annulus", inner: 0, outer: 1, height: 1 / epsilon }, epsilon),
        epsilon,
      );
      checkAdmissible(initialFunction({ kind: "fermi-dirac", a: 1e300, b: 1 }, epsilon), epsilon);
    }
    checkAdmissible(initialFunction(mixture, 0), 0);
  });
});

it("10⁶ cells take seconds at most", { timeout: 30000 }, () => {
  const fn = initialFunction(mixture, 1);
  const edges = faces(1e6, 13);
  const start = performance.now();
  expectRelative(massOf(cellAverages(fn, edges), edges), 1, 1e-12);
  expect(performance.now() - start).toBeLessThan(10000);
});
