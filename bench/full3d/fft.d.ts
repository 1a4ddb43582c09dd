/** fft.js 4 comes without types: what is used of it here. */
declare module "fft.js" {
  export default class FFT {
    constructor(size: number);
    /** out = Σ_j data_j e^{-2πijk/size}; complex numbers as pairs re, im. */
    transform(out: Float64Array, data: Float64Array): void;
  }
}
