import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { equilibrium, InputError, saturation } from "../src/index.js";
import { countBelow, smallest } from "../src/spectrum/eigenvalue.js";
import { evolve } from "../src/spectrum/evolution.js";
import { type Sector, sector } from "../src/spectrum/sector.js";
import {
  dot,
  Factorisation,
  multiply,
  multiplyTridiagonal,
  type Semiseparable,
} from "../src/spectrum/semiseparable.js";
import { spectrum } from "../src/spectrum/spectrum.js";
import { equilibriumWeight, thermalUnits, type Units } from "../src/spectrum/weight.js";
import { randomNumbers } from "../src/verify/quadrature.js";
import { folder, lfd } from "./cli.js";

const weightAt = (epsilon: number) =>
  equilibriumWeight(equilibrium({ mass: 1, energy: 3, epsilon }), epsilon);

const unit = (n: number, i: number) => Float64Array.from({ length: n }, (_, k) => (k === i ? 1 : 0));
const dense = (n: number, apply: (x: Float64Array) => Float64Array) =>
  Array.from({ length: n }, (_, i) => [...apply(unit(n, i))]);

/** Eigenvalues of a symmetric matrix by Jacobi's rotations, ascending. */
function eigenvalues(matrix: number[][]): number[] {
  const a = matrix.map((row) => [...row]);
  const n = a.length;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const x = a[p]![q]!;
        off += x * x;
        if (Math.abs(x) < 1e-300) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * x);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [u, v] = [a[k]![p]!, a[k]![q]!];
          a[k]![p] = c * u - s * v;
          a[k]![q] = s * u + c * v;
        }
        for (let k = 0; k < n; k++) {
          const [u, v] = [a[p]![k]!, a[q]![k]!];
          a[p]![k] = c * u - s * v;
          a[q]![k] = s * u + c * v;
        }
      }
    if (off < 1e-30) break;
  }
  return a.map((row, i) => row[i]!).sort((x, y) => x - y);
}

function randomMatrix(n: number, seed: number): Semiseparable {
  const random = randomNumbers(seed);
  const numbers = (scale = 1) => Float64Array.from({ length: n }, () => scale * (random() - 0.5));
  return {
    size: n,
    diagonal: numbers(4),
    coupling: numbers(),
    u: [numbers(), numbers()],
    v: [numbers(), numbers()],
    phi: [numbers(2), numbers(2)],
  };
}

describe("tridiagonal + semi-separable", () => {
  test("the product is that of the entries", () => {
    const n = 9;
    const matrix = randomMatrix(n, 3);
    const entry = (i: number, j: number): number => {
      if (i > j) return entry(j, i);
      if (i === j) return matrix.diagonal[i]!;
      let sum = j === i + 1 ? matrix.coupling[i]! : 0;
      for (const c of [0, 1] as const) {
        let term = matrix.u[c][i]! * matrix.v[c][j]!;
        for (let k = i + 1; k < j; k++) term *= matrix.phi[c][k]!;
        sum += term;
      }
      return sum;
    };
    const columns = dense(n, (x) => multiply(matrix, x));
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) expect(columns[j]![i]).toBeCloseTo(entry(i, j), 14);
  });

  test.each([1, 2, 3, 4, 5])("LDLᵀ solves, and counts negative eigenvalues (seed %i)", (seed) => {
    const n = 24;
    const matrix = randomMatrix(n, seed);
    const factors = new Factorisation(matrix);
    const b = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
    const back = multiply(matrix, factors.solve(b));
    for (let i = 0; i < n; i++) expect(back[i]).toBeCloseTo(b[i]!, 9);
    const negative = eigenvalues(dense(n, (x) => multiply(matrix, x))).filter((x) => x < 0).length;
    expect(factors.negative).toBe(negative);
  });
});

describe("a sector", () => {
  /** The form from its definition: spheres, derivatives of G_ℓ by the quotient of powers, a double sum. */
  function bySums(ell: number, n: number, radius: number, h: (r: number) => number): number {
    const { logM } = weightAt(1);
    const dr = radius / n;
    const L = ell * (ell + 1);
    const r = Array.from({ length: n }, (_, q) => (q + 0.5) * dr);
    const W = r.map((x) => x * x * dr * Math.exp(logM(x)));
    const p = r.map((_, q) => (h((q + 1) * dr) - h(q * dr)) / dr);
    const t = r.map((x, q) => (h((q + 1) * dr) + h(q * dr)) / (2 * x));
    // [p ∂r + L t/r][p* ∂s + L t* /s] G_ℓ
    const kernel = (i: number, j: number) => {
      const [a, b] = i <= j ? [i, j] : [j, i];
      const term = (power: number, fall: number) =>
        (p[a]! * power * r[a]! ** (power - 1) + L * t[a]! * r[a]! ** (power - 1)) *
        (-p[b]! * fall * r[b]! ** (-fall - 1) + L * t[b]! * r[b]! ** (-fall - 1));
      return term(ell + 2, ell + 1) / (2 * ell + 3) - term(ell, ell - 1) / (2 * ell - 1);
    };
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let [D, T] = [0, 0];
      for (let j = 0; j < n; j++) {
        const [x, s] = [r[i]!, r[j]!];
        D += (W[j]! * (s <= x ? (s * s) / x ** 3 : 1 / s)) / 3;
        T += W[j]! * (s <= x ? (1 - (s * s) / (3 * x * x)) / (2 * x) : 1 / (3 * s));
        sum += (W[i]! * W[j]! * kernel(i, j)) / (2 * (2 * ell + 1));
      }
      sum += W[i]! * (D * p[i]! ** 2 + T * L * t[i]! ** 2);
    }
    return sum;
  }

  test.each([0, 1, 2, 3, 7])("ℓ = %i: the form is the double sum over spheres", (ell) => {
    const [n, radius] = [40, 7];
    const h = (r: number) => r ** ell * Math.cos(r) * Math.exp(-r / 3);
    const built = sector(weightAt(1), ell, n, radius);
    const y = built.nodes.map((r, i) => h(r) * Math.exp(built.logM[i]! / 2));
    const sums = bySums(ell, n, radius, h);
    expect(Math.abs(dot(y, multiply(built.form, y)) / sums - 1)).toBeLessThan(1e-11);
  });

  test.each([0, 1, 30, 46])(
    "ε = %d: 1, |v|² and v are in the null space to rounding, on any grid",
    (epsilon) => {
      const weight = weightAt(epsilon);
      for (const [cells, radius] of [
        [50, 5],
        [3000, 12],
        [8000, 60],
      ] as const) {
        for (const ell of [0, 1]) {
          const built = sector(weight, ell, cells, radius);
          expect(built.nullSpace.length).toBe(ell === 0 ? 2 : 1);
          const size = { diagonal: built.local.diagonal.map(Math.abs), off: built.local.off.map(Math.abs) };
          for (const n of built.nullSpace) {
            const most = Math.max(...multiplyTridiagonal(size, n.map(Math.abs)));
            expect(Math.max(...multiply(built.form, n).map(Math.abs))).toBeLessThan(1e-14 * most);
          }
        }
      }
    },
  );

  test.each([0, 1, 2, 3])("ℓ = %i: the form is not negative, with that null space and no more", (ell) => {
    const built = sector(weightAt(30), ell, 60, 9);
    const n = built.form.size;
    const values = eigenvalues(dense(n, (x) => multiply(built.form, x)));
    const scale = values.at(-1)!;
    const zeros = values.filter((x) => Math.abs(x) < 1e-13 * scale).length;
    expect(values[0]).toBeGreaterThan(-1e-13 * scale);
    expect(zeros).toBe(built.nullSpace.length);
  });

  test("without underflow where m is below the least double", () => {
    const built = sector(weightAt(0), 2, 2000, 80); // m(80) = e^{-3200}
    expect(built.logM.at(-1)!).toBeLessThan(-3000);
    for (const array of [built.form.diagonal, built.norm.diagonal, built.mass.diagonal])
      expect(array.every((x) => Number.isFinite(x) && x > 0)).toBe(true);
  });
});

describe("eigenvalues", () => {
  /** Generalised eigenvalues on the complement of the null space, densely: constraints by a large penalty. */
  function denseBottom(built: Sector): number {
    const n = built.form.size;
    const constraints = built.nullSpace.map((v) => multiplyTridiagonal(built.mass, v));
    const penalised = (x: Float64Array) => {
      const product = multiply(built.form, x);
      for (const c of constraints) {
        const factor = (1e7 * dot(c, x)) / dot(c, c);
        for (let i = 0; i < n; i++) product[i]! += factor * c[i]!;
      }
      return product;
    };
    // N = F Fᵀ, bidiagonal F; eigenvalues of F⁻¹ Q F⁻ᵀ
    const { diagonal, off } = built.norm;
    const d = new Float64Array(n);
    const e = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      e[i] = i > 0 ? off[i - 1]! / d[i - 1]! : 0;
      d[i] = Math.sqrt(diagonal[i]! - e[i]! ** 2);
    }
    const lower = (b: Float64Array) => {
      const x = b.slice();
      for (let i = 0; i < n; i++) x[i] = (x[i]! - (i > 0 ? e[i]! * x[i - 1]! : 0)) / d[i]!;
      return x;
    };
    const upper = (b: Float64Array) => {
      const x = b.slice();
      for (let i = n - 1; i >= 0; i--) x[i] = (x[i]! - (i + 1 < n ? e[i + 1]! * x[i + 1]! : 0)) / d[i]!;
      return x;
    };
    return eigenvalues(dense(n, (x) => lower(penalised(upper(x)))))[0]!;
  }

  test.each([
    [0, 40],
    [1, 30],
    [2, 30],
    [3, 1],
  ])("ℓ = %i, ε = %d: the smallest is that of dense matrices", (ell, epsilon) => {
    const built = sector(weightAt(epsilon), ell, 60, 9);
    const { value, residual } = smallest(built);
    expect(residual).toBeLessThan(1e-10);
    expect(Math.abs(value / denseBottom(built) - 1)).toBeLessThan(1e-5);
    expect(countBelow(built, value * (1 - 1e-7))).toBe(0);
    expect(countBelow(built, value * (1 + 1e-7))).toBe(1);
  });

  test("second order in dr, so that 1,000 and 100,000 cells agree after extrapolation", () => {
    const weight = weightAt(40);
    const at = (cells: number) => smallest(sector(weight, 1, cells, weight.reach(80))).value;
    const [a, b, c] = [at(500), at(1000), at(2000)];
    expect((a - b) / (b - c)).toBeGreaterThan(3.8);
    expect((a - b) / (b - c)).toBeLessThan(4.2);
    const fine = at(100_000);
    expect(Math.abs((4 * c - b) / 3 / fine - 1)).toBeLessThan(1e-7);
  });

  test("ε = 0, ρ = Θ = 1: the edge is 1/(1 + 16π), and no eigenvalue lies below it", () => {
    const result = spectrum({ mass: 1, energy: 3, epsilon: 0, cells: 16_000, sectors: 4 });
    expect(result.essentialEdge).toBeCloseTo(1 / (1 + 16 * Math.PI), 14);
    expect(result.kind).toBe("essential edge");
    expect(result.sectors.map(({ below }) => below)).toEqual([0, 0, 0, 0]);
    // the truncated problems find it, too
    expect(result.error / result.constant).toBeLessThan(5e-4);
  });

  test("ρ = Θ = 1, degenerate: isolated, the same with half the cells to 8 digits", () => {
    const fine = spectrum({ mass: 1, energy: 3, epsilon: 30, cells: 8000, sectors: 4 });
    const coarse = spectrum({ mass: 1, energy: 3, epsilon: 30, cells: 4000, sectors: 4 });
    expect(fine.kind).toBe("isolated");
    expect(Math.abs(fine.constant / coarse.constant - 1)).toBeLessThan(1e-8);
    expect(fine.error).toBeLessThan(1e-8);
    expect(fine.constant).toBeLessThan(fine.essentialEdge);
  });

  // with ρ and E³ᐟ² scaled alike form and norm scale alike, but for ⟨v⟩
  test.each([
    [1e-12, 1e-12],
    [1, 1e10],
    [1e200, 1],
  ])("ρ = %d, Θ = %d: the edge is ρ/(ρ + 16πΘ), and the truncated problems find it", (mass, theta) => {
    const result = spectrum({ mass, energy: 3 * theta * mass, epsilon: 0, cells: 2000, sectors: 3 });
    const edge = mass / (mass + 16 * Math.PI * theta);
    expect(result.essentialEdge / edge).toBeCloseTo(1, 12);
    expect(result.constant / edge).toBeLessThan(1 + 1e-12);
    expect(result.constant / edge).toBeGreaterThan(0.2);
    expect(result.sectors.every(({ bottom }) => bottom > 0)).toBe(true);
  });

  test("in units of its own a weight gives the same eigenvalues", () => {
    const gas = { mass: 3, energy: 0.2, epsilon: 5e-4 };
    const state = equilibrium(gas);
    const bottom = (units?: Units) => {
      const weight = equilibriumWeight(state, gas.epsilon, units);
      return smallest(sector(weight, 2, 1000, weight.reach(60))).value;
    };
    expect(bottom(thermalUnits(gas.mass, gas.energy)) / bottom()).toBeCloseTo(1, 9);
  });

  test("a grid that cannot resolve √m far out is refused", () => {
    const weight = weightAt(1);
    expect(() => sector(weight, 0, 1000, 120)).toThrow(/at least 36\d\d are needed/);
  });

  test("∂t h = Lh: ‖h‖ in L²(m) only falls, at first at the rate of the form", () => {
    const weight = weightAt(45);
    const built = sector(weight, 2, 300, weight.reach(60));
    const start = built.nodes.map((r, i) => r * r * Math.exp(built.logM[i]! / 2));
    const { times, logNorm } = evolve(built, start, { until: 50 });
    for (let k = 1; k < times.length; k++) expect(logNorm[k]).toBeLessThan(logNorm[k - 1]!);
    // d/dt ‖h‖² = -2 (form) at the start
    const mass = dot(start, multiplyTridiagonal(built.mass, start));
    const rate = (-2 * dot(start, multiply(built.form, start))) / mass;
    const fine = evolve(built, start, { until: 1e-4, share: 1e-3 });
    expect((fine.logNorm.at(-1)! - fine.logNorm[0]!) / fine.times.at(-1)! / rate).toBeCloseTo(1, 3);
  });
});

describe("lfd spectrum", () => {
  const gas = ["--mass", "1", "--energy", "3"];

  test("prints C_L with its error and a row a sector; --json the same", async () => {
    const args = ["spectrum", ...gas, "--epsilon", "40", "--cells", "2000", "--sectors", "3"];
    const { status, stdout, stderr } = await lfd(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^C_L = 0\.0065\d+ ± .*isolated eigenvalue, sector ℓ = 2/);
    expect(stdout).toMatch(/^essential spectrum from b²c\/\(b²c\+1\), c = ⅓∫s⁴M\(1-εM\)ds: 0\.\d+$/m);
    const document = JSON.parse((await lfd([...args, "--json"])).stdout);
    const expected = spectrum({ mass: 1, energy: 3, epsilon: 40, cells: 2000, sectors: 3 });
    expect(document.constant).toBe(expected.constant);
    expect(document.filling).toBe(40 / saturation(1, 3));
    expect(document.sectors.length).toBe(3);
  });

  test("--along writes table and picture", async () => {
    const directory = folder();
    const [csv, svg] = [path.join(directory, "c.csv"), path.join(directory, "c.svg")];
    const { status } = await lfd([
      "spectrum",
      ...gas,
      "--along",
      "3",
      "--cells",
      "800",
      "--sectors",
      "2",
      "--csv",
      csv,
      "--svg",
      svg,
    ]);
    expect(status).toBe(0);
    const lines = readFileSync(csv, "utf8").trim().split("\n");
    expect(lines[0]).toBe("filling,constant,error,upper_bound_only,edge,l0,l1");
    // ℓ = 2 lies lowest half-way to ε*, and was not asked for
    expect(lines.slice(1).map((line) => line.split(",")[3])).toEqual(["0", "1", "1"]);
    expect(Number(lines[1]!.split(",")[2])).toBeLessThan(1e-5);
    expect(lines.length).toBe(4);
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  test.each([
    [["--epsilon", "47"], /not below saturation/],
    [[], /--epsilon: missing/],
    [["--epsilon", "1", "--cells", "10"], /--cells: must be an integer from 400/],
    [["--epsilon", "1", "--svg", "x.svg"], /--svg: needs --along/],
    [["--along", "1"], /--along: must be an integer from 2/],
    [["--along", "3", "--epsilon", "2"], /--epsilon: cannot be given with --along/],
    [
      ["--along", "3", "--csv", "/nowhere/c.csv"],
      /^lfd: \/nowhere\/c.csv: cannot be written: there is no directory/,
    ],
    [["--along", "3", "--svg", "/tmp"], /^lfd: \/tmp: cannot be written: it is a directory/],
    [
      ["--epsilon", "46.832", "--cells", "1000"],
      /--cells: 1000 do not resolve the Fermi surface.*from 7\d\d\d to/,
    ],
    [["--epsilon", "46.8320982069"], /epsilon: 46.8320982069 is too near saturation/],
  ])("refuses %j", async (args, complaint) => {
    const { status, stderr } = await lfd(["spectrum", ...gas, ...args]);
    expect(status).toBe(2);
    expect(stderr).toMatch(complaint);
    expect(stderr.trim().split("\n").length).toBe(1);
  });

  test("a sector not asked for that lies lower makes C_L an upper bound, and it says so", async () => {
    const args = ["spectrum", ...gas, "--epsilon", "40", "--cells", "2000", "--sectors", "2"];
    const { stdout } = await lfd(args);
    expect(stdout).toMatch(/^C_L < 0\.0281\d+ ± .*smallest of ℓ = 0 … 1, an upper bound only/);
    expect(stdout).toMatch(/eigenvalues below it: 1 at ℓ = 2/);
    const document = JSON.parse((await lfd([...args, "--json"])).stdout);
    expect(document.upperBoundOnly).toBe(true);
    expect(document.higherSectors.found[0]).toEqual({ ell: 2, below: 1 });
    const whole = spectrum({ mass: 1, energy: 3, epsilon: 40, cells: 2000, sectors: 3 });
    expect(whole.upperBoundOnly).toBe(false);
    expect(whole.constant).toBeLessThan(document.constant);
  });

  test("the API refuses ε ≥ ε*", () => {
    expect(() => spectrum({ mass: 1, energy: 3, epsilon: 46.9 })).toThrow(InputError);
  });
});
