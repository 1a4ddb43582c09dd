import { sharpPotential } from "../bounds.js";
import { atLeast, atMost, type Check, type Context, near, type Row, reported } from "../check.js";
import { type LaggedOptions, laggedStep, solveTridiagonal } from "../lagged.js";
import { orderOf } from "../quadrature.js";
import { blocked, entropyOf, integral, normOf, type RadialGrid, uniformGrid } from "../radial.js";
import { bracket, gradientSquare, potentialBounds, weightedEnergy } from "../weighted-energy.js";

const radius = 10;
const until = 1;
const power = 0.5; // the m of |v|^m: 0 < m < 1 in the paper's Lemma 3.12
/** Data below 1 with an edge, heavy enough for the bounds to mean something. */
const initial = (r: number) =>
  r < 1.5 ? 0.85 * (1 - 0.5 * Math.exp(-4 * r * r)) : 0.85 * Math.exp(-6 * (r - 1.5));

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

/** Section 3: the semi-discrete system (3.4) and its estimates. */
export const approximation: Check = {
  name: "approximation",
  statements: [
    "Proposition 3.2",
    "Lemma 3.4",
    "Lemma 3.8",
    "Lemma 3.9",
    "Lemma 3.10",
    "Lemma 3.11",
    "Lemma 3.12",
    "(3.4)",
    "(3.9)",
    "(3.13)",
    "(3.17)",
    "(3.18)",
    "(3.19)",
    "(3.20)",
    "(3.21)",
    "(3.22)",
  ],
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
        bounded("(3.17) as printed, left over right, worst t", (run) => summed(run).printed, 1),
        bounded("(3.17) for each t, with the (3/8)‖f‖₁ of its proof", (run) => summed(run).proven, 1),
        reported(`δ₁ = ${delta1}: (3.17) with both the suprema and the (3/8)‖f‖₁`, summed(fine).both, [
          summed(coarse).both,
        ]),
        bounded("(3.18), sup ‖f‖₁ / ‖f_in‖₁", massGrowth, 1 + 1e-13),
        bounded("(3.19), growth of ∫⟨v⟩f over its bound", (run) => momentGrowth(run, 1), 1),
        bounded("(3.20), growth of ∫⟨v⟩²f over its bound", (run) => momentGrowth(run, 2), 1),
        bounded("(3.21), ‖D_τ f‖ in L²(H⁻¹) over the sum of its I₁ … I₄", (run) => dualEstimate(run), 1),
        bounded("(3.22), ‖f‖² in L²(H¹) over its bound", spaceEstimate, 1),
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
 * (3.17) over [0, kτ], left over right, the worst k. `printed`: the suprema of both terms against ‖f_in‖² + T‖f_in‖₁^{3/2}.
 * Its proof has (3/8)‖f‖₁ from Young's inequality, for each k (`proven`); `both`: that right side with the suprema.
 */
function summed({ grid, options, states }: Scheme): { printed: number; proven: number; both: number } {
  const { tau, delta1 } = options;
  const start = normOf(grid, states[0]!, 2) ** 2;
  const initialMass = mass(grid, states[0]!);
  let [most, dissipated] = [start, 0];
  const worst = { printed: 0, proven: 0, both: 0 };
  for (let k = 1; k < states.length; k++) {
    const square = normOf(grid, states[k]!, 2) ** 2;
    most = Math.max(most, square);
    dissipated += 2 * delta1 * tau * gradientSquare(grid, states[k]!);
    const young = start + (3 / 8) * k * tau * initialMass;
    worst.printed = Math.max(worst.printed, (most + dissipated) / (start + k * tau * initialMass ** 1.5));
    worst.proven = Math.max(worst.proven, (square + dissipated) / young);
    worst.both = Math.max(worst.both, (most + dissipated) / young);
  }
  return worst;
}

/** ‖g‖ in H⁻¹: ∫ g u with (1 - Δ)u = g. */
function dualNorm({ faces, volumes, nodes }: RadialGrid, g: Float64Array): number {
  const n = g.length;
  const [lower, upper] = [new Float64Array(n), new Float64Array(n)];
  const diagonal = volumes.slice();
  for (let k = 1; k < n; k++) {
    const conductance = faces[k]! ** 2 / (nodes[k]! - nodes[k - 1]!);
    upper[k - 1] = -conductance;
    lower[k] = -conductance;
    diagonal[k - 1]! += conductance;
    diagonal[k]! += conductance;
  }
  const right = g.map((x, i) => x * volumes[i]!);
  const u = solveTridiagonal(lower, diagonal, upper, right);
  return Math.sqrt(4 * Math.PI * u.reduce((sum, x, i) => sum + x * right[i]!, 0));
}

/**
 * ‖D_τ f‖ in L²(0,T;H⁻¹) over what the proof of Lemma 3.12 bounds it by, (3.21):
 * (sup A + δ₁) ‖∇f‖ + (1/4) ‖∇a‖₂ + δ₂ ‖|v|^m f‖₂, in L²(0,T), with Lemmas 2.2 and 2.3 for A and ∇a.
 */
function dualEstimate({ grid, options, states }: Scheme): number {
  const { tau, delta1, delta2 } = options;
  // A ≤ a, whose bound the constant of Lemma 2.2 halves
  const sup = potentialBounds(mass(grid, states[0]!)).potential / 2 + delta1;
  let [left, right] = [0, 0];
  for (let k = 1; k < states.length; k++) {
    const [f, before] = [states[k]!, states[k - 1]!];
    const rate = f.map((x, i) => (x - before[i]!) / tau);
    left += tau * dualNorm(grid, rate) ** 2;
    const bound =
      sup * Math.sqrt(gradientSquare(grid, f)) +
      (Math.sqrt(sharpPotential) * normOf(grid, before, 1.2)) / 4 +
      delta2 * normOf(grid, f, 2, (r) => r ** power);
    right += tau * bound ** 2;
  }
  return Math.sqrt(left / right);
}

/** ‖f‖² in L²(0,T;H¹) over T sup‖f‖² + ∫‖∇f‖² as (3.17) bounds them; the rest of (3.22) is (3.20). */
function spaceEstimate({ grid, options, states }: Scheme): number {
  const { tau, delta1 } = options;
  const T = tau * (states.length - 1);
  const bound = normOf(grid, states[0]!, 2) ** 2 + T * mass(grid, states[0]!) ** 1.5;
  let norm = 0;
  for (const f of states.slice(1)) norm += tau * (normOf(grid, f, 2) ** 2 + gradientSquare(grid, f));
  return norm / (T * bound + bound / (2 * delta1));
}

function massGrowth({ grid, states }: Scheme): number {
  const start = mass(grid, states[0]!);
  return Math.max(...states.map((f) => mass(grid, f) / start));
}

/**
 * Growth of ∫⟨v⟩^s f per time over the bound of the proofs of Lemmas 3.11 and 3.13: for s ≥ 2 the Hessian of ⟨v⟩^s is at
 * most s(s-1)⟨v⟩^{s-2}, its gradient s⟨v⟩^{s-1}, its Laplacian s(s+1)⟨v⟩^{s-2}; for s = 1 it is tr(A∇²⟨v⟩) ≤ a, 1 and 3.
 */
function momentGrowth({ grid, options, states }: Scheme, s: number): number {
  const { tau, delta1 } = options;
  const { potential, field } = potentialBounds(mass(grid, states[0]!));
  const moment = (f: Float64Array, power: number) => integral(grid, f, (r) => bracket(r) ** power);
  const highest = (power: number) => Math.max(...states.map((f) => moment(f, power)));
  const rate =
    s === 1
      ? (potential + 2 * field + 3 * delta1) * highest(0)
      : s * ((s - 1) * potential + (s + 1) * delta1) * highest(s - 2) + 2 * s * field * highest(s - 1);
  const start = moment(states[0]!, s);
  return Math.max(...states.slice(1).map((f, k) => (moment(f, s) - start) / ((k + 1) * tau * rate)));
}

/** Section 3, limits: (3.4) → (3.1) → (1.1). */
export const limits: Check = {
  name: "limits",
  statements: ["Proposition 3.3", "(3.1)", "Theorem 1.1"],
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
      near(`order in τ = δ₂ at δ₁ = ${delta}`, tauOrders.at(-1)!, 1, 0.1, {
        by: "larger τ",
        values: tauOrders.slice(0, -1),
      }),
      atMost("∫|f_τ - f_{δ₁}| / ρ at τ = 0.005", inTau.at(-1)!, 0.01, {
        by: "larger τ",
        values: inTau.slice(0, -1),
      }),
    );
    taus.forEach((tau, k) => {
      data.push([tau, delta, inTau[k]!]);
    });
    const deltas = [0.008, 0.004, 0.002, 0.001];
    const inDelta = deltas.map((delta1) => distance(extrapolated(0.01, delta1), solution));
    const deltaOrders = inDelta.slice(1).map((error, k) => orderOf(inDelta[k]!, error));
    rows.push(
      near("order in δ₁ (τ → 0), against the package's solution", deltaOrders.at(-1)!, 1, 0.15, {
        by: "larger δ₁",
        values: deltaOrders.slice(0, -1),
      }),
      atMost("∫|f_{δ₁} - f| / ρ at δ₁ = 0.001", inDelta.at(-1)!, 0.01, {
        by: "larger δ₁",
        values: inDelta.slice(0, -1),
      }),
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
  statements: ["Lemma 3.13", "Lemma 3.14", "Lemma 3.15", "(3.24)", "(3.25)", "(3.26)", "(3.27)", "(3.28)"],
  claim:
    "Lemmas 3.13 to 3.15: for (3.1), moments of order s > 2 (3.26), the weighted L² norm, ∇f and ∂t f (3.25) are bounded uniformly in δ₁ by the constants of the proofs, H_1 decreases (3.27) and A ≥ C/(1+r³) (3.28)",
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
    const inTau = (coarse: number) => ({ by: "2τ", values: [coarse] });
    for (const s of [3, 4]) {
      const growth = (list: Scheme[]) => Math.max(...list.map((run) => momentGrowth(run, s)));
      rows.push(
        atMost(
          `(3.26) s = ${s}: growth of ∫⟨v⟩^s f over its bound, worst of δ₁ = 0.1 … 0.003`,
          growth(finer),
          1,
          inTau(growth(runs)),
        ),
      );
    }
    const energy = (list: Scheme[]) =>
      Math.max(
        ...list.map((run) =>
          weightedEnergy(
            {
              ...run,
              weights: run.states.slice(1).map(() => run.options.tau),
              viscosity: run.options.delta1,
              coercivity: constant(run),
            },
            3,
          ),
        ),
      );
    const dual = (list: Scheme[]) => Math.max(...list.map((run) => dualEstimate(run)));
    const gradients = (list: Scheme[]) =>
      list.map(({ grid: its, options, states }) =>
        states.slice(1).reduce((sum, f) => sum + options.tau * gradientSquare(its, f), 0),
      );
    rows.push(
      atMost(
        "Lemma 3.15: sup ∫⟨v⟩³f² and ∫∫|∇f|² over the bound of its proof, worst of all δ₁",
        energy(finer),
        1,
        inTau(energy(runs)),
      ),
      atMost("(3.25): ‖∂t f‖ in L²(H⁻¹) over its bound, worst of all δ₁", dual(finer), 1, inTau(dual(runs))),
      reported(
        "(3.25): ∫‖∇f‖² dt of δ₁ = 0.003 over that of 0.01",
        gradients(finer)[3]! / gradients(finer)[2]!,
        {
          by: "larger δ₁",
          values: [0, 1].map((k) => gradients(finer)[k + 1]! / gradients(finer)[k]!),
        },
      ),
    );
    deltas.forEach((delta1, k) => {
      rows.push(
        atMost(
          `(3.27) δ₁ = ${delta1}: largest rise of H₁ over a step, over ρ`,
          rise(finer[k]!),
          0,
          inTau(rise(runs[k]!)),
        ),
      );
      finer[k]!.states.forEach((f, j) => {
        if (j % 10 === 0)
          data.push([delta1, j * 0.005, entropyOf(grid, f, 1), integral(grid, f, (r) => bracket(r) ** 3)]);
      });
    });
    const constants = finer.map(constant);
    // no bound in numbers: that it does not depend on δ₁
    rows.push(
      reported("(3.28) least C of all t for δ₁ = 0.003 over that for 0.01", constants[3]! / constants[2]!, {
        by: "larger δ₁",
        values: [constants[1]! / constants[0]!, constants[2]! / constants[1]!],
      }),
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
