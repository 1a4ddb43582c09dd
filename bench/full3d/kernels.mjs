/**
 * The two free-space kernels, cut at |z| < R_t where no difference of two points of the box comes, as spectra of period 2n.
 *
 *   G(z) = |z|/8π:   Ĝ(k) = [(2 - k²R_t²) cos kR_t + 2kR_t sin kR_t - 2] / (2k⁴),    A_ij[g] = ∂i∂jG * g
 *   1/(4π|z|):       (1 - cos kR_t)/k²,                                               a[f] = 1/(4π|z|) * f
 *
 * (Vico, Greengard and Ferrando, J. Comput. Phys. 323 (2016) 191.) With R_t = 2√3 L, the diagonal of the box, the period
 * must be 2L + R_t = 2.74 · 2L at least, so that no image of the cut ball reaches back; 3n points are taken. That period is
 * needed only here, once: the kernel at the differences of grid points that occur, |i - j| < n along each axis,
 * acts exactly the same in a cyclic convolution of 2n points (docs/decisions/full3d-padding.md).
 *
 * By the symmetry of the cube ∂1∂1G, ∂1∂2G and ∂1(1/4π|z|) stand for all nine components: (n + 1)² lines of 2n values each, in
 * two orders of the axes, so that k_1 runs fastest whichever component it is.
 *
 * @param {number} n points a side
 * @param {number} halfWidth L
 * @param {Int32Array} order the 2n frequencies in the order wanted along the last axis
 */
export function kernelSpectra(n, halfWidth, order) {
  const half = n + 1;
  const terms = (3 * n) / 2 + 1;
  const cut = 2 * Math.sqrt(3) * halfWidth;
  const unit = (2 * Math.PI) / (6 * halfWidth);
  const scale = 1 / (3 * n) ** 3 / (2 * n) ** 3;
  const { even, odd } = spectrumOfSeries(n);

  /** @param {(k1: number, k2: number, k3: number, k: number) => number} symbol */
  const octant = (symbol) => {
    const values = new Float64Array(terms ** 3);
    for (let p = 0, at = 0; p < terms; p++) {
      for (let q = 0; q < terms; q++) {
        for (let r = 0; r < terms; r++, at++) {
          if (at === 0) continue; // all three symbols vanish at k = 0
          values[at] = scale * symbol(p * unit, q * unit, r * unit, Math.hypot(p, q, r) * unit);
        }
      }
    }
    return values;
  };
  /** @param {number} k */
  const biharmonic = (k) => {
    const x = k * cut;
    return ((2 - x * x) * Math.cos(x) + 2 * x * Math.sin(x) - 2) / (2 * k ** 4);
  };
  // A factor ik turns a cosine series into minus a sine series; two of them, into plus a product of sine series.
  const second = transformAxes(
    octant((k1, _k2, _k3, k) => -k1 * k1 * biharmonic(k)),
    [even, even, even],
    terms,
    half,
  );
  const mixed = transformAxes(
    octant((k1, k2, _k3, k) => k1 * k2 * biharmonic(k)),
    [odd, odd, even],
    terms,
    half,
  );
  const gradient = transformAxes(
    octant((k1, _k2, _k3, k) => (-k1 * (1 - Math.cos(k * cut))) / (k * k)),
    [odd, even, even],
    terms,
    half,
  );
  // The sine transform of an odd sequence carries -i: (-i)² = -1 for the mixed derivative.
  for (let at = 0; at < mixed.length; at++) mixed[at] = -mixed[at];
  const reversed = [second, mixed, gradient].map((kernel) => firstFastest(kernel, half));
  return {
    /** ∂1∂1G at (k1, k2, k3) and, with the axes in the order k3, k2, k1, `secondReversed`. Real. */
    second: unfold(second, order, 1),
    secondReversed: unfold(reversed[0], order, 1),
    /** ∂1∂2G, the same. Real. */
    mixed: unfold(mixed, order, 1),
    mixedReversed: unfold(reversed[1], order, -1),
    /** i ∂1(1/4π|z|), the same: the spectrum itself is -i times it. */
    gradient: unfold(gradient, order, 1),
    gradientReversed: unfold(reversed[2], order, -1),
  };
}

/**
 * Octant → the last axis over all 2n frequencies.
 *
 * @param {Float64Array} octant
 * @param {Int32Array} order
 * @param {1 | -1} parity of the kernel along the last axis
 */
function unfold(octant, order, parity) {
  const period = order.length;
  const half = period / 2 + 1;
  const values = new Float64Array(half * half * period);
  for (let row = 0; row < half * half; row++) {
    for (let at = 0; at < period; at++) {
      const k = order[at];
      values[row * period + at] =
        k < half ? octant[row * half + k] : parity * octant[row * half + period - k];
    }
  }
  return values;
}

/**
 * Matrices (n + 1) × (3n/2 + 1) from coefficients of a cosine (sine) series of period 3n to the cosine (sine) transform,
 * of period 2n, of its values at the points 0 … n.
 *
 * @param {number} n
 */
function spectrumOfSeries(n) {
  const half = n + 1;
  const terms = (3 * n) / 2 + 1;
  const even = new Float64Array(half * terms);
  const odd = new Float64Array(half * terms);
  for (let q = 0; q < half; q++) {
    for (let m = 0; m < half; m++) {
      const twice = m === 0 || m === n ? 1 : 2;
      const c = twice * Math.cos((Math.PI * q * m) / n);
      const s = twice * Math.sin((Math.PI * q * m) / n);
      for (let p = 0; p < terms; p++) {
        const weight = p === 0 || p === terms - 1 ? 1 : 2;
        const angle = (2 * Math.PI * p * m) / (3 * n);
        even[q * terms + p] += c * weight * Math.cos(angle);
        odd[q * terms + p] += s * weight * Math.sin(angle);
      }
    }
  }
  return { even, odd };
}

/**
 * Applies one matrix along each axis of a cube: terms³ → half³.
 *
 * @param {Float64Array} values
 * @param {Float64Array[]} matrices
 * @param {number} terms
 * @param {number} half
 */
function transformAxes(values, matrices, terms, half) {
  // The last axis is contracted and the new one put first; after three turns the axes are where they were.
  let from = values;
  for (const matrix of [matrices[2], matrices[1], matrices[0]]) {
    const rows = from.length / terms;
    const to = new Float64Array(rows * half);
    for (let row = 0; row < rows; row++) {
      for (let q = 0; q < half; q++) {
        let sum = 0;
        for (let p = 0; p < terms; p++) sum += matrix[q * terms + p] * from[row * terms + p];
        to[q * rows + row] = sum;
      }
    }
    from = to;
  }
  return from;
}

/**
 * (k1, k2, k3) with k3 fastest → (k3, k2, k1) with k1 fastest.
 *
 * @param {Float64Array} values
 * @param {number} half
 */
function firstFastest(values, half) {
  const to = new Float64Array(values.length);
  for (let p = 0, at = 0; p < half; p++) {
    for (let q = 0; q < half; q++) {
      for (let r = 0; r < half; r++, at++) to[(r * half + q) * half + p] = values[at];
    }
  }
  return to;
}
