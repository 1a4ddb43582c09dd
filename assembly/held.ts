/** The first pair of cells that has been held back since `holdNothing` (beyond all if none has), and the last in either lane (-1). */
export let firstHeld: i32 = i32.MAX_VALUE;
export let last0: i32 = -1;
export let last1: i32 = -1;

export function holdNothing(): void {
  firstHeld = i32.MAX_VALUE;
  last0 = -1;
  last1 = -1;
}

/** Pair i of cells has been held back in the lanes where `added` is not 0. */
export function noteHeld(i: i32, added: v128): void {
  if (!v128.any_true(f64x2.ne(added, f64x2.splat(0)))) return;
  firstHeld = min(firstHeld, i);
  if (f64x2.extract_lane(added, 0) !== 0) last0 = max(last0, i);
  if (f64x2.extract_lane(added, 1) !== 0) last1 = max(last1, i);
}

export function lastHeld(): i32 {
  return max(last0, last1);
}
