import { equilibrium, equilibriumValue } from "../../equilibrium/equilibrium.js";
import { atMost, type Check, type Context, near, type Row, reported } from "../check.js";
import { randomNumbers } from "../quadrature.js";
import { blocked, integral, normOf, type RadialGrid, slopes, uniformGrid } from "../radial.js";
import { bracket } from "../weighted-energy.js";
import { nonlinearFluxes } from "./decomposition.js";

const gas = { mass: 3, energy: 6, epsilon: 1 };
const radius = 9;
const count = 200;
const [p, q] = [1, 2];

/** Lemma 5.6 */
export const nonlinearBounds: Check = {
  name: "nonlinear-bounds",
  statements: ["Lemma 5.6", "(5.30)", "(5.31)"],
  claim:
    "Lemma 5.6: (Γ₂[h,h],h) and (Γ₃[h,h,h],h) in L²(m⟨v⟩^k) over the right sides of (5.30) and (5.31) with the best ρ, p = 1, q = 2: bounded over random h, by 1e-2 and 1e-3",
  kind: "theorem",
  async run(context) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const k of [0, 1, 2]) {
      const [coarse, fine] = [400, 800].map((n) => ratios(context, context.cells(n), k)) as [
        number[][],
        number[][],
      ];
      for (const [c, name] of ["(5.30), Γ₂", "(5.31), Γ₃"].entries()) {
        const largest = (list: number[][]) => Math.max(...list.map((row) => row[c]!));
        rows.push(
          // the paper's constants are not explicit: these two do for p = 1, q = 2, ρ = 3, E = 6
          atMost(
            `k = ${k}: ${name}, largest ratio of ${count} random h`,
            largest(fine),
            c === 0 ? 1e-2 : 1e-3,
            [largest(coarse)],
          ),
          near(
            `k = ${k}: ${name}, that over that of half the cells`,
            largest(fine) / largest(coarse),
            1,
            0.02,
          ),
        );
      }
      const biggest = Math.max(...fine.map((row) => row[0]! / row[2]! ** (1 / 3)));
      rows.push(reported(`k = ${k}: Γ₂'s ratio over ‖√m h‖^{1/3}, largest`, biggest));
      fine.forEach((row, j) => {
        data.push([k, j, ...row]);
      });
    }
    return {
      rows,
      tables: [{ name: "ratios", columns: ["k", "sample", "gamma2", "gamma3", "norm"], rows: data }],
    };
  },
};

/** Both ratios and ‖√m h‖₂ for random |h| ≤ 1, so that 0 ≤ M + mh ≤ 1: waves, near and far, of sizes 1e-3 to 1. */
function ratios(context: Context, cells: number, k: number): number[][] {
  const random = randomNumbers(31);
  const grid = uniformGrid(cells, radius);
  const state = equilibrium(gas);
  const M = grid.nodes.map((r) => equilibriumValue(state, 1, r));
  const m = blocked(M, 1);
  const ofM = context.subject.coefficients(grid, m, m);
  return Array.from({ length: count }, () => {
    const size = 10 ** (-3 * random());
    const waves = Array.from({ length: 3 }, () => [2 * random() - 1, 4 * random(), 6.28 * random()] as const);
    const [centre, width] = [5 * random(), 0.3 + 3 * random()];
    const h = grid.nodes.map((r) => {
      const wave = waves.reduce((sum, [a, s, shift]) => sum + a * Math.cos(s * r + shift), 0) / 3;
      return size * wave * Math.exp(-(((r - centre) / width) ** 2));
    });
    const { two, three } = nonlinearFluxes(context, grid, M, m, h);
    const weighted = h.map((x, i) => x * bracket(grid.nodes[i]!) ** k);
    const paired = (flux: Float64Array) => {
      let sum = 0;
      for (let face = 1; face < cells; face++) sum += flux[face]! * (weighted[face]! - weighted[face - 1]!);
      return 4 * Math.PI * Math.abs(sum);
    };
    const gradient = dissipation(grid, h, m, ofM.parallel, k);
    const square = h.map((x, i) => x * x * m[i]!);
    const whole = gradient + integral(grid, square, (r) => bracket(r) ** (k - 1));
    const size2 = Math.sqrt(integral(grid, square));
    const E = norms(
      grid,
      h.map((x, i) => x * m[i]!),
    );
    // the best ρ of ρS + 1/ρ, and of ρE·(whole) + gradient/ρ
    const S = E + size2 ** (2 / 3) + size2 ** (4 / 3);
    return [
      paired(two) / (2 * Math.sqrt(S) * whole),
      paired(three) / (2 * Math.sqrt(E * whole * gradient)),
      size2,
    ];
  });
}

/** ∫ A[m]∇h·∇h ⟨v⟩^k m dv */
function dissipation(grid: RadialGrid, h: Float64Array, m: Float64Array, D: Float64Array, k: number): number {
  const { faces, nodes } = grid;
  const slope = slopes(grid, h);
  let sum = 0;
  for (let face = 1; face < h.length; face++) {
    const weight = (D[face]! * (m[face]! + m[face - 1]!)) / 2;
    sum +=
      slope[face]! ** 2 *
      weight *
      bracket(faces[face]!) ** k *
      faces[face]! ** 2 *
      (nodes[face]! - nodes[face - 1]!);
  }
  return 4 * Math.PI * sum;
}

/** E + Ẽ of the paper (before Lemma 5.5), the powers of |w| inside the norms. */
function norms(grid: RadialGrid, g: Float64Array): number {
  const norm = (s: number, power: number) => normOf(grid, g, s, (r) => r ** power);
  const across = norm(1, 0) + norm(p, 1) + norm(q, 1);
  const along = norm(1, 2) + norm(p, 3) + norm(q, 3);
  const squares = [p, q].map((s) => norm(s, 0) + norm(2 * s, 1) + norm(2 * s, 2));
  return across + along + squares.reduce((a, b) => a + b) + across;
}
