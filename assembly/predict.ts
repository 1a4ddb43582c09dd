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
  invEpsilons,
  invV,
  largests,
  ones,
  pair,
  SLOPES,
  setPair,
  slopes,
  starHoles,
  stride,
  total,
} from "./memory";
import { beginFar, farSuffices, giveFar, raiseFar, repairStar } from "./repair";
import { content } from "./scales";
import { hold, kept, NEGLIGIBLE, restoreMass } from "./update";

/** f* = f_n + Σ_j starWeights_j · flux_j, as differences of enclosed masses over V. */
export const starWeights = new StaticArray<f64>(SLOPES);
/** The first guess is f* + Σ_j guessWeights_j · flux_j. */
export const guessWeights = new StaticArray<f64>(SLOPES);

/** f* of the stage stands in these pairs of cells of `fStar`, `hStar`. */
let starFirst: i32 = 0;
let starLast: i32 = -1;
/** The first and the last pair with a negative f* or h*. */
let negativeFirst: i32 = 0;
let negativeLast: i32 = -1;
export let repairedStages: f64 = 0;

/** The flux array of stage j; from MAX_STAGES on: of the error estimates. */
export function slopeOf(j: i32): usize {
  return slopes + <usize>j * stride();
}

/**
 * The first guess of a stage in `fStage`, `hStage`, and its c_k = m_k - m*_k in `c`. The guess is held within reach of the
 * accepted state so that it is admissible; what holding back has put in or taken out is restored, since Newton's
 * updates carry no mass. A negative f* or h* is repaired first; false if it cannot be.
 */
export function startStage(c: usize): bool {
  starLast = -1;
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
    );
    if (!far) {
      starLast = -1;
      formStar();
      if (!repairStar()) return false;
    }
    holdNothing();
    guessFromStar(c, far);
  }
  const surplus = total(v128.load(carried, HELD));
  const local = Math.abs(surplus) <= NEGLIGIBLE * content; // it goes into a cell nearby
  if (!local && !restoreMass(surplus)) {
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

/** The flux arrays that have a weight in one of the sums, and the weights in both, twice each; two terms or five. */
const MOST_TERMS: i32 = 5;
const terms = memory.data(4 * MOST_TERMS, 16);
const weights = memory.data(32 * MOST_TERMS, 16);
let manyTerms: bool = false;

function gatherTerms(): void {
  let count = 0;
  for (let j = 0; j < SLOPES; j++) {
    if (starWeights[j] === 0 && guessWeights[j] === 0) continue;
    setTerm(count++, j, starWeights[j], guessWeights[j]);
  }
  manyTerms = count > 2;
  assert(count <= MOST_TERMS);
  while (count < MOST_TERMS) setTerm(count++, 0, 0, 0);
}

function setTerm(i: i32, j: i32, star: f64, guess: f64): void {
  store<usize>(terms + ((<usize>i) << 2), slopeOf(j));
  const at = weights + ((<usize>i) << 5);
  v128.store(at, f64x2.splat(star));
  v128.store(at, f64x2.splat(guess), 16);
}

function termAt(i: i32): usize {
  return load<usize>(terms + ((<usize>i) << 2));
}

function weighted(term: i32, which: usize, flux: v128): v128 {
  return f64x2.mul(v128.load(weights + ((<usize>term) << 5) + which), flux);
}

const STAR: usize = 0;
const GUESS: usize = 16;

/** One of the two sums at pair i of faces; `freeCells` forms both at once, in the same order. */
function sumOfTerms(which: usize, i: i32): v128 {
  const sum = f64x2.add(termOf(0, which, i), termOf(1, which, i));
  if (!manyTerms) return sum;
  return f64x2.add(f64x2.add(sum, f64x2.add(termOf(2, which, i), termOf(3, which, i))), termOf(4, which, i));
}

function termOf(term: i32, which: usize, i: i32): v128 {
  return weighted(term, which, pair(termAt(term), i));
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
    const h1 = f64x2.sub(ones(), f64x2.mul(e, freeF));
    const dense = f64x2.lt(freeH, halves());
    if (!v128.any_true(dense)) {
      setPair(toF, i, freeF);
      setPair(toH, i, h1);
      continue;
    }
    const full = f64x2.pmin(f64x2.mul(f64x2.sub(ones(), freeH), invEpsilons()), largests());
    setPair(toF, i, v128.bitselect(full, freeF, dense));
    setPair(toH, i, v128.bitselect(freeH, h1, dense));
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

/** Forms f* and h* of the stage, but for pairs where they are there (and perhaps repaired). */
function formStar(): void {
  if (starLast < 0) starFirst = 0;
  formStarFrom(0, starFirst);
  formStarFrom(starLast + 1, cellPairs);
  starFirst = 0;
  starLast = cellPairs - 1;
}

/** Likewise in the pairs `first` … `last` alone, unless some of them are there and some not: then in all. */
function formStarIn(first: i32, last: i32): void {
  if (starLast < 0) {
    starFirst = first;
    starLast = last;
    formStarFrom(first, last + 1);
  } else if (first < starFirst || last > starLast) {
    formStar();
  }
}

/** In the pairs `first` … `end` - 1. */
function formStarFrom(first: i32, end: i32): void {
  let behind = starAt(first);
  for (let i = first; i < end; i++) {
    const ahead = sumOfTerms(STAR, i + 1);
    setStar(i, f64x2.sub(ahead, behind));
    behind = ahead;
  }
}

/**
 * Likewise in `first` … `last`, with the repair of a far tail as they are formed, the last part of which is left to
 * `guessFromStar`; false if another repair is needed.
 */
function formStarFar(first: i32, last: i32): bool {
  if (last === cellPairs - 1) return false;
  starFirst = first;
  starLast = last;
  beginFar();
  let behind = starAt(first);
  for (let i = first; i <= last; i++) {
    const ahead = sumOfTerms(STAR, i + 1);
    setStar(i, f64x2.sub(ahead, behind));
    behind = ahead;
    raiseFar(i);
  }
  return farSuffices();
}

/** From some pairs before the first that gives or takes, to some more past the last: they have something to give. */
function fromBefore(first: i32): i32 {
  return max(0, first - 64);
}

function toBeyond(last: i32): i32 {
  return min(cellPairs - 1, last + 64 + (last >> 3));
}

/** The sum of f*'s terms at the face behind pair i. */
function starAt(i: i32): v128 {
  return i > 0 ? sumOfTerms(STAR, i) : f64x2.splat(0);
}

/** f* and h* of pair i from what they have more than the accepted state. */
function setStar(i: i32, content: v128): void {
  const d = f64x2.mul(content, pair(invV, i));
  const f1 = f64x2.add(pair(f, i), d);
  if (epsilon === 0) {
    setPair(fStar, i, f1);
    return;
  }
  const h1 = f64x2.sub(pair(h, i), f64x2.mul(epsilons(), d));
  // above 1/ε it stays what it is: the repair moves the excess to other cells
  let full = f64x2.mul(f64x2.sub(ones(), h1), invEpsilons());
  full = v128.bitselect(full, f64x2.pmin(full, largests()), f64x2.lt(h1, f64x2.splat(0)));
  const dense = f64x2.lt(h1, halves());
  setPair(fStar, i, v128.bitselect(full, f1, dense));
  setPair(hStar, i, v128.bitselect(h1, f64x2.sub(ones(), f64x2.mul(epsilons(), f1)), dense));
}

/** The guess from a repaired f* and the fluxes in `c`, where f* is formed; `far`: it is still to give for its repair. */
function guessFromStar(c: usize, far: bool): void {
  v128.store(carried, f64x2.splat(0), HELD);
  let behind = starFirst > 0 ? pair(c, starFirst) : f64x2.splat(0);
  for (let i = starFirst; i <= starLast; i++) {
    const ahead = pair(c, i + 1);
    const d = f64x2.mul(f64x2.sub(ahead, behind), pair(invV, i));
    behind = ahead;
    if (far) giveFar(i);
    const freeF = f64x2.add(pair(fStar, i), d);
    const f0 = pair(f, i);
    if (epsilon === 0 && !v128.any_true(f64x2.lt(freeF, kept(f0)))) {
      setPair(fStage, i, freeF);
      continue;
    }
    const freeH = f64x2.sub(starHoles(i), f64x2.mul(epsilons(), d));
    holdGuess(i, freeF, freeH, f0, pair(h, i));
  }
}
