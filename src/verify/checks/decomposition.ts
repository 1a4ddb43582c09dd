import { equilibrium, equilibriumValue } from "../../equilibrium/equilibrium.js";
import { atMost, type Check, type Context, type Row } from "../check.js";
import { blocked, type RadialGrid, slopes, uniformGrid } from "../radial.js";

const state = { mass: 3, energy: 6, epsilon: 1 };
const radius = 8;
/** h of f = M + ηmh, smooth, |h| < 1 so that 0 < f < 1. */
const perturbation = (r: number) => 0.7 * Math.cos(1.2 * r * r) * Math.exp((-r * r) / 5);

/** (5.4)–(5.7) */
export const decomposition: Check = {
  name: "decomposition",
  statements: ["(5.4)", "(5.5)", "(5.6)", "(5.7)"],
  claim:
    "(5.4)–(5.7): with f = M + mh, -T[f]/m = Lh + Γ₂[h,h] + Γ₃[h,h,h], whole and order by order in h, L from its symmetric form (5.5)",
  kind: "theorem",
  async run(context) {
    const sizes = [200, 400, 800].map((n) => context.cells(n));
    const errors: number[][] = [];
    for (const n of sizes) errors.push(await defects(context, n));
    const names = [
      "-T[f]/m - (Lh + Γ₂ + Γ₃)",
      "first order: L (5.5)",
      "second order: Γ₂ (5.6)",
      "third order: Γ₃ (5.7)",
    ];
    const bounds = [2e-3, 2e-3, 5e-3, 2e-2];
    const rows: Row[] = names.map((name, k) =>
      atMost(`${name}, relative, in L²(m)`, errors[2]![k]!, bounds[k]!, [errors[0]![k]!, errors[1]![k]!]),
    );
    const data = sizes.map((n, k) => [n, ...errors[k]!]);
    return {
      rows,
      tables: [{ name: "defects", columns: ["cells", "all", "L", "gamma2", "gamma3"], rows: data }],
    };
  },
};

async function defects(context: Context, cells: number): Promise<number[]> {
  const eq = equilibrium(state);
  const grid = uniformGrid(cells, radius);
  const M = grid.nodes.map((r) => equilibriumValue(eq, 1, r));
  const m = blocked(M, 1);
  const h = grid.nodes.map(perturbation);
  const shape = (r: number) => {
    const value = equilibriumValue(eq, 1, r);
    return [value, value * (1 - value) * perturbation(r)] as const;
  };
  // ∂t f = -T[f], at f = M + ηmh
  const rate = async (eta: number) => {
    const initial = (r: number) => {
      const [value, change] = shape(r);
      return value + eta * change;
    };
    const { rate: result } = await context.subject.collide({
      epsilon: 1,
      initial,
      grid: { cells, radius },
      until: 1,
    });
    return result.map((x, i) => x / m[i]!);
  };
  const [full, back, half, halfBack] = [await rate(1), await rate(-1), await rate(0.5), await rate(-0.5)];
  const second = full.map((x, i) => (x + back[i]!) / 2);
  // odd parts: L + Γ₃ and L/2 + Γ₃/8
  const odd = full.map((x, i) => (x - back[i]!) / 2);
  const oddHalf = half.map((x, i) => (x - halfBack[i]!) / 2);
  const first = odd.map((x, i) => (8 * oddHalf[i]! - x) / 3);
  const third = odd.map((x, i) => (4 * (x - 2 * oddHalf[i]!)) / 3);

  const L = linear(grid, eq, h, m);
  const { two, three } = nonlinearFluxes(context, grid, M, m, h);
  const [gamma2, gamma3] = [divergence(grid, two, m), divergence(grid, three, m)];
  const sum = L.map((x, i) => x + gamma2[i]! + gamma3[i]!);
  const size = (x: Float64Array) =>
    Math.sqrt(x.reduce((total, v, i) => total + v * v * m[i]! * grid.volumes[i]!, 0));
  const gap = (x: Float64Array, y: Float64Array) => size(x.map((v, i) => v - y[i]!)) / size(y);
  return [gap(full, sum), gap(first, L), gap(second, gamma2), gap(third, gamma3)];
}

/** A flux r²J at the faces to (1/m) ∇·J in the cells. */
function divergence({ volumes }: RadialGrid, flux: Float64Array, m: Float64Array): Float64Array {
  return volumes.map((v, i) => (flux[i + 1]! - flux[i]!) / (v * m[i]!));
}

/** (5.5): r²J = (1/3) ∫ min(r,s)³ m m* (∂x h - ∂x h*) dx*, x = r²/2, with m at the faces. */
function linear(
  grid: RadialGrid,
  eq: ReturnType<typeof equilibrium>,
  h: Float64Array,
  m: Float64Array,
): Float64Array {
  const { faces, nodes } = grid;
  const cells = h.length;
  const slope = new Float64Array(cells);
  const weight = new Float64Array(cells); // m Δx
  const values = new Float64Array(cells);
  for (let k = 1; k < cells; k++) {
    const dx = (nodes[k]! ** 2 - nodes[k - 1]! ** 2) / 2;
    const value = equilibriumValue(eq, 1, faces[k]!);
    values[k] = value * (1 - value);
    slope[k] = (h[k]! - h[k - 1]!) / dx;
    weight[k] = values[k]! * dx;
  }
  const plain = new Float64Array(cells);
  const sloped = new Float64Array(cells);
  let [a, b] = [0, 0];
  for (let k = 1; k < cells; k++) {
    a += faces[k]! ** 3 * weight[k]!;
    b += faces[k]! ** 3 * weight[k]! * slope[k]!;
    plain[k] = a;
    sloped[k] = b;
  }
  [a, b] = [0, 0];
  for (let k = cells - 1; k >= 1; k--) {
    plain[k]! += faces[k]! ** 3 * a;
    sloped[k]! += faces[k]! ** 3 * b;
    a += weight[k]!;
    b += weight[k]! * slope[k]!;
  }
  const flux = new Float64Array(cells + 1);
  for (let k = 1; k < cells; k++) flux[k] = (values[k]! * (slope[k]! * plain[k]! - sloped[k]!)) / 3;
  return divergence(grid, flux, m);
}

/** r² times the fluxes of (5.6) and (5.7) at the faces, with ∇a = -r⁻² (enclosed mass). */
export function nonlinearFluxes(
  { subject }: Context,
  grid: RadialGrid,
  M: Float64Array,
  m: Float64Array,
  h: Float64Array,
) {
  const mh = h.map((x, i) => x * m[i]!);
  const mixed = mh.map((x, i) => (1 - 2 * M[i]!) * x);
  const square = mh.map((x) => x * x);
  const ofMixed = subject.coefficients(grid, mixed, mh);
  const ofSquare = subject.coefficients(grid, square, M);
  const [slopeM, slopeMh] = [slopes(grid, M), slopes(grid, mh)];
  const at = (f: Float64Array, k: number) => (f[k]! + f[k - 1]!) / 2;
  const two = new Float64Array(h.length + 1);
  const three = new Float64Array(h.length + 1);
  for (let k = 1; k < h.length; k++) {
    const area = grid.faces[k]! ** 2;
    two[k] =
      area * (ofMixed.parallel[k]! * slopeMh[k]! - ofSquare.parallel[k]! * slopeM[k]!) +
      at(mixed, k) * ofMixed.enclosed[k]! -
      at(square, k) * ofSquare.enclosed[k]!;
    three[k] = -area * ofSquare.parallel[k]! * slopeMh[k]! - at(square, k) * ofMixed.enclosed[k]!;
  }
  return { two, three };
}
