import {
  ball,
  dx,
  facePairs,
  GRID,
  get,
  gridV,
  invV,
  lanes,
  N,
  pair,
  setGridPair,
  setPair,
  V,
  x,
} from "./memory";

/**
 * The precomputed radial kernel (docs/method.md, In space) from the faces 0 = e_0 < … < e_N = R (N + 1 doubles at `faces`):
 *
 *   V_i = (e_{i+1}³ - e_i³)/3,  x_i = ∫ r⁴/2 dr / V_i,  ρ_k/3 = e_k³/3,  Δx_k = x_k - x_{k-1}
 *
 * The differences of powers are divided by the cell's width analytically; subtracting them would lose digits on
 * fine grids.
 */
export function prepareGrid(faces: usize): void {
  const n = N;
  const three = f64x2.splat(3);
  // up to the pair where the lanes meet, or the one past it: the mirror image of what precedes it
  for (let i = 0; i <= facePairs; i++) {
    const a = lanes(get(faces, i), get(faces, n - 1 - i));
    const b = lanes(get(faces, i + 1), get(faces, n - i));
    const aa = f64x2.mul(a, a);
    const ab = f64x2.mul(a, b);
    const bb = f64x2.mul(b, b);
    const cubes = f64x2.add(f64x2.add(aa, ab), bb); // (b³ - a³)/(b - a)
    const fifths = f64x2.add(f64x2.add(f64x2.mul(aa, aa), f64x2.mul(ab, cubes)), f64x2.mul(bb, bb)); // (b⁵ - a⁵)/(b - a)
    const volume = f64x2.div(f64x2.mul(f64x2.sub(b, a), cubes), three);
    setPair(V, i, volume);
    setGridPair(gridV, i, volume);
    setPair(invV, i, f64x2.div(f64x2.splat(1), volume));
    setPair(x, i, f64x2.div(f64x2.mul(f64x2.splat(0.3), fifths), cubes));
    setGridPair(ball, i, thirdOfCube(v128.shuffle<f64>(a, b, 0, 3)));
  }
  const directions = lanes(1, -1);
  for (let i = 1; i <= facePairs; i++) {
    setGridPair(dx, i, f64x2.mul(directions, f64x2.sub(pair(x, i), pair(x, i - 1))));
  }
  // where the lanes meet: geometry in both, weights of sums in the first only
  if (n & 1) store<f64>(V + ((<usize>facePairs) << 4), 0, 8);
  else store<f64>(dx + <usize>facePairs * GRID, 0, 8);
}

function thirdOfCube(r: v128): v128 {
  return f64x2.div(f64x2.mul(r, f64x2.mul(r, r)), f64x2.splat(3));
}
