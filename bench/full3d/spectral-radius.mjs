/** Share by which the estimate is raised: the iteration comes from below, and ends before it has met all of it. */
const reserve = 1.2;

/**
 * The spectral radius ρ of ∂F/∂f at a state, by the nonlinear power iteration of Sommeijer, Shampine and Verwer (J. Comput. Appl.
 * Math. 88 (1998) 315): v ← [F(f + δv) - F(f)]/δ, ‖δv‖ = 1e-7 ‖f‖, until ρ changes by less than 1 %, times 1.2. The first
 * direction is noise, which has a share of every mode; later estimates go on from the direction of the last one and
 * take two or three evaluations.
 */
export class SpectralRadius {
  /**
   * @param {import("./stepping.mjs").Rate} rate F
   * @param {number} size of a state
   */
  constructor(rate, size) {
    this.rate = rate;
    this.direction = Float64Array.from({ length: size }, (_, i) => Math.sin(1.3 * i * i));
    this.moved = new Float64Array(size);
    this.movedRate = new Float64Array(size);
  }

  /**
   * @param {Float64Array} f
   * @param {Float64Array} base F(f)
   */
  estimate(f, base) {
    const { direction, moved, movedRate } = this;
    const distance = 1e-7 * norm(f);
    let radius = 0;
    for (let iteration = 0; iteration < 50; iteration++) {
      const scale = distance / norm(direction);
      for (let i = 0; i < f.length; i++) moved[i] = f[i] + scale * direction[i];
      this.rate(moved, movedRate);
      for (let i = 0; i < f.length; i++) direction[i] = (movedRate[i] - base[i]) / distance;
      const before = radius;
      radius = norm(direction);
      if (!(Math.abs(radius - before) > 0.01 * radius)) break;
    }
    return reserve * radius;
  }
}

/** @param {Float64Array} values */
function norm(values) {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
