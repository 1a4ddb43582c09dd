/*
 * Isotropic functions on a radial grid, written a second time beside the solver's: a cell's value is an average, cells
 * integrate exactly what is constant in them. Integrals are over ℝ³.
 */

export interface RadialGrid {
  faces: Float64Array;
  /** (e_{i+1}³ - e_i³)/3 */
  volumes: Float64Array;
  /** √(2x_i), x_i the mean of r²/2 over the cell. */
  nodes: Float64Array;
}

export function radialGrid(faces: Float64Array): RadialGrid {
  const cells = faces.length - 1;
  const volumes = new Float64Array(cells);
  const nodes = new Float64Array(cells);
  for (let i = 0; i < cells; i++) {
    const a = faces[i]!;
    const b = faces[i + 1]!;
    volumes[i] = ((b - a) * (b * b + a * b + a * a)) / 3;
    const fifth = ((b - a) * (b ** 4 + a * b ** 3 + a * a * b * b + a ** 3 * b + a ** 4)) / 5;
    nodes[i] = Math.sqrt(fifth / volumes[i]!);
  }
  return { faces, volumes, nodes };
}

export function uniformGrid(cells: number, radius: number): RadialGrid {
  return radialGrid(Float64Array.from({ length: cells + 1 }, (_, k) => (radius * k) / cells));
}

/** ∫ w(|v|) f dv, w at the nodes. */
export function integral(
  { volumes, nodes }: RadialGrid,
  f: ArrayLike<number>,
  w: (r: number) => number = () => 1,
): number {
  let sum = 0;
  for (let i = 0; i < volumes.length; i++) sum += f[i]! * w(nodes[i]!) * volumes[i]!;
  return 4 * Math.PI * sum;
}

/** ‖f‖_p over ℝ³; p may be Infinity. */
export function normOf(
  grid: RadialGrid,
  f: ArrayLike<number>,
  p: number,
  w: (r: number) => number = () => 1,
): number {
  if (p === Infinity) {
    let most = 0;
    for (let i = 0; i < f.length; i++) most = Math.max(most, Math.abs(f[i]!) * w(grid.nodes[i]!));
    return most;
  }
  const power = Float64Array.from(f as Float64Array, (x, i) => (Math.abs(x) * w(grid.nodes[i]!)) ** p);
  return integral(grid, power) ** (1 / p);
}

/** D, A⊥ and m of (1.5) at the faces, for the g and the f given; a factor 1/(4π) for m as docs/method.md has it. */
export interface RadialCoefficients {
  parallel: Float64Array;
  perpendicular: Float64Array;
  /** ∫₀ʳ s² f ds = -r² ∂r a[f] */
  enclosed: Float64Array;
}

/**
 * D = (1/3)(r⁻³ ∫₀ʳ s⁴g + ∫ᵣ^∞ s g), A⊥ = (1/2r) ∫₀ʳ (1 - s²/3r²) s²g + (1/3) ∫ᵣ^∞ s g and m = ∫₀ʳ s² f at the faces.
 */
export function radialCoefficients(
  { faces }: RadialGrid,
  g: ArrayLike<number>,
  f: ArrayLike<number>,
): RadialCoefficients {
  const cells = faces.length - 1;
  const parallel = new Float64Array(cells + 1);
  const perpendicular = new Float64Array(cells + 1);
  const enclosed = new Float64Array(cells + 1);
  let [second, fourth, mass] = [0, 0, 0];
  for (let k = 1; k <= cells; k++) {
    const [a, b] = [faces[k - 1]!, faces[k]!];
    second += (g[k - 1]! * (b ** 3 - a ** 3)) / 3;
    fourth += (g[k - 1]! * (b ** 5 - a ** 5)) / 5;
    mass += (f[k - 1]! * (b ** 3 - a ** 3)) / 3;
    parallel[k] = fourth / (3 * b ** 3);
    perpendicular[k] = (second - fourth / (3 * b * b)) / (2 * b);
    enclosed[k] = mass;
  }
  let beyond = 0;
  for (let k = cells; k >= 0; k--) {
    parallel[k]! += beyond / 3;
    perpendicular[k]! += beyond / 3;
    if (k > 0) beyond += (g[k - 1]! * (faces[k]! ** 2 - faces[k - 1]! ** 2)) / 2;
  }
  return { parallel, perpendicular, enclosed };
}

/** f(1 - εf) */
export function blocked(f: ArrayLike<number>, epsilon: number): Float64Array {
  return Float64Array.from(f as Float64Array, (x) => x * (1 - epsilon * x));
}

/** ∂r f at the inner faces 1 … cells - 1, the ends 0. */
export function slopes({ faces, nodes }: RadialGrid, f: ArrayLike<number>): Float64Array {
  const slope = new Float64Array(faces.length);
  for (let k = 1; k < nodes.length; k++) {
    // in x = r²/2, then times r: exact for what is linear in r², as smooth isotropic functions are near 0
    const dx = (nodes[k]! ** 2 - nodes[k - 1]! ** 2) / 2;
    slope[k] = (faces[k]! * (f[k]! - f[k - 1]!)) / dx;
  }
  return slope;
}

/** H_ε of the paper; ∫ f ln f for ε = 0. */
export function entropyOf(grid: RadialGrid, f: ArrayLike<number>, epsilon: number): number {
  const density = Float64Array.from(f as Float64Array, (x) => {
    if (epsilon === 0) return x > 0 ? x * Math.log(x) : 0;
    const filled = x > 0 ? x * Math.log(epsilon * x) : 0;
    const hole = 1 - epsilon * x;
    return filled + (hole > 0 ? (hole * Math.log1p(-epsilon * x)) / epsilon : 0);
  });
  return integral(grid, density);
}

/** -dH/dt of (1.3): (4π/6) ∬ min(r,s)³ g g* r s (∂xφ - ∂xφ*)² dr ds on the faces, g by `mean`, O(N²). */
export function productionOf(grid: RadialGrid, f: ArrayLike<number>, epsilon: number): number {
  return pairing(grid, f, epsilon, undefined);
}

/**
 * The double integral of (1.2) for an isotropic test function ψ (that of (1.3) for ψ = ln(f/(1-εf)), if none is given):
 * d/dt ∫ f ψ dv = -(4π/6) ∬ min(r,s)³ g g* (∂xφ - ∂xφ*)(∂xψ - ∂xψ*) dx dx*, x = r²/2.
 */
export function pairing(
  { faces, nodes }: RadialGrid,
  f: ArrayLike<number>,
  epsilon: number,
  psi: ((r: number) => number) | undefined,
): number {
  const cells = nodes.length;
  const logit = (i: number) => Math.log(f[i]!) - Math.log1p(-epsilon * f[i]!);
  const slope = new Float64Array(cells);
  const test = new Float64Array(cells);
  const weight = new Float64Array(cells);
  for (let k = 1; k < cells; k++) {
    const dx = (nodes[k]! ** 2 - nodes[k - 1]! ** 2) / 2;
    slope[k] = (logit(k) - logit(k - 1)) / dx;
    test[k] = psi ? (psi(nodes[k]!) - psi(nodes[k - 1]!)) / dx : slope[k]!;
    const middle = (f[k]! + f[k - 1]!) / 2;
    weight[k] = middle * (1 - epsilon * middle) * dx;
    if (Math.abs(logit(k) - logit(k - 1)) > 0.5)
      weight[k] = f[k]! - f[k - 1]! === 0 ? 0 : (f[k]! - f[k - 1]!) / slope[k]!;
  }
  // Σ_j min(ρ_k, ρ_j) w_j (1, slope, test) by prefix and suffix sums
  const sums = [
    new Float64Array(cells),
    new Float64Array(cells),
    new Float64Array(cells),
    new Float64Array(cells),
  ];
  const term = [
    () => 1,
    (k: number) => slope[k]!,
    (k: number) => test[k]!,
    (k: number) => slope[k]! * test[k]!,
  ];
  term.forEach((value, c) => {
    let inner = 0;
    for (let k = 1; k < cells; k++) {
      inner += faces[k]! ** 3 * weight[k]! * value(k);
      sums[c]![k] = inner;
    }
    let outer = 0;
    for (let k = cells - 1; k >= 1; k--) {
      sums[c]![k]! += faces[k]! ** 3 * outer;
      outer += weight[k]! * value(k);
    }
  });
  let total = 0;
  for (let k = 1; k < cells; k++) {
    const [one, a, b, ab] = sums.map((s) => s[k]!) as [number, number, number, number];
    total += weight[k]! * (slope[k]! * test[k]! * one - slope[k]! * b - test[k]! * a + ab);
  }
  return ((4 * Math.PI) / 6) * total;
}
