import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namedProblems } from "../src/index.js";
import { integratePanels } from "../src/quadrature.js";
import { simulate } from "../src/simulate.js";
import { Engine } from "../src/solver/engine.js";
import { singleEuler } from "../src/solver/methods.js";
import { collide, type Kernel, kernelOf, type State, stateOf } from "./collision-twin.js";

// The solver against its twin (collision-twin.ts), its debug build, a dense Newton's method and closed forms.

const { EPSILON: ulp } = Number;

/** Uniform; fc.double would be uniform in the bits, almost always next to 0. */
const uniform = (low: number, high: number) =>
  fc.integer({ min: 0, max: 1e9 }).map((n) => low + (high - low) * (n / 1e9));
/** A number whose logarithm is uniform. */
const logarithmic = (low: number, high: number) => uniform(Math.log(low), Math.log(high)).map(Math.exp);
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
      fc.asyncProperty(fc.oneof(cases(200, 60, 80), cases(200, 0.5, 80)), async (given) => {
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
      }),
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
        const sample = engine.diagnose(0, f, h, 0, 1);
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
});

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
      const change =
        state.h[i]! < 0.5 ? (star.h[i]! - state.h[i]!) / epsilon : state.f[i]! - star.f[i]!;
      return (change - tau * value) / (unit.f[i]! * unit.h[i]!);
    });
  };
  for (let iteration = 0; iteration < 60; iteration++) {
    const state = stateOf(phi, epsilon);
    const here = residual(state, state);
    const step = 1e-6;
    const columns = phi.map((_, j) => {
      const moved = (by: number) => residual(stateOf(phi.map((p, i) => (i === j ? p + by : p)), epsilon), state);
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

const f0=(e:Engine,tau:number)=>[1e-12,1e-10,1e-8,1e-6,1e-3].map(t=>{const n=e.newtonIterations;const o=e.attempt(tau,t);return o+(e.newtonIterations-n)}).join()+'|'+[1,1/2,1/4,1/16,1/64,1/256].map(s=>e.attempt(tau*s,1e-13)).join();
describe("implicit stage", () => {
  test("agrees with a dense Newton's method of its own", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(cases(40, 2, 30), logarithmic(1e-3, 10)).filter(([{ phi }]) => phi.length >= 12),
        async ([given, share]) => {
          const { faces, epsilon } = given;
          const star = stateOfCase(given);
          const engine = await Engine.create(faces, epsilon);
          engine.setState(star.f, star.h);
          const kernel = kernelOf(faces, engine.nodes);
          // τ in units of the time in which the state as a whole changes
          const { flux, gross } = collide(kernel, star, epsilon);
          fc.pre(flux.some((F, k) => Math.abs(F) > 0.01 * gross[k]!)); // not an equilibrium
          const content = kernel.V.reduce((sum, v, i) => sum + v * star.f[i]!, 0);
          const tau = (share * content) / Math.max(...flux.map(Math.abs));
          engine.setMethod(singleEuler);
          const out=engine.attempt(tau, 1e-13);
          if (out!=="done") { console.log("FAILED", out, f0(engine,tau), share, epsilon, given.phi.length, star.f.at(-1)!/Math.max(...star.f)); return; }
          engine.accept();
          const { f, h } = solveStage(kernel, star, epsilon, tau);
          let w = 0,at=0,l1=0,lh=0;
          for (let i = 0; i < f.length; i++) {
            {const e=Math.max(Math.abs(engine.state[i]! / f[i]! - 1), Math.abs(engine.holes[i]! / h[i]! - 1)); if(e>w){w=e;at=i;}l1+=Math.abs(engine.state[i]!-f[i]!)*kernel.V[i]!/content;lh+=Math.abs(engine.holes[i]!-h[i]!)*kernel.V[i]!/content/(epsilon||1)}
          }
          console.log(f.length, epsilon.toExponential(0), share.toExponential(1), w.toExponential(1),at,(engine.state[at]!/Math.max(...engine.state)).toExponential(1),'L1',l1.toExponential(1),lh.toExponential(1), engine.newtonIterations);
        },
      ),
      { numRuns: 300, seed: 4, endOnFailure: true },
    );
  });
});
