/**
 * Explicit Runge–Kutta methods for y' = F(y), autonomous, dissipative with real spectrum in [-ρ, 0]. Each takes one step from y
 * with F(y) known, leaves the new state in `next` and its rate in `nextRate` (so that the last evaluation is
 * the first of the next step) and returns an estimate of the local error in a norm of the caller's.
 *
 * @typedef {object} Method
 * @property {number} order of the error estimate plus one
 * @property {(step: number, radius: number) => number} stages evaluations that a step needs to be stable
 * @property {(radius: number) => number} limit largest stable step
 * @property {(state: StepState, rate: Rate, step: number, stages: number) => void} advance
 *
 * @typedef {(y: Float64Array, result: Float64Array) => void} Rate
 *
 * @typedef {object} StepState
 * @property {Float64Array} y
 * @property {Float64Array} rate F(y)
 * @property {Float64Array} next
 * @property {Float64Array} nextRate
 * @property {Float64Array} error difference of the two solutions of a step
 * @property {Float64Array[]} work three more
 */

/**
 * The classical method of order 4, stable for hρ ≤ 2.785. With F at the new state as a fifth stage in place of the fourth
 * the solution is of order 3; the difference, (h/6)(k_4 - k_5), is the estimate.
 *
 * @type {Method}
 */
const rk4 = {
  order: 4,
  stages: () => 4,
  limit: (radius) => 2.785 / radius,
  advance({ y, rate: k1, next, nextRate: k5, error, work: [k2, k3, k4] }, rate, h) {
    const size = y.length;
    for (let i = 0; i < size; i++) next[i] = y[i] + 0.5 * h * k1[i];
    rate(next, k2);
    for (let i = 0; i < size; i++) next[i] = y[i] + 0.5 * h * k2[i];
    rate(next, k3);
    for (let i = 0; i < size; i++) next[i] = y[i] + h * k3[i];
    rate(next, k4);
    for (let i = 0; i < size; i++) next[i] = y[i] + (h / 6) * (k1[i] + 2 * (k2[i] + k3[i]) + k4[i]);
    rate(next, k5);
    for (let i = 0; i < size; i++) error[i] = (h / 6) * (k4[i] - k5[i]);
  },
};

/**
 * Runge–Kutta–Chebyshev, order 2, s stages, stable for hρ ≤ 0.65 (s² - 1) (damping 2/13): Sommeijer, Shampine and Verwer, J. Comput.
 * Appl. Math. 88 (1998) 315, with their error estimate.
 *
 * @type {Method}
 */
const rkc = {
  order: 3,
  stages: (step, radius) => 1 + Math.floor(Math.sqrt(1 + 1.54 * step * radius)),
  limit: () => Infinity,
  advance({ y, rate: first, next, nextRate, error, work: [previous, before, F] }, rate, h, s) {
    const size = y.length;
    const w0 = 1 + 2 / 13 / s ** 2;
    const root = Math.sqrt(w0 * w0 - 1);
    const angle = s * Math.log(w0 + root);
    const w1 = (Math.sinh(angle) * (w0 * w0 - 1)) / (Math.cosh(angle) * s * root - w0 * Math.sinh(angle));
    // Chebyshev polynomials at w0 with first and second derivatives, from which b_j = T_j''/T_j'²
    let [t0, t1, d0, d1, e0, e1] = [1, w0, 0, 1, 0, 0];
    const b2 = 1 / (4 * w0 * w0);
    let [b0, b1] = [b2, b2];
    const mu = w1 * b1;
    for (let i = 0; i < size; i++) {
      before[i] = y[i];
      previous[i] = y[i] + mu * h * first[i];
    }
    for (let j = 2; j <= s; j++) {
      const t = 2 * w0 * t1 - t0;
      const d = 2 * w0 * d1 - d0 + 2 * t1;
      const e = 2 * w0 * e1 - e0 + 4 * d1;
      const b = e / (d * d);
      const a = 1 - t1 * b1;
      const muJ = (2 * w0 * b) / b1;
      const nu = -b / b0;
      const muTilde = (2 * w1 * b) / b1;
      const gamma = -a * muTilde;
      rate(previous, F);
      for (let i = 0; i < size; i++) {
        next[i] =
          (1 - muJ - nu) * y[i] +
          muJ * previous[i] +
          nu * before[i] +
          h * (muTilde * F[i] + gamma * first[i]);
      }
      before.set(previous);
      previous.set(next);
      [t0, t1, d0, d1, e0, e1, b0, b1] = [t1, t, d1, d, e1, e, b1, b];
    }
    rate(next, nextRate);
    for (let i = 0; i < size; i++) error[i] = 0.8 * (y[i] - next[i]) + 0.4 * h * (first[i] + nextRate[i]);
  },
};

/** @type {{ rk4: Method, rkc: Method }} */
export const methods = { rk4, rkc };
