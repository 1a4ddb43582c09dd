import { equilibrium } from "../../equilibrium/equilibrium.js";
import { countBelow, infimum } from "../../spectrum/eigenvalue.js";
import { dot, multiply, multiplyTridiagonal } from "../../spectrum/semiseparable.js";
import { coercivePart, compactPart } from "../../spectrum/splitting.js";
import { equilibriumWeight, type Weight } from "../../spectrum/weight.js";
import { atLeast, type Check, near, type Row, reported } from "../check.js";
import { randomNumbers } from "../quadrature.js";
import { integral, radialCoefficients, uniformGrid } from "../radial.js";

const sectors = [0, 1, 2, 3];
/** The k of the weights ⟨v⟩^k. */
const orders = [0, 1, 2];

/** Lemmas 5.2 and 5.3 */
export const splitting: Check = {
  name: "splitting",
  statements: ["Lemma 5.2", "Lemma 5.3", "(5.8)", "(5.9)", "(5.10)", "(5.20)"],
  claim:
    "Lemmas 5.2, 5.3: L = K_k - Λ_k. Λ_k is coercive on 𝓗^k but for finitely many directions, which no ξ removes (Lemma 5.2 claims none); |(K_k h,h)| in L²(m⟨v⟩^k) ≤ C ‖h‖² in L²(m⟨v⟩^{k-2})",
  kind: "theorem",
  async run({ cells, subject }) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const epsilon of [0, 1, 30, 45]) {
      const weight = equilibriumWeight(equilibrium({ mass: 1, energy: 3, epsilon }), epsilon);
      const radius = weight.reach(80);
      for (const k of orders) {
        const levels = [1000, 2000].map((n) =>
          sectors.map((ell) => {
            const built = coercivePart(weight, ell, cells(n), radius, k, subject.linearised);
            return { least: infimum(built), negative: countBelow(built, 0) };
          }),
        );
        const [coarse, fine] = levels.map((level) => ({
          least: Math.min(...level.map(({ least }) => least)),
          negative: level.reduce((sum, { negative }) => sum + negative, 0),
        })) as [{ least: number; negative: number }, { least: number; negative: number }];
        levels[1]!.forEach(({ least, negative }, ell) => {
          data.push([epsilon, k, ell, least, negative]);
        });
        const what = `ε = ${epsilon}, k = ${k}`;
        rows.push(
          near(
            `${what}: directions in which Λ_k is negative, ξ → ∞ (count)`,
            fine.negative,
            coarse.negative,
            0,
            [coarse.negative],
          ),
        );
        const name = `${what}: least (Λ_k h,h) / ‖h‖² in 𝓗^k`;
        // known to hold there; elsewhere the lemma as printed fails
        rows.push(
          k === 0 && epsilon <= 1
            ? atLeast(name, fine.least, 1e-3, [coarse.least])
            : reported(name, fine.least, [coarse.least]),
        );
      }
      const [coarse, fine] = [1000, 2000].map((n) => {
        const parts = sectors.map((ell) => compactPart(weight, ell, cells(n), radius, subject.linearised));
        return orders.map((k) =>
          Math.max(
            ...parts.map(({ matrix, weighted }, ell) => {
              const { pairing, norm } = weighted(k);
              return randomRatio(ell, cells(n), radius, weight, (y) => {
                const paired = y.map((value, i) => value * pairing[i]!);
                return Math.abs(dot(paired, multiply(matrix, y)) / dot(y, multiplyTridiagonal(norm, y)));
              });
            }),
          ),
        );
      }) as [number[], number[]];
      for (const [index, k] of orders.entries()) {
        const what = `ε = ${epsilon}, k = ${k}: (5.20), largest |(K_k h,h)| / ‖h‖² of 60 random h a sector`;
        rows.push(
          near(`${what}, over that of half the cells`, fine[index]! / coarse[index]!, 1, 0.01),
          reported(what, fine[index]!, [coarse[index]!]),
        );
      }
    }
    rows.push(...(await atVelocity(cells(2000), subject.linearised)));
    return {
      rows,
      tables: [{ name: "coercivity", columns: ["epsilon", "k", "ell", "least", "negative"], rows: data }],
    };
  },
};

/**
 * (Λ_0 h,h) at h = v/|v|·r, ε = 45, of which ξ sees nothing: (1/3)(∫ a[m] m - ∫ |v|² m²) by sums of their own against the
 * sector's, and negative.
 */
async function atVelocity(cells: number, factors: Parameters<typeof coercivePart>[5]): Promise<Row[]> {
  const epsilon = 45;
  const weight = equilibriumWeight(equilibrium({ mass: 1, energy: 3, epsilon }), epsilon);
  const radius = weight.reach(40);
  const grid = uniformGrid(cells, radius);
  const m = grid.nodes.map((r) => Math.exp(weight.logM(r)));
  const { parallel, perpendicular } = radialCoefficients(grid, m, m);
  const potential = m.map(
    (_, i) => (parallel[i]! + parallel[i + 1]!) / 2 + perpendicular[i + 1]! + perpendicular[Math.max(i, 1)]!,
  );
  const value =
    integral(
      grid,
      m.map((x, i) => x * potential[i]!),
    ) -
    integral(
      grid,
      m.map((x) => x * x),
      (r) => r * r,
    );
  const built = coercivePart(weight, 1, cells, radius, 0, factors);
  const y = built.nodes.map((r, i) => r * Math.exp(built.logM[i]! / 2));
  // ∫ Y² dσ = 1, and v_z = r √(4π/3) Y
  const form = ((4 * Math.PI) / 3) * dot(y, multiply(built.form, y));
  return [
    near("ε = 45: (Λ_0 v,v) of the sector over (1/3)(∫ a[m] m - ∫ |v|² m²)", form / (value / 3), 1, 1e-3),
    reported("ε = 45: that value, negative for every ξ", value / 3),
  ];
}

/** Largest value over 60 random smooth h. */
function randomRatio(
  ell: number,
  cells: number,
  radius: number,
  { logM }: Weight,
  ratio: (y: Float64Array) => number,
): number {
  const random = randomNumbers(50 + ell);
  const first = ell === 0 ? 0 : 1;
  let most = 0;
  for (let k = 0; k < 60; k++) {
    const waves = Array.from({ length: 3 }, () => [random() - 0.5, 4 * random(), 6.28 * random()] as const);
    const y = Float64Array.from({ length: cells + 1 - first }, (_, i) => {
      const r = ((i + first) * radius) / cells;
      const h = waves.reduce((sum, [a, q, shift]) => sum + a * Math.cos(q * r + shift), 0) * r ** ell;
      return h * Math.exp(logM(r) / 2);
    });
    most = Math.max(most, ratio(y));
  }
  return most;
}
