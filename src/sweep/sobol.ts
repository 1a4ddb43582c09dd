// Degree s, coefficients a and initial numbers m of dimensions 2, 3, …: S. Joe and F. Y. Kuo, "Constructing Sobol
// sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2635 (2008), new-joe-kuo-6.
const directions: readonly (readonly [s: number, a: number, ...m: number[]])[] = [
  [1, 0, 1],
  [2, 1, 1, 3],
  [3, 1, 1, 3, 1],
  [3, 2, 1, 1, 1],
  [4, 1, 1, 1, 3, 3],
  [4, 4, 1, 3, 5, 13],
  [5, 2, 1, 1, 5, 5, 17],
  [5, 4, 1, 1, 5, 5, 5],
  [5, 7, 1, 1, 7, 11, 19],
  [5, 11, 1, 1, 5, 1, 1],
  [5, 13, 1, 1, 1, 3, 11],
  [5, 14, 1, 3, 5, 5, 31],
  [6, 1, 1, 3, 3, 9, 7, 49],
  [6, 13, 1, 1, 1, 15, 21, 21],
  [6, 16, 1, 3, 1, 13, 27, 49],
  [6, 19, 1, 1, 1, 15, 7, 5],
  [6, 22, 1, 3, 1, 15, 13, 25],
  [6, 25, 1, 1, 5, 5, 19, 61],
  [7, 1, 1, 3, 7, 11, 23, 15, 103],
  [7, 4, 1, 3, 7, 13, 13, 15, 69],
];

export const maxSobolDimensions = directions.length + 1;

const bits = 32;

/** Coordinate `dimension` (from 0) of the first `count` points of the Sobol sequence, as 32-bit fractions. */
export function sobolCoordinates(dimension: number, count: number): Uint32Array {
  const v = directionNumbers(dimension);
  const x = new Uint32Array(count);
  for (let i = 1; i < count; i++) {
    const trailingOnes = 31 - Math.clz32(~(i - 1) & i); // Gray code: one direction number a point
    x[i] = x[i - 1]! ^ v[trailingOnes]!;
  }
  return x;
}

function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (dimension === 0) return v.map((_, k) => 2 ** (bits - 1 - k));
  const [s, a, ...m] = directions[dimension - 1]!;
  for (let k = 0; k < bits; k++) {
    if (k < s) {
      v[k] = m[k]! * 2 ** (bits - 1 - k);
      continue;
    }
    let value = v[k - s]! ^ (v[k - s]! >>> s);
    for (let j = 1; j < s; j++) if ((a >> (s - 1 - j)) & 1) value ^= v[k - j]!;
    v[k] = value;
  }
  return v;
}
