import { atMost, type Check, type Row, reported } from "../check.js";

/** Fisher information along runs. */
export const fisher: Check = {
  name: "fisher",
  statements: ["fisher"],
  claim:
    "Fisher information ∫|∇f|²/(f(1-εf)): decreases for ε = 0 (Guillen–Silvestre); nothing is known for ε > 0 with Coulomb potential",
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
    return {
      rows,
      tables: [{ name: "information", columns: ["epsilon", "data", "time", "fisher"], rows: data }],
    };
  },
};
