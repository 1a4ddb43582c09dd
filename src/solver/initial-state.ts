import { cube } from "../portable-math.js";
import type { Adjustment } from "../types.js";

/** Zeros of f are raised to this share of its maximum … */
const relativeFloor = 1e-30;
/** … or, on a very wide grid, to what makes this share of the mass if it were everywhere. */
const massShare = 1e-15;
/** 1 - εf is raised to at least this. */
const holeFloor = 1e-15;

export interface InitialState {
  f: Float64Array;
  /** 1 - εf; none for ε = 0, where it is 1. */
  holes: Float64Array | undefined;
  /** The largest of the averages. */
  maximum: number;
  adjustment: Pick<Adjustment, "floor" | "holeFloor" | "massFraction">;
}

/**
 * Cell averages made strictly admissible, 0 < f < 1/ε: the entropy variable φ = ln(f / (1 - εf)) of an exact 0 or 1/ε
 * is infinite. The floors and what they changed are reported; together they move less than 1e-13 of the mass.
 */
export function strictlyAdmissible(
  averages: Float64Array,
  faces: Float64Array,
  epsilon: number,
): InitialState {
  const cells = averages.length;
  const volume = (i: number) => cube(faces[i + 1]!) - cube(faces[i]!);
  let content = 0;
  let maximum = 0;
  for (let i = 0; i < cells; i++) {
    content += averages[i]! * volume(i);
    maximum = Math.max(maximum, averages[i]!);
  }
  const floor = Math.min(relativeFloor * maximum, (massShare * content) / cube(faces[cells]!));
  const f = averages.slice();
  const holes = epsilon > 0 ? new Float64Array(cells) : undefined;
  let moved = 0;
  for (let i = 0; i < cells; i++) {
    const average = averages[i]!;
    let value = Math.max(average, floor);
    if (holes) {
      let hole = 1 - epsilon * value;
      if (hole < holeFloor) {
        hole = holeFloor;
        value = (1 - hole) / epsilon;
      }
      holes[i] = hole;
    }
    if (value === average) continue;
    f[i] = value;
    moved += Math.abs(value - average) * volume(i);
  }
  return {
    f,
    holes,
    maximum,
    adjustment: { floor, holeFloor: epsilon > 0 ? holeFloor : 0, massFraction: moved / content },
  };
}
