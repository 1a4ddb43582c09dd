import { InputError } from "../errors.js";
import { randomNumbers } from "./random.js";
import { maxSobolDimensions, sobolCoordinates } from "./sobol.js";
import { type Axis, maxRuns } from "./values.js";

/** How the axes are combined into runs. */
export type Combination = { kind: "grid" | "zip" } | Sampling;

/** So many points of the intervals that the axes are. */
interface Sampling {
  kind: "random" | "latinHypercube" | "sobol";
  count: number;
  seed?: number;
}

/** What varies from run to run: `at(i)` is one value an axis. */
export interface Rows {
  count: number;
  at(i: number): unknown[];
}

/** Throws InputError where the axes and the combination do not go together, or there would be too many runs. */
export function combineAxes(axes: readonly Axis[], combination: Combination): Rows {
  if ("count" in combination) return sampled(axes, combination);
  return combination.kind === "grid" ? grid(axes) : zip(axes);
}

/** Every value with every other; the last axis varies fastest. */
function grid(axes: readonly Axis[]): Rows {
  const counts = axes.map((axis) => listed(axis));
  const count = counts.reduce((product, n) => product * n, 1);
  if (count > maxRuns) {
    throw new InputError("vary", `${counts.join(" × ")} = ${count} runs are too many; at most ${maxRuns}`);
  }
  return {
    count,
    at(i) {
      const values = new Array<unknown>(axes.length);
      for (let k = axes.length - 1, rest = i; k >= 0; k--) {
        values[k] = axes[k]!.at(rest % counts[k]!);
        rest = Math.floor(rest / counts[k]!);
      }
      return values;
    },
  };
}

/** First with first, second with second. */
function zip(axes: readonly Axis[]): Rows {
  const counts = axes.map((axis) => listed(axis));
  const other = counts.findIndex((n) => n !== counts[0]);
  if (other >= 0) {
    throw new InputError(
      `vary.${axes[other]!.key}`,
      `has ${counts[other]} values and ${axes[0]!.key} has ${counts[0]}; zip takes as many of each`,
    );
  }
  return { count: counts[0]!, at: (i) => axes.map((axis) => axis.at(i)) };
}

function listed(axis: Axis): number {
  if (axis.count !== undefined) return axis.count;
  throw new InputError(
    `vary.${axis.key}`,
    "between takes samples: combine: {random|latinHypercube|sobol: {count: …}}; a grid takes a list or a range",
  );
}

function sampled(axes: readonly Axis[], combination: Sampling): Rows {
  const fixed = axes.find(({ count }) => count !== undefined);
  if (fixed) {
    throw new InputError(
      `vary.${fixed.key}`,
      `${combination.kind} draws from intervals; {between: [lower, upper]}`,
    );
  }
  if (combination.kind === "sobol" && axes.length > maxSobolDimensions) {
    throw new InputError(
      "combine.sobol",
      `has ${maxSobolDimensions} dimensions, fewer than the ${axes.length} keys that vary; latinHypercube has any number`,
    );
  }
  const shares = sample[combination.kind](axes.length, combination);
  return { count: combination.count, at: (i) => axes.map((axis, k) => axis.at(shares[k]![i]!)) };
}

type Sampler = (dimensions: number, options: Sampling) => Float64Array[];

/** Points of the unit cube, one array a dimension. */
const sample: Record<Sampling["kind"], Sampler> = {
  random(dimensions, { count, seed = 1 }) {
    const random = randomNumbers(seed);
    const points = Array.from({ length: dimensions }, () => new Float64Array(count));
    for (let i = 0; i < count; i++) for (const column of points) column[i] = random();
    return points;
  },

  /** Of `count` equal intervals of each axis, every one once, in random order, at a random place. */
  latinHypercube(dimensions, { count, seed = 1 }) {
    const random = randomNumbers(seed);
    return Array.from({ length: dimensions }, () => {
      const column = Float64Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1));
        [column[i], column[j]] = [column[j]!, column[i]!];
      }
      // 1 itself must not come out: the product may round up to it
      return column.map((cell) => Math.min((cell + random()) / count, 1 - 2 ** -53));
    });
  },

  /** Without a seed the sequence itself, which begins in the lower corner; with one, shifted digit by digit. */
  sobol(dimensions, { count, seed }) {
    const random = seed === undefined ? () => 0 : randomNumbers(seed);
    return Array.from({ length: dimensions }, (_, k) => {
      const shift = Math.floor(random() * 2 ** 32);
      return Float64Array.from(sobolCoordinates(k, count), (x) => ((x ^ shift) >>> 0) / 2 ** 32);
    });
  },
};
