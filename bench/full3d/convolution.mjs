import { PaddedFourier } from "./fourier.mjs";
import { kernelSpectra } from "./kernels.mjs";

/**
 * A[g] = ∂i∂j(|z|/8π) * g and ∇a[f] = ∇(1/4π|z|) * f of paper (1.5) on n³ points of the box [-L, L)³, as in free space: cyclic
 * convolutions of 2n points a side with the spectra of kernels.mjs. Fields are Float64Arrays of n³ values, v_3 fastest.
 *
 * Real fields are transformed two at a time along v_3 and kept as half spectra; lines that are zero before padding or
 * not wanted after it are never transformed. Along v_2 and v_1 everything happens within one plane k_3 = const,
 * forward, times the kernels, and back, so that no padded field is ever stored.
 */
export class Convolution {
  /**
   * @param {number} n points a side
   * @param {number} halfWidth L
   */
  constructor(n, halfWidth) {
    this.n = n;
    this.half = n + 1;
    this.padded = new PaddedFourier(n);
    const { order } = this.padded;
    this.kernels = kernelSpectra(n, halfWidth, order);
    /** Where frequency k of a line is in its spectrum, and where -k is. */
    this.place = new Int32Array(2 * n);
    order.forEach((k, place) => {
      this.place[k] = 2 * place;
    });
    this.mirror = this.place.map((_, k) => this.place[(2 * n - k) % (2 * n)]);
    /** Half spectra along v_3 of g and f, [k_3][v_1][v_2], complex. */
    this.forward = [0, 1].map(() => new Float64Array(2 * this.half * n * n));
    /** The same of A_11, A_22, A_33, A_12, A_13, A_23, ∂_1a, ∂_2a, ∂_3a. */
    this.backward = Array.from({ length: 9 }, () => new Float64Array(2 * this.half * n * n));
    // Rows of the planes below are a little longer than they need: strides of a power of two would fall on the same
    // lines of the cache.
    this.strideForward = 2 * (n + 4);
    this.strideBackward = 2 * (2 * n + 4);
    /** One plane k_3 = const: [k_2][v_1] of g and f. */
    this.planesForward = [0, 1].map(() => new Float64Array(2 * n * this.strideForward));
    /** The same plane, [v_1][k_2], of the nine. */
    this.planesBackward = Array.from({ length: 9 }, () => new Float64Array(n * this.strideBackward));
    this.slab = [0, 1].map(() => new Float64Array(2 * this.half * n));
    /** Spectra of g and f along one line k_2, k_3 = const. */
    this.lines = [0, 1].map(() => new Float64Array(4 * n));
  }

  /** Bytes that a convolution of n³ points takes. @param {number} n */
  static bytes(n) {
    const half = n + 1;
    return 8 * (11 * 2 * half * n * n + 12 * half * half * n);
  }

  /**
   * @param {Float64Array} g
   * @param {Float64Array} f
   * @param {Float64Array[]} A A_11, A_22, A_33, A_12, A_13, A_23 of g, overwritten
   * @param {Float64Array[]} gradient ∂_1a, ∂_2a, ∂_3a of f, overwritten
   */
  apply(g, f, A, gradient) {
    const same = f === g;
    this.#alongThird(g, this.forward[0]);
    if (!same) this.#alongThird(f, this.forward[1]);
    for (let k3 = 0; k3 < this.half; k3++) this.#plane(k3, same);
    const fields = [...A, ...gradient];
    for (let c = 0; c < 8; c += 2) {
      this.#backThird(this.backward[c], this.backward[c + 1], fields[c], fields[c + 1]);
    }
    this.#backThird(this.backward[8], null, fields[8], null);
  }

  /**
   * Two rows at a time as real and imaginary part: Z = X + iY, X_k = (Z_k + conj Z_{-k})/2.
   *
   * @param {Float64Array} field
   * @param {Float64Array} to half spectra
   */
  #alongThird(field, to) {
    const { n, half, padded, place, mirror } = this;
    const { line, spectrum } = padded;
    const slab = this.slab[0];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j += 2) {
        const first = (i * n + j) * n;
        for (let k = 0; k < n; k++) {
          line[2 * k] = field[first + k];
          line[2 * k + 1] = field[first + n + k];
        }
        padded.forward();
        for (let k = 0; k < half; k++) {
          const re = spectrum[place[k]];
          const im = spectrum[place[k] + 1];
          const reMirror = spectrum[mirror[k]];
          const imMirror = spectrum[mirror[k] + 1];
          const at = 2 * (k * n + j);
          slab[at] = 0.5 * (re + reMirror);
          slab[at + 1] = 0.5 * (im - imMirror);
          slab[at + 2] = 0.5 * (im + imMirror);
          slab[at + 3] = 0.5 * (reMirror - re);
        }
      }
      for (let k = 0; k < half; k++) {
        to.set(slab.subarray(2 * k * n, 2 * (k + 1) * n), 2 * (k * n + i) * n);
      }
    }
  }

  /**
   * Everything along v_2 and v_1 in the plane k_3.
   *
   * @param {number} k3
   * @param {boolean} same f is g
   */
  #plane(k3, same) {
    const { n, padded, planesForward, planesBackward, strideForward, strideBackward, lines } = this;
    const { line, spectrum } = padded;
    const fields = same ? 1 : 2;
    for (let field = 0; field < fields; field++) {
      const from = this.forward[field];
      const plane = planesForward[field];
      for (let i = 0; i < n; i++) {
        const first = 2 * (k3 * n + i) * n;
        for (let j = 0; j < 2 * n; j++) line[j] = from[first + j];
        padded.forward();
        for (let k = 0, to = 2 * i; k < 4 * n; k += 2, to += strideForward) {
          plane[to] = spectrum[k];
          plane[to + 1] = spectrum[k + 1];
        }
      }
    }
    for (let place2 = 0; place2 < 2 * n; place2++) {
      for (let field = 0; field < fields; field++) {
        const plane = planesForward[field];
        const first = place2 * strideForward;
        for (let i = 0; i < 2 * n; i++) line[i] = plane[first + i];
        padded.forward();
        lines[field].set(spectrum);
      }
      this.#line(place2, k3, lines[0], same ? lines[0] : lines[1]);
    }
    for (let c = 0; c < 9; c++) {
      const plane = planesBackward[c];
      const to = this.backward[c];
      for (let i = 0; i < n; i++) {
        for (let k = 0, from = i * strideBackward; k < 4 * n; k++, from++) spectrum[k] = plane[from];
        padded.backward();
        const first = 2 * (k3 * n + i) * n;
        for (let j = 0; j < 2 * n; j++) to[first + j] = line[j];
      }
    }
  }

  /**
   * Times the nine kernels along one line of k_1, and back to v_1. From here to the end re and im are swapped.
   *
   * @param {number} place2 of k_2 in the order of the transforms
   * @param {number} k3
   * @param {Float64Array} g
   * @param {Float64Array} f
   */
  #line(place2, k3, g, f) {
    const { n, half } = this;
    const k2 = this.padded.order[place2];
    const { second, secondReversed, mixed, mixedReversed, gradient, gradientReversed } = this.kernels;
    const q = k2 <= n ? k2 : 2 * n - k2;
    const sign = k2 <= n ? 1 : -1;
    const thirdFirst = (k3 * half + q) * 2 * n;
    const secondFirst = (q * half + k3) * 2 * n;
    this.#real(place2, 0, g, secondReversed, thirdFirst, 1);
    this.#real(place2, 1, g, second, secondFirst, 1);
    this.#real(place2, 2, g, second, thirdFirst, 1);
    this.#real(place2, 3, g, mixedReversed, thirdFirst, sign);
    this.#real(place2, 4, g, mixedReversed, secondFirst, 1);
    this.#real(place2, 5, g, mixed, secondFirst, sign);
    this.#imaginary(place2, 6, f, gradientReversed, thirdFirst, 1);
    this.#imaginary(place2, 7, f, gradient, secondFirst, sign);
    this.#imaginary(place2, 8, f, gradient, thirdFirst, 1);
  }

  /**
   * Times a real kernel.
   *
   * @param {number} place2
   * @param {number} c which of the nine
   * @param {Float64Array} line
   * @param {Float64Array} kernel
   * @param {number} first
   * @param {number} sign
   */
  #real(place2, c, line, kernel, first, sign) {
    const { n } = this;
    const { spectrum } = this.padded;
    for (let k = 0; k < 2 * n; k++) {
      const value = sign * kernel[first + k];
      spectrum[2 * k] = value * line[2 * k + 1];
      spectrum[2 * k + 1] = value * line[2 * k];
    }
    this.#backFirst(place2, c);
  }

  /**
   * Times -i and a real kernel.
   *
   * @param {number} place2
   * @param {number} c
   * @param {Float64Array} line
   * @param {Float64Array} kernel
   * @param {number} first
   * @param {number} sign
   */
  #imaginary(place2, c, line, kernel, first, sign) {
    const { n } = this;
    const { spectrum } = this.padded;
    for (let k = 0; k < 2 * n; k++) {
      const value = sign * kernel[first + k];
      spectrum[2 * k] = -value * line[2 * k];
      spectrum[2 * k + 1] = value * line[2 * k + 1];
    }
    this.#backFirst(place2, c);
  }

  /**
   * @param {number} place2
   * @param {number} c
   */
  #backFirst(place2, c) {
    const { n, strideBackward, padded } = this;
    const { line } = padded;
    padded.backward();
    const plane = this.planesBackward[c];
    for (let i = 0, to = 2 * place2; i < 2 * n; i += 2, to += strideBackward) {
      plane[to] = line[i];
      plane[to + 1] = line[i + 1];
    }
  }

  /**
   * Half spectra of two real fields, re and im swapped, to the fields: Z = X + iY along each line.
   *
   * @param {Float64Array} spectrumX
   * @param {Float64Array | null} spectrumY
   * @param {Float64Array} fieldX
   * @param {Float64Array | null} fieldY
   */
  #backThird(spectrumX, spectrumY, fieldX, fieldY) {
    const { n, half, padded, place, mirror } = this;
    const { line, spectrum } = padded;
    const [slabX, slabY] = this.slab;
    if (!spectrumY) slabY.fill(0);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < half; k++) {
        const first = 2 * (k * n + i) * n;
        slabX.set(spectrumX.subarray(first, first + 2 * n), 2 * k * n);
        if (spectrumY) slabY.set(spectrumY.subarray(first, first + 2 * n), 2 * k * n);
      }
      for (let j = 0; j < n; j++) {
        for (let k = 0, at = 2 * j; k < half; k++, at += 2 * n) {
          const here = place[k];
          const imX = slabX[at];
          const reX = slabX[at + 1];
          const imY = slabY[at];
          const reY = slabY[at + 1];
          spectrum[here] = imX + reY;
          spectrum[here + 1] = reX - imY;
          if (k > 0 && k < n) {
            spectrum[mirror[k]] = reY - imX;
            spectrum[mirror[k] + 1] = reX + imY;
          }
        }
        padded.backward();
        const to = (i * n + j) * n;
        for (let k = 0; k < n; k++) fieldX[to + k] = line[2 * k + 1];
        if (fieldY) for (let k = 0; k < n; k++) fieldY[to + k] = line[2 * k];
      }
    }
  }
}
