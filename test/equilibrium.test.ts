import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  equilibrium,
  equilibriumHoles,
  equilibriumValue,
  saturatedBall,
  saturation,
} from "../src/equilibrium/equilibrium.js";
import { InputError } from "../src/errors.js";
import { integrate } from "../src/quadrature.js";
import type { Equilibrium } from "../src/types.js";
import { uniform } from "./arbitraries.js";
import { expectClose } from "./expect-close.js";

/** 4π ∫ g(r) r² dr over all r where the equilibrium is not negligible, by adaptive Gauss–Legendre in r. */
function overSpace(eq: Equilibrium, g: (r: number) => number, relativeTolerance = 1e-14): number {
  const eta = 2 * eq.b * eq.chemicalPotential;
  const edges = [-40, -3, 3, 20].map((x) => Math.sqrt(Math.max(eta + x, 0) / eq.b));
  const far = Math.sqrt((Math.max(eta, 0) + 60) / eq.b);
  return 4 * Math.PI * integrate((r) => g(r) * r * r, 0, far, { relativeTolerance, breakpoints: edges });
}

describe("equilibrium", () => {
  test("values that were worked out before the solver was, at ρ = Θ = 1", () => {
    const table = [
      [1, "0.06607300", "0.50570150"],
      [10, "0.10019307", "0.56678875"],
      [30, "0.56482828", "0.84402615"],
      [40, "8.17328377", "1.31873647"],
    ] as const;
    for (const [epsilon, a, b] of table) {
      const eq = equilibrium({ mass: 1, energy: 3, epsilon });
      expect(eq.a.toFixed(8)).toBe(a);
      expect(eq.b.toFixed(8)).toBe(b);
      expect(eq.saturation.toFixed(6)).toBe("46.832098");
    }
  });

  test("values by mpmath, to within 1e-12 of saturation", () => {
    // ε, b, ln(εa), H
    const table = [
      [1, 0.5057014955413573, -2.7169950546833626, -5.245502532390149],
      [30, 0.8440261471319519, 2.829963858222495, -1.3901668774372642],
      [40, 1.3187364711268128, 5.789750212443765, -0.8039321431902992],
      [46.83, 74.21130264874192, 371.0432136140138, -0.013299629695813539],
      [46.8320982069, 550166.7687328996, 2750833.843662704, -1.793929579539005e-6],
    ] as const;
    for (const [epsilon, b, eta, entropy] of table) {
      const eq = equilibrium({ mass: 1, energy: 3, epsilon });
      expectClose(eq.b, b, 1e-14);
      expectClose(eq.temperature, 0.5 / b, 1e-14);
      expectClose(eq.chemicalPotential, eta / (2 * b), 1e-14);
      expectClose(eq.logA, eta - Math.log(epsilon), 1e-14);
      expectClose(eq.entropy, entropy, 1e-14);
    }
  });

  test("mass and energy come back from an independent quadrature of M", () => {
    const fraction = fc.oneof(
      uniform(-12, -0.01).map((x) => 10 ** x),
      uniform(-6, -0.01).map((x) => 1 - 10 ** x),
      fc.constant(0),
    );
    const exponent = uniform(-30, 30);
    fc.assert(
      fc.property(exponent, exponent, fraction, (logMass, logEnergy, filled) => {
        const mass = 10 ** logMass;
        const energy = 10 ** logEnergy;
        const epsilon = filled * saturation(mass, energy);
        const eq = equilibrium({ mass, energy, epsilon });
        expectClose(
          overSpace(eq, (r) => equilibriumValue(eq, epsilon, r)),
          mass,
          1e-12,
        );
        expectClose(
          overSpace(eq, (r) => equilibriumValue(eq, epsilon, r) * r * r),
          energy,
          1e-12,
        );
        expectClose(eq.temperature * eq.b, 0.5, 1e-15);
      }),
      { numRuns: 150 },
    );
  });

  test("f(v) → μ f(λv) with ε/μ maps equilibria to equilibria", () => {
    const exponent = uniform(-8, 8);
    fc.assert(
      fc.property(exponent, exponent, uniform(1e-9, 0.999), (m, l, filled) => {
        const mu = 10 ** m;
        const lambda = 10 ** l;
        const epsilon = filled * saturation(1.3, 2.1);
        const eq = equilibrium({ mass: 1.3, energy: 2.1, epsilon });
        const scaled = { mass: (1.3 * mu) / lambda ** 3, energy: (2.1 * mu) / lambda ** 5 };
        const image = equilibrium({ ...scaled, epsilon: epsilon / mu });
        // Rounding the input costs 1/(1 - ε/ε*) ≤ 1000 ulps, times the η of a.
        expectClose(image.a, mu * eq.a, 1e-10);
        expectClose(image.b, lambda ** 2 * eq.b, 1e-11);
        expectClose(image.saturation, eq.saturation / mu, 1e-13);
        expectClose(image.entropy, (mu / lambda ** 3) * eq.entropy, 1e-11);
      }),
    );
  });

  test("ε → 0: the Maxwellian, to first order in ε, and the classical entropy up to (ln ε - 1)ρ", () => {
    const [mass, energy] = [0.7, 4.2];
    const classical = equilibrium({ mass, energy, epsilon: 0 });
    expectClose(classical.b, (3 * mass) / (2 * energy), 1e-15);
    expectClose(classical.a, mass * (classical.b / Math.PI) ** 1.5, 1e-15);
    expect(classical.chemicalPotential).toBe(-Infinity);
    const logM = (r: number) => classical.logA - classical.b * r * r;
    expectClose(
      classical.entropy,
      overSpace(classical, (r) => Math.exp(logM(r)) * logM(r)),
      1e-13,
    );
    // b = b₀ (1 + z/2^{5/2} + O(z²)), z = εa.
    for (const epsilon of [1e-300, 1e-15, 1e-6, 1e-3]) {
      const eq = equilibrium({ mass, energy, epsilon });
      const z = epsilon * classical.a;
      expect(Math.abs(eq.b / classical.b - 1 - z / 2 ** 2.5)).toBeLessThan(2e-15 + z * z);
      expect(Math.abs(eq.a / classical.a - 1)).toBeLessThan(2e-15 + z);
      expect(Math.abs(eq.entropy - (Math.log(epsilon) - 1) * mass - classical.entropy)).toBeLessThan(
        1e-15 * Math.abs(eq.entropy) + z,
      );
    }
  });

  test("low temperature: Sommerfeld's laws and the saturated ball", () => {
    const [mass, energy] = [2, 0.3];
    const limit = saturation(mass, energy);
    for (const vacancy of [1e-2, 1e-4, 1e-7, 1e-10, 1e-13]) {
      const epsilon = limit * (1 - vacancy);
      const eq = equilibrium({ mass, energy, epsilon });
      const ball = saturatedBall(mass, epsilon);
      const t = eq.temperature / ball.chemicalPotential;
      const t2 = (Math.PI * t) ** 2;
      const ballEnergy = 1.2 * mass * ball.chemicalPotential;
      // E = E_ball (1 + 5π²t²/12), μ = μ_ball (1 - π²t²/12), H = -ρπ²t/2, each to a relative order t². 1 - ε/ε* and
      // with it t² is known here to an ulp of ε.
      const slack = 3 * t2 + 1e-15 / vacancy;
      expectClose((energy / ballEnergy - 1) / ((5 / 12) * t2), 1, slack + 1e-15 / t2);
      expectClose(eq.entropy, (-mass * Math.PI ** 2 * t) / 2, slack);
      expectClose(eq.chemicalPotential, ball.chemicalPotential * (1 - t2 / 12), t2 * t2 + 4e-15);
      expect(eq.logA).toBeLessThan(Infinity);
    }
    expect(equilibrium({ mass, energy, epsilon: limit * (1 - 1e-6) }).a).toBe(Infinity);
  });

  test("the entropy is that of a direct quadrature", () => {
    for (const filled of [1e-9, 0.01, 0.3, 0.8, 0.99, 1 - 1e-5]) {
      const [mass, energy] = [0.4, 1.7];
      const epsilon = filled * saturation(mass, energy);
      const eq = equilibrium({ mass, energy, epsilon });
      expectClose(
        entropyOf(eq, epsilon, () => 0),
        eq.entropy,
        1e-12,
      );
    }
  });

  test("M minimises the entropy among states of its mass and energy", () => {
    for (const filled of [0.05, 0.7, 0.97]) {
      const epsilon = filled * saturation(1, 3);
      const eq = equilibrium({ mass: 1, energy: 3, epsilon });
      // Relative to m = M (1 - εM): s² - αs - β with s = br²/(1 + η⁺), orthogonal to 1 and s.
      const s = (r: number) => (eq.b * r * r) / (1 + Math.max(0, 2 * eq.b * eq.chemicalPotential));
      const moment = (p: number) =>
        overSpace(eq, (r) => equilibriumValue(eq, epsilon, r) * equilibriumHoles(eq, epsilon, r) * s(r) ** p);
      const [m0, m1, m2, m3] = [moment(0), moment(1), moment(2), moment(3)];
      const alpha = (m0 * m3 - m1 * m2) / (m0 * m2 - m1 * m1);
      const beta = (m2 - alpha * m1) / m0;
      const direction = (r: number) => s(r) ** 2 - alpha * s(r) - beta;
      const rise = [1e-3, -1e-3, 5e-4].map((size) => {
        return entropyOf(eq, epsilon, (r) => size * direction(r)) - eq.entropy;
      });
      expect(Math.min(...rise)).toBeGreaterThan(0);
      expectClose(rise[0]! / rise[1]!, 1, 0.05);
      expectClose(rise[0]! / rise[2]!, 4, 0.05);
    }
  });

  test("input that has no equilibrium is refused with key, value and what is valid", () => {
    const good = { mass: 1, energy: 3, epsilon: 1 };
    const table: [Partial<typeof good>, string, string][] = [
      [{ mass: 0 }, "mass", "must be a positive finite number, got 0"],
      [{ mass: -1 }, "mass", "must be a positive finite number, got -1"],
      [{ mass: Number.NaN }, "mass", "must be a positive finite number, got NaN"],
      [{ mass: Infinity }, "mass", "must be a positive finite number, got Infinity"],
      [{ energy: 0 }, "energy", "must be a positive finite number, got 0"],
      [{ energy: -3 }, "energy", "must be a positive finite number, got -3"],
      [{ energy: Number.NaN }, "energy", "must be a positive finite number, got NaN"],
      [{ energy: Infinity }, "energy", "must be a positive finite number, got Infinity"],
      [{ epsilon: -1 }, "epsilon", "must be a finite number ≥ 0, got -1"],
      [{ epsilon: Number.NaN }, "epsilon", "must be a finite number ≥ 0, got NaN"],
      [{ epsilon: Infinity }, "epsilon", "must be a finite number ≥ 0, got Infinity"],
      [{ epsilon: 50 }, "epsilon", "epsilon = 50 is not below saturation ε* = 46.832098"],
      [{ epsilon: saturation(1, 3) }, "epsilon", "is not below saturation ε* = 46.832098"],
      [{ epsilon: 1e300 }, "epsilon", "is not below saturation ε* = 46.832098"],
      [{ mass: 1e200, energy: 1e-200, epsilon: 0 }, "energy", "outside the range of a double"],
    ];
    for (const [bad, key, message] of table) {
      const error = thrownBy(() => equilibrium({ ...good, ...bad }));
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).key).toBe(key);
      expect((error as InputError).message).toContain(message);
    }
    expect((thrownBy(() => saturation(0, 1)) as InputError).key).toBe("mass");
    expect((thrownBy(() => saturation(1, Number.NaN)) as InputError).key).toBe("energy");
    expect((thrownBy(() => saturatedBall(-1, 1)) as InputError).key).toBe("mass");
    expect((thrownBy(() => saturatedBall(1, 0)) as InputError).key).toBe("epsilon");
  });
});

describe("values of M", () => {
  test("εM and 1 - εM are complementary, each with its own digits", () => {
    const epsilon = 46.83;
    const eq = equilibrium({ mass: 1, energy: 3, epsilon });
    const eta = 2 * eq.b * eq.chemicalPotential;
    for (const x of [-350, -40, -1, -1e-3, 0, 1e-3, 1, 40, 300]) {
      const r = Math.sqrt((eta + x) / eq.b);
      const exact = eq.b * r * r - eta;
      expectClose(epsilon * equilibriumValue(eq, epsilon, r), 1 / (1 + Math.exp(exact)), 4e-13);
      expectClose(equilibriumHoles(eq, epsilon, r), 1 / (1 + Math.exp(-exact)), 4e-13);
    }
    expect(equilibriumHoles(eq, epsilon, 0)).toBeGreaterThan(0);
    expect(equilibriumValue(eq, epsilon, 0)).toBeLessThanOrEqual(1 / epsilon);
  });

  test("the tail decays without NaN where a, e^{-br²} or their product leave the range", () => {
    for (const epsilon of [0, 1, 46.83, 46.8320982069]) {
      const eq = equilibrium({ mass: 1, energy: 3, epsilon });
      let previous = Infinity;
      for (const r of [0, 1, 2, 2.3, 3, 5, 10, 30, 37, 38, 40, 1e3, 1e200]) {
        const value = equilibriumValue(eq, epsilon, r);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(previous);
        previous = value;
        const holes = equilibriumHoles(eq, epsilon, r);
        expect(Math.abs(epsilon * value + holes - 1)).toBeLessThan(1e-9);
      }
      expect(previous).toBe(0);
    }
    // A dense gas whose a·e^{-br²} is representable where e^{-br²} alone is not.
    const dense = equilibrium({ mass: 1e60, energy: 3e60, epsilon: 0 });
    expectClose(equilibriumValue(dense, 0, 40), Math.exp(dense.logA - 800), 1e-12);
  });

  test("the saturated ball has its mass and energy, and a step at r_F", () => {
    const [mass, epsilon] = [0.8, 7];
    const ball = saturatedBall(mass, epsilon);
    const fermi = Math.sqrt(2 * ball.chemicalPotential);
    expectClose(((4 * Math.PI) / 3) * fermi ** 3, epsilon * mass, 1e-14);
    expectClose(saturation(mass, 0.6 * mass * fermi ** 2), epsilon, 1e-14);
    expect(ball).toMatchObject({ a: Infinity, b: Infinity, logA: Infinity, temperature: 0, entropy: 0 });
    expect(ball.saturation).toBe(epsilon);
    expect([0, 0.999 * fermi, 1.001 * fermi].map((r) => equilibriumValue(ball, epsilon, r))).toEqual([
      1 / epsilon,
      1 / epsilon,
      0,
    ]);
    expect([0, 0.999 * fermi, 1.001 * fermi].map((r) => equilibriumHoles(ball, epsilon, r))).toEqual([
      0, 0, 1,
    ]);
  });
});

/** H_ε of f = M + M(1 - εM) h(r), by quadrature of paper (1.3)'s definition. */
function entropyOf(eq: Equilibrium, epsilon: number, h: (r: number) => number): number {
  const term = (p: number) => (p > 0 ? p * Math.log(p) : 0);
  return overSpace(eq, (r) => {
    const value = epsilon * equilibriumValue(eq, epsilon, r);
    const holes = equilibriumHoles(eq, epsilon, r);
    const change = value * holes * h(r);
    // Each of the two is near 1 where the other is small: take its logarithm through the other's digits.
    const [p, q] = [value + change, holes - change];
    return (p < q ? term(p) + q * Math.log1p(-p) : p * Math.log1p(-q) + term(q)) / epsilon;
  });
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
