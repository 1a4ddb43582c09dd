import { equilibrium, equilibriumValue } from "../../equilibrium/equilibrium.js";
import { atMost, type Check, type Context, near, type Row, reported } from "../check.js";
import { normOf, type RadialGrid, radialGrid } from "../radial.js";
import { evaluate, randomFunctions } from "../random-data.js";

/**
 * For isotropic g the constants of (5.28) and (5.29) are sharp and need the first term of each norm only: by
 * r³D = (1/3)(∫₀ʳ s⁴g + r³∫ᵣ s g) ≤ (1/3) ∫ s⁴|g|, rA⊥ ≤ (1/2) ∫ s²|g| and r²|∂r a| ≤ ∫ s²|g|, all three attained as r → ∞.
 */
const sharp = { along: 1 / (12 * Math.PI), across: 1 / (8 * Math.PI), gradient: 1 / (4 * Math.PI) };
const radius = 12;
const count = 40;

/** Lemma 5.5 */
export const weightedBounds: Check = {
  name: "weighted-bounds",
  statements: ["Lemma 5.5", "(5.28)", "(5.29)"],
  claim:
    "Lemma 5.5, the solver's coefficients: |v|³D[g] ≤ ∫|w|²|g| / 12π ≤ E∥[g] / 12π, |v|A⊥[g] ≤ ∫|g| / 8π, |v|²|∂r a[g]| ≤ ∫|g| / 4π; and A[g] ≲ E[g] A[m]",
  kind: "theorem",
  async run(context) {
    const { figures, table } = await ratiosOf(context, 300);
    const { figures: finer, table: rows } = await ratiosOf(context, 600);
    const names = ["(5.28) |v|³D / ∫|w|²|g|", "(5.28) |v|A⊥ / ∫|g|", "(5.29) |v|²|∂r a| / ∫|g|"];
    const bounds = [sharp.along, sharp.across, sharp.gradient];
    const list: Row[] = names.flatMap((name, k) => [
      // the solver's coefficients are of second order in the cells
      atMost(
        `${name}, largest of ${count} signed g, against the sharp constant + 0.5 %`,
        finer[k]!,
        bounds[k]! * 1.005,
        [figures[k]!],
      ),
      near(`${name} of a smooth g ≥ 0, r → ∞, over the sharp constant`, finer[k + 3]! / bounds[k]!, 1, 2e-3, [
        figures[k + 3]! / bounds[k]!,
      ]),
    ]);
    for (const [k, [p, q]] of pairs.entries())
      list.push(
        reported(`(5.28) A[g] / (E[g] A[m]) at M, ρ = Θ = ε = 1, p = ${p}, q = ${q}`, finer[6 + k]!, [
          figures[6 + k]!,
        ]),
      );
    return {
      rows: list,
      tables: [
        {
          name: "ratios",
          columns: ["cells", "sample", "parallel", "perpendicular", "gradient"],
          rows: [...table, ...rows],
        },
      ],
    };
  },
};

const pairs = [
  [1, 2],
  [1.2, 3],
] as const;

/** The three ratios' maxima over signed g, their values far out for a smooth g ≥ 0, and A[g]/(E[g]A[m]) for both pairs. */
async function ratiosOf({ subject, cells }: Context, size: number) {
  const n = cells(size);
  const M = equilibrium({ mass: 1, energy: 3, epsilon: 1 });
  const ofM = await subject.collide({
    epsilon: 1,
    initial: (r) => equilibriumValue(M, 1, r),
    grid: { cells: n, radius },
    until: 1,
  });
  const grid = radialGrid(ofM.grid.faces);
  const figures = new Array<number>(8).fill(0);
  const table: number[][] = [];
  const shapes = randomFunctions(2 * count, 11);
  for (let k = 0; k < count; k++) {
    // coefficients are linear in g: of two functions f ≥ 0, the difference is signed
    const plus = await evaluate(subject, shapes[2 * k]!, n, radius);
    const minus = await evaluate(subject, shapes[2 * k + 1]!, n, radius);
    const g = plus.f.map((x, i) => x - minus.f[i]!);
    const first = normOf(grid, g, 1);
    const second = normOf(grid, g, 1, (r) => r * r);
    const sizes = pairs.map(([p, q]) => {
      const { across, along } = norms(grid, g, p, q);
      return across + along;
    });
    const here = [0, 0, 0];
    for (let face = 1; face < plus.coefficients.parallel.length; face++) {
      const r = grid.faces[face]!;
      const of = (key: "parallel" | "perpendicular" | "enclosed") =>
        Math.abs(plus.coefficients[key][face]! - minus.coefficients[key][face]!);
      const [D, T] = [of("parallel"), of("perpendicular")];
      const values = [(r ** 3 * D) / second, (r * T) / first, of("enclosed") / first];
      for (let c = 0; c < 3; c++) here[c] = Math.max(here[c]!, values[c]!);
      const against = Math.max(D / ofM.parallel[face]!, T / ofM.perpendicular[face]!);
      for (const [c, size] of sizes.entries()) figures[6 + c] = Math.max(figures[6 + c]!, against / size);
    }
    for (let c = 0; c < 3; c++) figures[c] = Math.max(figures[c]!, here[c]!);
    table.push([n, k, ...here]);
  }
  const smooth = await evaluate(subject, (r) => Math.exp(-((r - 1) ** 2)), n, radius);
  const { parallel, perpendicular, enclosed } = smooth.coefficients;
  const last = parallel.length - 1;
  const r = grid.faces[last]!;
  const [first, second] = [0, 2].map((power) => normOf(grid, smooth.f, 1, (s) => s ** power)) as [
    number,
    number,
  ];
  figures[3] = (r ** 3 * parallel[last]!) / second;
  // A⊥ = (1/2r)(∫ s²g - (1/3r²) ∫ s⁴g): the second term is not yet small
  figures[4] = (r * perpendicular[last]!) / (first - second / (3 * r * r));
  figures[5] = enclosed[last]! / first;
  return { figures, table };
}

/** E⊥ and E∥ of the paper (before Lemma 5.5). */
function norms(grid: RadialGrid, g: Float64Array, p: number, q: number) {
  const norm = (s: number, power: number) => normOf(grid, g, s, (r) => r ** power);
  return {
    across: norm(1, 0) + norm(p, 1) + norm(q, 1),
    along: norm(1, 2) + norm(p, 3) + norm(q, 3),
  };
}
