import { dx, get, inv3dx, invV, N, rho, set, V, x } from "./memory";

/**
 * The precomputed radial kernel of numerics.md §2 from the faces 0 = e_0 < … < e_N = R (N + 1 doubles at `faces`):
 *
 *   V_i = (e_{i+1}³ - e_i³)/3,  x_i = ∫ r⁴/2 dr / V_i,  ρ_k = e_k³,  Δx_k = x_k - x_{k-1}
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
    set(V, i, volume);
    set(invV, i, 1 / volume);
    set(x, i, (0.3 * fifths) / cubes);
    set(rho, i, a * aa);
  }
  const radius = get(faces, n);
  set(rho, n, radius * radius * radius);
  for (let k = 1; k < n; k++) {
    const step = get(x, k) - get(x, k - 1);
    set(dx, k, step);
    set(inv3dx, k, 1 / (3 * step));
  }
}
