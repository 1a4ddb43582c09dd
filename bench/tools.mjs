/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * "median (least–most)"
 *
 * @param {number[]} values
 * @param {(value: number) => string} format
 */
export function spread(values, format) {
  return `${format(median(values))} (${format(Math.min(...values))}–${format(Math.max(...values))})`;
}

/**
 * Prints columns, right-aligned.
 *
 * @param {string[]} headings
 * @param {string[][]} rows
 */
export function table(headings, rows) {
  const widths = headings.map((heading, k) => Math.max(heading.length, ...rows.map((row) => row[k].length)));
  for (const row of [headings, ...rows]) {
    console.log(row.map((cell, k) => cell.padStart(widths[k])).join("  "));
  }
}

/**
 * Intercept and slope of the line through points [x, y] by least squares.
 *
 * @param {number[][]} points
 */
export function leastSquaresLine(points) {
  const n = points.length;
  const [sx, sy] = points.reduce(([a, b], [x, y]) => [a + x / n, b + y / n], [0, 0]);
  const [top, bottom] = points.reduce(
    ([a, b], [x, y]) => [a + (x - sx) * (y - sy), b + (x - sx) ** 2],
    [0, 0],
  );
  return [sy - (top / bottom) * sx, top / bottom];
}

/**
 * Relative L¹ distance of two profiles on the same grid.
 *
 * @param {ArrayLike<number>} f
 * @param {ArrayLike<number>} reference
 * @param {ArrayLike<number>} faces
 */
export function relativeError(f, reference, faces) {
  let error = 0;
  let mass = 0;
  for (let i = 0; i < f.length; i++) {
    const volume = faces[i + 1] ** 3 - faces[i] ** 3;
    error += Math.abs(f[i] - reference[i]) * volume;
    mass += reference[i] * volume;
  }
  return error / mass;
}

/** The environment of a program that is to take one thread, as the radial solver does. */
export const oneThread = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
