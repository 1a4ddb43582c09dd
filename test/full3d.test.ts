import { describe, expect, test } from "vitest";
import { Collision } from "../bench/full3d/collision.mjs";
import { errorsOf, needs } from "../bench/full3d/errors.mjs";
import { moment4Rate } from "../bench/full3d/exact.mjs";
import { evaluate, isotropic, maxwellians, smoothShell } from "../bench/full3d/initial.mjs";
import { angleAverage, diagnose, MomentProjection } from "../bench/full3d/moments.mjs";
import { bytes } from "../bench/full3d/problem.mjs";
import { extrapolated, keys } from "../bench/full3d/radial.mjs";
import { relax3d, StoppedRun } from "../bench/full3d/relax.mjs";
import { SpectralRadius } from "../bench/full3d/spectral-radius.mjs";
import { methods } from "../bench/full3d/stepping.mjs";
import { collision as radialCollision } from "../src/index.js";

/** erf by Simpson's rule: error below 1e-14 for the arguments here. */
function erf(x: number): number {
  const panels = 4000;
  let sum = 0;
  for (let i = 0; i <= panels; i++) {
    const weight = i === 0 || i === panels ? 1 : i % 2 ? 4 : 2;
    sum += weight * Math.exp(-(((i / panels) * x) ** 2));
  }
  return ((2 / Math.sqrt(Math.PI)) * (sum * x)) / panels / 3;
}

/** D, A⊥ and -∂r a of the Maxwellian of unit mass and temperature T at distance r. */
function maxwellCoefficients(r: number, T: number) {
  const xi = r / Math.sqrt(2 * T);
  const enclosed = (erf(xi) - (2 * xi * Math.exp(-xi * xi)) / Math.sqrt(Math.PI)) / (4 * Math.PI);
  const parallel = (T * enclosed) / r ** 3;
  return { parallel, perpendicular: (erf(xi) / (4 * Math.PI * r) - parallel) / 2, pull: enclosed / r ** 2 };
}

const pairs: [number, number][] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
];

describe("A[g] and ∇a[f] in free space", () => {
  /** Largest error over a sample of the whole box, corners included, over the largest value. */
  function errors(n: number) {
    const u = [0.4, -0.3, 0.2];
    const T = 0.9;
    const collision = new Collision(n, 8, 0);
    collision.coefficients(evaluate(collision, maxwellians([{ density: 1, velocity: u, temperature: T }])));
    const { nodes, A, flux: gradient } = collision;
    const indices = Array.from({ length: 8 }, (_, k) => Math.round((k * (n - 1)) / 7));
    let tensor = 0;
    let vector = 0;
    for (const i of indices) {
      for (const j of indices) {
        for (const k of indices) {
          const v = [nodes[i]! - u[0]!, nodes[j]! - u[1]!, nodes[k]! - u[2]!];
          const r = Math.hypot(...v);
          const { parallel, perpendicular, pull } = maxwellCoefficients(r, T);
          const at = (i * n + j) * n + k;
          pairs.forEach(([p, q], c) => {
            const outer = (v[p]! * v[q]!) / r ** 2;
            const exact = perpendicular * ((p === q ? 1 : 0) - outer) + parallel * outer;
            tensor = Math.max(tensor, Math.abs(A[c]![at]! - exact));
          });
          for (let p = 0; p < 3; p++) {
            vector = Math.max(vector, Math.abs(gradient[p]![at]! + (pull * v[p]!) / r));
          }
        }
      }
    }
    return { tensor: tensor / 0.027, vector: vector / 0.02 };
  }

  test("of a displaced Maxwellian against closed forms: spectral convergence over the whole box", () => {
    const [coarse, middle, fine] = [16, 24, 32].map(errors);
    for (const key of ["tensor", "vector"] as const) {
      expect(coarse![key]).toBeLessThan(0.05);
      expect(middle![key]).toBeLessThan(1e-2 * coarse![key]);
      expect(fine![key]).toBeLessThan(1e-6);
    }
  });

  test("of a degenerate shell against the radial D and A⊥, along an axis", async () => {
    const epsilon = 20;
    const profile = (r: number) => 0.01 * r * r * Math.exp(1 - (r * r) / 2);
    const radius = 7.5;
    const n = 48;
    const cells = 2400; // 100 faces from one point of the axis to the next
    const coarse = await radialCollision({ epsilon, initial: profile, grid: { cells, radius }, until: 1 });
    const fine = await radialCollision({
      epsilon,
      initial: profile,
      grid: { cells: 2 * cells, radius },
      until: 1,
    });
    const radial = (name: "parallel" | "perpendicular" | "enclosed", point: number) =>
      (4 * fine[name][200 * point]! - coarse[name][100 * point]!) / 3;
    const collision = new Collision(n, radius, epsilon);
    collision.coefficients(evaluate(collision, isotropic(profile)));
    const { A, flux, spacing } = collision;
    for (let point = 1; point < 20; point++) {
      const at = ((n / 2 + point) * n + n / 2) * n + n / 2;
      const r = point * spacing;
      const scale = radial("parallel", 1);
      expect(Math.abs(A[0]![at]! - radial("parallel", point)) / scale).toBeLessThan(1e-6);
      expect(Math.abs(A[1]![at]! - radial("perpendicular", point)) / scale).toBeLessThan(1e-6);
      expect(Math.abs(A[2]![at]! - radial("perpendicular", point)) / scale).toBeLessThan(1e-6);
      expect(Math.abs(A[5]![at]!) / scale).toBeLessThan(1e-12);
      expect(Math.abs(flux[0]![at]! * r * r + radial("enclosed", point))).toBeLessThan(1e-6);
    }
  });
});

const mixture = [
  { density: 0.7, temperature: 1 },
  { density: 0.3, temperature: 2 },
];
const mixtureProfile = (r: number) =>
  mixture.reduce(
    (sum, { density, temperature: T }) =>
      sum + density * (2 * Math.PI * T) ** -1.5 * Math.exp(-(r * r) / 2 / T),
    0,
  );

describe("dM₄/dt at t = 0 against the exact mixture formulas: to 1e-6 at n = 64, falling spectrally", () => {
  test.each([0, 8])("ε = %d", (epsilon) => {
    const exact = moment4Rate(mixture, epsilon);
    const [coarse, middle, fine] = [32, 48, 64].map((n) => {
      const collision = new Collision(n, 9, epsilon);
      const rate = new Float64Array(collision.points);
      collision.rate(evaluate(collision, maxwellians(mixture)), rate);
      return Math.abs(diagnose(collision, rate).moment4 / exact - 1);
    });
    expect(middle!).toBeLessThan(coarse! / 100);
    expect(middle!).toBeLessThan(1e-4);
    expect(fine!).toBeLessThan(1e-6);
  });
});

describe("relaxation of isotropic data agrees with the radial solver, the better the larger n", () => {
  test.each([0, 8])("ε = %d", async (epsilon) => {
    const times = [2, 8];
    const initial = isotropic(mixtureProfile);
    const reference = await extrapolated(
      { epsilon, initial: mixtureProfile, until: 8, samples: { at: times }, grid: { radius: 11 } },
      1000,
      1e-9,
    );
    const errors = [16, 24, 32].map((n) => {
      const run = relax3d({ n, halfWidth: 9, epsilon, initial, until: 8, at: times, tolerance: 1e-7 });
      const worst: Record<string, number> = { profile: 0, center: 0, moment4: 0, squared: 0, entropy: 0 };
      for (const k of [1, 2]) {
        const expected = reference.samples[k]!;
        for (const key of keys) {
          worst[key] = Math.max(worst[key]!, Math.abs(run.samples[k]![key] / expected[key] - 1));
        }
        for (const { radius, mean, spread } of angleAverage(run, run.profiles[k]!, 9)) {
          const error = Math.abs(mean - reference.profile(k, radius)) / expected.center;
          worst.profile = Math.max(worst.profile!, error, spread / expected.center);
        }
      }
      return worst;
    });
    const bounds = { profile: 1e-3, center: 1e-3, moment4: 1e-3, squared: 1e-6, entropy: 1e-4 };
    for (const [key, bound] of Object.entries(bounds)) {
      const [coarse, middle, fine] = errors.map((each) => each[key]!);
      expect(middle!, key).toBeLessThan(coarse! / 5);
      expect(fine!, key).toBeLessThan(middle! / 5);
      expect(fine!, key).toBeLessThan(bound);
    }
  });
});

describe("what is kept", () => {
  const streams = [
    { density: 0.6, velocity: [0.8, 0, 0], temperature: 1 },
    { density: 0.4, velocity: [-0.9, 0.3, 0], temperature: 1.2 },
  ];
  const run = (n: number, project: boolean, method: "rk4" | "rkc") => {
    const { samples } = relax3d({
      n,
      halfWidth: 8,
      epsilon: 2,
      initial: maxwellians(streams),
      until: 5,
      project,
      method,
      tolerance: 1e-4,
    });
    const [first, last] = samples as [(typeof samples)[0], (typeof samples)[0]];
    return {
      mass: Math.abs(last.mass / first.mass - 1),
      energy: Math.abs(last.energy / first.energy - 1),
      momentum: Math.max(...last.momentum.map((value, i) => Math.abs(value - first.momentum[i]!))),
      entropy: last.entropy - first.entropy,
    };
  };

  test("mass to round-off; momentum and energy to the method's error, which falls with n; all of them if projected", () => {
    const coarse = run(16, false, "rk4");
    const fine = run(24, false, "rk4");
    const projected = run(16, true, "rk4");
    for (const each of [coarse, fine, projected]) expect(each.mass).toBeLessThan(1e-13);
    expect(coarse.energy).toBeGreaterThan(1e-7);
    expect(fine.energy).toBeLessThan(coarse.energy / 10);
    expect(fine.momentum).toBeLessThan(coarse.momentum / 10);
    expect(projected.energy).toBeLessThan(1e-13);
    expect(projected.momentum).toBeLessThan(1e-13);
    expect(run(16, true, "rkc").energy).toBeLessThan(1e-13);
    expect(fine.entropy).toBeLessThan(0);
  });

  test("the projection takes out nothing but the moments", () => {
    const collision = new Collision(8, 3, 0);
    const rate = Float64Array.from({ length: 512 }, (_, i) => Math.sin(i * i));
    const once = rate.slice();
    const projection = new MomentProjection(collision.nodes);
    projection.apply(once);
    const { mass, momentum, energy } = diagnose(collision, once);
    for (const value of [mass, ...momentum, energy]) expect(Math.abs(value)).toBeLessThan(1e-11);
    // What is taken out is a combination of the invariants: the projection leaves nothing of it.
    const removed = rate.map((value, i) => value - once[i]!);
    projection.apply(removed);
    for (const value of removed) expect(Math.abs(value)).toBeLessThan(1e-12);
  });
});

describe("anisotropic data", () => {
  test("the axes are equivalent: the rate of a turned state is the turned rate, A_12, A_13, A_23 included", () => {
    const n = 16;
    const state = (turn: number) => {
      const at = (v: number[]) => v.map((_, i) => v[(i + turn) % 3]!);
      return maxwellians([
        { density: 0.5, velocity: at([0.5, 0.2, -0.4]), temperature: at([1, 1.2, 0.9]) },
        { density: 0.5, velocity: at([-0.3, 0.1, 0.2]), temperature: at([1.3, 0.9, 1]) },
      ]);
    };
    const collision = new Collision(n, 7, 1);
    const [plain, turned] = [0, 1].map((turn) => {
      const rate = new Float64Array(n ** 3);
      collision.rate(evaluate(collision, state(turn)), rate);
      return rate;
    });
    const largest = Math.max(...plain!);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) {
          // v = (a, b, c) of the plain state is (b, c, a) of the turned one
          const difference = plain![(i * n + j) * n + k]! - turned![(j * n + k) * n + i]!;
          expect(Math.abs(difference)).toBeLessThan(1e-13 * largest);
        }
      }
    }
  });

  /**
   * dT⊥/dt of the bi-Maxwellian: -ν (T⊥ - T∥), ν = n (8π^{3/2} T∥^{3/2} A²)⁻¹ [(A + 3) arctan(√A)/√A - 3], A = T⊥/T∥ - 1, for A < 0
   * artanh(√-A)/√-A (NRL Plasma Formulary, thermal equilibration; its e⁴λ/m² is 1/16π² here).
   */
  test.each([
    [1.3, 0.9],
    [0.9, 1.3],
  ])("the isotropisation of a bi-Maxwellian, T∥ = %d, T⊥ = %d, against the exact rate", (along, across) => {
    const A = across / along - 1;
    const root = Math.sqrt(Math.abs(A));
    const ratio = (A > 0 ? Math.atan(root) : Math.atanh(root)) / root;
    const nu = ((A + 3) * ratio - 3) / (8 * Math.PI ** 1.5 * along ** 1.5 * A * A);
    const exact = -nu * (across - along);
    const [coarse, fine] = [24, 32].map((n) => {
      const collision = new Collision(n, 8, 0);
      const rate = new Float64Array(collision.points);
      const temperature = [across, along, across];
      collision.rate(evaluate(collision, maxwellians([{ density: 1, temperature }])), rate);
      const { pressure } = diagnose(collision, rate);
      expect(pressure[0]!).toBeCloseTo(pressure[2]!, 12);
      return Math.max(Math.abs(pressure[0]! / exact - 1), Math.abs(pressure[1]! / (-2 * exact) - 1));
    });
    expect(coarse!).toBeLessThan(0.02);
    expect(fine!).toBeLessThan(coarse! / 20);
  });
});

describe("time stepping", () => {
  /** Steps on y' = F(y), y of one or two values, from y0 to t = 1. */
  function solve(
    name: "rk4" | "rkc",
    F: (y: Float64Array, result: Float64Array) => void,
    y0: number[],
    steps: number,
    radius: number,
  ) {
    const method = methods[name];
    const size = y0.length;
    const array = () => new Float64Array(size);
    const state = {
      y: Float64Array.from(y0),
      rate: array(),
      next: array(),
      nextRate: array(),
      error: array(),
      work: [array(), array(), array()],
    };
    F(state.y, state.rate);
    let estimate = 0;
    for (let k = 0; k < steps; k++) {
      method.advance(state, F, 1 / steps, method.stages(1 / steps, radius));
      estimate = Math.max(estimate, Math.abs(state.error[0]!));
      [state.y, state.next] = [state.next, state.y];
      [state.rate, state.nextRate] = [state.nextRate, state.rate];
    }
    return { y: state.y, estimate };
  }
  const logistic = (y: Float64Array, result: Float64Array) => {
    for (let i = 0; i < y.length; i++) result[i] = y[i]! * (1 - y[i]!) * 3;
  };
  const exact = 1 / (1 + 9 * Math.exp(-3));

  test.each([
    ["rk4", 4, 4, 1],
    ["rkc", 2, 3, 1],
    ["rkc", 2, 3, 4000],
  ] as const)(
    "%s is of order %d, its estimate of order %d (spectral radius %d)",
    (name, order, local, radius) => {
      const runs = [20, 40].map((steps) => solve(name, logistic, [0.1], steps, radius));
      const errors = runs.map(({ y }) => Math.abs(y[0]! - exact));
      expect(Math.log2(errors[0]! / errors[1]!)).toBeCloseTo(order, 0);
      expect(Math.log2(runs[0]!.estimate / runs[1]!.estimate)).toBeCloseTo(local, 0);
    },
  );

  test("stable up to the spectral radius they are told, and RK4 not beyond its limit", () => {
    for (const radius of [10, 100, 1000, 5000]) {
      const rates = Float64Array.from({ length: 400 }, (_, i) => (-radius * (i + 1)) / 400);
      const F = (y: Float64Array, result: Float64Array) => {
        for (let i = 0; i < y.length; i++) result[i] = rates[i]! * y[i]!;
      };
      const ones = Array.from(rates, () => 1);
      for (const value of solve("rkc", F, ones, 1, radius).y) expect(Math.abs(value)).toBeLessThanOrEqual(1);
      const steps = Math.ceil(radius / methods.rk4.limit(1));
      for (const value of solve("rk4", F, ones, steps, radius).y)
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
      const few = Math.floor(radius / methods.rk4.limit(1) / 1.1);
      expect(Math.abs(solve("rk4", F, ones, few, radius).y[399]!)).toBeGreaterThan(1);
    }
  });

  const fermi = (epsilon: number, width: number) =>
    isotropic((r) => 1 / (epsilon * (1 + Math.exp((r * r - 1) / width))));
  const beams = [1.5, -1.5].map((u) => ({ density: 0.5, velocity: [u, u, -u], temperature: 0.8 }));
  test.each([
    ["a Maxwellian", 16, 7, 0, maxwellians([{ density: 1, temperature: 1 }])],
    ["beams along a diagonal", 16, 8, 0, maxwellians(beams)],
    ["a shell", 16, 1.4, 0, smoothShell(0.01, 0.3)],
    ["a shell at saturation", 16, 1.2, 99.9, smoothShell(0.01, 0.3)],
    ["a degenerate state with a sharp edge", 16, 2.5, 10, fermi(10, 0.15)],
  ])(
    "the estimate of the spectral radius is above it, by at most a quarter: %s",
    (_, n, L, epsilon, initial) => {
      const collision = new Collision(n, L, epsilon);
      const f = evaluate(collision, initial);
      const base = new Float64Array(f.length);
      collision.rate(f, base);
      const spectrum = new SpectralRadius((y, result) => collision.rate(y, result), f.length);
      const estimate = spectrum.estimate(f, base);
      const first = collision.evaluations - 1;
      const again = spectrum.estimate(f, base);
      expect(first).toBeLessThan(20);
      expect(collision.evaluations - 1 - first).toBeLessThan(10);
      expect(again).toBeGreaterThan(0.999 * estimate);
      // Eighty iterations from another direction, from below
      let direction = Float64Array.from(f, (_value, i) => Math.cos(i * i));
      let radius = 0;
      const rate = new Float64Array(f.length);
      const length = (values: Float64Array) =>
        Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      const distance = 1e-6 * length(f);
      for (let k = 0; k < 80; k++) {
        const scale = distance / length(direction);
        collision.rate(
          f.map((value, i) => value + scale * direction[i]!),
          rate,
        );
        direction = rate.map((value, i) => (value - base[i]!) / distance);
        radius = length(direction);
      }
      expect(estimate).toBeGreaterThan(1.02 * radius);
      expect(estimate).toBeLessThan(1.25 * radius);
    },
  );

  test("RK4 is stable at the limit that the estimate gives, and not at 1.4 times it", () => {
    const problem = { n: 16, halfWidth: 7, initial: maxwellians([{ density: 1, temperature: 1 }]) };
    const limit = (step: number) => {
      try {
        relax3d({ ...problem, until: step, step });
      } catch (error) {
        return Number(/above ([\d.]+)/.exec(String(error))![1]);
      }
      throw new Error("not refused");
    };
    const most = limit(1000);
    const { samples } = relax3d({ ...problem, until: 40 * most, step: 0.97 * most });
    expect(samples[1]!.minimum).toBeGreaterThan(-1e-3);
    const collision = new Collision(16, 7, 0);
    const field = () => new Float64Array(16 ** 3);
    const state = {
      y: evaluate(collision, problem.initial),
      rate: field(),
      next: field(),
      nextRate: field(),
      error: field(),
      work: [field(), field(), field()],
    };
    collision.rate(state.y, state.rate);
    for (let k = 0; k < 40; k++) {
      methods.rk4.advance(state, (y, result) => collision.rate(y, result), 1.4 * most, 4);
      [state.y, state.next] = [state.next, state.y];
      [state.rate, state.nextRate] = [state.nextRate, state.rate];
    }
    expect(Math.abs(diagnose(collision, state.y).minimum)).toBeGreaterThan(0.01);
  });
});

describe("refused with a message", () => {
  const sound = {
    n: 16,
    halfWidth: 8,
    initial: maxwellians([{ density: 1, temperature: 1 }]),
    until: 1,
  };
  const beam = (axis: number, u: number) => {
    const velocity = [0, 0, 0];
    velocity[axis] = u;
    return maxwellians([
      { density: 0.97, temperature: 1 },
      { density: 0.03, velocity, temperature: 0.5 },
    ]);
  };
  const cutData = /halfWidth: 8: the box cuts the data: f is .* of its maximum at the walls/;
  const refusals: [object, RegExp][] = [
    [{ n: 15 }, /n: 15: must be an even number/],
    [{ n: 20 }, /n: 20: valid: 8, 12, 16, 24/],
    [{ n: "16" }, /n: "16": must be an even number/],
    [{ n: 4096 }, /n: 4096: takes .* GiB with 2 samples, this machine has .* GiB/],
    [{ halfWidth: 4 }, /halfWidth: 4: the box cuts the data: f is .* of its maximum at the walls/],
    ...[0, 1, 2].flatMap((axis) =>
      [6.5, -6.5].map((u): [object, RegExp] => [{ initial: beam(axis, u) }, cutData]),
    ),
    [
      { n: 32, halfWidth: 5, initial: isotropic((r: number) => 0.01 * Math.exp(-8 * (r - 3.2) ** 2)) },
      /halfWidth: 5: the box cuts the equilibrium/,
    ],
    [{ cut: Number.NaN }, /cut: NaN: must be a number above 0/],
    [{ cut: 5 }, /cut: 5: must be at most 0.01/],
    [{ step: 50, until: 100 }, /step: 50: above .*, the limit of stability of rk4 at t = 0/],
    [{ step: 0.1, tolerance: 1e-4 }, /step: 0.1: a fixed step is not held to a tolerance/],
    [{ epsilon: 100 }, /initial: reaches 0.063.*, above 1\/ε = 0.01/],
    [{ epsilon: -1 }, /epsilon: -1/],
    [{ epsilon: "1" }, /epsilon: "1": must be a number/],
    [{ initial: () => -1 }, /initial: must be finite, nowhere negative/],
    [{ initial: undefined }, /initial: undefined: must be a function/],
    [{ at: [0.5, 0.2] }, /at: \[0.5,0.2\]: must be times that ascend/],
    [{ at: [0.5, 2] }, /at: \[0.5,2\]: must be times .* at most until, 1/],
    [{ at: "1" }, /at: "1": must be times/],
    [{ until: "1" }, /until: "1": must be a number above 0/],
    [{ tolerance: 0 }, /tolerance: 0/],
    [{ tolerance: 1e-30 }, /tolerance: 1e-30: must be at least 1e-12/],
    [{ method: "euler" }, /method: "euler": valid: rk4, rkc/],
    [{ method: "toString" }, /method: "toString": valid: rk4, rkc/],
    [{ project: 1 }, /project: 1: must be true or false/],
    [{ untill: 3 }, /untill: unknown; valid: n, halfWidth/],
  ];
  test.each(refusals)("%o", (change, message) => {
    const refused = () => relax3d({ ...sound, ...change } as Parameters<typeof relax3d>[0]);
    expect(refused).toThrow(message);
    expect(refused).toThrow(expect.objectContaining({ name: "InputError" }));
  });

  test("the last time is always sampled, and a fixed step's error is told", () => {
    const { samples, work } = relax3d({ ...sound, at: [0.25], method: "rkc", step: 0.5 });
    expect(samples.map(({ time }) => time)).toEqual([0, 0.25, 1]);
    expect(work.largestError).toBeGreaterThan(0);
  });

  test("profiles that are more than the memory", () => {
    const at = Array.from({ length: 1e6 }, (_, k) => k + 1);
    expect(() => relax3d({ ...sound, n: 96, until: 1e9, at })).toThrow(
      /n: 96: takes .* with 1000002 samples/,
    );
    expect(bytes(32, 5) - bytes(32, 4)).toBe(8 * 32 ** 3);
  });

  test("a state that the grid cannot resolve and that blows up; the samples by then are kept", () => {
    const spike = isotropic((r: number) => Math.exp(-0.5 * (r / 0.35) ** 2));
    const run = () => relax3d({ n: 8, halfWidth: 6, initial: spike, until: 1000, at: [1], tolerance: 1e-2 });
    expect(run).toThrow(/blew up at t = .*; reached t = .*; kept: the samples at t = 0, 1$/);
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(StoppedRun);
      const { samples, profiles } = (error as StoppedRun).result;
      expect(samples.map(({ time }) => time)).toEqual([0, 1]);
      expect(profiles.length).toBe(2);
    }
  });

  test("a state whose rate is beyond the numbers", () => {
    const initial = maxwellians([{ density: 1e200, temperature: 1 }]);
    expect(() => relax3d({ ...sound, initial })).toThrow(/steps of .* would be needed/);
  });
});

describe("what the benchmark says", () => {
  const values = (factor: number) => ({
    center: factor,
    moment4: 2 + factor,
    squared: 3 * factor,
    entropy: -4 * factor,
  });

  test("errors: relative, the largest over the samples after the first; the profile's over its height", () => {
    const reference = {
      samples: [values(1), values(2), values(4)],
      profile: (k: number, r: number) => 10 * k - r,
    };
    const run = {
      samples: [
        { ...values(1), center: 77 },
        { ...values(2), squared: 6.06 },
        { ...values(4), moment4: 6.3, center: 3 },
      ],
      profiles: [
        [{ radius: 1, mean: 1e9 }],
        [
          { radius: 1, mean: 9.9 },
          { radius: 2, mean: 8 },
        ],
        [
          { radius: 0, mean: 20 },
          { radius: 4, mean: 16.1 },
        ],
      ],
    };
    const errors = errorsOf(run, reference);
    expect(errors.center).toBeCloseTo(0.25, 14);
    expect(errors.squared).toBeCloseTo(0.01, 14);
    expect(errors.entropy).toBe(0);
    expect(errors.moment4).toBeCloseTo(0.05, 14);
    expect(errors.growth).toBeCloseTo(0.1, 14); // 3.3 for 3
    expect(errors.profile).toBeCloseTo(0.1, 14); // 0.9 of 9 at the first time, 0.1 of 20 at the second
  });

  test("n and time for an error: found again where the laws are those assumed", () => {
    const law = (n: number) => ({ cells: n, error: Math.exp(-n / 4), cpu: 3.6e-6 * n ** 3 });
    const runs = [32, 48, 64].map(law);
    const beyond = needs(runs, Math.exp(-25));
    expect(beyond.n).toBeCloseTo(100, 9);
    expect(beyond.hours).toBeCloseTo(1e-3, 12);
    expect(beyond.extrapolated).toBe(true);
    // Between two runs, those two alone: the others may be off the law.
    const off = [{ cells: 24, error: 1, cpu: 1 }, ...runs.slice(0, 2), { cells: 64, error: 1e-6, cpu: 9 }];
    const between = needs(off, Math.exp(-10));
    expect(between.n).toBeCloseTo(40, 9);
    expect(between.hours).toBeCloseTo(1e-9 * 40 ** 3, 12);
    expect(between.extrapolated).toBe(false);
  });
});
