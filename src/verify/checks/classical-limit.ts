import { equilibriumValue } from "../../equilibrium/equilibrium.js";
import { type Check, near, type Row } from "../check.js";
import { orderOf } from "../quadrature.js";
import { integral } from "../radial.js";
import type { Trajectory } from "../subject.js";

const epsilons = [0.8, 0.4, 0.2, 0.1];

/** ε → 0: the classical Landau equation. */
export const classicalLimit: Check = {
  name: "classical-limit",
  statements: [],
  claim:
    "ε → 0: H_ε - (ln ε - 1)ρ → H, M_ε → M, H_ε[f|M_ε] → H[f|M] (the diagnostics of runs at t = 0) and f_ε(t) → f_0(t), all of first order in ε",
  kind: "theorem",
  async run({ subject, cells }) {
    const components = [
      { density: 0.7, temperature: 0.5 },
      { density: 0.3, temperature: 2 },
    ];
    const solve = (epsilon: number) =>
      subject.relax({
        epsilon,
        initial: { kind: "maxwellians", components },
        grid: { cells: cells(600), radius: 14 },
        until: 5,
        tolerance: 1e-8,
        samples: { at: [1, 5] },
      });
    const classical = await solve(0);
    const { grid } = classical;
    const [start] = classical.samples;
    const state = ({ equilibrium, epsilon }: Trajectory) =>
      grid.nodes.map((r) => equilibriumValue(equilibrium, epsilon, r));
    const distance = (f: Float64Array, g: Float64Array) =>
      integral(
        grid,
        f.map((x, i) => Math.abs(x - g[i]!)),
      );
    const data: number[][] = [];
    for (const epsilon of epsilons) {
      const other = await solve(epsilon);
      const { mass, entropy, relativeEntropy } = other.samples[0]!;
      data.push([
        epsilon,
        Math.abs(entropy - (Math.log(epsilon) - 1) * mass - start!.entropy),
        distance(state(other), state(classical)),
        Math.abs(relativeEntropy - start!.relativeEntropy),
        distance(other.profiles[1]!, classical.profiles[1]!),
        distance(other.profiles[2]!, classical.profiles[2]!),
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
      rows.push(
        near(`order in ε of ${name}`, orders.at(-1)!, 1, 0.02, {
          by: "larger ε",
          values: orders.slice(0, -1),
        }),
      );
    });
    return { rows, tables: [{ name: "rates", columns, rows: data }] };
  },
};
