import type { Problem } from "./problem/schema.js";
import { prepare } from "./solver/prepare.js";
import type { Grid } from "./types.js";

/** The collision operator and its coefficients at the initial data of a problem. */
export interface Collision {
  grid: Grid;
  /** V_i = (e_{i+1}³ - e_i³)/3: ∫ f dv = 4π Σ f_i V_i. */
  volumes: Float64Array;
  /** r_i = √(2x_i), the energy node of each cell: ∫ |v|² f dv = 4π Σ f_i V_i r_i². */
  radius: Float64Array;
  /** f, one value a cell. */
  f: Float64Array;
  /** ∂t f, one value a cell. */
  rate: Float64Array;
  /** D(r) = A_rr[f(1 - εf)] at the faces 0 … cells - 1. */
  parallel: Float64Array;
  /** A⊥(r), the tangential diffusivity, at the same faces; D + 2A⊥ = a[f(1 - εf)]. */
  perpendicular: Float64Array;
  /** m(r) = ∫₀ʳ s² f ds = -r² ∂r a[f], at the same faces. */
  enclosed: Float64Array;
}

/**
 * Evaluates the radial collision operator of paper (1.1) and the coefficients of (1.5) at a problem's initial data,
 * to second order in the cell's width. Σ rate_i V_i = Σ rate_i V_i r_i² = 0 to round-off. Throws InputError.
 */
export async function collision(problem: Problem): Promise<Collision> {
  const { header, engine } = await prepare(problem);
  return {
    grid: header.grid,
    volumes: engine.volumes,
    radius: engine.nodes.map((x) => Math.sqrt(2 * x)),
    f: engine.state,
    rate: engine.rate(),
    ...engine.coefficients(),
  };
}
