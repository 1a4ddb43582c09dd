/**
 * Diagnostics of a state on the n³ points: sums times h³, which for a smooth f that vanishes at the walls converge
 * spectrally.
 *
 * @param {{ nodes: Float64Array, spacing: number, epsilon: number }} grid
 * @param {Float64Array} f
 */
export function diagnose({ nodes, spacing, epsilon }, f) {
  const n = nodes.length;
  const h3 = spacing ** 3;
  const pressure = [0, 0, 0];
  const momentum = [0, 0, 0];
  let mass = 0;
  let moment4 = 0;
  let squared = 0;
  let entropy = 0;
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++, at++) {
        const value = f[at];
        const x = nodes[i] * nodes[i];
        const y = nodes[j] * nodes[j];
        const z = nodes[k] * nodes[k];
        mass += value;
        momentum[0] += value * nodes[i];
        momentum[1] += value * nodes[j];
        momentum[2] += value * nodes[k];
        pressure[0] += value * x;
        pressure[1] += value * y;
        pressure[2] += value * z;
        moment4 += value * (x + y + z) ** 2;
        squared += value * value;
        entropy += entropyDensity(value, epsilon);
        if (value < minimum) minimum = value;
        if (value > maximum) maximum = value;
      }
    }
  }
  return {
    /** ∫ f dv */
    mass: mass * h3,
    /** ∫ v f dv */
    momentum: momentum.map((sum) => sum * h3),
    /** ∫ v_i² f dv, i = 1, 2, 3 */
    pressure: pressure.map((sum) => sum * h3),
    /** ∫ |v|² f dv */
    energy: (pressure[0] + pressure[1] + pressure[2]) * h3,
    /** ∫ |v|⁴ f dv */
    moment4: moment4 * h3,
    /** ∫ f² dv */
    squared: squared * h3,
    /** H_ε[f] of the paper, ∫ f ln f for ε = 0; values outside [0, 1/ε], which this method allows, count 0 */
    entropy: entropy * h3,
    /** f(0) */
    center: f[((n / 2) * n + n / 2) * n + n / 2],
    minimum,
    maximum,
  };
}

/** @typedef {ReturnType<typeof diagnose>} Diagnosis */

/**
 * @param {number} f
 * @param {number} epsilon
 */
function entropyDensity(f, epsilon) {
  if (!(f > 0)) return 0;
  if (epsilon === 0) return f * Math.log(f);
  const filled = epsilon * f;
  return filled < 1 ? (filled * Math.log(filled) + (1 - filled) * Math.log1p(-filled)) / epsilon : 0;
}

/**
 * Mean of f over the points at the same distance from the origin, and how far they are from it: the angle average on the
 * radii that the grid has.
 *
 * @param {{ nodes: Float64Array, spacing: number }} grid
 * @param {Float64Array} f
 * @param {number} limit largest radius wanted
 * @returns {{ radius: number, mean: number, spread: number }[]} ascending
 */
export function angleAverage({ nodes, spacing }, f, limit) {
  const n = nodes.length;
  /** @type {Map<number, { sum: number, count: number, least: number, most: number }>} */
  const shells = new Map();
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++, at++) {
        const square = (i - n / 2) ** 2 + (j - n / 2) ** 2 + (k - n / 2) ** 2;
        if (Math.sqrt(square) * spacing > limit) continue;
        const value = f[at];
        const shell = shells.get(square);
        if (shell) {
          shell.sum += value;
          shell.count++;
          shell.least = Math.min(shell.least, value);
          shell.most = Math.max(shell.most, value);
        } else shells.set(square, { sum: value, count: 1, least: value, most: value });
      }
    }
  }
  return [...shells]
    .sort(([a], [b]) => a - b)
    .map(([square, { sum, count, least, most }]) => ({
      radius: Math.sqrt(square) * spacing,
      mean: sum / count,
      spread: most - least,
    }));
}

/**
 * Takes out of a rate the part that would change ∫ (1, v, |v|²) f dv: the nearest rate in L² without it (Zhang and Gamba,
 * J. Comput. Phys. 340 (2017) 470, without weights). Momentum and energy are then kept to round-off by any Runge–Kutta method.
 */
export class MomentProjection {
  /** @param {Float64Array} nodes */
  constructor(nodes) {
    this.nodes = nodes;
    const gram = Array.from({ length: 5 }, () => new Array(5).fill(0));
    this.#each((_at, invariants) => {
      for (let a = 0; a < 5; a++) for (let b = 0; b < 5; b++) gram[a][b] += invariants[a] * invariants[b];
    });
    this.gram = gram;
  }

  /** @param {Float64Array} rate changed in place */
  apply(rate) {
    const moments = [0, 0, 0, 0, 0];
    this.#each((at, invariants) => {
      for (let a = 0; a < 5; a++) moments[a] += rate[at] * invariants[a];
    });
    const factors = solve(this.gram, moments);
    this.#each((at, [one, x, y, z, square]) => {
      rate[at] -= factors[0] * one + factors[1] * x + factors[2] * y + factors[3] * z + factors[4] * square;
    });
  }

  /** @param {(at: number, invariants: number[]) => void} visit 1, v_1, v_2, v_3, |v|² at each point */
  #each(visit) {
    const { nodes } = this;
    const n = nodes.length;
    const invariants = [1, 0, 0, 0, 0];
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++, at++) {
          invariants[1] = nodes[i];
          invariants[2] = nodes[j];
          invariants[3] = nodes[k];
          invariants[4] = nodes[i] ** 2 + nodes[j] ** 2 + nodes[k] ** 2;
          visit(at, invariants);
        }
      }
    }
  }
}

/**
 * Solves a small dense symmetric positive definite system by elimination.
 *
 * @param {number[][]} matrix
 * @param {number[]} right
 */
function solve(matrix, right) {
  const rows = matrix.map((row, a) => [...row, right[a]]);
  const size = right.length;
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const factor = rows[b][a] / rows[a][a];
      for (let c = a; c <= size; c++) rows[b][c] -= factor * rows[a][c];
    }
  }
  const x = new Array(size).fill(0);
  for (let a = size - 1; a >= 0; a--) {
    let sum = rows[a][size];
    for (let c = a + 1; c < size; c++) sum -= rows[a][c] * x[c];
    x[a] = sum / rows[a][a];
  }
  return x;
}
