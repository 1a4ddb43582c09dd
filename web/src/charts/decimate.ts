/**
 * Which points to draw so that the line looks as it would with all of them: in each pixel column the first, the last,
 * the lowest and the highest drawable point, or all of them if there are four or fewer. One point beyond the columns on
 * either side is kept, so that the line goes on to the edge.
 *
 * A point is drawable if `above` < y < ∞ (NaN is not). A column that has none keeps one of its points, which becomes a
 * gap; among drawable points, gaps narrower than the column do not show.
 *
 * x is to ascend; whatever it does, in the result it does.
 *
 * @param bounds columns + 1 ascending values: column c is bounds[c] ≤ x < bounds[c + 1], the last one closed
 * @returns ascending indices, their x ascending and unique; at most 4 per column + 2
 */
export function decimate(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  bounds: ArrayLike<number>,
  above = -Infinity,
): number[] {
  const kept: number[] = [];
  const count = Math.min(x.length, y.length);
  const columns = bounds.length - 1;
  let start = firstAtLeast(x, bounds[0]!, 0, count);
  if (start > 0) kept.push(start - 1);
  for (let column = 0; column < columns && start < count; column++) {
    const limit = bounds[column + 1]!;
    let end = firstAtLeast(x, limit, start, count);
    if (column === columns - 1) while (end < count && x[end] === limit) end++;
    keepColumn(kept, y, start, end, above);
    start = end;
  }
  if (start < count) kept.push(start);

  let last = -Infinity;
  return kept.filter((i) => {
    const ascends = x[i]! > last;
    if (ascends) last = x[i]!;
    return ascends;
  });
}

/** Appends what is to be kept of the points start ≤ i < end. */
function keepColumn(kept: number[], y: ArrayLike<number>, start: number, end: number, above: number): void {
  if (end - start <= 4) {
    for (let i = start; i < end; i++) kept.push(i);
    return;
  }
  let low = Infinity;
  let high = above;
  let lowest = -1;
  let highest = -1;
  for (let i = start; i < end; i++) {
    const value = y[i]!;
    if (value < low && value > above) {
      low = value;
      lowest = i;
    }
    if (value > high && value < Infinity) {
      high = value;
      highest = i;
    }
  }
  if (lowest < 0) {
    kept.push(start);
    return;
  }
  const drawable = (i: number) => y[i]! > above && y[i]! < Infinity;
  let first = start;
  while (!drawable(first)) first++;
  let final = end - 1;
  while (!drawable(final)) final--;
  kept.push(first);
  for (const i of [Math.min(lowest, highest), Math.max(lowest, highest), final]) {
    if (i > kept.at(-1)!) kept.push(i);
  }
}

/** The first index from `start` on whose x is not below `value`; `end` if there is none. */
function firstAtLeast(x: ArrayLike<number>, value: number, start: number, end: number): number {
  // In ever longer strides: it is mostly near.
  let low = start;
  let stride = 1;
  while (low + stride < end && x[low + stride]! < value) {
    low += stride;
    stride *= 2;
  }
  let high = Math.min(low + stride, end);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
