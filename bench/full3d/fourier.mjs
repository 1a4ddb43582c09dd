import FFT from "fft.js";

/**
 * Discrete Fourier transform of one line, F_k = Σ_j x_j e^{-2πijk/length}, length 2^m or 3·2^m: fft.js does the powers of two,
 * a radix-3 step before it the rest. Lines are Float64Arrays of `length` complex numbers as pairs re, im.
 *
 * The inverse (times length) is the same transform between numbers with re and im swapped, so that no second one is
 * needed: the callers swap while they copy lines in and out.
 */
export class Fourier {
  /** @param {number} length 2^m or 3·2^m, at least 4 */
  constructor(length) {
    this.length = length;
    this.thirds = length % 3 === 0;
    const m = this.thirds ? length / 3 : length;
    this.power = new FFT(m);
    this.part = new Float64Array(2 * m);
    this.p0 = new Float64Array(2 * m);
    this.p1 = new Float64Array(2 * m);
    this.p2 = new Float64Array(2 * m);
    this.first = roots(m, length);
    this.second = roots(m, length / 2);
  }

  /**
   * @param {Float64Array} output
   * @param {Float64Array} input not the same array; it stays
   */
  transform(output, input) {
    if (!this.thirds) {
      this.power.transform(output, input);
      return;
    }
    const { p0, p1, p2, first, second } = this;
    this.#third(p0, input, 0);
    this.#third(p1, input, 2);
    this.#third(p2, input, 4);
    const size = p0.length;
    const sine = Math.sqrt(3) / 2;
    for (let k = 0; k < size; k += 2) {
      const re1 = p1[k] * first[k] - p1[k + 1] * first[k + 1];
      const im1 = p1[k] * first[k + 1] + p1[k + 1] * first[k];
      const re2 = p2[k] * second[k] - p2[k + 1] * second[k + 1];
      const im2 = p2[k] * second[k + 1] + p2[k + 1] * second[k];
      const re = p0[k] - 0.5 * (re1 + re2);
      const im = p0[k + 1] - 0.5 * (im1 + im2);
      const dre = sine * (im1 - im2);
      const dim = sine * (re2 - re1);
      output[k] = p0[k] + re1 + re2;
      output[k + 1] = p0[k + 1] + im1 + im2;
      output[k + size] = re + dre;
      output[k + size + 1] = im + dim;
      output[k + 2 * size] = re - dre;
      output[k + 2 * size + 1] = im - dim;
    }
  }

  /**
   * Transform of every third number, from the one at `offset`.
   *
   * @param {Float64Array} output
   * @param {Float64Array} input
   * @param {number} offset
   */
  #third(output, input, offset) {
    const { part } = this;
    for (let j = 0, from = offset; j < part.length; j += 2, from += 6) {
      part[j] = input[from];
      part[j + 1] = input[from + 1];
    }
    this.power.transform(output, part);
  }
}

/**
 * Transforms between n numbers followed by n zeros and their 2n frequencies, as two transforms of length n:
 * the even frequencies are those of x_j, the odd ones those of x_j e^{-πij/n}. Back, only the first n of the 2n are formed.
 */
export class PaddedFourier {
  /** @param {number} n 2^m or 3·2^m, at least 4 */
  constructor(n) {
    this.fourier = new Fourier(n);
    this.twiddle = roots(n, 2 * n);
    this.turned = new Float64Array(2 * n);
    /** n numbers: in before `forward`, out after `backward` */
    this.line = new Float64Array(2 * n);
    /** Frequencies 0, 2, … and 1, 3, …: out after `forward`, in before `backward` (which leaves them as they were) */
    this.even = new Float64Array(2 * n);
    this.odd = new Float64Array(2 * n);
  }

  forward() {
    const { fourier, line, even, odd, turned, twiddle } = this;
    fourier.transform(even, line);
    for (let j = 0; j < line.length; j += 2) {
      turned[j] = line[j] * twiddle[j] - line[j + 1] * twiddle[j + 1];
      turned[j + 1] = line[j] * twiddle[j + 1] + line[j + 1] * twiddle[j];
    }
    fourier.transform(odd, turned);
  }

  /** All numbers with re and im swapped: then e^{+πij/n} acts as e^{-πij/n}. */
  backward() {
    const { fourier, line, even, odd, turned, twiddle } = this;
    fourier.transform(line, even);
    fourier.transform(turned, odd);
    for (let j = 0; j < line.length; j += 2) {
      line[j] += turned[j] * twiddle[j] - turned[j + 1] * twiddle[j + 1];
      line[j + 1] += turned[j] * twiddle[j + 1] + turned[j + 1] * twiddle[j];
    }
  }
}

/**
 * e^{-2πik/period}, k = 0 … count - 1.
 *
 * @param {number} count
 * @param {number} period
 */
function roots(count, period) {
  const values = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    const angle = (-2 * Math.PI * k) / period;
    values[2 * k] = Math.cos(angle);
    values[2 * k + 1] = Math.sin(angle);
  }
  return values;
}
