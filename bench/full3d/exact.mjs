/**
 * d/dt ∫|v|⁴f dv of a mixture of Maxwellians at rest under paper (1.1), exactly: with B(T,T') = √(2/π) (T+T')^{-3/2} T (5T'+2T),
 *
 *   (1/π) Σ_{i∈f, j∈g} n_i m_j T_j [B(T_i,T_j) - B(T_j,T_i)] / (T_i+T_j),
 *
 * where g = f(1 - εf) is a mixture too, with the components of f and -ε n_a n_b (2π(T_a+T_b))^{-3/2} at T_aT_b/(T_a+T_b).
 *
 * @param {{ density: number, temperature: number }[]} f
 * @param {number} epsilon
 */
export function moment4Rate(f, epsilon) {
  const products = f.flatMap((a) =>
    f.map((b) => {
      const sum = a.temperature + b.temperature;
      return {
        density: -epsilon * a.density * b.density * (2 * Math.PI * sum) ** -1.5,
        temperature: (a.temperature * b.temperature) / sum,
      };
    }),
  );
  const B = (/** @type {number} */ T, /** @type {number} */ other) =>
    Math.sqrt(2 / Math.PI) * (T + other) ** -1.5 * T * (5 * other + 2 * T);
  let rate = 0;
  for (const { density: n, temperature: Ti } of f) {
    for (const { density: m, temperature: Tj } of [...f, ...products]) {
      rate += (n * m * Tj * (B(Ti, Tj) - B(Tj, Ti))) / (Ti + Tj) / Math.PI;
    }
  }
  return rate;
}
