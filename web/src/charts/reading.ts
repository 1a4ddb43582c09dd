import { numberText, timeText } from "./number-text.js";
import type { Domain, Picture } from "./picture.js";

export interface Readings {
  /** "r = 1.2" */
  position: string;
  /** Undecimated values of the lines, by key. */
  values: Map<string, number>;
  /** All of it in words. */
  words: string;
}

/** What the lines are worth at a coordinate of the horizontal axis: at the nearest point of each. */
export function readings(picture: Picture, { scale, symbol }: Domain, coordinate: number): Readings {
  const { stops } = picture;
  const forward = (x: number) => scale.forward(x);
  const stop = stops?.length ? stops[nearestOf(stops, coordinate, forward)] : undefined;
  const at = stop === undefined ? coordinate : forward(stop);
  const values = new Map<string, number>();
  const spoken: string[] = [];
  for (const line of picture.lines) {
    const value = line.kind === "level" ? line.value : (line.y[nearestOf(line.x, at, forward)] ?? Number.NaN);
    values.set(line.key, value);
    spoken.push(`${line.label}: ${numberText(value)}`);
  }
  const position = `${symbol} = ${stop === undefined ? scale.text(at) : timeText(stop)}`;
  return { position, values, words: `${position}. ${spoken.join("; ")}.` };
}

/** Index of the share nearest to `share`. */
export function nearest(shares: readonly number[], share: number): number {
  let found = 0;
  shares.forEach((each, k) => {
    if (Math.abs(each - share) < Math.abs(shares[found]! - share)) found = k;
  });
  return found;
}

/** The stop next to `share` in a direction; where it is if there is none. */
export function stopAfter(shares: readonly number[], share: number, direction: -1 | 1): number {
  const slack = 1e-3;
  const beyond = shares.filter((each) => direction * (each - share) > slack && each >= 0 && each <= 1);
  return beyond.length ? (direction > 0 ? Math.min(...beyond) : Math.max(...beyond)) : share;
}

/** Index of the x whose coordinate is nearest, x ascending. */
function nearestOf(x: ArrayLike<number>, coordinate: number, forward: (x: number) => number): number {
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (forward(x[middle]!) < coordinate) low = middle;
    else high = middle;
  }
  return coordinate - forward(x[low]!) <= forward(x[high]!) - coordinate ? low : high;
}
