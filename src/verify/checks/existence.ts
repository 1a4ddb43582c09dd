import { atLeast, atMost, type Check, type Context, near, type Row } from "../check.js";
import { fitLine, indexOf, orderOf, overTime, sampleTimesOf, timeRule } from "../quadrature.js";
import { blocked, entropyOf, integral, normOf, slopes } from "../radial.js";
import type { Trajectory } from "../subject.js";
import { gradientSquare } from "../weighted-energy.js";
import { gallery } from "./gallery.js";

/** A test function of (1.6), φ(r) θ(t), with the derivatives that (1.6) asks for. */
interface TestFunction {
  name: string;
  phi(r: number): number;
  slope(r: number): number;
  theta(t: number): number;
  rate(t: number): number;
}

const steady = { theta: () => 1, rate: () => 0 };
const gaussian = (s: number) => ({
  phi: (r: number) => Math.exp(-((r / s) ** 2)),
  slope: (r: number) => ((-2 * r) / (s * s)) * Math.exp(-((r / s) ** 2)),
});
const testFunctions: TestFunction[] = [
  ...[0.6, 1.2, 2.4].map((s) => ({ name: `e^{-(r/${s})²}`, ...gaussian(s), ...steady })),
  {
    name: "r⁴e^{-r²}",
    phi: (r) => r ** 4 * Math.exp(-r * r),
    slope: (r) => (4 * r ** 3 - 2 * r ** 5) * Math.exp(-r * r),
    ...steady,
  },
  {
    name: "e^{-r²/2} cos 2t",
    ...gaussian(Math.SQRT2),
    theta: (t) => Math.cos(2 * t),
    rate: (t) => -2 * Math.sin(2 * t),
  },
];

const until = 2;
const rule = timeRule(1e-5, until);

/** Theorem 1.1 over a gallery of data. */
export const existence: Check = {
  name: "existence",
  statements: ["Theorem 1.1", "(1.6)"],
  claim:
    "Theorem 1.1: 0 ≤ f ≤ 1, mass and energy kept, entropy decreasing, f in L²(0,T;H¹) and C([0,T];L²), and the weak form (1.6) for every test function",
  kind: "theorem",
  async run(context) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const [index, { name, problem }] of gallery.entries()) {
      const [coarse, fine] = [
        await relax(context, problem, 600, rule.times),
        await relax(context, problem, 1200, rule.times),
      ];
      const bounded = (what: string, figure: (run: Trajectory) => number, bound: number) =>
        atMost(`${name}: ${what}`, figure(fine), bound, [figure(coarse)]);
      rows.push(
        atLeast(`${name}: min f`, lowest(fine), 0, [lowest(coarse)]),
        bounded("max f", highest, 1 / fine.epsilon),
        bounded("drift of mass", drift(0), 1e-13),
        bounded("drift of energy", drift(2), 1e-13),
        bounded("largest rise of H over mass", rise, 1e-13),
      );
      const dissipated = (run: Trajectory) =>
        overTime(rule, run, (k) => gradientSquare(run.grid, run.profiles[k]!));
      rows.push(
        near(
          `${name}: f in L²(0,T;H¹), ∫‖∇f‖² dt over that of half the cells`,
          dissipated(fine) / dissipated(coarse),
          1,
          0.3,
        ),
        atLeast(`${name}: f in C([0,T];L²), exponent of ‖f(t) - f_in‖₂ in t → 0`, continuity(fine), 0.2, [
          continuity(coarse),
        ]),
      );
      const residuals = [coarse, fine].map((run) =>
        Math.max(...testFunctions.map((test) => weakResidual(context, run, test))),
      );
      rows.push(
        atMost(`${name}: (1.6), worst of ${testFunctions.length} φ, relative`, residuals[1]!, 1e-3, [
          residuals[0]!,
        ]),
      );
      data.push([index, residuals[0]!, residuals[1]!, orderOf(residuals[0]!, residuals[1]!)]);
    }
    rows.push(...(await uniqueness(context)));
    return {
      rows,
      tables: [
        { name: "weak-form", columns: ["data", "residual_600", "residual_1200", "order"], rows: data },
      ],
    };
  },
};

function relax(
  context: Context,
  problem: (typeof gallery)[number]["problem"],
  cells: number,
  times: number[],
) {
  return context.subject.relax({
    ...problem,
    grid: { ...problem.grid, cells: context.cells(cells) },
    until,
    tolerance: 1e-7,
    samples: sampleTimesOf({ times, weights: [] }),
  });
}

const lowest = (run: Trajectory) => Math.min(...run.profiles.map((f) => f.reduce((a, b) => Math.min(a, b))));
const highest = (run: Trajectory) => Math.max(...run.profiles.map((f) => f.reduce((a, b) => Math.max(a, b))));

const drift = (power: 0 | 2) => (run: Trajectory) => {
  const moments = run.profiles.map((f) => integral(run.grid, f, (r) => r ** power));
  return Math.max(...moments.map((moment) => Math.abs(moment / moments[0]! - 1)));
};

/** d ln‖f(t) - f_in‖₂ / d ln t over 1e-3 < t < 0.1: 1 for smooth data, 1/4 for a jump, any positive one is continuity. */
function continuity({ grid, profiles, times }: Trajectory): number {
  const chosen = times.map((t, k) => [t, k] as const).filter(([t]) => t > 1e-3 && t < 0.1);
  const gap = (k: number) =>
    normOf(
      grid,
      profiles[k]!.map((x, i) => x - profiles[0]![i]!),
      2,
    );
  return fitLine(
    chosen.map(([t]) => Math.log(t)),
    chosen.map(([, k]) => Math.log(gap(k))),
  ).slope;
}

/** Between samples, by an entropy of our own, and over steps as the solver has it. */
function rise(run: Trajectory): number {
  const entropies = run.profiles.map((f) => entropyOf(run.grid, f, run.epsilon));
  const mass = integral(run.grid, run.profiles[0]!);
  const between = Math.max(...entropies.slice(1).map((h, i) => h - entropies[i]!));
  return Math.max(between, run.entropyIncrease) / mass;
}

/** |left - right| of (1.6) over ∫∫ |A∇f - ∇a f(1-f)| |∇φ|. */
function weakResidual({ subject }: Context, run: Trajectory, test: TestFunction): number {
  const { grid, epsilon, profiles, times } = run;
  const { faces } = grid;
  const fluxes = new Map<number, { signed: number; size: number }>();
  const flux = (k: number) => {
    const known = fluxes.get(k);
    if (known) return known;
    const f = profiles[k]!;
    const g = blocked(f, epsilon);
    const { parallel, enclosed } = subject.coefficients(grid, g, f);
    const slope = slopes(grid, f);
    const result = { signed: 0, size: 0 };
    for (let face = 1; face < f.length; face++) {
      const r = faces[face]!;
      const width = (faces[face + 1]! - faces[face - 1]!) / 2;
      // r² (A∇f - ∇a f(1-εf)) · ∇φ dr, with -∇a = m/r²
      const between = (g[face]! + g[face - 1]!) / 2;
      const diffusion = r * r * parallel[face]! * slope[face]!;
      const friction = between * enclosed[face]!;
      result.signed += 4 * Math.PI * width * (diffusion + friction) * test.slope(r);
      result.size += 4 * Math.PI * width * (Math.abs(diffusion) + friction) * Math.abs(test.slope(r));
    }
    fluxes.set(k, result);
    return result;
  };
  const moment = (k: number) => integral(grid, profiles[k]!, test.phi);
  const last = indexOf(run, until);
  // ∫⟨φθ, ∂t f⟩ = [θ∫fφ] - ∫ θ' ∫fφ
  const left =
    test.theta(times[last]!) * moment(last) -
    test.theta(0) * moment(0) -
    overTime(rule, run, (k) => test.rate(times[k]!) * moment(k));
  const right = -overTime(rule, run, (k) => test.theta(times[k]!) * flux(k).signed);
  return Math.abs(left - right) / overTime(rule, run, (k) => flux(k).size);
}

/** Uniqueness: other time steppers, the same limit. */
async function uniqueness(context: Context): Promise<Row[]> {
  const problem = gallery[0]!.problem;
  const distances: number[] = [];
  for (const tolerance of [1e-4, 1e-5, 1e-6]) {
    const [one, two] = await Promise.all(
      (["sdirk4", "sdirk2"] as const).map((method) =>
        context.subject.relax({
          ...problem,
          method,
          tolerance,
          until,
          grid: { cells: context.cells(600) },
          samples: { at: [until] },
        }),
      ),
    );
    const [f, g] = [one!, two!].map((run) => run.profiles.at(-1)!) as [Float64Array, Float64Array];
    const gap = f.map((x, i) => Math.abs(x - g[i]!));
    distances.push(integral(one!.grid, gap) / integral(one!.grid, f));
  }
  return [
    near("uniqueness: ∫|f - f̃| of two methods, tolerance 1e-6", distances[2]!, 0, 2e-6, {
      by: "larger tolerance",
      values: distances.slice(0, 2),
    }),
  ];
}
