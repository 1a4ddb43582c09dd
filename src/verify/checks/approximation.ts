import { sharpPotential, splitBound } from "../bounds.js";
import { atLeast, atMost, type Check, type Context, near, type Row, reported } from "../check.js";
import { type LaggedOptions, laggedStep } from "../lagged.js";
import { orderOf } from "../quadrature.js";
import { blocked, entropyOf, integral, normOf, type RadialGrid, slopes, uniformGrid } from "../radial.js";

const radius = 10;
const until = 1;
const power = 0.5; // the m of |v|^m: 0 < m < 1 in the paper's Lemma 3.12
/** Data below 1 with an edge, heavy enough for the bounds to mean something. */
const initial = (r: number) =>
  r < 1.5 ? 0.85 * (1 - 0.5 * Math.exp(-4 * r * r)) : 0.85 * Math.exp(-6 * (r - 1.5));
const bracket = (r: number) => Math.sqrt(1 + r * r);

/** A run of (3.4): the states and their times. */
interface Scheme {
  grid: RadialGrid;
  options: LaggedOptions;
  states: Float64Array[];
}

function integrate(
  { subject }: Context,
  grid: RadialGrid,
  options: LaggedOptions,
  start: Float64Array = grid.nodes.map(initial),
): Scheme {
  const states = [start];
  const steps = Math.round(until / options.tau);
  for (let k = 0; k < steps; k++) {
    states.push(laggedStep(grid, states[k]!, options, subject.lagged, subject.coefficients));
  }
  return { grid, options, states };
}

const mass = (grid: RadialGrid, f: Float64Array) => integral(grid, f);

/** ‖∇f‖₂² from the faces. */
function gradientSquare(grid: RadialGrid, f: Float64Array): number {
  const slope = slopes(grid, f);
  let sum = 0;
  for (let k = 1; k < f.length; k++) {
    sum += slope[k]! ** 2 * grid.faces[k]! ** 2 * (grid.nodes[k]! - grid.nodes[k - 1]!);
  }
  return 4 * Math.PI * sum;
}

/** Section 3: the semi-discrete system (3.4) and its estimates. */
export const approximation: Check = {
  name: "approximation",
  statements: ["3.1", "3.2", "3.4", "3.8", "3.9", "3.10", "3.11", "3.13", "3.17", "3.18", "3.19", "3.20"],
  claim:
    "Section 3: the paper's approximation (3.4) exists with 0 ≤ f_k ≤ 1, keeps the balance (3.13) in every step, and obeys (3.9), (3.17)–(3.20)",
  kind: "theorem",
  async run(context) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const delta1 of [0.1, 0.01]) {
      const [coarse, fine] = [200, 400].map((n) =>
        integrate(context, uniformGrid(context.cells(n), radius), { tau: 0.02, delta1, delta2: 0.02, power }),
      ) as [Scheme, Scheme];
      const bounded = (what: string, figure: (run: Scheme) => number, bound: number) =>
        atMost(`δ₁ = ${delta1}: ${what}`, figure(fine), bound, [figure(coarse)]);
      rows.push(
        bounded("(3.13), worst step, relative to the mass", balanceDefect, 1e-13),
        atLeast(`δ₁ = ${delta1}: min f_k`, least(fine), 0, [least(coarse)]),
        bounded("max f_k", (run) => Math.max(...run.states.map((f) => Math.max(...f))), 1),
        bounded("(3.9), left side over right side, worst step", energyEstimate, 1),
        bounded(
          "(3.17) for each t, with the (3/8)‖f‖₁ of its proof, left over right",
          (run) => summed(run, false),
          1,
        ),
        reported(
          `δ₁ = ${delta1}: (3.17) with the suprema of both terms at once, left over right`,
          summed(fine, true),
          [summed(coarse, true)],
        ),
        bounded("(3.18), sup ‖f‖₁ / ‖f_in‖₁", massGrowth, 1 + 1e-13),
        bounded("(3.19), growth of ∫⟨v⟩f over its bound", (run) => momentGrowth(run, 1), 1),
        bounded("(3.20), growth of ∫⟨v⟩²f over its bound", (run) => momentGrowth(run, 2), 1),
      );
      fine.states.forEach((f, k) => {
        data.push([
          delta1,
          k * fine.options.tau,
          mass(fine.grid, f),
          normOf(fine.grid, f, 2) ** 2,
          gradientSquare(fine.grid, f),
          integral(fine.grid, f, bracket),
        ]);
      });
    }
    return {
      rows,
      tables: [
        {
          name: "norms",
          columns: ["delta1", "time", "l1", "l2_squared", "gradient_squared", "bracket"],
          rows: data,
        },
      ],
    };
  },
};

const least = (run: Scheme) => Math.min(...run.states.map((f) => Math.min(...f)));

/** ‖f_k‖₁ + τδ₂‖f_k|v|^m‖₁ - ‖f_{k-1}‖₁ */
function balanceDefect({ grid, options, states }: Scheme): number {
  const { tau, delta2 } = options;
  let worst = 0;
  for (let k = 1; k < states.length; k++) {
    const lost = tau * delta2 * integral(grid, states[k]!, (r) => r ** power);
    worst = Math.max(worst, Math.abs(mass(grid, states[k]!) + lost - mass(grid, states[k - 1]!)));
  }
  return worst / mass(grid, states[0]!);
}

/** (3.9) with its constant: z(1-z) ≤ 1/4 and ‖∇a‖² ≤ S‖f‖²_{6/5} make it S/16. */
function energyEstimate({ grid, options, states }: Scheme): number {
  const { tau, delta1, delta2 } = options;
  let worst = 0;
  for (let k = 1; k < states.length; k++) {
    const [f, before] = [states[k]!, states[k - 1]!];
    const damped = integral(
      grid,
      f.map((x) => x * x),
      (r) => r ** power,
    );
    const left = normOf(grid, f, 2) ** 2 + tau * delta1 * gradientSquare(grid, f) + 2 * tau * delta2 * damped;
    const right =
      normOf(grid, before, 2) ** 2 + ((sharpPotential / 16) * tau * normOf(grid, before, 1.2) ** 2) / delta1;
    worst = Math.max(worst, left / right);
  }
  return worst;
}

/**
 * ‖f_k‖² + 2δ₁ Σ_{j≤k} τ‖∇f_j‖² over ‖f_in‖² + (3/8) kτ ‖f_in‖₁, the worst k; with `suprema` the first term is the largest
 * so far, which is how (3.17) is printed and not what its proof gives. (Printed, too, is ‖f_in‖₁^{3/2} for (3/8)‖f_in‖₁:
 * Young's inequality for ‖f‖₁^{1/2} X - (2/3)X² gives the latter.)
 */
function summed({ grid, options, states }: Scheme, suprema: boolean): number {
  const { tau, delta1 } = options;
  const start = normOf(grid, states[0]!, 2) ** 2;
  const rate = (3 / 8) * mass(grid, states[0]!);
  let [most, dissipated, worst] = [start, 0, 0];
  for (let k = 1; k < states.length; k++) {
    const square = normOf(grid, states[k]!, 2) ** 2;
    most = Math.max(most, square);
    dissipated += 2 * delta1 * tau * gradientSquare(grid, states[k]!);
    worst = Math.max(worst, ((suprema ? most : square) + dissipated) / (start + k * tau * rate));
  }
  return worst;
}

function massGrowth({ grid, states }: Scheme): number {
  const start = mass(grid, states[0]!);
  return Math.max(...states.map((f) => mass(grid, f) / start));
}

/**
 * Growth of ∫⟨v⟩^s f per time over the bound of the proof: tr(A∇²⟨v⟩) ≤ a[g], |∇⟨v⟩| ≤ 1, Δ⟨v⟩ ≤ 3 for s = 1, and
 * ∇²⟨v⟩² = 2, |∇⟨v⟩²| ≤ 2⟨v⟩ for s = 2; a and ∇a bounded by Lemmas 2.2 and 2.3 through ‖f‖₁ and f ≤ 1.
 */
function momentGrowth({ grid, options, states }: Scheme, s: 1 | 2): number {
  const { tau, delta1 } = options;
  const start = mass(grid, states[0]!);
  const potential = splitBound(1, Infinity, 1);
  const field = splitBound(1, Infinity, 2);
  const a = (potential.constant * start ** (1 - potential.alpha)) / (4 * Math.PI);
  const gradient = (field.constant * start ** (1 - field.alpha)) / (4 * Math.PI);
  const moments = states.map((f) => integral(grid, f, (r) => bracket(r) ** s));
  const firsts = states.map((f) => integral(grid, f, bracket));
  const rate =
    s === 1
      ? (a + 2 * gradient + 3 * delta1) * start
      : 2 * a * start + 4 * gradient * Math.max(...firsts) + 6 * delta1 * start;
  return Math.max(...moments.slice(1).map((moment, k) => (moment - moments[0]!) / ((k + 1) * tau * rate)));
}

/** Section 3, limits: (3.4) → (3.1) → (1.1). */
export const limits: Check = {
  name: "limits",
  statements: ["3.3", "3.12", "3.1", "1.1"],
  claim:
    "Proposition 3.3 and section 3.4: with δ₂ = τ → 0, then δ₁ → 0, the approximation goes to the solution of (1.1), of first order in each",
  kind: "theorem",
  async run(context) {
    const n = context.cells(600);
    const grid = uniformGrid(n, radius);
    const solved = await context.subject.relax({
      epsilon: 1,
      initial,
      grid: { cells: n, radius },
      until,
      tolerance: 1e-8,
      samples: { at: [until] },
    });
    const solution = solved.profiles.at(-1)!;
    const end = (tau: number, delta1: number) =>
      integrate(context, grid, { tau, delta1, delta2: tau, power }, solved.profiles[0]!).states.at(-1)!;
    const distance = (f: Float64Array, g: Float64Array) =>
      integral(
        grid,
        f.map((x, i) => Math.abs(x - g[i]!)),
      ) / integral(grid, f);
    const extrapolated = (tau: number, delta1: number) => {
      // two halvings: the terms of order τ and τ² are gone
      const [a, b, c] = [end(tau, delta1), end(tau / 2, delta1), end(tau / 4, delta1)];
      return a.map((x, i) => x / 3 - 2 * b[i]! + (8 / 3) * c[i]!);
    };
    const rows: Row[] = [];
    const data: number[][] = [];
    const delta = 0.02;
    const limit = extrapolated(0.005, delta);
    const taus = [0.04, 0.02, 0.01, 0.005];
    const inTau = taus.map((tau) => distance(end(tau, delta), limit));
    const tauOrders = inTau.slice(1).map((error, k) => orderOf(inTau[k]!, error));
    rows.push(
      near(`order in τ = δ₂ at δ₁ = ${delta}`, tauOrders.at(-1)!, 1, 0.1, tauOrders.slice(0, -1)),
      atMost("∫|f_τ - f_{δ₁}| / ρ at τ = 0.005", inTau.at(-1)!, 0.02, inTau.slice(0, -1)),
    );
    taus.forEach((tau, k) => {
      data.push([tau, delta, inTau[k]!]);
    });
    const deltas = [0.008, 0.004, 0.002, 0.001];
    const inDelta = deltas.map((delta1) => distance(extrapolated(0.01, delta1), solution));
    const deltaOrders = inDelta.slice(1).map((error, k) => orderOf(inDelta[k]!, error));
    rows.push(
      near(
        "order in δ₁ (τ → 0), against the package's solution",
        deltaOrders.at(-1)!,
        1,
        0.15,
        deltaOrders.slice(0, -1),
      ),
      atMost("∫|f_{δ₁} - f| / ρ at δ₁ = 0.001", inDelta.at(-1)!, 0.02, inDelta.slice(0, -1)),
    );
    deltas.forEach((delta1, k) => {
      data.push([0, delta1, inDelta[k]!]);
    });
    return { rows, tables: [{ name: "convergence", columns: ["tau", "delta1", "l1_error"], rows: data }] };
  },
};

/** Lemmas 3.13 and 3.14 for (3.1): moments uniformly in δ₁, entropy. */
export const viscous: Check = {
  name: "viscous",
  statements: ["3.13", "3.14", "3.26", "3.27", "3.28"],
  claim:
    "Lemmas 3.13, 3.14: for (3.1), moments of order s > 2 are bounded uniformly in δ₁ (3.26), H_1 decreases (3.27) and A ≥ C/(1+r³) (3.28)",
  kind: "theorem",
  async run(context) {
    const rows: Row[] = [];
    const data: number[][] = [];
    const grid = uniformGrid(context.cells(300), 1.6 * radius);
    const deltas = [0.1, 0.03, 0.01, 0.003];
    const runs = deltas.map((delta1) => integrate(context, grid, { tau: 0.01, delta1, delta2: 0, power }));
    const finer = deltas.map((delta1) => integrate(context, grid, { tau: 0.005, delta1, delta2: 0, power }));
    const rise = (run: Scheme) => {
      const entropies = run.states.map((f) => entropyOf(grid, f, 1));
      return Math.max(...entropies.slice(1).map((h, k) => h - entropies[k]!)) / mass(grid, run.states[0]!);
    };
    const constant = (run: Scheme) =>
      Math.min(
        ...run.states.map((f) => {
          const { parallel, perpendicular } = context.subject.coefficients(grid, blocked(f, 1), f);
          let smallest = Infinity;
          for (let k = 0; k < parallel.length; k++) {
            const weight = 1 + grid.faces[k]! ** 3;
            smallest = Math.min(smallest, weight * parallel[k]!, weight * perpendicular[k]!);
          }
          return smallest;
        }),
      );
    for (const s of [3, 4]) {
      const highest = (run: Scheme) =>
        Math.max(...run.states.map((f) => integral(grid, f, (r) => bracket(r) ** s)));
      const sups = finer.map(highest);
      // δ₁ only adds: the bound at the largest δ₁ holds for the smaller ones
      rows.push(
        atMost(
          `(3.26) s = ${s}: largest sup_t ∫⟨v⟩^s f of δ₁ ≤ 0.03 over that of 0.1`,
          Math.max(...sups.slice(1)) / sups[0]!,
          1,
          [Math.max(...runs.slice(1).map(highest)) / highest(runs[0]!)],
        ),
        atMost(
          `(3.26) s = ${s}: sup_t of δ₁ = 0.003 over that at t = 0, growth per time`,
          sups[3]! / integral(grid, finer[3]!.states[0]!, (r) => bracket(r) ** s) - 1,
          2,
        ),
      );
    }
    deltas.forEach((delta1, k) => {
      rows.push(
        atMost(`(3.27) δ₁ = ${delta1}: largest rise of H₁ over a step, over ρ`, rise(finer[k]!), 0, [
          rise(runs[k]!),
        ]),
      );
      finer[k]!.states.forEach((f, j) => {
        if (j % 10 === 0)
          data.push([delta1, j * 0.005, entropyOf(grid, f, 1), integral(grid, f, (r) => bracket(r) ** 3)]);
      });
    });
    const constants = finer.map(constant);
    rows.push(
      atLeast(
        "(3.28) least C of all δ₁ and t, over that of the smallest δ₁",
        Math.min(...constants) / constants[3]!,
        0.5,
      ),
    );
    return {
      rows,
      tables: [
        {
          name: "entropy",
          columns: ["delta1", "time", "H", "bracket3"],
          rows: data,
          picture: { title: "H₁ along (3.1)", x: "time", y: ["H"], by: "delta1" },
        },
      ],
    };
  },
};
