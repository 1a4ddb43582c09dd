import { atMost, type Check, near, type Row, reported } from "../check.js";
import { blocked, type RadialGrid } from "../radial.js";
import type { Subject, Trajectory } from "../subject.js";
import { gallery } from "./gallery.js";

/** Lemma 2.1: the diffusion matrix from below. */
export const coercivity: Check = {
  name: "coercivity",
  statements: ["Lemma 2.1"],
  claim: "Lemma 2.1: A[f(1-εf)] ≥ C/(1+r³) with C > 0 for all time, for its eigenvalues D and A⊥",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const [index, { name, problem }] of gallery.entries()) {
      const figures = [];
      for (const n of [300, 600]) {
        const run = await subject.relax({
          ...problem,
          grid: { ...problem.grid, cells: cells(n) },
          until: 50,
          tolerance: 1e-5,
          samples: { at: [0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 20, 50] },
        });
        figures.push(figuresOf(run, subject));
      }
      const [coarse, fine] = figures as [Figures, Figures];
      const least = ({ constants, across }: Figures) => Math.min(...constants, ...across);
      rows.push(
        reported(`${name}: C attained over 0 ≤ t ≤ 50, D`, Math.min(...fine.constants), [
          Math.min(...coarse.constants),
        ]),
        reported(`${name}: C attained over 0 ≤ t ≤ 50, A⊥`, Math.min(...fine.across), [
          Math.min(...coarse.across),
        ]),
        near(`${name}: C against half the cells`, least(fine) / least(coarse), 1, 0.05),
        atMost(`${name}: r³D(R) over (1/3)∫s⁴g ds, - 1`, fine.tail, 1e-12, [coarse.tail]),
        atMost(`${name}: D + 2A⊥ over a[g], - 1`, fine.trace, 1e-12, [coarse.trace]),
        atMost(`${name}: D and A⊥ of the solver over these, - 1, t ≥ 1`, fine.solver, 1e-3, [coarse.solver]),
      );
      fine.times.forEach((time, k) => {
        data.push([index, time, fine.constants[k]!, fine.across[k]!]);
      });
    }
    return {
      rows,
      tables: [
        {
          name: "constant",
          columns: ["data", "time", "C_D", "C_A⊥"],
          rows: data,
          picture: {
            title: "C of Lemma 2.1 over time",
            x: "time",
            y: ["C_D", "C_A⊥"],
            by: "data",
            logX: true,
            logY: true,
          },
        },
      ],
    };
  },
};

interface Figures {
  times: number[];
  /** C for D at the samples, and for A⊥. */
  constants: number[];
  across: number[];
  tail: number;
  trace: number;
  solver: number;
}

function figuresOf({ grid, profiles, times, epsilon, coefficients }: Trajectory, subject: Subject): Figures {
  const figures: Figures = { times, constants: [], across: [], tail: 0, trace: 0, solver: 0 };
  const { faces } = grid;
  const last = faces.length - 1;
  profiles.forEach((f, k) => {
    const g = blocked(f, epsilon);
    const { parallel, perpendicular } = subject.coefficients(grid, g, f);
    const weighted = (eigenvalue: Float64Array) =>
      eigenvalue.reduce((least, value, face) => Math.min(least, (1 + faces[face]! ** 3) * value), Infinity);
    figures.constants.push(weighted(parallel));
    figures.across.push(weighted(perpendicular));
    const law = moment(grid, g, 4) / 3;
    figures.tail = Math.max(figures.tail, Math.abs((parallel[last]! * faces[last]! ** 3) / law - 1));
    const theirs = coefficients[k]!;
    // a[g] = r⁻¹ ∫₀ʳ s²g ds + ∫ᵣ^∞ s g ds, at a dozen faces
    for (let part = 1; part <= 12; part++) {
      const face = Math.floor((part * (last - 1)) / 12);
      const potential = moment(grid, g, 2, 0, face) / faces[face]! + moment(grid, g, 1, face);
      const [D, T] = [parallel[face]!, perpendicular[face]!];
      figures.trace = Math.max(figures.trace, Math.abs((D + 2 * T) / potential - 1));
      if (times[k]! < 1) continue; // the solver's mean at a jump is that of the jump's own width
      const gap = Math.max(
        Math.abs(theirs.parallel[face]! / D - 1),
        Math.abs(theirs.perpendicular[face]! / T - 1),
      );
      figures.solver = Math.max(figures.solver, gap);
    }
  });
  return figures;
}

/** ∫ s^p g ds on the grid, from cell `from` to cell `to`. */
function moment({ faces }: RadialGrid, g: Float64Array, p: number, from = 0, to = g.length): number {
  let sum = 0;
  for (let i = from; i < to; i++)
    sum += (g[i]! * (faces[i + 1]! ** (p + 1) - faces[i]! ** (p + 1))) / (p + 1);
  return sum;
}
