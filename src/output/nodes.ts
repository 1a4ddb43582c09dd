import { equilibriumValue } from "../equilibrium/equilibrium.js";
import type { RunHeader } from "../types.js";

/**
 * Radii sqrt(2 x_i) of the cells' energy nodes x_i = ∫ r⁴/2 dr / ∫ r² dr: where a cell's average is the value of a
 * smooth f to second order, and where discrete equilibria are exact.
 *
 * @param faces cells + 1 ascending radii
 * @returns one radius a cell
 */
export function radialNodes(faces: Float64Array): Float64Array {
  const nodes = new Float64Array(faces.length - 1);
  for (let i = 0; i < nodes.length; i++) {
    const inner = faces[i]!;
    const outer = faces[i + 1]!;
    // (outer⁵ - inner⁵)/5 and (outer³ - inner³)/3 with their common factor outer - inner divided out: thin cells far
    // from the origin would lose it to cancellation. Scaled by `outer`, so that no power over- or underflows.
    const q = inner / outer;
    nodes[i] = outer * Math.sqrt((0.6 * (1 + q * (1 + q * (1 + q * (1 + q))))) / (1 + q * (1 + q)));
  }
  return nodes;
}

/** The Fermi–Dirac equilibrium M at `nodes`, one value a cell. */
export function equilibriumProfile(header: RunHeader, nodes: Float64Array): Float64Array {
  const { equilibrium, problem } = header;
  return nodes.map((r) => equilibriumValue(equilibrium, problem.epsilon, r));
}
