import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collision, namedProblems } from "../src/index.js";
import { integratePanels } from "../src/quadrature.js";
import { simulate } from "../src/simulate.js";
import { Engine } from "../src/solver/engine.js";
import { singleEuler } from "../src/solver/methods.js";
import { logarithmic, uniform } from "./arbitraries.js";
import { collide, type Kernel, kernelOf, type State, stateOf } from "./collision-twin.js";

// The solver against its twin (collision-twin.ts), its debug build, a dense Newton's method and closed forms.

const { EPSILON: ulp } = Number;

const epsilons = fc.oneof(fc.constant(0), logarithmic(1e-8, 1e8));

/** Faces 0 = e_0 < … < e_N, evenly spaced or not, of any size. */
function facesOf(cells: number) {
  return fc
    .tuple(
      logarithmic(1e-6, 1e6),
      fc.boolean(),
      fc.array(uniform(0.1, 1), { minLength: cells, maxLength: cells }),
    )
    .map(([radius, even, widths]) => {
      const faces = new Float64Array(cells + 1);
      for (let i = 0; i < cells; i++) faces[i + 1] = faces[i]! + (even ? 1 : widths[i]!);
      return faces.map((e) => (radius * e) / faces[cells]!);
    });
}

/** φ + ln ε: jumps of up to `roughness` between cells, and `fall` between the first cell and the last. */
function profilesOf(cells: number, roughness: number, fall: number) {
  return fc
    .tuple(
      uniform(-3, 3),
      uniform(0, fall),
      uniform(0, roughness),
      fc.array(uniform(-1, 1), { minLength: cells, maxLength: cells }),
    )
    .map(([level, down, size, noise]) => noise.map((n, i) => level + size * n - down * (i / cells) ** 2));
}

interface Case {
  faces: Float64Array;
  epsilon: number;
  phi: number[];
}

function cases(most: number, roughness: number, fall: number): fc.Arbitrary<Case> {
  return fc.integer({ min: 4, max: most }).chain((cells) =>
    fc.record({
      faces: facesOf(cells),
      epsilon: epsilons,
      phi: profilesOf(cells, roughness, fall),
    }),
  );
}

const stateOfCase = ({ epsilon, phi }: Case) =>
  stateOf(
    phi.map((p) => p - (epsilon > 0 ? Math.log(epsilon) : 0)),
    epsilon,
  );

/**
 * What rounding may do to F_k, per unit in the last place: the terms of F_k, and the share of face k (in proportion to
 * ĝρ) in the energy that rounding of all the F leaves, which the solver takes out of them again.
 */
function roundingOfFlux({ cells, rho, dx }: Kernel, mean: number[], gross: number[]): number[] {
  let left = 0;
  let weight = 0;
  for (let k = 1; k < cells; k++) {
    left += gross[k]! * dx[k]!;
    weight += mean[k]! * rho[k]! * dx[k]!;
  }
  return gross.map((g, k) => g + (mean[k]! * rho[k]! * left) / weight);
}

describe("collision operator", () => {
  test("volumes and nodes of any grid", async () => {
    const grids = fc.integer({ min: 4, max: 200 }).chain(facesOf);
    await fc.assert(
      fc.asyncProperty(grids, async (faces) => {
        const engine = await Engine.create(faces, 0);
        const { V, x } = kernelOf(faces);
        engine.volumes.forEach((v, i) => {
          expect(Math.abs(v / V[i]! - 1)).toBeLessThan(8 * ulp);
        });
        engine.nodes.forEach((node, i) => {
          expect(Math.abs(node / x[i]! - 1)).toBeLessThan(8 * ulp);
        });
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test("release and debug agree with the double sum to rounding, and with each other in every bit", async () => {
    let worst = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(cases(200, 60, 80), cases(200, 0.5, 80), cases(200, 0.01, 3)),
        async (given) => {
          const { faces, epsilon } = given;
          const { f, h } = stateOfCase(given);
          const [release, debug] = await Promise.all([
            Engine.create(faces, epsilon),
            Engine.create(faces, epsilon, "debug"),
          ]);
          release.setState(f, h);
          debug.setState(f, h);
          const rate = release.rate();
          expect(debug.rate()).toEqual(rate);
          const kernel = kernelOf(faces, release.nodes);
          const twin = collide(kernel, { f, h }, epsilon);
          const rounding = roundingOfFlux(kernel, twin.mean, twin.gross);
          rate.forEach((value, i) => {
            const error = Math.abs(value - twin.rate[i]!) * kernel.V[i]!;
            worst = Math.max(worst, error / (rounding[i]! + rounding[i + 1]!));
          });
          expect(worst).toBeLessThan(40 * ulp);
          const change = rate.reduce((sum, value, i) => sum + Math.abs(value) * kernel.V[i]!, 0);
          const mass = f.reduce((sum, value, i) => sum + value * kernel.V[i]!, 0);
          expect(Math.abs((release.changeRate * mass) / change - 1)).toBeLessThan(1e-11);
        },
      ),
      { numRuns: 200, seed: 2 },
    );
    console.log(`rate against the double sum: at worst ${(worst / ulp).toFixed(1)} ulp of its terms`);
  });

  test("entropy production and invariants agree with plain sums", async () => {
    await fc.assert(
      fc.asyncProperty(cases(200, 20, 80), async (given) => {
        const { faces, epsilon } = given;
        const { f, h } = stateOfCase(given);
        const engine = await Engine.create(faces, epsilon);
        engine.setState(f, h);
        const kernel = kernelOf(faces, engine.nodes);
        const { production, flux, gross } = collide(kernel, { f, h }, epsilon);
        fc.pre(flux.some((F, k) => Math.abs(F) > 0.01 * gross[k]!)); // not an equilibrium
        const sample = engine.diagnose(0, engine.fold(f), engine.fold(h), 0, 1);
        expect(Math.abs(sample.entropyProduction / production - 1)).toBeLessThan(1e-11);
        const total = (density: (i: number) => number) =>
          4 * Math.PI * kernel.V.reduce((sum, v, i) => sum + v * density(i), 0);
        const entropy = total((i) =>
          epsilon > 0
            ? f[i]! * Math.log(epsilon * f[i]!) + (h[i]! * Math.log(h[i]!)) / epsilon
            : f[i]! * Math.log(f[i]!),
        );
        const entropySize = total((i) =>
          epsilon > 0
            ? Math.abs(f[i]! * Math.log(epsilon * f[i]!)) + Math.abs(h[i]! * Math.log(h[i]!)) / epsilon
            : Math.abs(f[i]! * Math.log(f[i]!)),
        );
        expect(sample.mass / total((i) => f[i]!) - 1).toBeCloseTo(0, 13);
        expect(sample.energy / total((i) => 2 * f[i]! * kernel.x[i]!) - 1).toBeCloseTo(0, 13);
        expect(Math.abs(sample.entropy - entropy)).toBeLessThan(1e-12 * entropySize);
        expect(sample.minimum).toBe(Math.min(...f));
        expect(sample.maximum).toBe(Math.max(...f));
        expect(sample.l1Distance).toBe(0);
        expect(sample.relativeEntropy).toBe(0);
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  test("the entropy of a smooth state, few logarithms, is that of one logarithm a cell", async () => {
    await fc.assert(
      fc.asyncProperty(cases(3000, 0.02, 40), async (given) => {
        const { faces, epsilon } = given;
        const { f, h } = stateOfCase(given);
        const engine = await Engine.create(faces, epsilon);
        engine.setState(f, h);
        const { V } = kernelOf(faces);
        const ln = (value: number, less: number) => (value < 0.5 ? Math.log(value) : Math.log1p(less));
        const terms = Array.from(f, (value, i) => {
          if (epsilon === 0) return [value * Math.log(value)];
          const u = epsilon * value;
          return [value * ln(u, -h[i]!), (h[i]! * ln(h[i]!, -u)) / epsilon];
        });
        const sum = compensated(terms.flatMap((each, i) => each.map((term) => 4 * Math.PI * V[i]! * term)));
        const size = terms.flatMap((each, i) => each.map((term) => 4 * Math.PI * V[i]! * Math.abs(term)));
        const { entropy, mass } = engine.measureState();
        const bound = 4 * ulp * (size.reduce((a, b) => a + b) + mass);
        expect(Math.abs(entropy - sum)).toBeLessThan(bound);
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});

/** A sum with its rounding errors carried along (Neumaier). */
function compensated(terms: number[]): number {
  let sum = 0;
  let low = 0;
  for (const term of terms) {
    const next = sum + term;
    low += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + low;
}

/** Solves A x = b by elimination with pivoting. A and b are overwritten. */
function solveDense(A: number[][], b: number[]): number[] {
  const n = b.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(A[i]![k]!) > Math.abs(A[pivot]![k]!)) pivot = i;
    [A[k], A[pivot]] = [A[pivot]!, A[k]!];
    [b[k], b[pivot]] = [b[pivot]!, b[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = A[i]![k]! / A[k]![k]!;
      for (let j = k; j < n; j++) A[i]![j]! -= factor * A[k]![j]!;
      b[i]! -= factor * b[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) b[k]! -= A[k]![j]! * b[j]!;
    b[k]! /= A[k]![k]!;
  }
  return b;
}

/**
 * f - τ df/dt(f) = f* by Newton's method in φ with a dense matrix of difference quotients; each equation in units of
 * its own cell's f(1 - εf).
 */
function solveStage(kernel: Kernel, star: State, epsilon: number, tau: number): State {
  const { cells } = kernel;
  const phi = Array.from(star.f, (f, i) => Math.log(f / star.h[i]!));
  const residual = (state: State, unit: State) => {
    const { rate } = collide(kernel, state, epsilon);
    return rate.map((value, i) => {
      const change = state.h[i]! < 0.5 ? (star.h[i]! - state.h[i]!) / epsilon : state.f[i]! - star.f[i]!;
      return (change - tau * value) / (unit.f[i]! * unit.h[i]!);
    });
  };
  for (let iteration = 0; iteration < 60; iteration++) {
    const state = stateOf(phi, epsilon);
    const here = residual(state, state);
    const step = 1e-6;
    const columns = phi.map((_, j) => {
      const moved = (by: number) =>
        residual(
          stateOf(
            phi.map((p, i) => (i === j ? p + by : p)),
            epsilon,
          ),
          state,
        );
      const above = moved(step);
      return moved(-step).map((below, i) => (above[i]! - below) / (2 * step));
    });
    const A = here.map((_, i) => columns.map((column) => column[i]!));
    const update = solveDense(A, here);
    const largest = Math.max(...update.map(Math.abs));
    const damping = Math.min(1, 1 / largest);
    for (let i = 0; i < cells; i++) phi[i]! -= damping * update[i]!;
    if (largest < 1e-13 || (iteration > 40 && largest < 1e-12)) return stateOf(phi, epsilon);
  }
  throw new Error("the twin's Newton iteration does not converge");
}

describe("implicit stage", () => {
  test("agrees with a dense Newton's method, to Newton's tolerance in L¹", async () => {
    const errors: number[] = [];
    let halvings = 0;
    // jumps from cell to cell, a wall that f has not left; smooth down to e⁻⁶⁰; as on a fine grid, where every mean is a series
    const given = fc.tuple(
      fc.oneof(cases(40, 2, 30), cases(40, 0.2, 60), cases(40, 0.005, 0.5)),
      logarithmic(1e-3, 10),
    );
    await fc.assert(
      fc.asyncProperty(
        given.filter(([{ phi }]) => phi.length >= 12),
        async ([start, share]) => {
          const { faces, epsilon } = start;
          const star = stateOfCase(start);
          const engine = await Engine.create(faces, epsilon);
          engine.setState(star.f, star.h);
          engine.setMethod(singleEuler);
          const kernel = kernelOf(faces, engine.nodes);
          const { flux, gross } = collide(kernel, star, epsilon);
          fc.pre(flux.some((F, k) => Math.abs(F) > 0.01 * gross[k]!)); // not an equilibrium
          const content = kernel.V.reduce((sum, v, i) => sum + v * star.f[i]!, 0);
          // in units of the time that the largest flux takes to carry all there is
          let tau = (share * content) / Math.max(...flux.map(Math.abs));
          // a stage too hard to solve is given up, with the state as it was, and tried with a smaller step
          while (engine.attempt(tau, 1e-13) !== "done") {
            expect(engine.state).toEqual(star.f);
            expect(engine.holes).toEqual(star.h);
            tau /= 2;
            halvings++;
            expect(tau * Math.max(...flux.map(Math.abs))).toBeGreaterThan(1e-3 * content);
          }
          engine.accept();
          const { f, h } = solveStage(kernel, star, epsilon, tau);
          const error = kernel.V.reduce((sum, v, i) => {
            const cell = h[i]! < 0.5 ? (h[i]! - engine.holes[i]!) / epsilon : engine.state[i]! - f[i]!;
            return sum + v * Math.abs(cell);
          }, 0);
          errors.push(error / content);
        },
      ),
      { numRuns: 150, seed: 4, endOnFailure: true },
    );
    // The error of the last iterate is estimated from the contraction seen so far, which may yet slow down.
    const [worst, second] = errors.toSorted((a, b) => b - a) as [number, number];
    expect(second).toBeLessThan(1e-12);
    expect(worst).toBeLessThan(1e-9);
    expect(halvings).toBeLessThan(40);
    console.log(`stage against dense Newton: at worst ${worst.toExponential(1)} in L¹; ${halvings} halvings`);
  });
});

test("a stage that is called solved is: spikes, saturated balls, smooth and rough states, steps up to 10⁴", async () => {
  const radius = 3.3;
  const states: Record<string, (share: number, epsilon: number) => [f: number, hole: number]> = {
    smooth: (share, epsilon) => both(0.5 * Math.exp(-((radius * share) ** 2)), epsilon),
    rough: (share, epsilon) => both(0.01 + 0.9 * Math.abs(Math.sin(1e4 * share)), epsilon),
    saturated: (share, epsilon) =>
      share > 0.5 ? both(1e-30, epsilon) : epsilon > 0 ? [(1 - 1e-15) / epsilon, 1e-15] : [1, 1],
    spike: (share, epsilon) => both(Math.abs(share - 0.52) < 0.02 ? 0.9 : 1e-30, epsilon),
  };
  function both(f: number, epsilon: number): [number, number] {
    return [f, 1 - epsilon * f];
  }
  let solved = 0;
  for (let cells = 4; cells <= 60; cells++) {
    const faces = Float64Array.from({ length: cells + 1 }, (_, k) => (radius * k) / cells);
    for (const epsilon of [0, 1]) {
      for (const state of Object.values(states)) {
        const values = Array.from({ length: cells }, (_, i) => state((i + 0.5) / cells, epsilon));
        if (values.every(([f]) => f < 0.1)) continue; // the spike is between two cells
        const f = Float64Array.from(values, ([value]) => value);
        const engine = await Engine.create(faces, epsilon);
        const V = engine.volumes;
        for (const tau of [1e-3, 1e-2, 0.1, 1, 10, 100, 1e4]) {
          engine.setState(
            f,
            Float64Array.from(values, ([, hole]) => hole),
          );
          engine.setMethod(singleEuler);
          if (engine.attempt(tau, 1e-12) !== "done") continue;
          solved++;
          engine.accept();
          const after = engine.state;
          const rate = engine.rate();
          const left = V.reduce((sum, v, i) => sum + v * Math.abs(after[i]! - tau * rate[i]! - f[i]!), 0);
          expect(left / V.reduce((sum, v, i) => sum + v * f[i]!, 0)).toBeLessThan(1e-8);
        }
        engine.release();
      }
    }
  }
  expect(solved).toBeGreaterThan(1500);
});

describe("coefficients of (1.5) at equilibrium", () => {
  // M = 1/(ε + e^{br²}/a), g = M(1 - εM) = -M'/(2br)
  const a = 3;
  const b = 0.7;
  const M = (epsilon: number, r: number) => 1 / (epsilon + Math.exp(b * r * r) / a);
  const integral = (f: (r: number) => number, r: number) => integratePanels(f, 0, r, 20);

  /** D = ρΘ/(4πr³) [erf ξ - 2ξe^{-ξ²}/√π], ξ = r/√(2Θ); a[f] = ρ erf ξ/(4πr); m = D r³/Θ. */
  function classical(r: number) {
    const theta = 1 / (2 * b);
    const density = a * (Math.PI / b) ** 1.5;
    const xi = r / Math.sqrt(2 * theta);
    const erf = (2 / Math.sqrt(Math.PI)) * integral((s) => Math.exp(-s * s), xi);
    const shape = erf - (2 * xi * Math.exp(-xi * xi)) / Math.sqrt(Math.PI);
    const parallel = ((density * theta) / (4 * Math.PI * r ** 3)) * shape;
    const trace = (density * erf) / (4 * Math.PI * r);
    return { parallel, perpendicular: (trace - parallel) / 2, enclosed: (density * shape) / (4 * Math.PI) };
  }

  /** D = (2br³)⁻¹ ∫₀ʳ M s² ds; a[g] = r⁻¹ ∫₀ʳ s² g ds + ∫ᵣ^∞ s g ds, the last of which is M(r)/2b. */
  function degenerate(epsilon: number, r: number) {
    const enclosed = integral((s) => s * s * M(epsilon, s), r);
    const parallel = enclosed / (2 * b * r ** 3);
    const inner = integral((s) => s * s * M(epsilon, s) * (1 - epsilon * M(epsilon, s)), r);
    const trace = inner / r + M(epsilon, r) / (2 * b);
    return { parallel, perpendicular: (trace - parallel) / 2, enclosed };
  }

  test.each([0, 1, 1e3])("ε = %s: second order at every face", async (epsilon) => {
    const errors: number[][] = [];
    for (const cells of [200, 400, 800]) {
      const { grid, ...found } = await collision({
        epsilon,
        initial: { kind: "fermi-dirac", a, b },
        grid: { cells, radius: 8 },
        until: 1,
      });
      const worst = [0, 0, 0];
      for (let k = 1; k < cells; k++) {
        const r = grid.faces[k]!;
        const known = epsilon > 0 ? degenerate(epsilon, r) : classical(r);
        (["parallel", "perpendicular", "enclosed"] as const).forEach((key, c) => {
          worst[c] = Math.max(worst[c]!, Math.abs(found[key][k]! / known[key] - 1));
        });
      }
      const origin = M(epsilon, 0) / (6 * b); // (1/3) ∫₀^∞ s g ds
      worst.push(Math.abs(found.parallel[0]! / origin - 1), Math.abs(found.perpendicular[0]! / origin - 1));
      expect(worst[2]).toBeLessThan(1e-10); // m is a sum of exact cell averages
      errors.push([worst[0]!, worst[1]!, worst[3]!, worst[4]!]);
    }
    for (let n = 1; n < errors.length; n++) {
      errors[n]!.forEach((error, c) => {
        expect(error).toBeLessThan(1e-3);
        expect(Math.abs(Math.log2(errors[n - 1]![c]! / error) - 2)).toBeLessThan(0.05);
      });
    }
  });
});

test("a whole run is the same in the debug build", async () => {
  const problem = { ...namedProblems.annulus!.problem, grid: { cells: 100 }, tolerance: 1e-4 };
  const release = await simulate(problem);
  const debug = await simulate(problem, { build: "debug" });
  expect(debug.status).toBe("done");
  expect(debug.samples).toEqual(release.samples);
  expect(debug.profiles).toEqual(release.profiles);
});
