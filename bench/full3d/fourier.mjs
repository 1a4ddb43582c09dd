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
 * Transforms between n numbers followed by n zeros and their 2n frequencies, as two (n = 2^m) or six (n = 3·2^m) transforms of
 * a power of two by fft.js, with the twiddle factors and the butterflies of radix 2 and 3 in one pass before (after)
 * them. The frequencies stay in the order of those transforms: `order[p]` is the frequency at place p. Back, only the
 * first n of the 2n numbers are formed.
 */
export class PaddedFourier {
  /** @param {number} n 2^m or 3·2^m, at least 8 */
  constructor(n) {
    this.n = n;
    this.parts = n % 3 === 0 ? 6 : 2;
    const m = (2 * n) / this.parts;
    this.fft = new FFT(m);
    /** e^{-2πisj/2n}, s = 1 … parts - 1, j < m */
    this.twiddles = Array.from({ length: this.parts }, (_, s) => roots(m, (2 * n) / s));
    this.before = Array.from({ length: this.parts }, () => new Float64Array(2 * m));
    this.after = Array.from({ length: this.parts }, () => new Float64Array(2 * m));
    /** n numbers: in before `forward`, out after `backward` */
    this.line = new Float64Array(2 * n);
    /** 2n frequencies in `order`: out after `forward`, in before `backward` */
    this.spectrum = new Float64Array(4 * n);
    this.views = Array.from({ length: this.parts }, (_, s) =>
      this.spectrum.subarray(2 * m * s, 2 * m * (s + 1)),
    );
    this.order = Int32Array.from({ length: 2 * n }, (_, p) => this.parts * (p % m) + Math.floor(p / m));
  }

  forward() {
    if (this.parts === 2) this.#forward2();
    else this.#forward6();
  }

  /** All numbers with re and im swapped: then the inverse needs no other transform. */
  backward() {
    if (this.parts === 2) this.#backward2();
    else this.#backward6();
  }

  #forward2() {
    const { fft, line, views, before, twiddles } = this;
    const turned = before[0];
    const twiddle = twiddles[1];
    fft.transform(views[0], line);
    for (let j = 0; j < line.length; j += 2) {
      turned[j] = line[j] * twiddle[j] - line[j + 1] * twiddle[j + 1];
      turned[j + 1] = line[j] * twiddle[j + 1] + line[j + 1] * twiddle[j];
    }
    fft.transform(views[1], turned);
  }

  #backward2() {
    const { fft, line, views, after, twiddles } = this;
    const turned = after[0];
    const twiddle = twiddles[1];
    fft.transform(line, views[0]);
    fft.transform(turned, views[1]);
    for (let j = 0; j < line.length; j += 2) {
      line[j] += turned[j] * twiddle[j] - turned[j + 1] * twiddle[j + 1];
      line[j + 1] += turned[j] * twiddle[j + 1] + turned[j + 1] * twiddle[j];
    }
  }

  /** F_{6k+s} = Σ_j e^{-2πijk/m} e^{-2πisj/6m} Σ_r x_{j+rm} e^{-2πisr/6}, r = 0, 1, 2. */
  #forward6() {
    const { fft, line, views, before, twiddles } = this;
    const { 0: y0, 1: y1, 2: y2, 3: y3, 4: y4, 5: y5 } = before;
    const { 1: t1, 2: t2, 3: t3, 4: t4, 5: t5 } = twiddles;
    const size = y0.length;
    const sine = Math.sqrt(3) / 2;
    for (let j = 0; j < size; j += 2) {
      const re0 = line[j];
      const im0 = line[j + 1];
      const re1 = line[j + size];
      const im1 = line[j + size + 1];
      const re2 = line[j + 2 * size];
      const im2 = line[j + 2 * size + 1];
      // even s: radix 3 of x0, x1, x2
      const sumRe = re1 + re2;
      const sumIm = im1 + im2;
      const evenRe = re0 - 0.5 * sumRe;
      const evenIm = im0 - 0.5 * sumIm;
      const evenDre = sine * (im1 - im2);
      const evenDim = sine * (re2 - re1);
      y0[j] = re0 + sumRe;
      y0[j + 1] = im0 + sumIm;
      const a2 = evenRe + evenDre;
      const b2 = evenIm + evenDim;
      const a4 = evenRe - evenDre;
      const b4 = evenIm - evenDim;
      // odd s: e^{-πi/3} x1, e^{-2πi/3} x2
      const difRe = re1 - re2;
      const difIm = im1 - im2;
      const oddRe = re0 + 0.5 * difRe;
      const oddIm = im0 + 0.5 * difIm;
      const oddDre = sine * sumIm;
      const oddDim = -sine * sumRe;
      const a1 = oddRe + oddDre;
      const b1 = oddIm + oddDim;
      const a5 = oddRe - oddDre;
      const b5 = oddIm - oddDim;
      const a3 = re0 - difRe;
      const b3 = im0 - difIm;
      y1[j] = a1 * t1[j] - b1 * t1[j + 1];
      y1[j + 1] = a1 * t1[j + 1] + b1 * t1[j];
      y2[j] = a2 * t2[j] - b2 * t2[j + 1];
      y2[j + 1] = a2 * t2[j + 1] + b2 * t2[j];
      y3[j] = a3 * t3[j] - b3 * t3[j + 1];
      y3[j + 1] = a3 * t3[j + 1] + b3 * t3[j];
      y4[j] = a4 * t4[j] - b4 * t4[j + 1];
      y4[j + 1] = a4 * t4[j + 1] + b4 * t4[j];
      y5[j] = a5 * t5[j] - b5 * t5[j + 1];
      y5[j + 1] = a5 * t5[j + 1] + b5 * t5[j];
    }
    for (let s = 0; s < 6; s++) transformPart(fft, views[s], before[s]);
  }

  /** x_{j+rm} = Σ_s e^{-2πisr/6} e^{-2πisj/6m} Y_s(j), Y_s the transform of part s. */
  #backward6() {
    const { fft, line, views, after, twiddles } = this;
    for (let s = 0; s < 6; s++) transformPart(fft, after[s], views[s]);
    const { 0: y0, 1: y1, 2: y2, 3: y3, 4: y4, 5: y5 } = after;
    const { 1: t1, 2: t2, 3: t3, 4: t4, 5: t5 } = twiddles;
    const size = y0.length;
    const sine = Math.sqrt(3) / 2;
    for (let j = 0; j < size; j += 2) {
      const a1 = y1[j] * t1[j] - y1[j + 1] * t1[j + 1];
      const b1 = y1[j] * t1[j + 1] + y1[j + 1] * t1[j];
      const a2 = y2[j] * t2[j] - y2[j + 1] * t2[j + 1];
      const b2 = y2[j] * t2[j + 1] + y2[j + 1] * t2[j];
      const a3 = y3[j] * t3[j] - y3[j + 1] * t3[j + 1];
      const b3 = y3[j] * t3[j + 1] + y3[j + 1] * t3[j];
      const a4 = y4[j] * t4[j] - y4[j + 1] * t4[j + 1];
      const b4 = y4[j] * t4[j + 1] + y4[j + 1] * t4[j];
      const a5 = y5[j] * t5[j] - y5[j + 1] * t5[j + 1];
      const b5 = y5[j] * t5[j + 1] + y5[j + 1] * t5[j];
      const a0 = y0[j];
      const b0 = y0[j + 1];
      const a15 = a1 + a5;
      const b15 = b1 + b5;
      const a24 = a2 + a4;
      const b24 = b2 + b4;
      const aEven = a0 + a3;
      const bEven = b0 + b3;
      line[j] = aEven + (a15 + a24);
      line[j + 1] = bEven + (b15 + b24);
      // r = 1: e^{-πis/3}: s = 1: (½, -q), 2: (-½, -q), 3: -1, 4: (-½, q), 5: (½, q)
      const p = a0 - a3 + 0.5 * (a15 - a24);
      const q = b0 - b3 + 0.5 * (b15 - b24);
      const u1 = sine * (b1 - b5);
      const w1 = sine * (a1 - a5);
      const u2 = sine * (b2 - b4);
      const w2 = sine * (a2 - a4);
      line[j + size] = p + (u1 + u2);
      line[j + size + 1] = q - (w1 + w2);
      // r = 2: e^{-2πis/3}: s = 1: (-½, -q), 2: (-½, q), 3: 1, 4: (-½, -q), 5: (-½, q)
      const p2 = aEven - 0.5 * (a15 + a24);
      const q2 = bEven - 0.5 * (b15 + b24);
      line[j + 2 * size] = p2 + (u1 - u2);
      line[j + 2 * size + 1] = q2 - (w1 - w2);
    }
  }
}

/**
 * fft.js, but for eight points (n = 24), on which its loops take twice as long as the transform.
 *
 * @param {FFT} fft
 * @param {Float64Array} output
 * @param {Float64Array} input
 */
function transformPart(fft, output, input) {
  if (input.length === 16) transform8(output, input);
  else fft.transform(output, input);
}

/**
 * Radix 2 thrice: sums and differences of x_j and x_{j+4}, then of those.
 *
 * @param {Float64Array} X
 * @param {Float64Array} x
 */
function transform8(X, x) {
  const aRe = x[0] + x[8];
  const aIm = x[1] + x[9];
  const bRe = x[4] + x[12];
  const bIm = x[5] + x[13];
  const cRe = x[2] + x[10];
  const cIm = x[3] + x[11];
  const dRe = x[6] + x[14];
  const dIm = x[7] + x[15];
  X[0] = aRe + bRe + (cRe + dRe);
  X[1] = aIm + bIm + (cIm + dIm);
  X[8] = aRe + bRe - (cRe + dRe);
  X[9] = aIm + bIm - (cIm + dIm);
  X[4] = aRe - bRe + (cIm - dIm);
  X[5] = aIm - bIm - (cRe - dRe);
  X[12] = aRe - bRe - (cIm - dIm);
  X[13] = aIm - bIm + (cRe - dRe);
  // odd frequencies: p ± iq and e^{-πi/4}(r - is), e^{-3πi/4}(r + is)
  const pRe = x[0] - x[8];
  const pIm = x[1] - x[9];
  const qRe = x[4] - x[12];
  const qIm = x[5] - x[13];
  const rRe = x[2] - x[10];
  const rIm = x[3] - x[11];
  const sRe = x[6] - x[14];
  const sIm = x[7] - x[15];
  const uRe = rRe + sIm;
  const uIm = rIm - sRe;
  const wRe = rRe - sIm;
  const wIm = rIm + sRe;
  const uTurnedRe = Math.SQRT1_2 * (uRe + uIm);
  const uTurnedIm = Math.SQRT1_2 * (uIm - uRe);
  const wTurnedRe = Math.SQRT1_2 * (wIm - wRe);
  const wTurnedIm = -Math.SQRT1_2 * (wRe + wIm);
  X[2] = pRe + qIm + uTurnedRe;
  X[3] = pIm - qRe + uTurnedIm;
  X[10] = pRe + qIm - uTurnedRe;
  X[11] = pIm - qRe - uTurnedIm;
  X[6] = pRe - qIm + wTurnedRe;
  X[7] = pIm + qRe + wTurnedIm;
  X[14] = pRe - qIm - wTurnedRe;
  X[15] = pIm + qRe - wTurnedIm;
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
