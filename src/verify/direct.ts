import { gaussLegendre } from "../quadrature.js";

export interface DirectForm {
  /** m(r) */
  weight(r: number): number;
  /** ∇h of an axially symmetric h at radius r and polar cosine: components along the axis and away from it. */
  gradient(r: number, cosine: number): [number, number];
  radius: number;
  /** Points in each variable; the cost grows as the fifth power. */
  order: number;
}

/**
 * (1/2) ∬ m m* (∇h - ∇h*) · Π(v-v*)/(8π|v-v*|) (∇h - ∇h*) dv dv* over ℝ³ × ℝ³, straight from the integrand by a tensor
 * rule in both radii, both polar cosines and the angle between the half-planes: what radial reductions must agree with.
 * The integrand is continuous (the differences vanish like |v - v*|), so the rule converges, if slowly.
 */
export function directForm({ weight, gradient, radius, order }: DirectForm): number {
  const radial = gaussLegendre(order);
  // different rules for v and v*, so that no two points coincide
  const other = gaussLegendre(order + 1);
  const polar = gaussLegendre(order);
  const polarOther = gaussLegendre(order + 1);
  let total = 0;
  const planes = 2 * order;
  for (let a = 0; a < order; a++) {
    const r = (radius * (1 + radial.nodes[a]!)) / 2;
    const wr = (radius / 2) * radial.weights[a]! * r * r * weight(r);
    for (let b = 0; b <= order; b++) {
      const s = (radius * (1 + other.nodes[b]!)) / 2;
      const ws = (radius / 2) * other.weights[b]! * s * s * weight(s);
      let shells = 0;
      for (let c = 0; c < order; c++) {
        const cosine = polar.nodes[c]!;
        const sine = Math.sqrt(1 - cosine * cosine);
        const [gz, gx] = gradient(r, cosine);
        for (let d = 0; d <= order; d++) {
          const cosineOther = polarOther.nodes[d]!;
          const sineOther = Math.sqrt(1 - cosineOther * cosineOther);
          const [hz, hr] = gradient(s, cosineOther);
          let around = 0;
          for (let e = 0; e < planes; e++) {
            const angle = (2 * Math.PI * (e + 0.5)) / planes;
            const [ca, sa] = [Math.cos(angle), Math.sin(angle)];
            const z = r * cosine - s * cosineOther;
            const x = r * sine - s * sineOther * ca;
            const y = -s * sineOther * sa;
            const [pz, px, py] = [gz - hz, gx - hr * ca, -hr * sa];
            const square = x * x + y * y + z * z;
            const along = px * x + py * y + pz * z;
            around += (px * px + py * py + pz * pz - (along * along) / square) / Math.sqrt(square);
          }
          shells += polar.weights[c]! * polarOther.weights[d]! * around;
        }
      }
      total += wr * ws * shells;
    }
  }
  // 2π for the first half-plane, 2π/planes for each step of the other
  return (total * 2 * Math.PI * ((2 * Math.PI) / planes)) / (2 * 8 * Math.PI);
}
