import { type equilibrium, equilibriumValue, saturation } from "../../equilibrium/equilibrium.js";
import { InputError } from "../../errors.js";
import { atMost, type Check, near, type Row } from "../check.js";
import { fitLine } from "../quadrature.js";
import { integral, uniformGrid } from "../radial.js";

/** Saturated states (after (1.4)): the one value of ε that admits them, and what M_ε does on the way there. */
export const saturated: Check = {
  name: "saturated",
  statements: ["(1.4)"],
  claim:
    "Saturated states χ/ε: stationary; for given ρ, E only ε* = (4π/3)(5Θ)^{3/2}/ρ admits one, below it M_ε is the only steady state and M_ε → χ/ε* as ε → ε*",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const [mass, energy] = [1, 3];
    // a ball of radius r_F filled to 1/ε has mass 4πr_F³/(3ε) and energy (3/5)ρr_F²
    const radius = Math.sqrt((5 * energy) / (3 * mass));
    const limit = (4 * Math.PI * radius ** 3) / (3 * mass);
    rows.push(
      near("ε* over that of the ball with this mass and energy", saturation(mass, energy) / limit, 1, 1e-13),
    );
    rows.push(
      near("least ε refused over that", refusedFrom(subject.equilibrium, mass, energy, limit), 1, 1e-9),
    );

    const moved: number[] = [];
    for (const n of [200, 400]) {
      const ball = await subject.relax({
        epsilon: 2,
        initial: { kind: "annulus", inner: 0, outer: 1, height: 0.5 },
        grid: { cells: cells(n) },
        until: 100,
        samples: { at: [100] },
      });
      const [first, last] = [ball.profiles[0]!, ball.profiles.at(-1)!];
      const gap = integral(
        ball.grid,
        last.map((x, i) => Math.abs(x - first[i]!)),
      );
      moved.push(gap / integral(ball.grid, first));
    }
    rows.push(atMost("the ball χ/ε after t = 100: ∫|f - f_in| / ρ", moved[1]!, 1e-12, [moved[0]!]));

    // a hole is filled again: a run just below ε* ends at M_ε and not at a ball
    const distances: number[] = [];
    for (const n of [300, 600]) {
      const run = await subject.relax({
        epsilon: 1,
        initial: { kind: "annulus", inner: 0.3, outer: 1, height: 0.98 },
        grid: { cells: cells(n) },
        until: 60,
        samples: { at: [60] },
      });
      distances.push(run.samples.at(-1)!.l1Distance / run.samples[0]!.l1Distance);
    }
    rows.push(
      atMost("data near saturation: ∫|f - M| at t = 60 over that at 0", distances[1]!, 1e-3, [distances[0]!]),
    );

    // κ = 1 - 5π²/(8η²) + …: temperature, entropy and distance all vanish like √(1 - ε/ε*)
    const vacancies = [1e-2, 1e-3, 1e-4, 1e-5];
    const data = vacancies.map((vacancy) => {
      const epsilon = limit * (1 - vacancy);
      const M = subject.equilibrium({ mass, energy, epsilon });
      const grid = uniformGrid(20_000, 1.25 * radius);
      const gap = grid.nodes.map((r) =>
        Math.abs(equilibriumValue(M, epsilon, r) - (r < radius ? 1 / limit : 0)),
      );
      return [vacancy, M.temperature, -M.entropy, integral(grid, gap)];
    });
    ["temperature", "-H_ε[M]", "∫|M - χ/ε*|"].forEach((what, k) => {
      const slope = (points: number[][]) =>
        fitLine(
          points.map(([v]) => Math.log(v!)),
          points.map((row) => Math.log(row[k + 1]!)),
        ).slope;
      rows.push(
        near(`ε → ε*: exponent of ${what} in 1 - ε/ε*`, slope(data.slice(2)), 0.5, 0.01, {
          by: "farther from ε*",
          values: [slope(data.slice(0, 2))],
        }),
      );
    });
    return {
      rows,
      tables: [
        {
          name: "towards-saturation",
          columns: ["vacancy", "temperature", "minus_entropy", "l1_distance"],
          rows: data,
        },
      ],
    };
  },
};

/** Where `equilibrium` begins to refuse ε, as a share of ε*, by bisection. */
function refusedFrom(state: typeof equilibrium, mass: number, energy: number, limit: number): number {
  let [low, high] = [0.9, 1.1];
  for (let pass = 0; pass < 40; pass++) {
    const middle = (low + high) / 2;
    try {
      state({ mass, energy, epsilon: middle * limit });
      low = middle;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      high = middle;
    }
  }
  return low;
}
