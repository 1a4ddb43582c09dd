/**
 * Every array of the solver, allocated once for a grid of N cells and never moved: 27 doubles a cell.
 *
 * Index conventions: cell i = 0 … N-1 lies between faces i and i + 1; face k = 0 … N. Faces 0 (origin) and N (wall) carry
 * no flux.
 *
 * Every array is folded: it is stored in pairs, the two lanes of a v128. Pair i of cells is (i, N-1-i), pair i of faces is
 * (i, N-i). One loop over the pairs thus goes through the grid from both ends at once, and every recurrence (sums,
 * elimination) runs twice in the time of one. In both lanes "behind" is towards the lane's own end and "ahead" towards
 * the middle. What has a direction is stored as seen in the direction of the lane: enclosed masses, fluxes and slopes
 * have the opposite sign in lane 1, so that a formula is the same in both lanes.
 *
 * Where the lanes meet: an odd N has its middle cell in both lanes of the last pair of cells (its V, a weight of sums, is
 * 0 in lane 1); an even N has its middle face in both lanes of the last pair of faces. One pair beyond the last is
 * kept, the mirror image of what precedes it (`closeCells`, `closeFaces`).
 */

/** Number of cells. */
export let N: i32 = 0;
/** Pairs of cells are 0 … cellPairs - 1, pairs of faces that carry flux 1 … facePairs. */
export let cellPairs: i32 = 0;
export let facePairs: i32 = 0;
/** Quantum parameter ε and 1/ε (0 for ε = 0). */
export let epsilon: f64 = 0;
export let invEpsilon: f64 = 0;
/** The largest double below 1/ε: f rounds to at most this, so that f < 1/ε stays strict. */
export let largest: f64 = 0;

// The precomputed radial kernel: geometry, one value a cell …
/** V_i = (e_{i+1}³ - e_i³)/3, the cell's volume over 4π; 0 in the second lane of a middle cell, so that sums count it once. */
export let V: usize = 0;
/** 1 / V_i */
export let invV: usize = 0;
/** x_i = ∫ r⁴/2 dr / V_i, the energy node: Σ f_i V_i x_i is the exact energy of piecewise constants. */
export let x: usize = 0;
// … and for Newton's iteration, which waits for streams of memory (docs/decisions/few-streams.md), a pair of each of three side by
// side, `GRID` bytes from those before. These have `gridPair` and `gridFace`.
export const GRID: usize = 48;
/** Δx_k = x_k - x_{k-1}; 0 in the second lane of a middle face. */
export let dx: usize = 0;
/** e_k³/3 = Σ_{i<k} V_i, the ball's volume over 4π: ρ_k/3, where min(ρ_k, ρ_j)/3 is the collision kernel. */
export let ball: usize = 0;
/** V_i once more, of a middle cell in both lanes. */
export let gridV: usize = 0;

// States: f and the holes h = 1 - εf. Both are kept so that each is precise where it is small. For ε = 0 every hole is 1, and
// the hot loops leave them alone: `Holes` is f64 where there are holes to keep and i32 where not, told apart at compile time.
/** Accepted state at time t. */
export let f: usize = 0;
export let h: usize = 0;
/** Stage value: Newton's iterate; after a step, the candidate for t + Δt. */
export let fStage: usize = 0;
export let hStage: usize = 0;
/** f* of the stage: f_n + Δt Σ_{j<i} a_ij K_j. Formed only where it is needed; its holes for ε > 0 only (`starHoles`). */
export let fStar: usize = 0;
export let hStar: usize = 0;
/**
 * Stage slopes K_1 … K_5 as fluxes through the faces, and the error estimates of two steps likewise: seven arrays, one after
 * the other (see `integrator`, `estimate`).
 */
export let slopes: usize = 0;

// Newton's iteration, one value a face.
/**
 * One record of six v128 for every pair of faces, the ends (pair 0) included, written and read as one stream.
 * `logarithmicMean` leaves in it the weight ĝ_k Δx_k; its derivatives by the values ahead and behind; Δf_k, directed; and
 * sums from the middle, Σ ĝ_j Δx_j up to the face in lane 0, ⅓ Σ ρ_j ĝ_j Δx_j from it in lane 1 (see `collision`); and f of the
 * cells behind. `eliminate` replaces that by the face's factors.
 */
export let records: usize = 0;
export const RECORD: usize = 96;
export const WEIGHT: usize = 0;
export const D_AHEAD: usize = 16;
export const D_BEHIND: usize = 32;
export const DIFFERENCE: usize = 48;
export const PARTIAL: usize = 64;
/** f of the cells behind, for `eliminate`: one stream less. */
export const F_BEHIND: usize = 80;
/** Scratch. */
export let scratch: usize = 0;
/** Newton's update δm_k of the enclosed masses, directed, for those who have to see it before it is applied. */
export let update: usize = 0;

/** Bytes of an array: two pairs more than there are pairs of cells. */
export function stride(): usize {
  return (<usize>(cellPairs + 2)) << 4;
}

export const MAX_STAGES: i32 = 5;
export const SLOPES: i32 = MAX_STAGES + 2;

/**
 * Allocates all arrays for `cells` cells, zero since memory is new. Called once in the life of an instance. The largest come
 * first: the allocator looks for a free block up to a sixteenth larger than asked for, and at the end only that much of one
 * array must be left.
 */
export function allocate(cells: i32): void {
  N = cells;
  cellPairs = (cells + 1) >> 1;
  facePairs = cells >> 1;
  records = heap.alloc(stride() * 6);
  slopes = heap.alloc(stride() * SLOPES);
  dx = heap.alloc(stride() * 3);
  ball = dx + 16;
  gridV = dx + 32;
  V = array();
  invV = array();
  x = array();
  f = array();
  h = array();
  fStage = array();
  hStage = array();
  fStar = array();
  hStar = array();
  scratch = array();
  update = array();
}

function array(): usize {
  return heap.alloc(stride());
}

/** After `allocate`. */
export function setEpsilon(value: f64): void {
  epsilon = value;
  invEpsilon = value > 0 ? 1 / value : 0;
  largest = value > 0 ? invEpsilon * (1 - f64.EPSILON) : f64.MAX_VALUE;
  v128.store(constants, f64x2.splat(epsilon));
  v128.store(constants, f64x2.splat(invEpsilon), 16);
  v128.store(constants, f64x2.splat(largest), 32);
  for (let i = 0; i < cellPairs + 2; i++) setPair(hStage, i, f64x2.splat(1)); // for good where ε = 0
}

/**
 * ε, 1/ε, `largest`, ½ and 1, twice each, for loops to read: literals V8 builds anew at each use, and what a loop would keep
 * in registers it keeps on the stack when there are too many.
 */
const constants = memory.data<f64>([0, 0, 0, 0, 0, 0, 0.5, 0.5, 1, 1], 16);

export function epsilons(): v128 {
  return v128.load(constants);
}

export function invEpsilons(): v128 {
  return v128.load(constants, 16);
}

export function largests(): v128 {
  return v128.load(constants, 32);
}

export function halves(): v128 {
  return v128.load(constants, 48);
}

export function ones(): v128 {
  return v128.load(constants, 64);
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

/** Pair i. */
export function pair(p: usize, i: i32): v128 {
  return v128.load(p + ((<usize>i) << 4));
}

export function setPair(p: usize, i: i32, value: v128): void {
  v128.store(p + ((<usize>i) << 4), value);
}

/** Pair i of Δx, ρ/3 or `gridV`. */
export function gridPair(p: usize, i: i32): v128 {
  return v128.load(p + <usize>i * GRID);
}

export function setGridPair(p: usize, i: i32, value: v128): void {
  v128.store(p + <usize>i * GRID, value);
}

/** h* of pair i. */
export function starHoles(i: i32): v128 {
  return epsilon > 0 ? pair(hStar, i) : ones();
}

/** Element i of an array that is not folded: scratch of the code that is not in the hot path. */
export function get(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}

export function set(p: usize, i: i32, value: f64): void {
  store<f64>(p + ((<usize>i) << 3), value);
}

function cellAt(i: i32): usize {
  return (<usize>(i < cellPairs ? i << 1 : ((N - 1 - i) << 1) + 1)) << 3;
}

function faceAt(k: i32): usize {
  return (<usize>(k <= facePairs ? k << 1 : ((N - k) << 1) + 1)) << 3;
}

/** The value of cell i. */
export function cell(p: usize, i: i32): f64 {
  return load<f64>(p + cellAt(i));
}

/** The value of face k of Δx or ρ/3. */
export function gridFace(p: usize, k: i32): f64 {
  return k <= facePairs ? f64x2.extract_lane(gridPair(p, k), 0) : f64x2.extract_lane(gridPair(p, N - k), 1);
}

/** ĝ_k Δx_k of pair i of faces as `logarithmicMean` left it. */
export function weightsOf(i: i32): v128 {
  return v128.load(records + <usize>i * RECORD, WEIGHT);
}

/** The same of face k. */
export function weightOf(k: i32): f64 {
  const at = k <= facePairs ? <usize>k * RECORD : <usize>(N - k) * RECORD + 8;
  return load<f64>(records + at, WEIGHT);
}

/** Sets the value of cell i; `closeCells` must follow when all are set. */
export function setCell(p: usize, i: i32, value: f64): void {
  store<f64>(p + cellAt(i), value);
}

/** The value of face k, directed if the quantity is. */
export function face(p: usize, k: i32): f64 {
  return load<f64>(p + faceAt(k));
}

export function setFace(p: usize, k: i32, value: f64): void {
  store<f64>(p + faceAt(k), value);
}

/** 1 for a face that lane 0 holds, -1 for one of lane 1: turns what is directed into what is not, and back. */
export function direction(k: i32): f64 {
  return k <= facePairs ? 1 : -1;
}

export function swapLanes(a: v128): v128 {
  return v128.shuffle<f64>(a, a, 1, 0);
}

/** Makes the pair where the lanes of an array of cells meet, or the one past it, what it has to be. */
export function closeCells(p: usize): void {
  const last = cellPairs - 1;
  if (N & 1) setPair(p, last, f64x2.splat(f64x2.extract_lane(pair(p, last), 0)));
  else setPair(p, last + 1, swapLanes(pair(p, last)));
}

/** Likewise for a directed quantity at the faces. */
export function closeFaces(p: usize): void {
  const last = pair(p, facePairs);
  if (N & 1) setPair(p, facePairs + 1, f64x2.neg(swapLanes(last)));
  else setPair(p, facePairs, f64x2.replace_lane(last, 1, -f64x2.extract_lane(last, 0)));
}

export function lanes(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

export function lane0(a: v128): f64 {
  return f64x2.extract_lane(a, 0);
}

export function lane1(a: v128): f64 {
  return f64x2.extract_lane(a, 1);
}

/** Sum of the lanes. */
export function total(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}
