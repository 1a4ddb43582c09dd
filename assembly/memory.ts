/**
 * Every array of the solver, allocated once for a grid of N cells and never moved: 30 doubles a cell.
 *
 * Index conventions: cell i = 0 … N-1 lies between faces i and i + 1; face k = 0 … N, with cell k - 1 on its left
 * and cell k on its right. Faces 0 (origin) and N (wall) carry no flux. Every array has room for N + 2 doubles, so
 * that a pair of lanes may run one element past the last face.
 */

/** Number of cells. */
export let N: i32 = 0;
/** Quantum parameter ε and 1/ε (0 for ε = 0). */
export let epsilon: f64 = 0;
export let invEpsilon: f64 = 0;

// The precomputed radial kernel: geometry, one value a cell …
/** V_i = (e_{i+1}³ - e_i³)/3, the cell's volume over 4π. */
export let V: usize = 0;
/** 1 / V_i */
export let invV: usize = 0;
/** x_i = ∫ r⁴/2 dr / V_i, the energy node: Σ f_i V_i x_i is the exact energy of piecewise constants. */
export let x: usize = 0;
// … and one value a face.
/** ρ_k = e_k³, of which min(ρ_k, ρ_j) is the collision kernel. */
export let rho: usize = 0;
/** Δx_k = x_k - x_{k-1} */
export let dx: usize = 0;
/** 1 / (3 Δx_k) */
export let inv3dx: usize = 0;

// States: f and the holes h = 1 - εf. Both are kept so that each is precise where it is small.
/** Accepted state at time t. */
export let f: usize = 0;
export let h: usize = 0;
/** Stage value: Newton's iterate; after a step, the candidate for t + Δt. */
export let fStage: usize = 0;
export let hStage: usize = 0;
/** f* of the stage: f_n + Δt Σ_{j<i} a_ij K_j. */
export let fStar: usize = 0;
export let hStar: usize = 0;
/** Stage slopes K_1 … K_5, each N + 2 doubles, one after the other. */
export let slopes: usize = 0;

// Newton's iteration, one value a face.
/** ĝ_k, the logarithmic mean, and its derivatives by the left and the right value. */
export let gHat: usize = 0;
export let dL: usize = 0;
export let dR: usize = 0;
/** Δf_k / (3 Δx_k) */
export let slope: usize = 0;
/** S_k = Σ_j min(ρ_k, ρ_j) ĝ_j Δx_j. */
export let S: usize = 0;
/** m_k - ρ_k f_{N-1}/3, the drag. */
export let drag: usize = 0;
/** Residual R_k of the stage equation; after the solve the update δm_k. */
export let R: usize = 0;
/** Factors of the block elimination: six pairs of lanes for every two rows. */
export let factors: usize = 0;

/** Bytes between the slope arrays. */
export function stride(): usize {
  return (<usize>(N + 2)) << 3;
}

export const MAX_STAGES: i32 = 5;

/**
 * Allocates all arrays for `cells` cells. Called once in the life of an instance. The largest come first: the allocator
 * looks for a free block up to a sixteenth larger than asked for, and at the end only that much of one array must be left.
 */
export function allocate(cells: i32): void {
  N = cells;
  factors = heap.alloc(<usize>((cells >> 1) + 2) * 96);
  slopes = heap.alloc(stride() * MAX_STAGES);
  memory.fill(slopes, 0, stride() * MAX_STAGES);
  V = array();
  invV = array();
  x = array();
  rho = array();
  dx = array();
  inv3dx = array();
  f = array();
  h = array();
  fStage = array();
  hStage = array();
  fStar = array();
  hStar = array();
  gHat = array();
  dL = array();
  dR = array();
  slope = array();
  S = array();
  drag = array();
  R = array();
}

function array(): usize {
  const pointer = heap.alloc(stride());
  memory.fill(pointer, 0, stride()); // touched once here, not in the first step
  return pointer;
}

export function setEpsilon(value: f64): void {
  epsilon = value;
  invEpsilon = value > 0 ? 1 / value : 0;
}

/** Makes the stage value the accepted state; the old state's memory becomes the next stage's. */
export function acceptStage(): void {
  let p = f;
  f = fStage;
  fStage = p;
  p = h;
  h = hStage;
  hStage = p;
}

// Raw access: checked indexing costs a factor of 8 here.
export function get(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}

export function set(p: usize, i: i32, value: f64): void {
  store<f64>(p + ((<usize>i) << 3), value);
}

export function get2(p: usize, i: i32): v128 {
  return v128.load(p + ((<usize>i) << 3));
}

export function set2(p: usize, i: i32, value: v128): void {
  v128.store(p + ((<usize>i) << 3), value);
}
