import { atMost, type Check } from "../check.js";
import { integral } from "../radial.js";

const epsilon = 3.7;

/** Corollary 1.2: what takes ε to 1. */
export const rescaling: Check = {
  name: "rescaling",
  statements: ["Corollary 1.2"],
  claim:
    "Corollary 1.2: if f solves with ε, εf(v, εt) solves with 1; more generally μf(λv, μt) with ε/μ, and 0 ≤ f ≤ 1/ε is 0 ≤ εf ≤ 1",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows = [];
    const shape = (r: number) => 0.22 * Math.exp(-((r - 1) ** 2) / 0.2);
    for (const lambda of [1, 1.6]) {
      const gaps: number[] = [];
      for (const tolerance of [1e-5, 1e-6, 1e-7]) {
        const n = cells(600);
        const one = await subject.relax({
          epsilon,
          initial: shape,
          grid: { cells: n, radius: 8 },
          until: 4,
          tolerance,
          samples: { at: [0.5, 4] },
        });
        const other = await subject.relax({
          epsilon: 1,
          initial: (r) => epsilon * shape(lambda * r),
          grid: { cells: n, radius: 8 / lambda },
          until: 4 / epsilon,
          tolerance,
          samples: { at: [0.5 / epsilon, 4 / epsilon] },
        });
        const gap = [1, 2].map((k) => {
          const [f, g] = [one.profiles[k]!, other.profiles[k]!];
          const difference = f.map((x, i) => Math.abs(epsilon * x - g[i]!));
          return integral(one.grid, difference) / (epsilon * integral(one.grid, f));
        });
        gaps.push(Math.max(...gap));
      }
      rows.push(
        atMost(`∫|ε f(λv, εt) - f₁| / ρ, ε = ${epsilon}, λ = ${lambda}, tolerance 1e-7`, gaps[2]!, 1e-12, {
          by: "larger tolerance",
          values: gaps.slice(0, 2),
        }),
      );
    }
    return { rows, tables: [] };
  },
};
