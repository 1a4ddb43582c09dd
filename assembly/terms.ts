import { pair, SLOPES, slopes, stride } from "./memory";

/** f* = f_n + Σ_j starWeights_j · flux_j, as differences of enclosed masses over V. */
export const starWeights = new StaticArray<f64>(SLOPES);
/** The first guess is f* + Σ_j guessWeights_j · flux_j. */
export const guessWeights = new StaticArray<f64>(SLOPES);

/** The flux array of stage j; from MAX_STAGES on: of the error estimates. */
export function slopeOf(j: i32): usize {
  return slopes + <usize>j * stride();
}

/** The flux arrays that have a weight in one of the sums, and the weights in both, twice each; two terms or five. */
const MOST_TERMS: i32 = 5;
const terms = memory.data(4 * MOST_TERMS, 16);
const weights = memory.data(32 * MOST_TERMS, 16);
export let manyTerms: bool = false;

export function gatherTerms(): void {
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

export function termAt(i: i32): usize {
  return load<usize>(terms + ((<usize>i) << 2));
}

export function weighted(term: i32, which: usize, flux: v128): v128 {
  return f64x2.mul(v128.load(weights + ((<usize>term) << 5) + which), flux);
}

export const STAR: usize = 0;
export const GUESS: usize = 16;

/** One of the two sums at pair i of faces; `freeCells` forms both at once, in the same order. */
export function sumOfTerms(which: usize, i: i32): v128 {
  const sum = f64x2.add(termOf(0, which, i), termOf(1, which, i));
  if (!manyTerms) return sum;
  return f64x2.add(f64x2.add(sum, f64x2.add(termOf(2, which, i), termOf(3, which, i))), termOf(4, which, i));
}

function termOf(term: i32, which: usize, i: i32): v128 {
  return weighted(term, which, pair(termAt(term), i));
}
