import { equilibrium, equilibriumValue } from "../../equilibrium/equilibrium.js";
import { type Check, near, type Row } from "../check.js";
import { orderOf } from "../quadrature.js";
import { entropyOf, integral, uniformGrid } from "../radial.js";
import { relativeEntropy } from "./equilibria.js";

const epsilons = [0.8, 0.4, 0.2, 0.1];

/** ε → 0: the classical Landau equation. */
export const classicalLimit: Check = {
  name: "classical-limit",
  statements: ["classical-limit"],
  claim:
    "ε → 0: H_ε - (ln ε - 1)ρ → H, M_ε → M, H_ε[f|M_ε] → H[f|M] and f_ε(t) → f_0(t), all of first order in ε",
  kind: "theorem",
  async run({ subject, cells }) {
    const components = [
      { density: 0.7, temperature: 0.5 },
      { density: 0.3, temperature: 2 },
    ];
    const initial = { kind: "maxwellians" as const, components };
    const grid = uniformGrid(cells(1000), 16);
    const f = grid.nodes.map((r) =>
      components.reduce(
        (sum, { density, temperature: T }) =>
          sum + (density * Math.exp((-r * r) / (2 * T))) / (2 * Math.PI * T) ** 1.5,
        0,
      ),
    );
    const mass = integral(grid, f);
    const energy = integral(grid, f, (r) => r * r);
    const state = (epsilon: number) => {
      const M = equilibrium({ mass, energy, epsilon });
      return grid.nodes.map((r) => equilibriumValue(M, epsilon, r));
    };
    const run = async (epsilon: number) => {
      const { profiles, grid: its } = await subject.relax({
        epsilon,
        initial,
        grid: { cells: cells(600), radius: 14 },
        until: 5,
        tolerance: 1e-8,
        samples: { at: [1, 5] },
      });
      return { profiles, grid: its };
    };
    const classical = await run(0);
    const classicalState = state(0);
    const classicalRelative = relativeEntropy(grid, f, classicalState, 0);
    const data: number[][] = [];
    for (const epsilon of epsilons) {
      const M = state(epsilon);
      const other = await run(epsilon);
      const gap = (k: number) =>
        integral(
          classical.grid,
          other.profiles[k]!.map((x, i) => Math.abs(x - classical.profiles[k]![i]!)),
        );
      data.push([
        epsilon,
        Math.abs(entropyOf(grid, f, epsilon) - (Math.log(epsilon) - 1) * mass - entropyOf(grid, f, 0)),
        integral(
          grid,
          M.map((x, i) => Math.abs(x - classicalState[i]!)),
        ),
        Math.abs(relativeEntropy(grid, f, M, epsilon) - classicalRelative),
        gap(1),
        gap(2),
      ]);
    }
    const columns = ["epsilon", "entropy", "equilibrium", "relative_entropy", "f_at_1", "f_at_5"];
    const names = [
      "|H_ε - (ln ε - 1)ρ - H|",
      "∫|M_ε - M|",
      "|H_ε[f|M_ε] - H[f|M]|",
      "∫|f_ε - f_0| at t = 1",
      "∫|f_ε - f_0| at t = 5",
    ];
    const rows: Row[] = [];
    names.forEach((name, k) => {
      const errors = data.map((row) => row[k + 1]!);
      const orders = errors.slice(1).map((error, j) => orderOf(errors[j]!, error));
      rows.push(near(`order in ε of ${name}`, orders.at(-1)!, 1, 0.05, orders.slice(0, -1)));
    });
    return { rows, tables: [{ name: "rates", columns, rows: data }] };
  },
};
