/** What is to be known of a profile as a whole. */
export interface Outline {
  /** Index of the largest finite value; -1 if there is none. */
  highest: number;
  /** Radius up to which the profile is to be seen on a linear axis. */
  visible: number;
}

/** A profile is to be seen where it is above this fraction of its maximum. */
const fraction = 1e-3;

const known = new WeakMap<Float64Array, Outline>();

/** The outline of `f`, one value for each of `radius`; found once. */
export function outlineOf(radius: Float64Array, f: Float64Array): Outline {
  let outline = known.get(f);
  if (!outline) {
    outline = traced(radius, f);
    known.set(f, outline);
  }
  return outline;
}

/** Takes over an outline that was found elsewhere: at 10⁶ cells the page leaves that to the worker. */
export function keepOutline(f: Float64Array, outline: Outline): void {
  known.set(f, outline);
}

function traced(radius: Float64Array, f: Float64Array): Outline {
  const count = Math.min(f.length, radius.length);
  let highest = -1;
  let maximum = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = f[i]!;
    if (value > maximum && value < Infinity) {
      maximum = value;
      highest = i;
    }
  }
  let last = count - 1;
  while (last > 0 && !(f[last]! > fraction * Math.max(maximum, 0))) last--;
  return { highest, visible: radius[last] ?? 0 };
}
