import { equilibrium, equilibriumValue } from "../../equilibrium/equilibrium.js";
import { innerNorm, outerNorm } from "../bounds.js";
import { atMost, type Check, type Row, reported } from "../check.js";
import { blocked, normOf, type RadialGrid, uniformGrid } from "../radial.js";
import { randomFunctions } from "../random-data.js";

/** Lemma 5.5 */
export const weightedBounds: Check = {
  name: "weighted-bounds",
  statements: ["5.5", "5.28", "5.29"],
  claim:
    "Lemma 5.5: |v|³D[g] ≲ E∥[g], |v|A⊥[g] ≲ E⊥[g], |v|²|∂r a[g]| ≲ Ẽ∥[g], with the constants of its proof; and A[g] ≲ E[g] A[m]",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    const M = equilibrium({ mass: 1, energy: 3, epsilon: 1 });
    for (const [p, q] of [
      [1, 2],
      [1.2, 3],
    ] as const) {
      const figures = [500, 1000].map((n) => {
        const grid = uniformGrid(cells(n), 12);
        const weight = blocked(
          grid.nodes.map((r) => equilibriumValue(M, 1, r)),
          1,
        );
        const ofM = subject.coefficients(grid, weight, weight);
        const most = [0, 0, 0, 0];
        for (const [k, shape] of randomFunctions(300, 11, true).entries()) {
          const g = grid.nodes.map(shape);
          const { parallel, perpendicular, enclosed } = subject.coefficients(grid, g, g);
          const { across, along, gradient } = norms(grid, g, p, q);
          const here = [0, 0, 0, 0];
          for (let face = 1; face < parallel.length; face++) {
            const r = grid.faces[face]!;
            const [D, T] = [Math.abs(parallel[face]!), Math.abs(perpendicular[face]!)];
            const both = Math.max(D / ofM.parallel[face]!, T / ofM.perpendicular[face]!) / (across + along);
            const values = [
              (r ** 3 * D) / along,
              (r * T) / across,
              Math.abs(enclosed[face]!) / gradient,
              both,
            ];
            for (let c = 0; c < 4; c++) here[c] = Math.max(here[c]!, values[c]!);
          }
          for (let c = 0; c < 4; c++) most[c] = Math.max(most[c]!, here[c]!);
          if (n === 1000) data.push([p, q, k, ...here]);
        }
        return most;
      });
      const [coarse, fine] = figures as [number[], number[]];
      const A = Math.max(1, innerNorm(q, 1), outerNorm(p, 1)) / (8 * Math.PI);
      // ∫|g||v-w|⁻¹ with weights |w|: twice; ∫|g||w|²|v-w|⁻²: in L^{2p}, L^{2q}
      const a =
        Math.max(1, 2 * innerNorm(q, 1), 2 * outerNorm(p, 1), innerNorm(2 * q, 2), outerNorm(2 * p, 2)) /
        (4 * Math.PI);
      const label = `p = ${p}, q = ${q}`;
      rows.push(
        atMost(`(5.28) |v|³D/E∥, largest of 300, ${label}`, fine[0]!, A, [coarse[0]!]),
        atMost(`(5.28) |v|A⊥/E⊥, ${label}`, fine[1]!, A, [coarse[1]!]),
        atMost(`(5.29) |v|²|∂r a|/Ẽ∥, ${label}`, fine[2]!, a, [coarse[2]!]),
        reported(`(5.28) A[g] / (E[g] A[m]) at M, ρ = Θ = ε = 1, ${label}`, fine[3]!, [coarse[3]!]),
      );
    }
    return {
      rows,
      tables: [
        {
          name: "ratios",
          columns: ["p", "q", "sample", "parallel", "perpendicular", "gradient", "against_m"],
          rows: data,
        },
      ],
    };
  },
};

/** E⊥, E∥ and Ẽ∥ of the paper (before Lemma 5.5). */
function norms(grid: RadialGrid, g: Float64Array, p: number, q: number) {
  const norm = (s: number, power: number) => normOf(grid, g, s, (r) => r ** power);
  return {
    across: norm(1, 0) + norm(p, 1) + norm(q, 1),
    along: norm(1, 2) + norm(p, 3) + norm(q, 3),
    // ∫|w|^{4p}|g|^{2p} is the 2p-th power of the norm of |w|²g
    gradient: norm(1, 0) + norm(p, 1) + norm(q, 1) + norm(2 * p, 2) + norm(2 * q, 2),
  };
}
