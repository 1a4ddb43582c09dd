import {
  ball,
  cell,
  cellPairs,
  closeCells,
  dx,
  facePairs,
  get,
  invV,
  N,
  setCell,
  setFace,
  V,
  x,
} from "./memory";

/**
 * The precomputed radial kernel of numerics.md §2 from the faces 0 = e_0 < … < e_N = R (N + 1 doubles at `faces`):
 *
 *   V_i = (e_{i+1}³ - e_i³)/3,  x_i = ∫ r⁴/2 dr / V_i,  ρ_k/3 = e_k³/3,  Δx_k = x_k - x_{k-1}
 *
 * The differences of powers are divided by the cell's width analytically; subtracting them would lose digits on
 * fine grids.
 */
export function prepareGrid(faces: usize): void {
  const n = N;
  for (let i = 0; i < n; i++) {
    const a = get(faces, i);
    const b = get(faces, i + 1);
    const width = b - a;
    const aa = a * a;
    const ab = a * b;
    const bb = b * b;
    const cubes = aa + ab + bb; // (b³ - a³)/(b - a)
    const fifths = aa * aa + ab * (aa + ab + bb) + bb * bb; // (b⁵ - a⁵)/(b - a)
    const volume = (width * cubes) / 3;
    setCell(V, i, volume);
    setCell(invV, i, 1 / volume);
    setCell(x, i, (0.3 * fifths) / cubes);
    setFace(ball, i, (a * aa) / 3);
  }
  const radius = get(faces, n);
  setFace(ball, n, (radius * radius * radius) / 3);
  closeCells(V);
  closeCells(invV);
  closeCells(x);
  for (let k = 1; k < n; k++) {
    setFace(dx, k, cell(x, k) - cell(x, k - 1));
  }
  // where the lanes meet: geometry in both, weights of sums in the first only
  const middle = (<usize>facePairs) << 4;
  if (n & 1) {
    store<f64>(V + ((<usize>(cellPairs - 1)) << 4), 0, 8);
  } else {
    store<f64>(ball + middle, load<f64>(ball + middle), 8);
    store<f64>(dx + middle, 0, 8);
  }
}
