import { massDefect, prefixSums, stageResidual } from "./collision";
import { solveLinear } from "./elimination";
import { limitDerivatives, logarithmicMean } from "./mean";
import {
  epsilon,
  fStage,
  fStar,
  get,
  get2,
  gHat,
  hStage,
  hStar,
  invEpsilon,
  invV,
  N,
  R,
  rho,
  set,
  set2,
  V,
  x,
} from "./memory";
import { tilt } from "./tilt";

/** Newton's iterations so far, over the life of the instance. */
export let newtonIterations: f64 = 0;

const MAX_ITERATIONS: i32 = 30;
/** Below this share of the mass (and of the energy), what truncating an update puts in or takes out is round-off. */
const NEGLIGIBLE: f64 = 1e-16;
/** The wall enters the matrix when f_{N-1} R³/3 exceeds this share of the mass. */
const WALL: f64 = 1e-13;

/** Settling the energy may change f by at most this share of itself. */
const LARGEST_SETTLING: f64 = 1e-6;
/** An update below this share of the mass is rounding. */
const ROUNDING: f64 = 1e-15;
/** f never falls below this share of itself in one update, and neither do the holes … */
const KEEP: f64 = 0.1;
/** … nor f below this share of the mean density, or h below this: far under any tail, far above denormal numbers. */
const TINY: f64 = 1e-200;

// left by `update`
let norm: f64 = 0;
let surplus: f64 = 0;
let truncated: f64 = 0;

/** What `solveStage` needs to know of the state that a step starts from. */
export let content: f64 = 0;
let meanNode: f64 = 0;
let middle: i32 = 0;
let roomiest: i32 = 0;

/**
 * Energy to round-off: takes what the linear solves of long steps have left of Σ V x (f - f*) out of the iterate. It is
 * rounding, amplified by τ; false if it is more than that.
 */
function settle(): bool {
  const n = N;
  let defect: f64 = 0;
  for (let i = 0; i < n; i++) {
    const hole = get(hStage, i);
    const d = hole < 0.5 ? (get(hStar, i) - hole) * invEpsilon : get(fStage, i) - get(fStar, i);
    defect += d * get(V, i) * (get(x, i) - meanNode);
  }
  if (Math.abs(defect) <= 1e-17 * scaleOfEnergy()) return true;
  return tilt(fStage, hStage, -defect, LARGEST_SETTLING) || Math.abs(defect) <= NEGLIGIBLE * scaleOfEnergy();
}

/** Σ f V x of the state that a step starts from. */
export function scaleOfEnergy(): f64 {
  return content * meanNode;
}

/** Takes the scales of a state: Σ f V, the mean of x, the face that halves the mass, the cell with most f h V. */
export function surveyState(f: usize, h: usize): void {
  const n = N;
  let mass: f64 = 0;
  let energy: f64 = 0;
  let most: f64 = -1;
  for (let i = 0; i < n; i++) {
    const v = get(f, i) * get(V, i);
    mass += v;
    energy += v * get(x, i);
    const room = v * get(h, i);
    if (room > most) {
      most = room;
      roomiest = i;
    }
  }
  content = mass;
  meanNode = energy / mass;
  middle = n - 1;
  let sum: f64 = 0;
  for (let i = 0; i < n - 2; i++) {
    sum += get(f, i) * get(V, i);
    if (2 * sum > mass) {
      middle = i + 1;
      break;
    }
  }
}

/**
 * Solves the stage equation f - τ dF/V = f* by Newton's method in enclosed masses, from the guess in
 * `fStage`, `hStage`. Stops when the estimated error in relative L¹ is below `tolerance`.
 *
 * Each iterate has the mass and the energy of f* to round-off, whatever the tolerance: the linearised flux keeps the
 * antisymmetry of the double sum. 0 < f < 1/ε holds at every iterate. `scratch` holds N + 2 doubles. Returns false if
 * the iteration stalls.
 */
export function solveStage(tau: f64, tolerance: f64, scratch: usize): bool {
  let previous: f64 = Infinity;
  let limit: f64 = 10;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    newtonIterations += 1;
    if (iteration > 3) limit *= 10;
    limitDerivatives(limit);
    logarithmicMean(fStage, hStage);
    prefixSums(fStage);
    stageResidual(fStage, hStage, fStar, hStar, tau, middle);
    if (get(fStage, N - 1) * get(rho, N) > 3 * WALL * content) solveWithWall(tau, scratch);
    else solveLinear(tau);
    update();
    // Updates carry no mass. What rounding, a truncated guess or a truncation in the last bits has left of a defect goes
    // into one cell; otherwise it would ride along in the slopes from step to step.
    const inLastBits = truncated <= NEGLIGIBLE * content;
    if (!addContent(roomiest, inLastBits ? -massDefect - surplus : -massDefect)) surplus += massDefect;
    norm /= content;
    if (!(norm < 1e300)) return false;
    if (truncated > NEGLIGIBLE * content) {
      // A truncated update has not kept the mass: put it back where there is room, f += c f (1 - εf).
      if (!restoreMass(surplus)) return false;
      if (norm <= ROUNDING) return settle(); // nothing moves but the last bits of a full core
    } else {
      const rate = norm / previous;
      if (norm <= tolerance) return settle();
      if (iteration > 0 && rate < 1 && (rate / (1 - rate)) * norm <= tolerance) return settle();
    }
    previous = norm;
  }
  return false;
}

/**
 * The linear system with the change of f_{N-1}, which enters the drag at every face: a bordered system, solved with a
 * second right-hand side u_k = τ ĝ_k ρ_k / 3. With x = A⁻¹(-R), y = A⁻¹u and s = δf_{N-1}: δm = x - s y,
 * s = -δm_{N-1}/V_{N-1}.
 */
function solveWithWall(tau: f64, scratch: usize): void {
  const n = N;
  solveLinear(tau);
  memory.copy(scratch, R, (<usize>(n + 1)) << 3);
  const third = tau / 3;
  for (let k = 1; k < n; k++) set(R, k, -third * get(gHat, k) * get(rho, k));
  solveLinear(tau);
  const s = -get(scratch, n - 1) / (get(V, n - 1) - get(R, n - 1));
  for (let k = 1; k < n; k++) set(R, k, get(scratch, k) - s * get(R, k));
}

/**
 * f += δf, δf_i = (δm_{i+1} - δm_i)/V_i, held back so that neither f nor 1 - εf falls below a tenth of itself.
 * The one of the two that is small is updated, the other follows from it. Leaves Σ |δf| V in `norm`, what holding
 * back has added in `surplus` and its absolute sum, weighted 1 + x/x̄, in `truncated`.
 */
function update(): void {
  const n = N;
  const pf = fStage;
  const ph = hStage;
  const pm = R;
  const pv = invV;
  const e = f64x2.splat(epsilon);
  const inverse = f64x2.splat(invEpsilon);
  const keep = f64x2.splat(KEEP);
  const tinyF = f64x2.splat((3 * TINY * content) / get(rho, n));
  const tinyH = f64x2.splat(TINY);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const cap = f64x2.splat(largest());
  let sum = f64x2.splat(0);
  surplus = 0;
  truncated = 0;
  set(pm, n + 1, 0); // the lane past an odd last cell
  set(pf, n, 0);
  set(ph, n, 1);
  for (let i = 0; i < n; i += 2) {
    const d = f64x2.sub(get2(pm, i + 1), get2(pm, i));
    const change = f64x2.mul(d, get2(pv, i));
    sum = f64x2.add(sum, f64x2.abs(d));
    const f0 = get2(pf, i);
    const h0 = get2(ph, i);
    const freeF = f64x2.add(f0, change);
    const freeH = f64x2.sub(h0, f64x2.mul(e, change));
    const f1 = f64x2.pmax(freeF, f64x2.pmax(f64x2.mul(keep, f0), tinyF));
    const h1 = f64x2.pmax(freeH, f64x2.pmax(f64x2.mul(keep, h0), tinyH));
    const dense = f64x2.lt(h1, half);
    if (v128.any_true(v128.or(f64x2.ne(f1, freeF), f64x2.ne(h1, freeH)))) {
      const added = f64x2.div(
        v128.bitselect(f64x2.mul(f64x2.sub(freeH, h1), inverse), f64x2.sub(f1, freeF), dense),
        get2(pv, i),
      );
      count(f64x2.extract_lane(added, 0), i);
      if (i + 1 < n) count(f64x2.extract_lane(added, 1), i + 1);
    }
    set2(pf, i, v128.bitselect(f64x2.pmin(f64x2.mul(f64x2.sub(one, h1), inverse), cap), f1, dense));
    set2(ph, i, v128.bitselect(h1, f64x2.sub(one, f64x2.mul(e, f1)), dense));
  }
  norm = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Books what truncating the update of cell i has added. */
function count(added: f64, i: i32): void {
  surplus += added;
  truncated += Math.abs(added) * (1 + get(x, i) / meanNode);
}

/** Adds δ to f_i V_i; false if that would take half of what the cell has. */
function addContent(i: i32, delta: f64): bool {
  const change = delta * get(invV, i);
  const f = get(fStage, i) + change;
  const h = get(hStage, i) - epsilon * change;
  if (!(f > 0.5 * get(fStage, i) && h > 0.5 * get(hStage, i))) {
    truncated = Infinity;
    return false;
  }
  setCell(i, f, h);
  return true;
}

/** Stores whichever of f and h is small, and the other from it. */
function setCell(i: i32, f: f64, h: f64): void {
  if (h < 0.5) {
    set(hStage, i, h);
    set(fStage, i, Math.min((1 - h) * invEpsilon, largest()));
  } else {
    set(fStage, i, f);
    set(hStage, i, 1 - epsilon * f);
  }
}

/** The largest double below 1/ε: f rounds to at most this, so that f < 1/ε stays strict. */
export function largest(): f64 {
  return epsilon > 0 ? invEpsilon * (1 - f64.EPSILON) : f64.MAX_VALUE;
}

/**
 * Takes `surplus` (∫ over 4π) out of the mass of the iterate by f -= c f h, h += c ε f h, which stays admissible; false
 * if that would move f by half of itself. The energy is left to the next update.
 */
export function restoreMass(surplus: f64): bool {
  const n = N;
  let weight: f64 = 0;
  for (let i = 0; i < n; i++) weight += get(V, i) * get(fStage, i) * get(hStage, i);
  const c = surplus / weight;
  if (!(Math.abs(c) <= 0.5)) return false;
  for (let i = 0; i < n; i++) {
    const f = get(fStage, i);
    const h = get(hStage, i);
    const change = -c * f * h;
    setCell(i, f + change, h - epsilon * change);
  }
  return true;
}
