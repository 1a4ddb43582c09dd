import type { AlignedData } from "uplot";
import { decimate } from "./decimate.js";
import type { Curve, Domain, Line, Picture, Range } from "./picture.js";

/** A curve decimated: x in shares of the visible range, y in coordinates of its axis, null for gaps. */
interface Points {
  source: Pick<Curve, "x" | "y">;
  signature: string;
  x: Float64Array;
  y: (number | null)[];
}

/** What was decimated for the frame before, by the curve's key: most curves are the same again. */
export type Memo = Map<string, Points>;

/** What uPlot draws: everything in shares of the plot, 0 to 1. */
export interface Geometry {
  /** Ranges of the vertical axes, in coordinates of their scales. */
  ranges: Range[];
  /** Of each vertical axis, the lowest coordinate in view where the range does not reach down to it. */
  below: (number | undefined)[];
  /** The lines that are drawn, in the order of `data`; levels far away are left out. */
  lines: Line[];
  data: AlignedData;
  marker: number | undefined;
}

/** Beyond this many heights of the plot a line need not be exact. */
const farOut = 1e3;
/** Points of a curve that takes some milliseconds. */
const long = 50_000;

export function arrange(
  picture: Picture,
  domain: Domain,
  range: Range,
  columns: number,
  memo: Memo,
): Geometry {
  const curves = picture.lines.filter((line) => line.kind === "curve");
  const points = new Map(
    curves.map((curve) => [curve.key, pointsOf(curve, picture, domain, range, columns, memo)]),
  );
  const ranges = picture.axes.map((_, axis) => {
    const sets = curves.filter((curve) => curve.axis === axis).map(({ key }) => points.get(key)!);
    return rangeOf(picture, axis, sets);
  });
  const below = picture.axes.map((_, axis) => {
    const sets = curves.filter((curve) => curve.axis === axis).map(({ key }) => points.get(key)!);
    const [low] = extent(sets);
    return low < ranges[axis]![0] ? low : undefined;
  });
  const lines = picture.lines.filter((line) => line.kind === "curve" || isWithin(line, picture, ranges));
  const x = union([...points.values()].map((each) => each.x));
  const data = lines.map((line) => {
    const [low, high] = ranges[line.axis]!;
    const share = (y: number) => Math.min(Math.max((y - low) / (high - low), -farOut), farOut);
    if (line.kind === "level") {
      const level = share(picture.axes[line.axis]!.scale.forward(line.value));
      return new Array<number>(x.length).fill(level);
    }
    return spread(x, points.get(line.key)!, share);
  });
  const { marker } = picture;
  return {
    ranges,
    below,
    lines,
    data: [x, ...data],
    marker: marker === undefined ? undefined : shareOf(domain.scale.forward(marker), range),
  };
}

/**
 * Decimates one more long curve of the picture into `memo`; whether there was one. Who calls this until it returns false
 * can let the browser have its turn in between.
 */
export function prepare(
  picture: Picture,
  domain: Domain,
  range: Range,
  columns: number,
  memo: Memo,
): boolean {
  const next = picture.lines.find(
    (line): line is Curve =>
      line.kind === "curve" &&
      line.x.length > long &&
      !knownPoints(line, picture, domain, range, columns, memo).known,
  );
  if (!next) return false;
  pointsOf(next, picture, domain, range, columns, memo);
  return true;
}

export function shareOf(coordinate: number, [low, high]: Range): number {
  return (coordinate - low) / (high - low);
}

/** The points of a curve as they were decimated before, if they are the same still. */
function knownPoints(
  { key, x, y, axis }: Curve,
  picture: Picture,
  { scale }: Domain,
  range: Range,
  columns: number,
  memo: Memo,
): { known: Points | undefined; signature: string } {
  const signature = `${scale.key} ${range} ${columns} ${picture.axes[axis]!.scale.key} ${x.length}`;
  const known = memo.get(key);
  const same = known?.source.x === x && known.source.y === y && known.signature === signature;
  return { known: same ? known : undefined, signature };
}

function pointsOf(
  curve: Curve,
  picture: Picture,
  domain: Domain,
  range: Range,
  columns: number,
  memo: Memo,
): Points {
  const { known, signature } = knownPoints(curve, picture, domain, range, columns, memo);
  if (known) return known;
  const { key, x, y, axis } = curve;
  const { scale } = domain;
  const vertical = picture.axes[axis]!.scale;
  const [low, high] = range;
  const bounds = Float64Array.from({ length: columns + 1 }, (_, k) =>
    scale.inverse(low + ((high - low) * k) / columns),
  );
  const kept = decimate(x, y, bounds, vertical.above);
  const points: Points = {
    source: { x, y },
    signature,
    x: Float64Array.from(kept, (i) => shareOf(scale.forward(x[i]!), range)),
    y: kept.map((i) => {
      const coordinate = vertical.forward(y[i]!);
      return Number.isNaN(coordinate) ? null : coordinate;
    }),
  };
  memo.set(key, points);
  return points;
}

/** The lowest and the highest coordinate in view; of all points if none is; Infinity and -Infinity if there is none. */
function extent(sets: Points[]): Range {
  let low = Infinity;
  let high = -Infinity;
  const take = ({ x, y }: Points, everything: boolean) => {
    for (let k = 0; k < x.length; k++) {
      const coordinate = y[k];
      if (coordinate == null || !(everything || (x[k]! >= 0 && x[k]! <= 1))) continue;
      if (coordinate < low) low = coordinate;
      if (coordinate > high) high = coordinate;
    }
  };
  for (const set of sets) take(set, false);
  if (low > high) for (const set of sets) take(set, true);
  return [low, high];
}

/** The range of an axis that shows all that is in view. */
function rangeOf({ axes, lines }: Picture, axis: number, sets: Points[]): Range {
  const { scale, zero = false } = axes[axis]!;
  let [low, high] = extent(sets);
  if (low > high) return scale.fit(0, 0, zero);
  const fitted = scale.fit(low, high, zero);
  const reach = scale.reach(fitted);
  for (const line of lines) {
    if (line.kind === "curve" || line.axis !== axis) continue;
    const level = scale.forward(line.value);
    if (!(level > fitted[0] - reach && level < fitted[1] + reach)) continue;
    low = Math.min(low, level);
    high = Math.max(high, level);
  }
  return scale.fit(low, high, zero);
}

function isWithin(line: Extract<Line, { kind: "level" }>, { axes }: Picture, ranges: Range[]): boolean {
  const [low, high] = ranges[line.axis]!;
  const level = axes[line.axis]!.scale.forward(line.value);
  return level >= low && level <= high;
}

/** All x, ascending and unique, with both edges. */
function union(arrays: Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, set) => sum + set.length, 2));
  let length = 0;
  for (const set of arrays) {
    all.set(set, length);
    length += set.length;
  }
  all[length] = 0;
  all[length + 1] = 1;
  all.sort();
  let unique = 0;
  for (let k = 0; k < all.length; k++) {
    if (k === 0 || all[k]! > all[unique - 1]!) all[unique++] = all[k]!;
  }
  return all.subarray(0, unique);
}

/** The curve's y where it has a point; undefined, which interrupts nothing, elsewhere. */
function spread(
  x: Float64Array,
  points: Points,
  share: (y: number) => number,
): (number | null | undefined)[] {
  const values: (number | null | undefined)[] = new Array(x.length).fill(undefined);
  let next = 0;
  for (let k = 0; k < x.length; k++) {
    // "While", and not "if": in coordinates, x that differ may have become the same.
    for (; next < points.x.length && points.x[next]! <= x[k]!; next++) {
      const y = points.y[next]!;
      values[k] = y === null ? null : share(y);
    }
  }
  return values;
}
