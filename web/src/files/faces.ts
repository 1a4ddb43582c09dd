import { radialNodes } from "../../../dist/output/nodes.js";

/** How far a node may lie from that of a uniform grid, relative: more than rounding, less than any other grid. */
const rounding = 1e-12;

/**
 * The faces of the grid whose cells have their energy nodes at `radius`: uniform if the nodes are those of a uniform grid,
 * as `lfd` writes them; otherwise half-way between the radii.
 */
export function facesAround(radius: Float64Array): Float64Array {
  const width = radius[0]! / Math.sqrt(3 / 5);
  const uniform = Float64Array.from({ length: radius.length + 1 }, (_, i) => i * width);
  const nodes = radialNodes(uniform);
  if (radius.every((r, i) => Math.abs(r - nodes[i]!) <= rounding * r)) return uniform;
  return halfway(radius);
}

function halfway(radius: Float64Array): Float64Array {
  const cells = radius.length;
  const faces = new Float64Array(cells + 1);
  for (let i = 1; i < cells; i++) faces[i] = (radius[i - 1]! + radius[i]!) / 2;
  faces[cells] = 2 * radius[cells - 1]! - faces[cells - 1]!;
  return faces;
}
