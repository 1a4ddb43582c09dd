/** Initial states: functions of (v_1, v_2, v_3). */

/**
 * Σ n (2π)^{-3/2} (T_1T_2T_3)^{-1/2} exp(-Σ (v_i - u_i)²/2T_i): displaced Maxwellians, bi-Maxwellians, mixtures.
 *
 * @param {{ density: number, velocity?: number[], temperature: number | number[] }[]} components
 */
export function maxwellians(components) {
  const parts = components.map(({ density, velocity = [0, 0, 0], temperature }) => {
    const T = typeof temperature === "number" ? [temperature, temperature, temperature] : temperature;
    return { height: density * (2 * Math.PI) ** -1.5 * (T[0] * T[1] * T[2]) ** -0.5, velocity, T };
  });
  return (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ z) => {
    let sum = 0;
    for (const { height, velocity: u, T } of parts) {
      sum +=
        height * Math.exp(-0.5 * ((x - u[0]) ** 2 / T[0] + (y - u[1]) ** 2 / T[1] + (z - u[2]) ** 2 / T[2]));
    }
    return sum;
  };
}

/**
 * height (s e^{1-s})², s = |v|²/radius²: a hollow shell like that of Rosenbluth, MacDonald and Chuck, with its maximum
 * at the same place, but analytic at the origin too (theirs has a cusp of 5·10⁻⁵ there) and 1.6 times as thick.
 *
 * @param {number} height
 * @param {number} radius
 */
export function smoothShell(height, radius) {
  return isotropic((r) => {
    const s = (r / radius) ** 2;
    return height * (s * Math.exp(1 - s)) ** 2;
  });
}

/** @param {(r: number) => number} profile f(|v|) */
export function isotropic(profile) {
  return (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ z) =>
    profile(Math.hypot(x, y, z));
}

/**
 * The values of a function at the points of the grid.
 *
 * @param {{ nodes: Float64Array }} grid
 * @param {(x: number, y: number, z: number) => number} initial
 */
export function evaluate({ nodes }, initial) {
  const n = nodes.length;
  const f = new Float64Array(n ** 3);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++, at++) f[at] = initial(nodes[i], nodes[j], nodes[k]);
    }
  }
  return f;
}
