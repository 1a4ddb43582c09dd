import { recoverContents } from "./contents";
import { applyUpdate, eliminate, energyOf, fluxEnergy, substitute, substituteAndUpdate } from "./elimination";
import { limitDerivatives, limited, logarithmicMean } from "./mean";
import {
  ball,
  cell,
  closeFaces,
  direction,
  dx,
  face,
  facePairs,
  fStage,
  gridFace,
  gridPair,
  hStage,
  lanes,
  N,
  pair,
  scratch,
  setPair,
  stride,
  update,
  V,
  weightsOf,
} from "./memory";
import { recover } from "./predict";
import { content, owedContent, owedEnergy, scaleOfEnergy } from "./scales";
import { excess, restoreEnergy } from "./tilt";
import { beginIteration, changeBy, NEGLIGIBLE, norm, restoreMass, surplus, truncated } from "./update";

/** Newton's iterations so far, over the life of the instance. */
export let newtonIterations: f64 = 0;

const MAX_ITERATIONS: i32 = 30;
/** The limit on derivatives of the mean in the first iterations; from `LIMITED` on it grows. */
const LEAST_LIMIT: f64 = 10;
const LIMITED: i32 = 4;
/** Share of the mass that an update with the least limit may still want to move where a larger one finds no more to do. */
const CONFIRMED: f64 = 1e-4;
/** The wall enters the matrix when f_{N-1} R³/3 exceeds this share of the mass. */
const WALL_SHARE: f64 = 1e-13;
/** Rounding of the flux, multiplied by a long step, is taken out where it arose above this share of the energy. */
const AMPLIFIED: f64 = 1e-13;
/** Settling the energy may change f by at most this share of itself. */
const LARGEST_SETTLING: f64 = 1e-3;
/** An update below this share of the mass is rounding. */
const ROUNDING: f64 = 1e-15;

/** Σ |δf| V of the first iteration of the stage solved last: how far its first guess was off, but for the second order. */
export let guessError: f64 = 0;

/**
 * Solves the stage equation f - τ dF/V = f* by Newton's method in enclosed masses, from the guess in `fStage`, `hStage`
 * with its c_k = m_k - m*_k in `c`. Both are carried from iterate to iterate: c += δm, f += δ(δm)/V, which leaves
 * nothing to cancel in a tail. Stops when the estimated error in relative L¹ is below `tolerance`, after one iteration if
 * that is to be expected from what an earlier stage has shown of the contraction, and no derivative was limited.
 *
 * Each iterate has the mass and the energy of f* to round-off, whatever the tolerance: the linearised flux keeps the
 * antisymmetry of the double sum. What rounding leaves of the energy, the `last` stage of a step settles. 0 < f < 1/ε holds
 * at every iterate. Returns false if the iteration stalls.
 */
export function solveStage(tau: f64, tolerance: f64, c: usize, last: bool): bool {
  let previous: f64 = Infinity;
  let limit = LEAST_LIMIT;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    newtonIterations += 1;
    if (iteration >= LIMITED) limit *= 10;
    limitDerivatives(limit);
    iterate(tau, c);
    const change = norm / content;
    if (!(change < 1e300)) return false;
    if (iteration === 0) guessError = norm;
    let whole = truncated <= NEGLIGIBLE * content;
    if (truncated > 0) {
      // A truncated update has not kept the mass: put it back where there is room.
      if (!whole && !restoreMass(surplus)) return false;
      if (!recover(c, whole)) whole = false;
    }
    if (!whole) {
      // nothing moves but the last bits of a full core
      if (change <= ROUNDING) return isConfirmed(limit, tau, c) && settleTruncated(c);
    } else {
      const ratio = change / previous;
      if (iteration > 0) {
        expectedRate = ratio;
        expectedNorm = previous;
      }
      if (
        change <= tolerance ||
        (iteration > 0
          ? ratio < 1 && (ratio / (1 - ratio)) * change <= tolerance
          : !limited && expectedRate * change * Math.max(1, change / expectedNorm) <= tolerance)
      ) {
        return isConfirmed(limit, tau, c) && (!last || settle(owedContent, owedEnergy));
      }
    }
    previous = change;
  }
  return false;
}

/**
 * Whether the iterate solves the stage equation. At a jump an ever larger limit makes the matrix ever stiffer, and updates
 * small, whatever is left to be solved: one with the least limit tells. (Nothing is applied.)
 */
function isConfirmed(limit: f64, tau: f64, c: usize): bool {
  if (limit === LEAST_LIMIT) return true;
  newtonIterations += 1;
  limitDerivatives(LEAST_LIMIT);
  logarithmicMean(fStage, hStage);
  eliminate<f64>(c, tau, cell(fStage, N - 1), content);
  substitute();
  return changeBy(update) <= CONFIRMED * content;
}

/**
 * Contraction of the last iteration, and the size of the update before it, in the stage that last took more than one. Newton's method contracts in proportion to the update; at least, it does not contract less for a smaller one.
 */
let expectedRate: f64 = 1;
let expectedNorm: f64 = 1;

export function expectNothing(): void {
  expectedRate = 1;
}

/** One iteration: what it has changed is in `update`'s `norm`, `surplus` and `truncated`. */
function iterate(tau: f64, c: usize): void {
  logarithmicMean(fStage, hStage);
  beginIteration();
  const wall = cell(fStage, N - 1);
  eliminate<f64>(c, tau, wall, content);
  const wallMatters = wall * gridFace(ball, N) > WALL_SHARE * content;
  if (wallMatters || Math.abs(tau * fluxEnergy) > AMPLIFIED * scaleOfEnergy()) {
    borderedUpdate(tau, wall, c, wallMatters);
  } else {
    substituteAndUpdate(c);
  }
}

/**
 * The update with two corrections along the same direction y, A y = u, u_k = ĝ_k ρ_k / 3.
 *
 * The change of f_{N-1} enters the drag at every face: a bordered system. With x = A⁻¹(F - c/τ) and s = δf_{N-1}:
 * δm = x - s y, s = -δm_{N-1}/V_{N-1}.
 *
 * Σ_k Δx_k F_k vanishes identically; what rounding leaves of it would be multiplied by τ. Taken out of the flux in
 * proportion to ĝ_k ρ_k, it changes δm by a multiple of y.
 */
function borderedUpdate(tau: f64, wall: f64, c: usize, wallMatters: bool): void {
  substitute();
  const left = energyOf(c) + energyOf(update);
  memory.copy(scratch, update, stride());
  logarithmicMean(fStage, hStage);
  formWallSide(tau);
  eliminate<i32>(update, tau, wall, content);
  substitute();
  const last = N - 1;
  const sign = direction(last);
  const own = energyOf(update);
  let s = wallMatters ? (-sign * face(scratch, last)) / (cell(V, last) - sign * face(update, last)) : 0;
  s += (left - s * own) / own;
  const factor = f64x2.splat(s);
  for (let i = 1; i <= facePairs; i++) {
    setPair(update, i, f64x2.sub(pair(scratch, i), f64x2.mul(factor, pair(update, i))));
  }
  closeFaces(update);
  applyUpdate(c);
}

/** -τ u in `update`, u_k = ĝ_k ρ_k / 3, directed: the right-hand side of y as `eliminate` takes it. */
function formWallSide(tau: f64): void {
  const factor = lanes(-tau, tau);
  for (let i = 1; i <= facePairs; i++) {
    const mean = f64x2.div(weightsOf(i), gridPair(dx, i));
    setPair(update, i, f64x2.mul(factor, f64x2.mul(mean, gridPair(ball, i))));
  }
  closeFaces(update);
}

/** Energy to round-off, and what is owed; the slope c needs no such care. False if there is more than rounding to settle. */
function settle(moreContent: f64, moreEnergy: f64): bool {
  return (
    restoreEnergy(fStage, hStage, LARGEST_SETTLING, moreContent, moreEnergy) ||
    Math.abs(excess) <= NEGLIGIBLE * scaleOfEnergy()
  );
}

/** Likewise where the last update was truncated, in any stage, but nothing that is owed: c is then formed anew. */
function settleTruncated(c: usize): bool {
  return settle(0, 0) && recoverContents(c);
}
