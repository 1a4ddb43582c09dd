import { atMost, type Check, type Context, near, type Row } from "../check.js";
import { fitLine } from "../quadrature.js";
import { blocked, type RadialGrid, slopes } from "../radial.js";
import { bracket, gradientSquare, weightedEnergy } from "../weighted-energy.js";

const until = 1;
const times = Array.from({ length: 25 }, (_, k) => 10 ** (-3 + (3 * k) / 24)).map((t, k) =>
  k === 24 ? until : t,
);
const weights = [3, 6]; // m of the weighted norms; section 4 admits m ≥ 3

/** Section 4: smoothing of discontinuous data. */
export const smoothing: Check = {
  name: "smoothing",
  statements: ["Theorem 1.3", "Lemma 3.16", "Lemma 4.1", "Lemma 4.2", "Lemma 4.3", "Remark 1"],
  claim:
    "Lemmas 4.1, 4.2: from discontinuous data, sup_(t,T) ‖∇f‖² + ∫_t^T ‖∇²f‖² ≤ C(1 + 1/t) and sup ‖∇²f‖² + ∫ ‖∇³f‖² ≤ C(1 + 1/t²) in the weighted norms, and Remark 1, Lemmas 3.16 and 4.3; a jump in r gives t^{-1/2}, t^{-3/2} and t^{-5/2}",
  kind: "theorem",
  async run(context) {
    const { subject, cells } = context;
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const [index, height] of [0.6, 0.9].entries()) {
      const runs: Norms[] = [];
      for (const n of [750, 1500, 3000]) {
        const { grid, profiles } = await subject.relax({
          epsilon: 1,
          initial: { kind: "annulus", inner: 1, outer: 1.5, height },
          grid: { cells: cells(n), radius: 6 },
          until,
          tolerance: 1e-6,
          samples: { at: times },
        });
        const of = (norm: (f: Float64Array) => number) => profiles.slice(1).map(norm);
        const powers = (norm: (f: Float64Array, w: (r: number) => number) => number) =>
          [0, ...weights].map((m) => of((f) => norm(f, (r) => bracket(r) ** m)));
        const [inner, ...second] = powers((f, w) => secondNorm(grid, f, w));
        const [innermost, ...third] = powers((f, w) => thirdNorm(grid, f, w));
        const [, ...first] = powers((f, w) => gradientSquare(grid, f, w));
        runs.push({
          first: first[0]!,
          second: second[0]!,
          third: third[0]!,
          inner: inner!,
          innermost: innermost!,
          heavy: { first: first[1]!, second: second[1]! },
          energy: weights.map((m) => lemma316(context, grid, profiles.slice(1), m)),
          holder: holder(grid, profiles.slice(1)),
        });
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
      bounded("sup of 4.2's left side over 1 + 1/t²", ({ second, innermost }) =>
        Math.max(
          ...second.map(
            (_, k) => (Math.max(...second.slice(k)) + tail(innermost, k)) / (1 + 1 / times[k]! ** 2),
          ),
        ),
      );
      bounded("m = 6: sup t‖∇f‖²", ({ heavy }) => Math.max(...heavy.first.map((x, k) => times[k]! * x)));
      bounded("m = 6: sup t²‖∇²f‖²", ({ heavy }) =>
        Math.max(...heavy.second.map((x, k) => times[k]! ** 2 * x)),
      );
      bounded("Remark 1, k = 3: sup t³‖∇³f‖²", ({ third }) =>
        Math.max(...third.map((x, k) => times[k]! ** 3 * x)),
      );
      bounded("Lemma 4.3, α = 1/2: Hölder quotient for t ≥ 0.01", (run) => run.holder);
      weights.forEach((m, c) => {
        const [fine, coarser] = figure(({ energy }) => energy[c]!);
        rows.push(
          atMost(`height ${height}: Lemma 3.16, m = ${m}, over the bound of its proof`, fine, 1, coarser),
        );
      });
      const exponent = (values: number[]) =>
        fitLine(
          times.slice(2, 14).map((t) => Math.log(t)),
          values.slice(2, 14).map((x) => Math.log(x)),
        ).slope;
      const [gradient, gradients] = figure(({ first }) => exponent(first));
      const [third, thirds] = figure((run) => exponent(run.third));
      const [hessian, hessians] = figure(({ second }) => exponent(second));
      rows.push(
        near(`height ${height}: exponent of ‖∇f‖² in t, 0.0018 < t < 0.05`, gradient, -0.5, 0.1, gradients),
        near(`height ${height}: exponent of ‖∇²f‖² in t`, hessian, -1.5, 0.2, hessians),
        near(`height ${height}: exponent of ‖∇³f‖² in t`, third, -2.5, 0.3, thirds),
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

interface Norms {
  /** ‖∇^k f‖² in L²_3 at `times`, k = 1, 2, 3. */
  first: number[];
  second: number[];
  third: number[];
  /** ‖∇²f‖² and ‖∇³f‖² in L²_0. */
  inner: number[];
  innermost: number[];
  /** The first two in L²_6. */
  heavy: { first: number[]; second: number[] };
  /** Lemma 3.16, left over right, for each m. */
  energy: number[];
  holder: number;
}

/** Lemma 3.16 from the first sample on, by trapezoidal weights of the sample times. */
function lemma316({ subject }: Context, grid: RadialGrid, states: Float64Array[], m: number): number {
  const coercivity = Math.min(
    ...states.map((f) => {
      const { parallel } = subject.coefficients(grid, blocked(f, 1), f);
      return parallel.reduce((least, D, k) => Math.min(least, (1 + grid.faces[k]! ** 3) * D), Infinity);
    }),
  );
  const steps = times.slice(1).map((t, k) => ((times[k + 2] ?? t) - times[k]!) / 2);
  return weightedEnergy({ grid, states, weights: steps, viscosity: 0, coercivity }, m);
}

/**
 * Largest |f(r) - f(s)| / |r - s|^{1/2} and |f(t) - f(t')| / |t - t'|^{1/4}, over distances of 2^j cells and all samples
 * t ≥ 0.01.
 */
function holder({ nodes }: RadialGrid, states: Float64Array[]): number {
  let worst = 0;
  const late = states.map((f, k) => [f, times[k]!] as const).filter(([, t]) => t >= 0.0099);
  for (const [j, [f, t]] of late.entries()) {
    for (let lag = 1; lag < f.length; lag *= 2)
      for (let i = lag; i < f.length; i++)
        worst = Math.max(worst, Math.abs(f[i]! - f[i - lag]!) / Math.sqrt(nodes[i]! - nodes[i - lag]!));
    for (const [g, s] of late.slice(0, j))
      for (let i = 0; i < f.length; i++) worst = Math.max(worst, Math.abs(f[i]! - g[i]!) / (t - s) ** 0.25);
  }
  return worst;
}

/** ∫ w |∇²f|² dv: f''² + 2(f'/r)² for isotropic f. */
function secondNorm(grid: RadialGrid, f: Float64Array, w: (r: number) => number): number {
  const { faces, nodes, volumes } = grid;
  const slope = slopes(grid, f);
  const steepness = (k: number) => (k === 0 ? slope[1]! / faces[1]! : slope[k]! / faces[k]!);
  let sum = 0;
  for (let i = 0; i < f.length - 1; i++) {
    const curvature = (slope[i + 1]! - slope[i]!) / (faces[i + 1]! - faces[i]!);
    const across = (steepness(i) + steepness(i + 1)) / 2;
    sum += (curvature ** 2 + 2 * across ** 2) * w(nodes[i]!) * volumes[i]!;
  }
  return 4 * Math.PI * sum;
}

/** ∫ w |∇³f|² dv for isotropic f: in x = r²/2, (3r f_xx + r³ f_xxx)² + 6(r f_xx)². */
function thirdNorm(grid: RadialGrid, f: Float64Array, w: (r: number) => number): number {
  const { faces, nodes } = grid;
  const x = nodes.map((r) => (r * r) / 2);
  const slope = slopes(grid, f).map((s, k) => (k === 0 ? 0 : s / faces[k]!)); // f_x at the faces
  const second = new Float64Array(f.length); // f_xx at the nodes
  for (let i = 1; i < f.length - 1; i++)
    second[i] = (slope[i + 1]! - slope[i]!) / ((faces[i + 1]! ** 2 - faces[i]! ** 2) / 2);
  let sum = 0;
  for (let k = 2; k < f.length - 1; k++) {
    const r = faces[k]!;
    const across = (second[k]! + second[k - 1]!) / 2;
    const along = (second[k]! - second[k - 1]!) / (x[k]! - x[k - 1]!);
    const square = (3 * r * across + r ** 3 * along) ** 2 + 6 * (r * across) ** 2;
    sum += square * w(r) * r * r * (nodes[k]! - nodes[k - 1]!);
  }
  return 4 * Math.PI * sum;
}
