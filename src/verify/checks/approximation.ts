import { atLeast, atMost, type Check, near, type Row, reported } from "../check.js";
import { orderOf } from "../quadrature.js";
import { blocked, entropyOf, integral, normOf, uniformGrid } from "../radial.js";
import {
  balanceDefect,
  dualEstimate,
  energyEstimate,
  initial,
  integrate,
  least,
  mass,
  massGrowth,
  momentGrowth,
  power,
  radius,
  type Scheme,
  spaceEstimate,
  summed,
  until,
} from "../scheme.js";
import { bracket, gradientSquare, weightedEnergy } from "../weighted-energy.js";

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
