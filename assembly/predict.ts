import { recoverContents } from "./contents";
import {
  cellPairs,
  closeCells,
  epsilon,
  f,
  fluxes,
  fStage,
  fStar,
  h,
  hStage,
  hStar,
  invEpsilon,
  invV,
  MAX_STAGES,
  pair,
  setPair,
  stride,
  V,
} from "./memory";
import { repairStar } from "./repair";
import { largest } from "./scales";
import { KEEP, restoreMass } from "./update";

/** f* = f_n + Σ_j starWeights_j · flux_j, as differences of enclosed masses over V. */
export const starWeights = new StaticArray<f64>(MAX_STAGES);
/** The first guess is f* + Σ_j guessWeights_j · flux_j. */
export const guessWeights = new StaticArray<f64>(MAX_STAGES);

/** f* of the stage stands in `fStar`, `hStar`. */
let starFormed: bool = false;
export let repairedStages: f64 = 0;

/** The flux array of stage j. */
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
  const count = cellPairs;
  const k0 = fluxOf(0);
  const k1 = fluxOf(1);
  const k2 = fluxOf(2);
  const k3 = fluxOf(3);
  const k4 = fluxOf(4);
  const w0 = f64x2.splat(starWeights[0]);
  const w1 = f64x2.splat(starWeights[1]);
  const w2 = f64x2.splat(starWeights[2]);
  const w3 = f64x2.splat(starWeights[3]);
  const g0 = f64x2.splat(guessWeights[0]);
  const g1 = f64x2.splat(guessWeights[1]);
  const g2 = f64x2.splat(guessWeights[2]);
  const g3 = f64x2.splat(guessWeights[3]);
  const g4 = f64x2.splat(guessWeights[4]);
  const e = f64x2.splat(epsilon);
  const inverse = f64x2.splat(invEpsilon);
  const keep = f64x2.splat(KEEP);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const top = f64x2.splat(largest());
  let low = one;
  let held = f64x2.splat(0);
  let starBehind = f64x2.splat(0);
  let guessBehind = f64x2.splat(0);
  for (let i = 0; i < count; i++) {
    const a0 = pair(k0, i + 1);
    const a1 = pair(k1, i + 1);
    const a2 = pair(k2, i + 1);
    const a3 = pair(k3, i + 1);
    const a4 = pair(k4, i + 1);
    const star = f64x2.add(
      f64x2.add(f64x2.mul(w0, a0), f64x2.mul(w1, a1)),
      f64x2.add(f64x2.mul(w2, a2), f64x2.mul(w3, a3)),
    );
    const guess = f64x2.add(
      f64x2.add(f64x2.mul(g0, a0), f64x2.mul(g1, a1)),
      f64x2.add(f64x2.mul(g2, a2), f64x2.add(f64x2.mul(g3, a3), f64x2.mul(g4, a4))),
    );
    setPair(c, i + 1, guess);
    const inv = pair(invV, i);
    const dStar = f64x2.mul(f64x2.sub(star, starBehind), inv);
    const d = f64x2.add(dStar, f64x2.mul(f64x2.sub(guess, guessBehind), inv));
    starBehind = star;
    guessBehind = guess;
    const f0 = pair(f, i);
    const h0 = pair(h, i);
    low = f64x2.pmin(low, f64x2.add(f0, dStar));
    low = f64x2.pmin(low, f64x2.sub(h0, f64x2.mul(e, dStar)));
    const freeF = f64x2.add(f0, d);
    const freeH = f64x2.sub(h0, f64x2.mul(e, d));
    const leastF = f64x2.mul(keep, f0);
    if (!v128.any_true(v128.or(f64x2.lt(freeF, leastF), f64x2.lt(freeH, half)))) {
      setPair(fStage, i, freeF);
      setPair(hStage, i, f64x2.sub(one, f64x2.mul(e, freeF)));
      continue;
    }
    const f1 = f64x2.pmax(freeF, leastF);
    const h1 = f64x2.pmax(freeH, f64x2.mul(keep, h0));
    const dense = f64x2.lt(h1, half);
    const added = v128.bitselect(f64x2.mul(f64x2.sub(freeH, h1), inverse), f64x2.sub(f1, freeF), dense);
    held = f64x2.add(held, f64x2.mul(added, pair(V, i)));
    setPair(fStage, i, v128.bitselect(f64x2.pmin(f64x2.mul(f64x2.sub(one, h1), inverse), top), f1, dense));
    setPair(hStage, i, v128.bitselect(h1, f64x2.sub(one, f64x2.mul(e, f1)), dense));
  }
  let surplus = f64x2.extract_lane(held, 0) + f64x2.extract_lane(held, 1);
  const repaired = f64x2.extract_lane(low, 0) < 0 || f64x2.extract_lane(low, 1) < 0;
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

/** Forms f* and h* of the stage, unless they are there (and perhaps repaired). */
export function formStar(): void {
  if (starFormed) return;
  starFormed = true;
  const e = f64x2.splat(epsilon);
  const inverse = f64x2.splat(invEpsilon);
  const zero = f64x2.splat(0);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const top = f64x2.splat(largest());
  const k0 = fluxOf(0);
  const k1 = fluxOf(1);
  const k2 = fluxOf(2);
  const k3 = fluxOf(3);
  const w0 = f64x2.splat(starWeights[0]);
  const w1 = f64x2.splat(starWeights[1]);
  const w2 = f64x2.splat(starWeights[2]);
  const w3 = f64x2.splat(starWeights[3]);
  let behind = zero;
  for (let i = 0; i < cellPairs; i++) {
    const ahead = f64x2.add(
      f64x2.add(f64x2.mul(w0, pair(k0, i + 1)), f64x2.mul(w1, pair(k1, i + 1))),
      f64x2.add(f64x2.mul(w2, pair(k2, i + 1)), f64x2.mul(w3, pair(k3, i + 1))),
    );
    const d = f64x2.mul(f64x2.sub(ahead, behind), pair(invV, i));
    behind = ahead;
    const f1 = f64x2.add(pair(f, i), d);
    const h1 = f64x2.sub(pair(h, i), f64x2.mul(e, d));
    // above 1/ε it stays what it is: the repair moves the excess to other cells
    let full = f64x2.mul(f64x2.sub(one, h1), inverse);
    full = v128.bitselect(full, f64x2.pmin(full, top), f64x2.lt(h1, zero));
    const dense = f64x2.lt(h1, half);
    setPair(fStar, i, v128.bitselect(full, f1, dense));
    setPair(hStar, i, v128.bitselect(h1, f64x2.sub(one, f64x2.mul(e, f1)), dense));
  }
}

/** The guess from a repaired f* and the fluxes in `c`; returns what holding it back has added. */
function guessFromStar(c: usize): f64 {
  const top = largest();
  let surplus: f64 = 0;
  for (let i = 0; i < 2 * cellPairs; i++) {
    const at = (<usize>i) << 3;
    const d = (load<f64>(c + at, 16) - load<f64>(c + at)) * load<f64>(invV + at);
    const freeF = load<f64>(fStar + at) + d;
    const freeH = load<f64>(hStar + at) - epsilon * d;
    let f1 = Math.max(freeF, KEEP * load<f64>(f + at));
    let h1 = Math.max(freeH, KEEP * load<f64>(h + at));
    if (h1 < 0.5) {
      if (h1 !== freeH) surplus += (freeH - h1) * invEpsilon * load<f64>(V + at);
      f1 = Math.min((1 - h1) * invEpsilon, top);
    } else {
      if (f1 !== freeF) surplus += (f1 - freeF) * load<f64>(V + at);
      h1 = 1 - epsilon * f1;
    }
    store<f64>(fStage + at, f1);
    store<f64>(hStage + at, h1);
  }
  return surplus;
}
