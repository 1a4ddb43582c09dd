import type { Collision } from "landau-fermi-dirac";

/** D, A⊥ and m at the faces of `radius`, thinned to what a chart can show. */
export interface ThinCoefficients {
  radius: Float64Array;
  parallel: Float64Array;
  perpendicular: Float64Array;
  enclosed: Float64Array;
}

/** Faces of a chart over its whole width. */
const finest = 2000;

/** Every so many-th of the coefficients at the `faces`, the first among them: `most` to twice as many. */
export function thinCoefficients(
  faces: Float64Array,
  { parallel, perpendicular, enclosed }: Pick<Collision, "parallel" | "perpendicular" | "enclosed">,
  most = finest,
): ThinCoefficients {
  const stride = Math.max(1, Math.floor(parallel.length / most));
  const every = (values: Float64Array) => {
    const kept = new Float64Array(Math.ceil(parallel.length / stride));
    for (let k = 0; k < kept.length; k++) kept[k] = values[k * stride]!;
    return kept;
  };
  return {
    radius: every(faces),
    parallel: every(parallel),
    perpendicular: every(perpendicular),
    enclosed: every(enclosed),
  };
}
