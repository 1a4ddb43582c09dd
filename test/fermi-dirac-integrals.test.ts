import { describe, expect, test } from "vitest";
import {
  degenerateFrom,
  fermiDiracExcess,
  fermiDiracIntegral,
  fermiDiracScaled,
  fermiGas,
  type Index,
} from "../src/equilibrium/fermi-dirac-integrals.js";
import { RunError } from "../src/errors.js";
import { gaussLegendre, integrate, integratePanels } from "../src/quadrature.js";
import { expectClose } from "./expect-close.js";

const indices: Index[] = [-0.5, 0.5, 1.5];
const gamma = new Map<Index, number>([
  [-0.5, Math.sqrt(Math.PI)],
  [0.5, Math.sqrt(Math.PI) / 2],
  [1.5, (3 * Math.sqrt(Math.PI)) / 4],
]);

describe("quadrature", () => {
  test("Gauss–Legendre rules are exact for polynomials up to degree 2n - 1", () => {
    for (const n of [1, 2, 5, 16, 33]) {
      const { nodes, weights } = gaussLegendre(n);
      for (const degree of [0, 1, 2 * n - 2, 2 * n - 1]) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weights[i]! * nodes[i]! ** degree;
        expect(Math.abs(sum - (degree % 2 === 0 ? 2 / (degree + 1) : 0))).toBeLessThan(2e-15);
      }
    }
    expect([...gaussLegendre(3).nodes]).toEqual([-Math.sqrt(0.6), 0, Math.sqrt(0.6)]);
    expect(() => gaussLegendre(0)).toThrow(RangeError);
  });

  test("integrals known in closed form", () => {
    expectClose(integratePanels(Math.exp, 0, 3, 2), Math.exp(3) - 1, 1e-15);
    expectClose(integrate(Math.sqrt, 0, 1), 2 / 3, 1e-13);
    expectClose(
      integrate((x) => 1 / Math.sqrt(x), 0, 4),
      4,
      1e-12,
    );
    expectClose(
      integrate((x) => (x < 0.7 ? 1 : 0), 0, 1),
      0.7,
      1e-13,
    );
    expectClose(
      integrate((x) => (x < 0.7 ? 1 : 0), 0, 1, { breakpoints: [0.7, 3] }),
      0.7,
      1e-15,
    );
    expectClose(
      integrate((x) => (1 + x * x) ** -2, 0, Infinity),
      Math.PI / 4,
      1e-13,
    );
    expectClose(
      integrate((x) => Math.exp(-x / 1e20), 0, Infinity, { scale: 1e20 }),
      1e20,
      1e-13,
    );
    expectClose(
      integrate((x) => x * x, 2, 0),
      -8 / 3,
      1e-15,
    );
  });

  test("an integral that does not exist is an error, not a number", () => {
    expect(() => integrate((x) => 1 / (x - 0.5), 0, 1)).toThrow(RunError);
    expect(() => integrate((x) => Math.log(x - 0.5), 0, 1)).toThrow("the integrand is NaN at");
  });
});

describe("Fermi–Dirac integrals", () => {
  test("series Γ(k+1) Σ (-1)^{n+1} e^{nη} / n^{k+1} for η < -1", () => {
    for (const k of indices) {
      for (const eta of [-1e4, -800, -30, -5, -2.5, -1]) {
        let sum = 0;
        // From the small end, so that the sum is good to round-off.
        for (let n = 60; n >= 1; n--) sum += ((n % 2 ? 1 : -1) * Math.exp((n - 1) * eta)) / n ** (k + 1);
        expectClose(fermiDiracScaled(k, eta), gamma.get(k)! * sum, 4e-15);
      }
    }
  });

  test("values by mpmath through the middle and on both sides of every change of method", () => {
    // [η, I_{-1/2}, I_{1/2}, I_{3/2}]
    const table = [
      [0, 1.0721549299401913, 0.678093895153101, 1.1528038370883613],
      [1, 1.8204113571469627, 1.3963752806665641, 2.6616826247320042],
      [3.99, 3.8688993696915484, 5.7513683929629345, 17.541286823226837],
      [4.01, 3.8797989259864027, 5.790111911127224, 17.714408755299363],
      [8, 5.617127378651218, 15.380486122493428, 79.35259363033185],
      [20, 8.93497266616697, 59.812795370358025, 726.5682839651753],
      [50.9, 14.266578524032907, 242.21009397228627, 7411.1759210203045],
      [51.1, 14.294597474777342, 243.63815323092828, 7484.053088053424],
    ] as const;
    for (const [eta, ...values] of table) {
      values.forEach((value, i) => {
        expectClose(fermiDiracIntegral(indices[i]!, eta), value, 4e-15);
      });
    }
  });

  test("the two methods agree where both apply", () => {
    for (const k of indices) {
      for (let eta = degenerateFrom; eta < 40; eta += 0.37) {
        const split = (eta ** (k + 1) / (k + 1)) * (1 + fermiDiracExcess(k, eta));
        expectClose(Math.exp(eta) * fermiDiracScaled(k, eta), split, 1e-14);
      }
    }
  });

  test("Sommerfeld's expansion for large η, in the small excess over η^{k+1}/(k+1)", () => {
    // 2 (1 - 2^{1-2j}) ζ(2j), j = 1 … 7
    const pi2 = Math.PI ** 2;
    const coefficients = [pi2 / 6, (7 * pi2 ** 2) / 360, (31 * pi2 ** 3) / 15120, (127 * pi2 ** 4) / 604800];
    coefficients.push((73 * pi2 ** 5) / 3421440);
    for (const k of indices) {
      for (const eta of [1e3, 2e4, 1e6, 1e8, 1e12]) {
        let sum = 0;
        let falling = 1;
        coefficients.forEach((coefficient, j) => {
          falling *= (k + 1 - 2 * j) * (k - 2 * j);
          sum += coefficient * falling * eta ** (-2 * j - 2);
        });
        expectClose(fermiDiracExcess(k, eta), sum, 5e-15);
      }
    }
  });

  test("the logit of the filling is increasing and concave in η, with the stated slope", () => {
    let previous = 1 + 1e-12;
    for (let i = 0; i <= 400; i++) {
      const eta = -40 + 1e3 * (i / 400) ** 3;
      const { slope } = fermiGas(eta);
      expect(slope).toBeGreaterThan(0);
      expect(slope).toBeLessThan(previous + 1e-12);
      previous = slope;
      const h = 1e-4 * Math.max(1, Math.abs(eta));
      expectClose((fermiGas(eta + h).logit - fermiGas(eta - h).logit) / (2 * h), slope, 1e-6);
    }
  });
});
