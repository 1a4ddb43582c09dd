import { recoverContents, recoverHeld } from "./contents";
import { firstHeld, holdNothing, lastHeld, noteHeld } from "./held";
import {
  cellPairs,
  closeCells,
  epsilon,
  epsilons,
  f,
  fStage,
  fStar,
  h,
  halves,
  hStage,
  hStar,
  invV,
  ones,
  pair,
  setPair,
  starHoles,
  stride,
  total,
} from "./memory";
import { givenFar, repairStar } from "./repair";
import { holesBy, scaledHoles, scaledValue, valueBy } from "./room";
import { content } from "./scales";
import {
  forgetStar,
  formStar,
  formStarFar,
  formStarIn,
  fromBefore,
  isAll,
  starFirst,
  starLast,
  toBeyond,
} from "./star";
import { GUESS, gatherTerms, manyTerms, STAR, sumOfTerms, termAt, weighted } from "./terms";
import { hold, kept, NEGLIGIBLE, restoreMass, restoreMassIn } from "./update";

/** The first and the last pair with a negative f* or h*. */
let negativeFirst: i32 = 0;
let negativeLast: i32 = -1;
export let repairedStages: f64 = 0;

/**
 * The first guess of a stage in `fStage`, `hStage`, and its c_k = m_k - m*_k in `c`. The guess is held within reach of the
 * accepted state so that it is admissible; what holding back has put in or taken out is restored, since Newton's
 * updates carry no mass. A negative f* or h* is repaired first; false if it cannot be. `tolerance` is that of the stage.
 */
export function startStage(c: usize, tolerance: f64): bool {
  forgetStar();
  negativeFirst = cellPairs;
  negativeLast = -1;
  holdNothing();
  gatherTerms();
  memory.fill(carried, 0, 48);
  let i = 0;
  if (epsilon > 0) {
    i = freeCells<f64>(i, c);
    while (i < cellPairs) i = freeCells<f64>(heldCells(i, c), c);
  } else {
    i = freeCells<i32>(i, c);
    while (i < cellPairs) i = freeCells<i32>(heldCells(i, c), c);
  }
  if (negativeLast >= 0) {
    repairedStages += 1;
    const far = formStarFar(
      fromBefore(min(negativeFirst, firstHeld)),
      toBeyond(max(negativeLast, lastHeld())),
      tolerance,
    );
    if (!far) {
      forgetStar();
      formStar();
      if (!repairStar()) return false;
    }
    holdNothing();
    guessFromStar(c, far);
  }
  const surplus = v128.load(carried, HELD);
  const first = fromBefore(firstHeld);
  const last = toBeyond(lastHeld());
  const local =
    total(f64x2.abs(surplus)) <= NEGLIGIBLE * content || // it goes into a cell nearby
    (!isAll(first, last) && restoreMassIn(first, last, surplus));
  if (!local && !restoreMass(total(surplus))) {
    memory.copy(fStage, f, stride());
    memory.copy(hStage, h, stride());
  }
  closeCells(fStage);
  closeCells(hStage);
  return lastHeld() < 0 || recover(c, local);
}

/**
 * Makes c_k that of the iterate, which has been held back; `local` if it has changed by no more than that. False as
 * `recoverContents`.
 */
export function recover(c: usize, local: bool): bool {
  if (local) {
    const first = fromBefore(firstHeld);
    const last = toBeyond(lastHeld());
    formStarIn(first, last);
    if (recoverHeld(c, first, last)) return true;
  }
  formStar();
  return recoverContents(c);
}

/** Both sums at the face behind, and what holding back has added. */
const carried = memory.data(48, 16);
const STAR_BEHIND: usize = 0;
const GUESS_BEHIND: usize = 16;
const HELD: usize = 32;

/**
 * The guess in the pairs of cells from `first` on, up to the first that has to be held back or has a negative f* or h*: its
 * index, or `cellPairs`. (As in `mean`: no call, so that nothing is kept on the stack for it.)
 */
function freeCells<Holes>(first: i32, c: usize): i32 {
  const k0 = termAt(0);
  const k1 = termAt(1);
  const k2 = termAt(2);
  const k3 = termAt(3);
  const k4 = termAt(4);
  const many = manyTerms;
  const count = cellPairs;
  const pf = f;
  const ph = h;
  const pi = invV;
  const toF = fStage;
  const toH = hStage;
  let starBehind = v128.load(carried, STAR_BEHIND);
  let guessBehind = v128.load(carried, GUESS_BEHIND);
  const none = f64x2.splat(0);
  let i = first;
  for (; i < count; i++) {
    const a0 = pair(k0, i + 1);
    const a1 = pair(k1, i + 1);
    let star = f64x2.add(weighted(0, STAR, a0), weighted(1, STAR, a1));
    let guess = f64x2.add(weighted(0, GUESS, a0), weighted(1, GUESS, a1));
    if (many) {
      const a2 = pair(k2, i + 1);
      const a3 = pair(k3, i + 1);
      const a4 = pair(k4, i + 1);
      star = f64x2.add(star, f64x2.add(weighted(2, STAR, a2), weighted(3, STAR, a3)));
      star = f64x2.add(star, weighted(4, STAR, a4));
      guess = f64x2.add(guess, f64x2.add(weighted(2, GUESS, a2), weighted(3, GUESS, a3)));
      guess = f64x2.add(guess, weighted(4, GUESS, a4));
    }
    const inv = pair(pi, i);
    const dStar = f64x2.mul(f64x2.sub(star, starBehind), inv);
    const d = f64x2.add(dStar, f64x2.mul(f64x2.sub(guess, guessBehind), inv));
    const f0 = pair(pf, i);
    const freeF = f64x2.add(f0, d);
    const emptied = v128.or(f64x2.lt(freeF, kept(f0)), f64x2.lt(f64x2.add(f0, dStar), none));
    if (!isFloat<Holes>()) {
      if (v128.any_true(emptied)) break;
      starBehind = star;
      guessBehind = guess;
      setPair(c, i + 1, guess);
      setPair(toF, i, freeF);
      continue;
    }
    const h0 = pair(ph, i);
    const e = epsilons();
    const freeH = f64x2.sub(h0, f64x2.mul(e, d));
    const filled = v128.or(f64x2.lt(freeH, kept(h0)), f64x2.lt(f64x2.sub(h0, f64x2.mul(e, dStar)), none));
    if (v128.any_true(v128.or(emptied, filled))) break;
    starBehind = star;
    guessBehind = guess;
    setPair(c, i + 1, guess);
    if (!v128.any_true(f64x2.lt(freeH, halves()))) {
      setPair(toF, i, freeF);
      setPair(toH, i, f64x2.sub(ones(), f64x2.mul(e, freeF)));
      continue;
    }
    setPair(toF, i, valueBy(freeF, freeH));
    setPair(toH, i, holesBy(freeF, freeH));
  }
  v128.store(carried, starBehind, STAR_BEHIND);
  v128.store(carried, guessBehind, GUESS_BEHIND);
  return i;
}

/** Likewise while they have to be held back, within reach of the accepted state, or f* or h* is negative. */
function heldCells(first: i32, c: usize): i32 {
  let i = first;
  for (; i < cellPairs; i++) {
    const star = sumOfTerms(STAR, i + 1);
    const guess = sumOfTerms(GUESS, i + 1);
    const inv = pair(invV, i);
    const dStar = f64x2.mul(f64x2.sub(star, v128.load(carried, STAR_BEHIND)), inv);
    const d = f64x2.add(dStar, f64x2.mul(f64x2.sub(guess, v128.load(carried, GUESS_BEHIND)), inv));
    const f0 = pair(f, i);
    const h0 = pair(h, i);
    const freeF = f64x2.add(f0, d);
    const freeH = f64x2.sub(h0, f64x2.mul(epsilons(), d));
    const held = v128.or(f64x2.lt(freeF, kept(f0)), f64x2.lt(freeH, kept(h0)));
    const hStar = f64x2.sub(h0, f64x2.mul(epsilons(), dStar));
    const negative = f64x2.lt(f64x2.pmin(f64x2.add(f0, dStar), hStar), f64x2.splat(0));
    const repair = v128.any_true(negative); // and guessed again after that
    if (repair) {
      negativeFirst = min(negativeFirst, i);
      negativeLast = i;
    } else if (i > first && !v128.any_true(held)) {
      break;
    }
    v128.store(carried, star, STAR_BEHIND);
    v128.store(carried, guess, GUESS_BEHIND);
    setPair(c, i + 1, guess);
    if (!repair) holdGuess(i, freeF, freeH, f0, h0);
  }
  return i;
}

/** f and h of the guess in pair i of cells, within reach of the accepted f0, h0; what that has added goes into `carried`. */
function holdGuess(i: i32, freeF: v128, freeH: v128, f0: v128, h0: v128): void {
  const added = hold(i, freeF, freeH, kept(f0), kept(h0));
  noteHeld(i, added);
  v128.store(carried, f64x2.add(v128.load(carried, HELD), added), HELD);
}

/** The guess from a repaired f* and the fluxes in `c`, where f* is formed; `far`: it is still to give for its repair. */
function guessFromStar(c: usize, far: bool): void {
  v128.store(carried, f64x2.splat(0), HELD);
  for (let i = starFirst; i <= starLast; i++) {
    i = epsilon > 0 ? freeFromStar<f64>(i, c, far) : freeFromStar<i32>(i, c, far);
    if (i > starLast) break;
    const d = f64x2.mul(f64x2.sub(pair(c, i + 1), fluxBehind(c, i)), pair(invV, i));
    const freeF = f64x2.add(pair(fStar, i), d);
    const freeH = f64x2.sub(starHoles(i), f64x2.mul(epsilons(), d));
    holdGuess(i, freeF, freeH, pair(f, i), pair(h, i));
  }
}

/** c at the face behind pair i of cells. */
function fluxBehind(c: usize, i: i32): v128 {
  return i > 0 ? pair(c, i) : f64x2.splat(0);
}

/**
 * Likewise in the pairs from `first` on, up to the first that has to be held back, whose f* has given what it has to: its index,
 * or `starLast` + 1. (As in `freeCells`.)
 */
function freeFromStar<Holes>(first: i32, c: usize, far: bool): i32 {
  const pf = f;
  const ph = h;
  const pi = invV;
  const fromF = fStar;
  const fromH = hStar;
  const toF = fStage;
  const toH = hStage;
  const last = starLast;
  const give = far ? givenFar() : f64x2.splat(0);
  let behind = fluxBehind(c, first);
  let i = first;
  for (; i <= last; i++) {
    const ahead = pair(c, i + 1);
    const d = f64x2.mul(f64x2.sub(ahead, behind), pair(pi, i));
    behind = ahead;
    let star = pair(fromF, i);
    if (!isFloat<Holes>()) {
      if (far) {
        star = f64x2.mul(star, f64x2.add(ones(), give));
        setPair(fromF, i, star);
      }
      const freeF = f64x2.add(star, d);
      if (v128.any_true(f64x2.lt(freeF, kept(pair(pf, i))))) break;
      setPair(toF, i, freeF);
      continue;
    }
    let holes = pair(fromH, i);
    if (far) {
      const before = star;
      star = scaledValue(before, holes, give);
      holes = scaledHoles(before, holes, give);
      setPair(fromF, i, star);
      setPair(fromH, i, holes);
    }
    const freeF = f64x2.add(star, d);
    const freeH = f64x2.sub(holes, f64x2.mul(epsilons(), d));
    const held = v128.or(f64x2.lt(freeF, kept(pair(pf, i))), f64x2.lt(freeH, kept(pair(ph, i))));
    if (v128.any_true(held)) break;
    setPair(toF, i, valueBy(freeF, freeH));
    setPair(toH, i, holesBy(freeF, freeH));
  }
  return i;
}
