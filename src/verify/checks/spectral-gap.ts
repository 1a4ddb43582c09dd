import { equilibrium } from "../../equilibrium/equilibrium.js";
import { countBelow, smallest } from "../../spectrum/eigenvalue.js";
import { type Sector, sector } from "../../spectrum/sector.js";
import { dot, multiply, multiplyTridiagonal } from "../../spectrum/semiseparable.js";
import { sectorSpectrum } from "../../spectrum/spectrum.js";
import { equilibriumWeight } from "../../spectrum/weight.js";
import { atLeast, atMost, type Check, type Context, near, type Row, reported } from "../check.js";
import { directForm } from "../direct.js";
import { randomNumbers } from "../quadrature.js";

const sectors = [0, 1, 2, 3, 4, 5];

/** Theorem 5.4 */
export const spectralGap: Check = {
  name: "spectral-gap",
  statements: ["Theorem 5.4", "(5.5)", "(5.27)", "Remark 2"],
  claim:
    "Theorem 5.4: -(Lh,h) ≥ C_L (∫A[m]∇h·∇h m + ‖h‖²_{L²(m⟨v⟩⁻¹)}) for h ⊥ {1, v, |v|²}, in every sector of spherical harmonics, with C_L computed",
  kind: "theorem",
  async run(context) {
    const rows: Row[] = [];
    const data: number[][] = [];
    for (const epsilon of [0, 1, 30, 45]) {
      const weight = equilibriumWeight(equilibrium({ mass: 1, energy: 3, epsilon }), epsilon);
      const radius = weight.reach(80);
      const build = (ell: number, n: number) => sector(weight, ell, n, radius, context.subject.linearised);
      const defects = [2000, 4000].map((n) =>
        Math.max(...[0, 1].map((ell) => nullDefect(build(ell, context.cells(n))))),
      );
      rows.push(
        atMost(`ε = ${epsilon}: L on 1, |v|², v, relative to its local part`, defects[1]!, 1e-14, [
          defects[0]!,
        ]),
      );
      const list = sectors.map((ell) => sectorSpectrum(weight, ell, context.cells(16000)));
      const coarser = sectors.map((ell) => sectorSpectrum(weight, ell, context.cells(4000)));
      const lowest = list.reduce((best, next) => (next.bottom < best.bottom ? next : best));
      const before = coarser[lowest.ell]!;
      const where = lowest.kind === "isolated" ? `isolated, ℓ = ${lowest.ell}` : "essential edge";
      rows.push(
        reported(`ε = ${epsilon}: C_L (${where})`, lowest.bottom, [before.bottom]),
        atMost(
          `ε = ${epsilon}: its error, relative (${lowest.kind === "isolated" ? "refinement in dr and R" : "truncated problems, R → ∞"})`,
          lowest.error / lowest.bottom,
          lowest.kind === "isolated" ? 1e-6 : 1e-3,
          [before.error / before.bottom],
        ),
      );
      for (const { ell, bottom, error, below } of list)
        data.push([epsilon, ell, bottom, error, below, weight.essentialEdge]);
      // higher sectors: centrifugal terms only add
      const higher = Array.from({ length: 35 }, (_, k) =>
        countBelow(build(sectors.length + k, context.cells(2000)), lowest.bottom * (1 - 1e-9)),
      ).reduce((sum, count) => sum + count);
      rows.push(near(`ε = ${epsilon}: eigenvalues below C_L in sectors ℓ = 6 … 40 (count)`, higher, 0, 0));
      // the inequality itself, for h that know nothing of eigenvectors
      const worst = Math.min(...sectors.map((ell) => randomRatio(build(ell, context.cells(2000)), ell)));
      rows.push(
        atLeast(`ε = ${epsilon}: least ratio of 60 random h a sector, over C_L`, worst / lowest.bottom, 1),
      );
      const bottomSector = build(lowest.ell, context.cells(4000));
      const computed = smallest(bottomSector).value;
      rows.push(
        near(
          `ε = ${epsilon}: eigenvalues below 0.999 and up to 1.001 of the bottom of ℓ = ${lowest.ell} (count)`,
          countBelow(bottomSector, 0.999 * computed) + countBelow(bottomSector, 1.001 * computed),
          1,
          0,
        ),
      );
    }
    rows.push(...sixDimensions(context));
    return {
      rows,
      tables: [
        {
          name: "sectors",
          columns: ["epsilon", "ell", "bottom", "error", "below_edge", "edge"],
          rows: data,
          picture: { title: "bottoms of the sectors", x: "ell", y: ["bottom"], by: "epsilon", logY: true },
        },
      ],
    };
  },
};

/** max |Q n| over the size of what its local part sums, n in the null space. */
function nullDefect({ form, local, nullSpace }: Sector): number {
  let worst = 0;
  const size = { diagonal: local.diagonal.map(Math.abs), off: local.off.map(Math.abs) };
  for (const n of nullSpace) {
    const gross = multiplyTridiagonal(size, n.map(Math.abs)).reduce((a, b) => Math.max(a, b));
    worst = Math.max(worst, multiply(form, n).reduce((a, b) => Math.max(a, Math.abs(b)), 0) / gross);
  }
  return worst;
}

/** Least quotient of the form and the norm over random h ⊥ N(L) in L²(m). */
function randomRatio(built: Sector, ell: number): number {
  const random = randomNumbers(40 + ell);
  let least = Infinity;
  for (let k = 0; k < 60; k++) {
    const waves = Array.from({ length: 3 }, () => [random() - 0.5, 4 * random(), 6.28 * random()] as const);
    const growth = 0.98 * random(); // towards e^{br²/2}, where the edge is approached
    const y = built.nodes.map((r, i) => {
      const h = waves.reduce((sum, [a, q, shift]) => sum + a * Math.cos(q * r + shift), 0) * r ** ell;
      return h * Math.exp((built.logM[i]! * (1 - growth)) / 2);
    });
    // orthogonal to the null space, which is made orthonormal first
    const basis: Float64Array[] = [];
    for (const n of [...built.nullSpace, y]) {
      const vector = n === y ? y : n.slice();
      for (let pass = 0; pass < 2; pass++) {
        for (const b of basis) {
          const overlap = dot(multiplyTridiagonal(built.mass, b), vector);
          for (let i = 0; i < vector.length; i++) vector[i]! -= overlap * b[i]!;
        }
      }
      const length = Math.sqrt(dot(vector, multiplyTridiagonal(built.mass, vector)));
      if (n !== y) basis.push(vector.map((x) => x / length));
    }
    least = Math.min(least, dot(y, multiply(built.form, y)) / dot(y, multiplyTridiagonal(built.norm, y)));
  }
  return least;
}

/** The sectors' forms against the integral over ℝ³ × ℝ³, for one smooth h = q(r) P_ℓ(cos θ) each. */
function sixDimensions({ subject, cells }: Context): Row[] {
  const epsilon = 1;
  const weight = equilibriumWeight(equilibrium({ mass: 1, energy: 3, epsilon }), epsilon);
  const radius = weight.reach(16);
  const q = (r: number, ell: number) => r ** ell * Math.exp((-r * r) / 8);
  const slope = (r: number, ell: number) =>
    (ell * r ** (ell - 1) - r ** (ell + 1) / 4) * Math.exp((-r * r) / 8);
  const legendre = [
    [(_: number) => 1, (_: number) => 0],
    [(c: number) => c, (_: number) => 1],
    [(c: number) => (3 * c * c - 1) / 2, (c: number) => 3 * c],
    [(c: number) => (5 * c ** 3 - 3 * c) / 2, (c: number) => (15 * c * c - 3) / 2],
  ] as const;
  return [1, 2, 3].map((ell) => {
    const [P, dP] = legendre[ell]!;
    const gradient = (r: number, cosine: number): [number, number] => {
      const sine = Math.sqrt(1 - cosine * cosine);
      const radial = slope(r, ell) * P(cosine);
      const polar = (-q(r, ell) / r) * dP(cosine) * sine; // along increasing polar angle
      return [radial * cosine - polar * sine, radial * sine + polar * cosine];
    };
    const built = sector(weight, ell, Math.max(cells(2000), 1000), radius, subject.linearised);
    const y = built.nodes.map((r, i) => q(r, ell) * Math.exp(built.logM[i]! / 2));
    // ∫ P_ℓ² dσ = 4π/(2ℓ+1)
    const reduced = ((4 * Math.PI) / (2 * ell + 1)) * dot(y, multiply(built.form, y));
    const gaps = [10, 14, 20].map((order) =>
      Math.abs(
        directForm({ weight: (r) => Math.exp(weight.logM(r)), gradient, radius, order }) / reduced - 1,
      ),
    );
    return atMost(
      `ℓ = ${ell}: the form over ℝ³ × ℝ³ by tensor quadrature against the sector's`,
      gaps[2]!,
      4e-3,
      gaps.slice(0, 2),
    );
  });
}
