import { dx, get, N, set } from "./memory";

/**
 * Makes cell contents c_i = V_i f*_i (or V_i h*_i) non-negative without changing Σ c_i or Σ c_i x_i.
 *
 * f* ≥ 0 says that the enclosed masses m*_k = Σ_{i<k} c_i do not decrease. Their isotonic regression with weights Δx_k
 * (pool adjacent violators) keeps Σ m*_k Δx_k, that is the energy, and the ends, that is the mass; a deficit moves to
 * the neighbouring cells by linear interpolation in x. It is formed from the gaps c_i between blocks, never from m*
 * itself: differences of m* would lose the tail. One pass, O(N). `c`, `weights` and `starts` hold N + 2 doubles.
 *
 * Returns false where a pool would reach an end, which no redistribution that keeps both sums can mend.
 */
export function poolNegative(c: usize, weights: usize, starts: usize): bool {
  const n = N;
  let top = -1; // blocks of pooled faces: first face, weight; the gap before block t is c[first - 1]
  let carry: f64 = 0;
  for (let k = 1; k < n; k++) {
    top++;
    set(starts, top, <f64>k);
    set(weights, top, get(dx, k));
    if (carry != 0) set(c, k - 1, get(c, k - 1) + carry);
    carry = 0;
    while (true) {
      const first = <i32>get(starts, top);
      const gap = get(c, first - 1);
      if (!(gap < 0)) break;
      if (top == 0) return false;
      const before = get(weights, top - 1);
      const own = get(weights, top);
      const total = before + own;
      const previous = <i32>get(starts, top - 1);
      set(c, previous - 1, get(c, previous - 1) + gap * (own / total));
      set(c, first - 1, 0);
      carry += gap * (before / total);
      top--;
      set(weights, top, total);
    }
  }
  const last = get(c, n - 1) + carry;
  set(c, n - 1, last);
  return last >= 0;
}
