import { Convolution } from "./convolution.mjs";
import { Fourier } from "./fourier.mjs";

/** Axes i, j of the components 11, 22, 33, 12, 13, 23. */
const axes = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [0, 2],
  [1, 2],
];

/**
 * The collision operator of paper (1.1), ∂t f = ∇·(A[g]∇f - g∇a[f]), g = f(1 - εf), by Fourier collocation on the points
 * -L + ih, h = 2L/n, of the box [-L, L)³. Σ ∂t f = 0 to round-off (the divergence has no mean); momentum and energy are kept
 * to the error of the method, or to round-off with `project`.
 */
export class Collision {
  /**
   * @param {number} n points a side, even
   * @param {number} halfWidth L
   * @param {number} epsilon ε ≥ 0
   */
  constructor(n, halfWidth, epsilon) {
    this.n = n;
    this.halfWidth = halfWidth;
    this.epsilon = epsilon;
    this.spacing = (2 * halfWidth) / n;
    this.points = n ** 3;
    this.nodes = Float64Array.from({ length: n }, (_, i) => -halfWidth + i * this.spacing);
    this.convolution = new Convolution(n, halfWidth);
    const field = () => new Float64Array(this.points);
    this.g = field();
    /** A_11, A_22, A_33, A_12, A_13, A_23 of the last state */
    this.A = axes.map(field);
    /** ∇a of the last state; then the flux */
    this.flux = [field(), field(), field()];
    this.derivative = field();
    this.fourier = new Fourier(n);
    this.line = new Float64Array(2 * n);
    this.spectrum = new Float64Array(2 * n);
    this.evaluations = 0;
  }

  /** Bytes of a collision operator with n³ points. @param {number} n */
  static bytes(n) {
    return Convolution.bytes(n) + 8 * 11 * n ** 3;
  }

  /**
   * rate = ∂t f.
   *
   * @param {Float64Array} f
   * @param {Float64Array} rate overwritten
   */
  rate(f, rate) {
    const { g, A, flux, derivative, points } = this;
    this.coefficients(f);
    for (const component of flux) for (let at = 0; at < points; at++) component[at] *= -g[at];
    for (let axis = 0; axis < 3; axis++) {
      this.differentiate(f, axis, derivative, false);
      const [first, second, third] = [0, 1, 2].map(
        (i) => A[axes.findIndex(([p, q]) => (p === i && q === axis) || (q === i && p === axis))],
      );
      const [flux1, flux2, flux3] = flux;
      for (let at = 0; at < points; at++) {
        const slope = derivative[at];
        flux1[at] += first[at] * slope;
        flux2[at] += second[at] * slope;
        flux3[at] += third[at] * slope;
      }
    }
    rate.fill(0);
    for (let axis = 0; axis < 3; axis++) this.differentiate(flux[axis], axis, rate, true);
    this.evaluations++;
  }

  /**
   * g, A[g] in `A` and ∇a[f] in `flux`.
   *
   * @param {Float64Array} f
   */
  coefficients(f) {
    const { g, epsilon } = this;
    if (epsilon > 0) for (let at = 0; at < g.length; at++) g[at] = f[at] * (1 - epsilon * f[at]);
    else g.set(f);
    this.convolution.apply(g, epsilon > 0 ? f : g, this.A, this.flux);
  }

  /**
   * Spectral derivative along one axis, two lines at a time as real and imaginary part; the Nyquist frequency has none.
   *
   * @param {Float64Array} field
   * @param {number} axis 0, 1 or 2
   * @param {Float64Array} result
   * @param {boolean} add to the result rather than overwrite it
   */
  differentiate(field, axis, result, add) {
    const { n, fourier, line, spectrum, halfWidth } = this;
    const stride = n ** (2 - axis);
    const partner = axis === 2 ? n : 1;
    const unit = Math.PI / halfWidth / n;
    for (let pair = 0; pair < (n * n) / 2; pair++) {
      const first =
        axis === 2
          ? 2 * pair * n
          : axis === 0
            ? 2 * pair
            : ((2 * pair) % n) + Math.floor((2 * pair) / n) * n * n;
      for (let k = 0, at = first; k < n; k++, at += stride) {
        line[2 * k] = field[at];
        line[2 * k + 1] = field[at + partner];
      }
      fourier.transform(spectrum, line);
      // times ik, and re and im swapped for the way back
      for (let k = 0; k < n; k++) {
        const wave = k === n / 2 ? 0 : unit * (k < n / 2 ? k : k - n);
        const re = spectrum[2 * k];
        spectrum[2 * k] = wave * re;
        spectrum[2 * k + 1] *= -wave;
      }
      fourier.transform(line, spectrum);
      for (let k = 0, at = first; k < n; k++, at += stride) {
        result[at] = (add ? result[at] : 0) + line[2 * k + 1];
        result[at + partner] = (add ? result[at + partner] : 0) + line[2 * k];
      }
    }
  }
}
