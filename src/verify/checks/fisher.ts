import { equilibrium, equilibriumValue } from "../../equilibrium/equilibrium.js";
import { integratePanels } from "../../quadrature.js";
import { atMost, type Check, type Context, near, type Row, reported } from "../check.js";
import type { Subject } from "../subject.js";

/** Fisher information along runs. */
export const fisher: Check = {
  name: "fisher",
  statements: [],
  claim:
    "Fisher information ∫|∇f|²/(f(1-εf)): decreases for ε = 0 (Guillen–Silvestre); open for ε > 0, where M is no critical point of it",
  kind: "open question",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    const initials = [
      {
        name: "two temperatures",
        initial: {
          kind: "maxwellians" as const,
          components: [
            { density: 0.7, temperature: 0.5 },
            { density: 0.3, temperature: 2 },
          ],
        },
      },
      { name: "shell", initial: { kind: "shell" as const, amplitude: 0.02, radius: 1.5, width: 0.4 } },
      { name: "shell, dense", initial: { kind: "shell" as const, amplitude: 0.3, radius: 1, width: 0.4 } },
    ];
    for (const epsilon of [0, 1, 3]) {
      for (const { name, initial } of initials) {
        const rises: number[] = [];
        for (const n of [400, 800]) {
          const { samples, times } = await subject.relax({
            epsilon,
            initial,
            grid: { cells: cells(n) },
            until: 100,
            tolerance: 1e-7,
            samples: { count: 60, spacing: "log", first: 1e-3 },
          });
          const values = samples.map((sample) => sample.fisher);
          rises.push(Math.max(...values.slice(1).map((value, k) => value / values[k]! - 1)));
          if (n < 800) continue;
          const which = initials.findIndex((candidate) => candidate.name === name);
          times.forEach((time, k) => {
            data.push([epsilon, which, time, values[k]!]);
          });
        }
        const what = `ε = ${epsilon}, ${name}: largest relative rise between samples`;
        rows.push(
          epsilon === 0 ? atMost(what, rises[1]!, 1e-9, [rises[0]!]) : reported(what, rises[1]!, [rises[0]!]),
        );
      }
    }
    rows.push(...(await nearEquilibrium(subject, cells)));
    return {
      rows,
      tables: [{ name: "information", columns: ["epsilon", "data", "time", "fisher"], rows: data }],
    };
  },
};

/**
 * At M + δmh, h ⊥ 1, |v|² in L²(m), the information is that of M plus 8εb²δ ∫ r² M m h + O(δ²): by parts, ∇ ln(M/(1-εM))
 * being -2bv. For ε = 0 the first order vanishes. For ε > 0 it may be negative; the information then ends above where it
 * began, since f → M.
 */
async function nearEquilibrium(subject: Subject, cells: Context["cells"]): Promise<Row[]> {
  const epsilon = 3;
  const M = equilibrium({ mass: 6, energy: 12, epsilon });
  const state = (r: number) => equilibriumValue(M, epsilon, r);
  const m = (r: number) => state(r) * (1 - epsilon * state(r));
  const radius = 9;
  const moment = (f: (r: number) => number) =>
    4 * Math.PI * integratePanels((r) => r * r * f(r), 0, radius, 40);
  const wave = (r: number) => Math.cos(1.5 * r);
  const [m0, m2, m4] = [0, 2, 4].map((p) => moment((r) => r ** p * m(r))) as [number, number, number];
  const [w0, w2] = [0, 2].map((p) => moment((r) => r ** p * m(r) * wave(r))) as [number, number];
  const determinant = m0 * m4 - m2 * m2;
  const [alpha, beta] = [(w0 * m4 - w2 * m2) / determinant, (m0 * w2 - m2 * w0) / determinant];
  const plain = (r: number) => wave(r) - alpha - beta * r * r;
  const slope = moment((r) => r * r * state(r) * m(r) * plain(r));
  const h = (r: number) => -Math.sign(slope) * plain(r);
  const predicted = -8 * epsilon * M.b * M.b * Math.abs(slope);
  const delta = 0.02;
  const information = async (size: number, n: number, until = 1e-3) => {
    const { samples } = await subject.relax({
      epsilon,
      initial: (r) => Math.max(0, state(r) + size * m(r) * h(r)), // h grows like r², where m has long vanished
      grid: { cells: cells(n), radius },
      until,
      tolerance: 1e-8,
      samples: { at: [until] },
    });
    return samples.map(({ fisher }) => fisher);
  };
  const ratios: number[] = [];
  const rises: number[] = [];
  for (const n of [400, 800]) {
    const [up, down] = [await information(delta, n), await information(-delta, n)];
    ratios.push((up[0]! - down[0]!) / (2 * delta) / predicted);
    const whole = await information(delta, n, 200);
    rises.push(whole.at(-1)! / whole[0]! - 1);
  }
  return [
    near("ε = 3: first variation at M over 8εb² ∫ r² M m h", ratios[1]!, 1, 0.02, [ratios[0]!]),
    reported("ε = 3, f = M + 0.02 mh with that negative: relative rise from t = 0 to 200", rises[1]!, [
      rises[0]!,
    ]),
  ];
}
