import { describe, expect, test } from "vitest";
import { namedProblems, type Problem, simulate } from "../src/index.js";
import { Engine } from "../src/solver/engine.js";
import { singleEuler } from "../src/solver/methods.js";
import { prepare } from "../src/solver/prepare.js";
import { expectClose } from "./expect-close.js";

// Diagnostics against closed forms.

/** The diagnostics at t = 0, and the equilibrium. */
async function atStart(problem: Omit<Problem, "until">) {
  const { samples, equilibrium } = await simulate(
    { ...problem, until: 1e-9, samples: { at: [] }, tolerance: 1e-3 },
    { profiles: false },
  );
  return { ...samples[0]!, equilibrium };
}

async function engineOn(cells: number, epsilon: number, f: (x: number) => number): Promise<Engine> {
  const faces = Float64Array.from({ length: cells + 1 }, (_, k) => (2 * k) / cells);
  const engine = await Engine.create(faces, epsilon);
  const values = engine.nodes.map(f);
  engine.setState(
    values,
    values.map((value) => 1 - epsilon * value),
  );
  return engine;
}

// ∇M = -2b v M(1 - εM), and ∫ r⁴ M(1 - εM) dr = (3/2b) ∫ r² M dr
describe("∫ |∇f|²/(f(1 - εf)) is 6 b ρ of M, at second order", () => {
  test.each([0, 1, 30])("ε = %s", async (epsilon) => {
    const b = 0.8;
    const errors: number[] = [];
    for (const cells of [200, 400, 800]) {
      const { fisher, mass } = await atStart({
        epsilon,
        initial: { kind: "fermi-dirac", a: 2, b },
        grid: { cells },
      });
      errors.push(Math.abs(fisher / (6 * b * mass) - 1));
    }
    expect(errors[2]).toBeLessThan(1e-3);
    for (let n = 1; n < errors.length; n++) {
      expect(Math.abs(Math.log2(errors[n - 1]! / errors[n]!) - 2)).toBeLessThan(0.1);
    }
  });
});

// ln M is linear in |v|², and f has the mass and the energy of M; M underflows long before a power's tail ends
test.each([6, 8])("H[f|M] = H[f] - H[M], for f ~ r⁻%s", async (exponent) => {
  const { relativeEntropy, entropy, mass, energy, equilibrium } = await atStart({
    epsilon: 0,
    initial: { kind: "power", height: 1, scale: 1, exponent },
    grid: { cells: 4000 },
  });
  const ofEquilibrium = mass * equilibrium.logA - equilibrium.b * energy;
  expect(Math.abs(relativeEntropy / (entropy - ofEquilibrium) - 1)).toBeLessThan(1e-3);
});

/*
 * With V the volumes, ln M = ln a - br² + ln(1 - εM) and ln(1 - εM) = -ln(1 + εa e^{-br²}):
 * H[f|M] = Σ V [f ln f + (1 - εf) ln(1 - εf)/ε - f (ln a - br²) + ln(1 + εa e^{-br²})/ε].
 * Below 1 - ε/ε* = 1e-5 the smallest 1 - εM is no longer a double.
 */
test.each([1e-2, 1e-4, 1e-5, 1e-8, 1e-10])(
  "H[f|M] of a ball filled to 1/ε - %s is that of its logarithms",
  async (gap) => {
    const epsilon = 3;
    const { header, engine, reference } = await prepare({
      epsilon,
      initial: { kind: "annulus", inner: 0, outer: 1, height: (1 - gap) / epsilon },
      grid: { cells: 400 },
      until: 1,
    });
    const { logA, b } = header.equilibrium;
    const { volumes, nodes, state, holes } = engine;
    let sum = 0;
    let size = 0;
    for (const [i, f] of state.entries()) {
      const u = logA - 2 * b * nodes[i]!;
      const eta = u + Math.log(epsilon);
      const blocked = eta > 0 ? eta + Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta));
      const parts = [f * Math.log(f), (holes[i]! * Math.log(holes[i]!)) / epsilon, -f * u, blocked / epsilon];
      for (const part of parts) {
        sum += volumes[i]! * part;
        size += volumes[i]! * Math.abs(part);
      }
    }
    const { relativeEntropy } = engine.diagnose(0, reference.m, reference.holes, logA, b);
    expect(relativeEntropy).toBeGreaterThan(1e-7 * size);
    expect(Math.abs(relativeEntropy - 4 * Math.PI * sum)).toBeLessThan(1e-13 * size);
  },
);

test("f(0) of an f that is linear in r² is exact", async () => {
  const engine = await engineOn(8, 1, (x) => 0.7 - 0.3 * x);
  const m = engine.fold(engine.state);
  expect(engine.diagnose(0, m, engine.fold(engine.holes), 0, 1).center).toBeCloseTo(0.7, 14);
});

// f - M = c M(1 - εM), and 1 - εf = (1 - εM)(1 - c εM)
describe("of f = M(1 + c(1 - εM)), ∫ (f - M)²/(M(1 - εM)) is c² ∫ M(1 - εM), and ∫ |f - M| |c| times it", () => {
  const [a, b] = [2, 3];
  test.each([0, 1e-3, 1, 30, 1e6])("ε = %s", async (epsilon) => {
    const holes = (x: number) => 1 / (1 + epsilon * a * Math.exp(-2 * b * x));
    const M = (x: number) => a * Math.exp(-2 * b * x) * holes(x);
    for (const cells of [9, 40]) {
      for (const c of [0.6, -0.3, 1e-5]) {
        const engine = await engineOn(cells, epsilon, M);
        const { nodes, volumes } = engine;
        engine.setState(
          nodes.map((x) => M(x) * (1 + c * holes(x))),
          nodes.map((x) => holes(x) * (1 - c * epsilon * M(x))),
        );
        const m = engine.fold(nodes.map(M));
        const q = engine.fold(nodes.map(holes));
        const { weightedL2, l1Distance } = engine.diagnose(0, m, q, Math.log(a), b);
        const sum = nodes.reduce((sum, x, i) => sum + volumes[i]! * M(x) * holes(x), 0);
        const rounding = 1e-13 + 1e-15 / Math.abs(c); // of f - M
        expectClose(weightedL2, c * c * 4 * Math.PI * sum, rounding);
        expectClose(l1Distance, Math.abs(c) * 4 * Math.PI * sum, rounding);
      }
    }
  });
});

test("H[f|M] is finite where f/M is not a double", async () => {
  const height = 1e40;
  const bump = (r: number) => height * (Math.exp(-r * r) + 1e-8 * Math.exp(-((r - 26.5) ** 2)));
  const { relativeEntropy, entropy, mass, energy, equilibrium } = await atStart({
    epsilon: 0,
    initial: (r) => bump(r),
    grid: { cells: 4000, radius: 35 },
  });
  const ofEquilibrium = mass * equilibrium.logA - equilibrium.b * energy;
  expect(Math.abs(relativeEntropy / (entropy - ofEquilibrium) - 1)).toBeLessThan(1e-3);
});

test("∫ (f - M)²/(M(1 - εM)) is infinite where M is 0 and f is not, however small", async () => {
  for (const small of [1e-10, 1e-180, 1e-300]) {
    const engine = await engineOn(8, 0, (x) => (x < 1 ? 1 : small));
    const m = engine.nodes.map((x) => (x < 1 ? 1 : 0));
    const { weightedL2 } = engine.diagnose(0, engine.fold(m), undefined, 0, 1);
    expect(weightedL2).toBe(Number.POSITIVE_INFINITY);
  }
});

test("an error estimate that is the whole step is as long as the step, for even and odd N", async () => {
  for (let cells = 4; cells <= 12; cells++) {
    const engine = await engineOn(cells, 0.5, (x) => 0.3 + Math.exp(-3 * (x - 0.5) ** 2));
    engine.setMethod({ ...singleEuler, errorWeights: [1] });
    expect(engine.attempt(0.1, 1e-13)).toBe("done");
    expect(engine.candidateChange).toBeGreaterThan(1e-3);
    expect(Math.abs(engine.errorNorm / engine.candidateChange - 1)).toBeLessThan(1e-11);
  }
});

test("df/dt has no energy, to rounding", async () => {
  const { engine } = await prepare({
    ...namedProblems["two-temperature"]!.problem,
    grid: { cells: 100_000 },
  });
  const { volumes, nodes } = engine;
  let sum = 0;
  let size = 0;
  engine.rate().forEach((rate, i) => {
    const energy = volumes[i]! * rate * nodes[i]!;
    sum += energy;
    size += Math.abs(energy);
  });
  expect(Math.abs(sum) / size).toBeLessThan(3e-15);
});
