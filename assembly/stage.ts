import { contentsEnergy, newtonStep, RESIDUAL, updateEnergy, WALL } from "./elimination";
import { limitDerivatives, logarithmicMean } from "./mean";
import {
  ball,
  cell,
  cellPairs,
  closeCells,
  closeFaces,
  direction,
  epsilon,
  face,
  facePairs,
  fStage,
  fStar,
  hStage,
  hStar,
  invEpsilon,
  invV,
  N,
  pair,
  scratch,
  setCell,
  setFace,
  setPair,
  stride,
  total,
  update,
  V,
  x,
} from "./memory";
import { formStar } from "./predict";
import { tilt } from "./tilt";

/** Newton's iterations so far, over the life of the instance. */
export let newtonIterations: f64 = 0;

const MAX_ITERATIONS: i32 = 30;
/** Below this share of the mass (and of the energy), what truncating an update puts in or takes out is round-off. */
const NEGLIGIBLE: f64 = 1e-16;
/** The wall enters the matrix when f_{N-1} R³/3 exceeds this share of the mass. */
const WALL_SHARE: f64 = 1e-13;
/** An energy defect below this share of the energy is not worth settling. */
const SETTLED: f64 = 1e-17;
/** Above this one it is rounding of the flux, multiplied by a long step, and taken out where it arose. */
const AMPLIFIED: f64 = 1e-13;
/** Settling the energy may change f by at most this share of itself. */
const LARGEST_SETTLING: f64 = 1e-6;
/** An update below this share of the mass is rounding. */
const ROUNDING: f64 = 1e-15;
/** f never falls below this share of itself in one update, and neither do the holes … */
export const KEEP: f64 = 0.1;
/** … nor f below this share of the mean density, or h below this: far under any tail, far above denormal numbers. */
const TINY: f64 = 1e-200;

// left by `applyUpdate`
let norm: f64 = 0;
let surplus: f64 = 0;
let truncated: f64 = 0;

/** Σ f V and the mean of x of the state that a step starts from. */
export let content: f64 = 0;
let meanNode: f64 = 0;

/** Σ f V x of the state that a step starts from. */
export function scaleOfEnergy(): f64 {
  return content * meanNode;
}

/** Takes the scales of a state. */
export function surveyState(f: usize): void {
  let mass = f64x2.splat(0);
  let energy = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    const v = f64x2.mul(pair(f, i), pair(V, i));
    mass = f64x2.add(mass, v);
    energy = f64x2.add(energy, f64x2.mul(v, pair(x, i)));
  }
  content = total(mass);
  meanNode = total(energy) / content;
}

/**
 * Solves the stage equation f - τ dF/V = f* by Newton's method in enclosed masses, from the guess in `fStage`, `hStage`
 * with its c_k = m_k - m*_k in `c`. Both are carried from iterate to iterate: c += δm, f += δ(δm)/V, which leaves
 * nothing to cancel in a tail. Stops when the estimated error in relative L¹ is below `tolerance`, after one iteration if
 * that is to be expected from what an earlier stage has shown of the contraction.
 *
 * Each iterate has the mass and the energy of f* to round-off, whatever the tolerance: the linearised flux keeps the
 * antisymmetry of the double sum. 0 < f < 1/ε holds at every iterate. Returns false if the iteration stalls.
 */
export function solveStage(tau: f64, tolerance: f64, c: usize): bool {
  let previous: f64 = Infinity;
  let limit: f64 = 10;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    newtonIterations += 1;
    if (iteration > 3) limit *= 10;
    limitDerivatives(limit);
    logarithmicMean(fStage, hStage);
    const wall = cell(fStage, N - 1);
    newtonStep(fStage, c, tau, wall, content, RESIDUAL);
    const wallMatters = wall * face(ball, N) > WALL_SHARE * content;
    let defect = contentsEnergy + updateEnergy;
    if (wallMatters || Math.abs(defect) > AMPLIFIED * scaleOfEnergy()) {
      defect = borderedStep(defect, tau, wall, c, wallMatters);
    }
    const settled = settle(defect);
    applyUpdate(c);
    norm /= content;
    if (!(norm < 1e300)) return false;
    if (truncated > 0) {
      // A truncated update has not kept the mass: put it back where there is room, f += c f (1 - εf).
      if (truncated > NEGLIGIBLE * content && !restoreMass(surplus)) return false;
      formStar();
      recoverContents(c);
    }
    if (truncated > NEGLIGIBLE * content) {
      if (norm <= ROUNDING) return settleTruncated(c); // nothing moves but the last bits of a full core
    } else {
      const ratio = norm / previous;
      if (iteration > 0) {
        expectedRate = ratio;
        expectedNorm = previous;
      }
      if (norm <= tolerance) return settled;
      if (iteration > 0 && ratio < 1 && (ratio / (1 - ratio)) * norm <= tolerance) return settled;
      if (iteration === 0 && expectedRate * norm * Math.max(1, norm / expectedNorm) <= tolerance)
        return settled;
    }
    previous = norm;
  }
  return false;
}

/**
 * Contraction of the first iteration, and the size of the update it was seen for, in the stage that last took a second
 * one. Newton's method contracts in proportion to the update; at least, it does not contract less for a smaller one.
 */
let expectedRate: f64 = 1;
let expectedNorm: f64 = 1;

export function expectNothing(): void {
  expectedRate = 1;
}

/**
 * Two corrections of δm (in `update`) along the same direction y, A y = u, u_k = ĝ_k ρ_k / 3; returns the energy defect.
 *
 * The change of f_{N-1} enters the drag at every face: a bordered system. With x = A⁻¹(F - c/τ) and s = δf_{N-1}:
 * δm = x - s y, s = -δm_{N-1}/V_{N-1}.
 *
 * Σ_k Δx_k F_k vanishes identically; what rounding leaves of it would be multiplied by τ. Taken out of the flux in
 * proportion to ĝ_k ρ_k, it changes δm by a multiple of y.
 */
function borderedStep(defect: f64, tau: f64, wall: f64, c: usize, wallMatters: bool): f64 {
  memory.copy(scratch, update, stride());
  newtonStep(fStage, c, tau, wall, content, WALL);
  const last = N - 1;
  const sign = direction(last);
  let s = wallMatters ? (-sign * face(scratch, last)) / (cell(V, last) - sign * face(update, last)) : 0;
  s += (defect - s * updateEnergy) / updateEnergy;
  const factor = f64x2.splat(s);
  for (let i = 1; i <= facePairs; i++) {
    setPair(update, i, f64x2.sub(pair(scratch, i), f64x2.mul(factor, pair(update, i))));
  }
  closeFaces(update);
  return defect - s * updateEnergy;
}

/**
 * Energy to round-off: takes out of δm what rounding leaves of Σ Δx_k (c_k + δm_k), by δf = λ f h (x - x̄), a change of
 * temperature without mass that is small against f everywhere; x̄ is the mean of x under f h V. False if there is more than
 * rounding to settle.
 */
function settle(defect: f64): bool {
  if (Math.abs(defect) <= SETTLED * scaleOfEnergy()) return true;
  let weight = f64x2.splat(0);
  let first = weight;
  let second = weight;
  for (let i = 0; i < cellPairs; i++) {
    const node = pair(x, i);
    const w = f64x2.mul(f64x2.mul(pair(fStage, i), pair(hStage, i)), pair(V, i));
    const moment = f64x2.mul(w, node);
    weight = f64x2.add(weight, w);
    first = f64x2.add(first, moment);
    second = f64x2.add(second, f64x2.mul(moment, node));
  }
  const mean = total(first) / total(weight);
  const lambda = defect / (total(second) - mean * total(first));
  if (!(Math.abs(lambda) * cell(x, N - 1) <= LARGEST_SETTLING)) {
    return Math.abs(defect) <= NEGLIGIBLE * scaleOfEnergy();
  }
  const factor = f64x2.splat(lambda);
  const origin = f64x2.splat(mean);
  let behind = f64x2.splat(0);
  for (let i = 1; i <= facePairs; i++) {
    const w = f64x2.mul(f64x2.mul(pair(fStage, i - 1), pair(hStage, i - 1)), pair(V, i - 1));
    behind = f64x2.add(behind, f64x2.mul(w, f64x2.sub(pair(x, i - 1), origin)));
    setPair(update, i, f64x2.add(pair(update, i), f64x2.mul(factor, behind)));
  }
  closeFaces(update);
  return true;
}

/** Likewise where the last update was truncated: by a tilt of the iterate, relative to f*. */
function settleTruncated(c: usize): bool {
  let defect: f64 = 0;
  for (let i = 0; i < N; i++) defect += difference(i) * cell(V, i) * (cell(x, i) - meanNode);
  if (Math.abs(defect) <= SETTLED * scaleOfEnergy()) return true;
  if (!tilt(fStage, hStage, -defect, LARGEST_SETTLING)) {
    return Math.abs(defect) <= NEGLIGIBLE * scaleOfEnergy();
  }
  closeCells(fStage);
  closeCells(hStage);
  recoverContents(c);
  return true;
}

/**
 * f += δf, δf_i = (δm_{i+1} - δm_i)/V_i, held back so that neither f nor 1 - εf falls below a tenth of itself, and
 * c += δm. The one of f and 1 - εf that is small is updated, the other follows from it. Leaves Σ |δf| V in `norm`, what
 * holding back has added in `surplus` and its absolute sum, weighted 1 + x/x̄, in `truncated`.
 */
export function applyUpdate(c: usize): void {
  const count = cellPairs;
  const pf = fStage;
  const ph = hStage;
  const pm = update;
  const pv = invV;
  const e = f64x2.splat(epsilon);
  const inverse = f64x2.splat(invEpsilon);
  const keep = f64x2.splat(KEEP);
  const tinyF = f64x2.splat((TINY * content) / face(ball, N));
  const tinyH = f64x2.splat(TINY);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const cap = f64x2.splat(largest());
  let sum = f64x2.splat(0);
  surplus = 0;
  truncated = 0;
  let behind = f64x2.splat(0);
  let last = behind;
  for (let i = 0; i < count; i++) {
    const ahead = pair(pm, i + 1);
    const d = f64x2.sub(ahead, behind);
    behind = ahead;
    setPair(c, i + 1, f64x2.add(pair(c, i + 1), ahead));
    const change = f64x2.mul(d, pair(pv, i));
    sum = f64x2.add(sum, f64x2.abs(d));
    last = d;
    const f0 = pair(pf, i);
    const h0 = pair(ph, i);
    const freeF = f64x2.add(f0, change);
    const freeH = f64x2.sub(h0, f64x2.mul(e, change));
    const leastF = f64x2.pmax(f64x2.mul(keep, f0), tinyF);
    if (!v128.any_true(v128.or(f64x2.lt(freeF, leastF), f64x2.lt(freeH, half)))) {
      setPair(pf, i, freeF);
      setPair(ph, i, f64x2.sub(one, f64x2.mul(e, freeF)));
      continue;
    }
    const f1 = f64x2.pmax(freeF, leastF);
    const h1 = f64x2.pmax(freeH, f64x2.pmax(f64x2.mul(keep, h0), tinyH));
    const dense = f64x2.lt(h1, half);
    if (v128.any_true(v128.or(f64x2.ne(f1, freeF), f64x2.ne(h1, freeH)))) {
      const added = v128.bitselect(f64x2.mul(f64x2.sub(freeH, h1), inverse), f64x2.sub(f1, freeF), dense);
      countAdded(f64x2.mul(added, pair(V, i)), i);
    }
    setPair(pf, i, v128.bitselect(f64x2.pmin(f64x2.mul(f64x2.sub(one, h1), inverse), cap), f1, dense));
    setPair(ph, i, v128.bitselect(h1, f64x2.sub(one, f64x2.mul(e, f1)), dense));
  }
  closeCells(pf);
  closeCells(ph);
  norm = total(sum) - (N & 1 ? Math.abs(f64x2.extract_lane(last, 1)) : 0); // the middle cell counts once
}

/** Books what truncating the update of a pair of cells has added. */
function countAdded(added: v128, i: i32): void {
  surplus += total(added);
  const weight = f64x2.add(f64x2.splat(1), f64x2.mul(pair(x, i), f64x2.splat(1 / meanNode)));
  truncated += total(f64x2.mul(f64x2.abs(added), weight));
}

/**
 * Forms c_k = m_k - m*_k of the iterate anew, where it has not come about by updates alone. Cell contents
 * V_i (f_i - f*_i) are summed from the inside up to the face that halves the mass and from the outside beyond it: one
 * sum over everything would lose the tail to cancellation against the total mass. What is left of a mass defect goes into
 * the cell that has most room for it.
 */
export function recoverContents(c: usize): void {
  const n = N;
  let mass: f64 = 0;
  let most: f64 = -1;
  let roomiest = 0;
  let middle = n - 1;
  for (let i = 0; i < n; i++) {
    const v = cell(fStar, i) * cell(V, i);
    mass += v;
    if (middle === n - 1 && i < n - 2 && 2 * mass > content) middle = i + 1;
    const room = v * cell(hStar, i);
    if (room > most) {
      most = room;
      roomiest = i;
    }
  }
  for (let attempt = 0; attempt < 2; attempt++) {
    let sum: f64 = 0;
    for (let k = n - 1; k > middle; k--) {
      sum -= difference(k) * cell(V, k);
      setFace(c, k, direction(k) * sum);
    }
    let defect = -sum;
    sum = 0;
    for (let k = 1; k <= middle; k++) {
      sum += difference(k - 1) * cell(V, k - 1);
      setFace(c, k, direction(k) * sum);
    }
    closeFaces(c);
    defect += sum + difference(middle) * cell(V, middle);
    if (attempt === 0 && defect !== 0) addContent(roomiest, -defect);
    else break;
  }
}

/** f - f* of a cell of the iterate, from the holes where they are the small ones. V of a middle cell counts once. */
function difference(i: i32): f64 {
  const hole = cell(hStage, i);
  return hole < 0.5 ? (cell(hStar, i) - hole) * invEpsilon : cell(fStage, i) - cell(fStar, i);
}

/** Adds δ to f_i V_i, unless that would take half of what the cell has. */
function addContent(i: i32, delta: f64): void {
  const change = delta * cell(invV, i);
  const f = cell(fStage, i) + change;
  const h = cell(hStage, i) - epsilon * change;
  if (!(f > 0.5 * cell(fStage, i) && h > 0.5 * cell(hStage, i))) {
    truncated = Infinity;
    return;
  }
  setState(i, f, h);
  closeCells(fStage);
  closeCells(hStage);
}

/** Stores whichever of f and h is small, and the other from it. */
function setState(i: i32, f: f64, h: f64): void {
  if (h < 0.5) {
    setCell(hStage, i, h);
    setCell(fStage, i, Math.min((1 - h) * invEpsilon, largest()));
  } else {
    setCell(fStage, i, f);
    setCell(hStage, i, 1 - epsilon * f);
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
  for (let i = 0; i < n; i++) weight += cell(V, i) * cell(fStage, i) * cell(hStage, i);
  const c = surplus / weight;
  if (!(Math.abs(c) <= 0.5)) return false;
  for (let i = 0; i < n; i++) {
    const f = cell(fStage, i);
    const h = cell(hStage, i);
    const change = -c * f * h;
    setState(i, f + change, h - epsilon * change);
  }
  closeCells(fStage);
  closeCells(hStage);
  return true;
}
