import { recoverContents } from "./contents";
import {
  cellPairs,
  closeCells,
  epsilon,
  epsilons,
  FLUXES,
  f,
  fluxes,
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
  setPair,
  stride,
  total,
} from "./memory";
import { repairStar } from "./repair";
import { hold, kept, restoreMass } from "./update";

/** f* = f_n + Σ_j starWeights_j · flux_j, as differences of enclosed masses over V. */
export const starWeights = new StaticArray<f64>(FLUXES);
/** The first guess is f* + Σ_j guessWeights_j · flux_j. */
export const guessWeights = new StaticArray<f64>(FLUXES);

/** f* of the stage stands in `fStar`, `hStar`. */
let starFormed: bool = false;
export let repairedStages: f64 = 0;

/** The flux array of stage j; MAX_STAGES: of the last error estimate. */
export function fluxOf(j: i32): usize {
  return fluxes + <usize>j * stride();
}

/**
 * The first guess of a stage in `fStage`, `hStage`, and its c_k = m_k - m*_k in `c`. The guess is held within reach of the
 * accepted state so that it is admissible; what holding back has put in or taken out is restored, since Newton's
 * updates carry no mass. A negative f* or h* is repaired first; false if it cannot be.
 */
export function startStage(c: usize): bool {
  starFormed = false;
  gatherTerms();
  memory.fill(carried, 0, 64);
  let i = 0;
  if (epsilon > 0) {
    i = freeCells<f64>(i, c);
    while (i < cellPairs) i = freeCells<f64>(heldCells(i, c), c);
  } else {
    i = freeCells<i32>(i, c);
    while (i < cellPairs) i = freeCells<i32>(heldCells(i, c), c);
  }
  let surplus = total(v128.load(carried, HELD));
  const repaired = load<f64>(carried, LOWEST) < 0 || load<f64>(carried, LOWEST + 8) < 0;
  if (repaired) {
    repairedStages += 1;
    formStar();
    if (!repairStar()) return false;
    surplus = guessFromStar(c);
  }
  if (surplus !== 0 && !restoreMass(surplus)) {
    memory.copy(fStage, f, stride());
    memory.copy(hStage, h, stride());
  }
  closeCells(fStage);
  closeCells(hStage);
  if (repaired || surplus !== 0) {
    formStar();
    recoverContents(c);
  }
  return true;
}

/** The flux arrays that have a weight in one of the sums, and the weights in both, twice each; two terms or five. */
const MOST_TERMS: i32 = 5;
const terms = memory.data(4 * MOST_TERMS, 16);
const weights = memory.data(32 * MOST_TERMS, 16);
let manyTerms: bool = false;

function gatherTerms(): void {
  let count = 0;
  for (let j = 0; j < FLUXES; j++) {
    if (starWeights[j] === 0 && guessWeights[j] === 0) continue;
    setTerm(count++, j, starWeights[j], guessWeights[j]);
  }
  manyTerms = count > 2;
  assert(count <= MOST_TERMS);
  while (count < MOST_TERMS) setTerm(count++, 0, 0, 0);
}

function setTerm(i: i32, j: i32, star: f64, guess: f64): void {
  store<usize>(terms + ((<usize>i) << 2), fluxOf(j));
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

/** Both sums at the face behind, the least of f* and h* if negative, and what holding back has added. */
const carried = memory.data(64, 16);
const STAR_BEHIND: usize = 0;
const GUESS_BEHIND: usize = 16;
const LOWEST: usize = 32;
const HELD: usize = 48;

/**
 * The guess in the pairs of cells from `first` on, up to the first that has to be held back: its index, or `cellPairs`. (As
 * in `mean`: no call, so that nothing is kept on the stack for it.)
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
  let low = v128.load(carried, LOWEST);
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
    const emptied = f64x2.lt(freeF, kept(f0));
    if (!isFloat<Holes>()) {
      if (v128.any_true(emptied)) break;
      low = f64x2.pmin(low, f64x2.add(f0, dStar));
      starBehind = star;
      guessBehind = guess;
      setPair(c, i + 1, guess);
      setPair(toF, i, freeF);
      continue;
    }
    const h0 = pair(ph, i);
    const e = epsilons();
    const freeH = f64x2.sub(h0, f64x2.mul(e, d));
    const filled = f64x2.lt(freeH, kept(h0));
    if (v128.any_true(v128.or(emptied, filled))) break;
    low = f64x2.pmin(low, f64x2.add(f0, dStar));
    low = f64x2.pmin(low, f64x2.sub(h0, f64x2.mul(e, dStar)));
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
  v128.store(carried, low, LOWEST);
  return i;
}

/** Likewise while they have to be held back, within reach of the accepted state. */
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
    const emptied = f64x2.lt(freeF, kept(f0));
    const filled = f64x2.lt(freeH, kept(h0));
    if (i > first && !v128.any_true(v128.or(emptied, filled))) break;
    const low = f64x2.pmin(v128.load(carried, LOWEST), f64x2.add(f0, dStar));
    v128.store(carried, f64x2.pmin(low, f64x2.sub(h0, f64x2.mul(epsilons(), dStar))), LOWEST);
    v128.store(carried, star, STAR_BEHIND);
    v128.store(carried, guess, GUESS_BEHIND);
    setPair(c, i + 1, guess);
    holdGuess(i, freeF, freeH, f0, h0);
  }
  return i;
}

/** f and h of the guess in pair i of cells, within reach of the accepted f0, h0; what that has added goes into `carried`. */
function holdGuess(i: i32, freeF: v128, freeH: v128, f0: v128, h0: v128): void {
  const added = hold(i, freeF, freeH, kept(f0), kept(h0));
  v128.store(carried, f64x2.add(v128.load(carried, HELD), added), HELD);
}

/** Forms f* and h* of the stage, unless they are there (and perhaps repaired). */
export function formStar(): void {
  if (starFormed) return;
  starFormed = true;
  const zero = f64x2.splat(0);
  let behind = zero;
  for (let i = 0; i < cellPairs; i++) {
    const ahead = sumOfTerms(STAR, i + 1);
    const d = f64x2.mul(f64x2.sub(ahead, behind), pair(invV, i));
    behind = ahead;
    const f1 = f64x2.add(pair(f, i), d);
    const h1 = f64x2.sub(pair(h, i), f64x2.mul(epsilons(), d));
    // above 1/ε it stays what it is: the repair moves the excess to other cells
    let full = f64x2.mul(f64x2.sub(ones(), h1), invEpsilons());
    full = v128.bitselect(full, f64x2.pmin(full, largests()), f64x2.lt(h1, zero));
    const dense = f64x2.lt(h1, halves());
    setPair(fStar, i, v128.bitselect(full, f1, dense));
    setPair(hStar, i, v128.bitselect(h1, f64x2.sub(ones(), f64x2.mul(epsilons(), f1)), dense));
  }
}

/** The guess from a repaired f* and the fluxes in `c`; returns what holding it back has added. */
function guessFromStar(c: usize): f64 {
  v128.store(carried, f64x2.splat(0), HELD);
  for (let i = 0; i < cellPairs; i++) {
    const behind = i > 0 ? pair(c, i) : f64x2.splat(0);
    const d = f64x2.mul(f64x2.sub(pair(c, i + 1), behind), pair(invV, i));
    const freeF = f64x2.add(pair(fStar, i), d);
    const freeH = f64x2.sub(pair(hStar, i), f64x2.mul(epsilons(), d));
    holdGuess(i, freeF, freeH, pair(f, i), pair(h, i));
  }
  return total(v128.load(carried, HELD));
}
