import { atMost, type Check, near, type Row } from "../check.js";
import { fitLine } from "../quadrature.js";
import { type RadialGrid, slopes } from "../radial.js";

const until = 1;
const times = Array.from({ length: 25 }, (_, k) => 10 ** (-3 + (3 * k) / 24)).map((t, k) =>
  k === 24 ? until : t,
);
const weight = 3; // m of the weighted norms, the least that section 4 admits

/** Section 4: smoothing of discontinuous data. */
export const smoothing: Check = {
  name: "smoothing",
  statements: ["Theorem 1.3", "Lemma 3.16", "Lemma 4.1", "Lemma 4.2", "Lemma 4.3", "Remark 1"],
  claim:
    "Lemmas 4.1, 4.2: from discontinuous data, sup_(t,T) ‖∇f‖² + ∫_t^T ‖∇²f‖² ≤ C(1 + 1/t) and sup ‖∇²f‖² ≤ C(1 + 1/t²) in the weighted norms; a jump in r gives t^{-1/2} and t^{-3/2}",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const [index, height] of [0.6, 0.9].entries()) {
      const runs: { first: number[]; second: number[]; inner: number[] }[] = [];
      for (const n of [750, 1500, 3000]) {
        const { grid, profiles } = await subject.relax({
          epsilon: 1,
          initial: { kind: "annulus", inner: 1, outer: 1.5, height },
          grid: { cells: cells(n), radius: 6 },
          until,
          tolerance: 1e-6,
          samples: { at: times },
        });
        const first = profiles.slice(1).map((f) => firstNorm(grid, f, weight));
        const second = profiles.slice(1).map((f) => secondNorm(grid, f, weight));
        const inner = profiles.slice(1).map((f) => secondNorm(grid, f, weight - 3));
        runs.push({ first, second, inner });
      }
      const figure = (of: (run: (typeof runs)[number]) => number) => {
        const values = runs.map(of);
        return [values[2]!, values.slice(0, 2)] as const;
      };
      const bounded = (what: string, of: (run: (typeof runs)[number]) => number) => {
        const [fine, coarser] = figure(of);
        // the constant depends on the data alone: the next finer grid must not raise it
        rows.push(
          atMost(`height ${height}: ${what}, over that of half the cells`, fine / coarser[1]!, 1.05, [
            coarser[1]! / coarser[0]!,
          ]),
        );
      };
      bounded("sup t‖∇f‖²", ({ first }) => Math.max(...first.map((x, k) => times[k]! * x)));
      bounded("sup t²‖∇²f‖²", ({ second }) => Math.max(...second.map((x, k) => times[k]! ** 2 * x)));
      bounded("sup of 4.1's left side over 1 + 1/t", ({ first, inner }) =>
        Math.max(
          ...first.map((_, k) => (Math.max(...first.slice(k)) + tail(inner, k)) / (1 + 1 / times[k]!)),
        ),
      );
      const exponent = (values: number[]) =>
        fitLine(
          times.slice(2, 14).map((t) => Math.log(t)),
          values.slice(2, 14).map((x) => Math.log(x)),
        ).slope;
      const [gradient, gradients] = figure(({ first }) => exponent(first));
      const [hessian, hessians] = figure(({ second }) => exponent(second));
      rows.push(
        near(`height ${height}: exponent of ‖∇f‖² in t, 0.0018 < t < 0.05`, gradient, -0.5, 0.1, gradients),
        near(`height ${height}: exponent of ‖∇²f‖² in t`, hessian, -1.5, 0.2, hessians),
      );
      times.forEach((time, k) => {
        data.push([
          index,
          time,
          runs[2]!.first[k]!,
          runs[2]!.second[k]!,
          runs[1]!.first[k]!,
          runs[1]!.second[k]!,
        ]);
      });
    }
    return {
      rows,
      tables: [
        {
          name: "norms",
          columns: ["data", "time", "gradient", "hessian", "gradient_coarse", "hessian_coarse"],
          rows: data,
          picture: {
            title: "‖∇f‖² and ‖∇²f‖² from a jump",
            x: "time",
            y: ["gradient", "hessian"],
            by: "data",
            logX: true,
            logY: true,
          },
        },
      ],
    };
  },
};

/** ∫ from the k-th time on, by the trapezoidal rule in ln t. */
function tail(values: number[], from: number): number {
  let sum = 0;
  for (let k = from + 1; k < values.length; k++) {
    const step = Math.log(times[k]! / times[k - 1]!);
    sum += (step * (values[k]! * times[k]! + values[k - 1]! * times[k - 1]!)) / 2;
  }
  return sum;
}

const bracket = (r: number, power: number) => (1 + r * r) ** (power / 2);

/** ‖∇f‖² in L²_m */
function firstNorm(grid: RadialGrid, f: Float64Array, m: number): number {
  const { faces, nodes } = grid;
  const slope = slopes(grid, f);
  let sum = 0;
  for (let k = 1; k < f.length; k++) {
    sum += slope[k]! ** 2 * bracket(faces[k]!, m) * faces[k]! ** 2 * (nodes[k]! - nodes[k - 1]!);
  }
  return 4 * Math.PI * sum;
}

/** ‖∇²f‖² in L²_m: f''² + 2(f'/r)² for isotropic f. */
function secondNorm(grid: RadialGrid, f: Float64Array, m: number): number {
  const { faces, nodes, volumes } = grid;
  const slope = slopes(grid, f);
  const steepness = (k: number) => (k === 0 ? slope[1]! / faces[1]! : slope[k]! / faces[k]!);
  let sum = 0;
  for (let i = 0; i < f.length - 1; i++) {
    const curvature = (slope[i + 1]! - slope[i]!) / (faces[i + 1]! - faces[i]!);
    const across = (steepness(i) + steepness(i + 1)) / 2;
    sum += (curvature ** 2 + 2 * across ** 2) * bracket(nodes[i]!, m) * volumes[i]!;
  }
  return 4 * Math.PI * sum;
}
