import { equilibriumValue } from "../../equilibrium/equilibrium.js";
import { atLeast, atMost, type Check, type Row } from "../check.js";
import { randomNumbers } from "../quadrature.js";
import { entropyOf, integral, type RadialGrid, uniformGrid } from "../radial.js";
import type { Subject } from "../subject.js";

/** (1.4): the equilibrium, stationary, and the only minimiser of H_ε. */
export const equilibria: Check = {
  name: "equilibrium",
  statements: ["(1.4)"],
  claim:
    "(1.4): M_ε has the mass and energy asked for, is stationary, and has less entropy than any other f with both, by H_ε[f|M]",
  kind: "theorem",
  async run({ subject, cells }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const epsilon of [0, 1, 30, 45]) {
      const M = subject.equilibrium({ mass: 1, energy: 3, epsilon });
      const radius = Math.sqrt((Math.max(0, Math.log(epsilon || 1e-300) + M.logA) + 40) / M.b);
      const moments = [400, 800].map((n) => {
        const grid = uniformGrid(cells(n), radius);
        const f = grid.nodes.map((r) => equilibriumValue(M, epsilon, r));
        return Math.max(Math.abs(integral(grid, f) - 1), Math.abs(integral(grid, f, (r) => r * r) / 3 - 1));
      });
      rows.push(atMost(`ε = ${epsilon}: mass and energy of M_ε`, moments[1]!, 1e-4, [moments[0]!]));
      const speeds: number[] = [];
      for (const n of [400, 800]) {
        const shape = (r: number) => equilibriumValue(M, epsilon, r);
        const still = await subject.collide({
          epsilon,
          initial: shape,
          grid: { cells: cells(n), radius },
          until: 1,
        });
        const moving = await subject.collide({
          epsilon,
          initial: (r) => 0.9 * shape(r),
          grid: { cells: cells(n), radius },
          until: 1,
        });
        const size = (rate: Float64Array, volumes: Float64Array) =>
          rate.reduce((sum, x, i) => sum + Math.abs(x) * volumes[i]!, 0);
        // for ε = 0 a multiple of M is at rest too: there the gross flux is what to compare with
        speeds.push(
          size(still.rate, still.volumes) /
            (epsilon > 0 ? size(moving.rate, moving.volumes) : size(still.f, still.volumes)),
        );
      }
      rows.push(
        atMost(`ε = ${epsilon}: ∫|∂t f| at M_ε over that at 0.9 M_ε`, speeds[1]!, epsilon > 0 ? 1e-3 : 1e-9, [
          speeds[0]!,
        ]),
      );
      const grid = uniformGrid(cells(400), radius);
      const { smallest, identity, table } = competitors(subject, grid, epsilon, 200);
      rows.push(
        // the density of H_ε has the second derivative 1/(f(1-εf)) ≥ 4ε
        atLeast(
          `ε = ${epsilon}: least H[f] - H[M] of 200 competitors, over ∫|f - M|²`,
          smallest,
          epsilon > 0 ? 2 * epsilon : 1e-6,
        ),
        atMost(`ε = ${epsilon}: H[f] - H[M] against H_ε[f|M], relative`, identity, 1e-6),
      );
      data.push(...table.map((row) => [epsilon, ...row]));
    }
    return {
      rows,
      tables: [{ name: "competitors", columns: ["epsilon", "l1_distance", "excess"], rows: data }],
    };
  },
};

/**
 * Random f in (0, 1/ε) with the moments of M_ε on the grid: logits of M_ε plus waves, plus α + βr² that restore both. On
 * the grid, too, M_ε is then the minimiser, H[f] - H[M] being H[f|M].
 */
function competitors(subject: Subject, grid: RadialGrid, epsilon: number, count: number) {
  const random = randomNumbers(1 + epsilon);
  const eta = (r: number, alpha: number, beta: number) => alpha - beta * r * r;
  const logistic = (phi: number) => (epsilon === 0 ? Math.exp(phi) : 1 / (epsilon + Math.exp(-phi)));
  const M = subject.equilibrium({ mass: 1, energy: 3, epsilon });
  const rest = grid.nodes.map((r) => equilibriumValue(M, epsilon, r));
  const [mass, energy] = [integral(grid, rest), integral(grid, rest, (r) => r * r)];
  const stateOf = (wave: (r: number) => number): Float64Array => {
    let [alpha, beta] = [M.logA, M.b];
    let f = new Float64Array(grid.nodes.length);
    for (let pass = 0; pass < 60; pass++) {
      f = grid.nodes.map((r) => logistic(eta(r, alpha, beta) + wave(r)));
      const g = f.map((x) => x * (1 - epsilon * x));
      const [m0, m2] = [integral(grid, f) - mass, integral(grid, f, (r) => r * r) - energy];
      if (Math.abs(m0) + Math.abs(m2) < 1e-13) break;
      const [g0, g2, g4] = [0, 2, 4].map((p) => integral(grid, g, (r) => r ** p)) as [number, number, number];
      const determinant = g0 * g4 - g2 * g2;
      const [da, db] = [(m0 * g4 - m2 * g2) / determinant, (m0 * g2 - m2 * g0) / determinant];
      const damping = Math.min(1, 0.5 / (Math.abs(da) + 1e-300));
      alpha -= damping * da;
      beta -= damping * db;
    }
    return f;
  };
  const restEntropy = entropyOf(grid, rest, epsilon);
  let smallest = Infinity;
  let identity = 0;
  const table: number[][] = [];
  for (let k = 0; k < count; k++) {
    const size = 10 ** (-2 + 2.3 * random());
    const waves = Array.from(
      { length: 4 },
      () => [random() - 0.5, 0.5 + 3 * random(), 6.28 * random()] as const,
    );
    const wave = (r: number) => {
      const sum = waves.reduce(
        (total, [amplitude, q, shift]) => total + amplitude * Math.cos(q * r + shift),
        0,
      );
      return 2 * size * sum * Math.exp(-M.b * r * r * 0.05);
    };
    const f = stateOf(wave);
    const moments = Math.abs(integral(grid, f) - mass) + Math.abs(integral(grid, f, (r) => r * r) - energy);
    if (!(moments < 1e-11)) continue; // no such state: the wave asks for more than the two parameters can restore
    const excess = entropyOf(grid, f, epsilon) - restEntropy;
    const relative = relativeEntropy(grid, f, rest, epsilon);
    const square = integral(
      grid,
      f.map((x, i) => (x - rest[i]!) ** 2),
    );
    smallest = Math.min(smallest, excess / square);
    identity = Math.max(identity, Math.abs(excess - relative) / (relative + 1e-5));
    table.push([
      integral(
        grid,
        f.map((x, i) => Math.abs(x - rest[i]!)),
      ),
      excess,
    ]);
  }
  if (table.length < count / 2) return { smallest: Number.NaN, identity: Number.NaN, table };
  return { smallest, identity, table };
}

/** H_ε[f|M] of the paper, H[f|M] for ε = 0. */
export function relativeEntropy(
  grid: RadialGrid,
  f: ArrayLike<number>,
  M: ArrayLike<number>,
  epsilon: number,
): number {
  // x ln x - x + 1 at x = p/q, times q, from the difference where it is small
  const term = (p: number, q: number) => {
    const d = (p - q) / q;
    if (Math.abs(d) < 1e-3) return q * d * d * (1 / 2 - d / 6 + (d * d) / 12 - d ** 3 / 20);
    return (p > 0 ? p * Math.log(p / q) : 0) - p + q;
  };
  const density = Float64Array.from(f as Float64Array, (x, i) => {
    const filled = term(x, M[i]!);
    return epsilon === 0 ? filled : filled + term(1 - epsilon * x, 1 - epsilon * M[i]!) / epsilon;
  });
  return integral(grid, density);
}
