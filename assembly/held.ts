/** The first and the last pair of cells that has been held back in either lane since `holdNothing`; last -1 if none has. */
export let first0: i32 = i32.MAX_VALUE;
export let last0: i32 = -1;
export let first1: i32 = i32.MAX_VALUE;
export let last1: i32 = -1;

export function holdNothing(): void {
  first0 = i32.MAX_VALUE;
  last0 = -1;
  first1 = i32.MAX_VALUE;
  last1 = -1;
}

/** Pair i of cells has been held back in the lanes where `added` is not 0. */
export function noteHeld(i: i32, added: v128): void {
  if (f64x2.extract_lane(added, 0) !== 0) {
    first0 = min(first0, i);
    last0 = max(last0, i);
  }
  if (f64x2.extract_lane(added, 1) !== 0) {
    first1 = min(first1, i);
    last1 = max(last1, i);
  }
}

export function firstHeld(): i32 {
  return min(first0, first1);
}

export function lastHeld(): i32 {
  return max(last0, last1);
}
