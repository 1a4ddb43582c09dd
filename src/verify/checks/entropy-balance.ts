import { atMost, type Check, type Row } from "../check.js";
import { directForm } from "../direct.js";
import { indexOf, overTime, sampleTimesOf, timeRule } from "../quadrature.js";
import { entropyOf, integral, pairing, productionOf } from "../radial.js";
import { gallery } from "./gallery.js";

const until = 3;
const rule = timeRule(1e-4, until);

/** (1.2) and (1.3): the weak form by symmetry and the H-theorem as identities along runs. */
export const entropyBalance: Check = {
  name: "entropy-balance",
  statements: ["(1.2)", "(1.3)"],
  claim:
    "(1.2), (1.3): H(0) - H(T) is the time integral of the double integral of the entropy production; likewise ∫|v|⁴f (φ = 1 and |v|² are in `existence`)",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const { name, problem } of gallery) {
      const entropy: number[] = [];
      const fourth: number[] = [];
      const reported: number[] = [];
      for (const n of [400, 800]) {
        const run = await subject.relax({
          ...problem,
          grid: { ...problem.grid, cells: cells(n) },
          until,
          tolerance: 1e-8,
          samples: sampleTimesOf(rule),
        });
        const { grid, epsilon, profiles } = run;
        const start = indexOf(run, 0);
        const end = indexOf(run, until);
        const production = profiles.map((f) => productionOf(grid, f, epsilon));
        const spent = entropyOf(grid, profiles[start]!, epsilon) - entropyOf(grid, profiles[end]!, epsilon);
        const made = overTime(rule, run, (k) => production[k]!);
        entropy.push(Math.abs(made / spent - 1));
        reported.push(
          Math.max(
            ...run.samples
              .slice(1)
              .map(({ entropyProduction }, k) => Math.abs(entropyProduction / production[k + 1]! - 1)),
          ),
        );
        const moment4 = (k: number) => integral(grid, profiles[k]!, (r) => r ** 4);
        const change = moment4(end) - moment4(start);
        const rate = -overTime(rule, run, (k) => pairing(grid, profiles[k]!, epsilon, (r) => r ** 4));
        fourth.push(Math.abs(rate / change - 1));
        if (n === 800) {
          run.times.forEach((time, k) => {
            data.push([
              gallery.findIndex((entry) => entry.name === name),
              time,
              entropyOf(grid, profiles[k]!, epsilon),
              production[k]!,
            ]);
          });
        }
      }
      rows.push(
        atMost(`${name}: ∫∫ production / (H(0) - H(T)) - 1`, entropy[1]!, 5e-3, [entropy[0]!]),
        atMost(`${name}: the run's own entropyProduction against it`, reported[1]!, 0.02, [reported[0]!]),
        atMost(`${name}: (1.2) with φ = |v|⁴ over its change, - 1`, fourth[1]!, 5e-3, [fourth[0]!]),
      );
    }
    rows.push(...sixDimensions(cells(800)));
    return {
      rows,
      tables: [
        {
          name: "entropy",
          columns: ["data", "time", "H", "production"],
          rows: data,
          picture: {
            title: "-dH/dt along runs",
            x: "time",
            y: ["production"],
            by: "data",
            logX: true,
            logY: true,
          },
        },
      ],
    };
  },
};

/** The reduction to one dimension against the integral over ℝ³ × ℝ³ itself. */
function sixDimensions(cells: number): Row[] {
  const epsilon = 1;
  const f = (r: number) => 0.4 * Math.exp(-((r - 0.8) ** 2) / 0.5);
  const logitSlope = (r: number) => {
    const slope = (-2 * (r - 0.8)) / 0.5;
    return slope / (1 - epsilon * f(r));
  };
  const direct = [12, 18, 26].map((order) =>
    directForm({
      weight: (r) => f(r) * (1 - epsilon * f(r)),
      gradient: (r, cosine) => [logitSlope(r) * cosine, logitSlope(r) * Math.sqrt(1 - cosine * cosine)],
      radius: 4,
      order,
    }),
  );
  const n = Math.max(cells, 400);
  const faces = Float64Array.from({ length: n + 1 }, (_, k) => (4 * k) / n);
  const middle = Float64Array.from({ length: n }, (_, i) => (faces[i]! + faces[i + 1]!) / 2);
  const volumes = middle.map((_, i) => (faces[i + 1]! ** 3 - faces[i]! ** 3) / 3);
  const grid = { faces, volumes, nodes: middle };
  const radial = productionOf(grid, middle.map(f), epsilon);
  const gaps = direct.map((value) => Math.abs(value / radial - 1));
  return [
    atMost(
      "(1.3) over ℝ³ × ℝ³ by tensor quadrature against the radial sum",
      gaps[2]!,
      2e-3,
      gaps.slice(0, 2),
    ),
  ];
}
