import { numberText, powerOfTen, tickTexts } from "./number-text.js";
import type { Range } from "./picture.js";

// uPlot is only ever given linear axes from 0 to 1: its own logarithmic axis hangs the page below 1e-23, and its own
// linear one gives up on ranges below 1e-16. What an axis means is decided here.

export interface Tick {
  /** In coordinates of the scale. */
  at: number;
  /** null: a minor tick. */
  text: string | null;
}

/** A monotone map from values to coordinates, in which an axis is linear. */
export interface Scale {
  /** Different for scales with different maps. */
  readonly key: string;
  /** Values at or below have no place on the axis. */
  readonly above: number;
  /** NaN for a value that has no place. */
  forward(value: number): number;
  inverse(coordinate: number): number;
  /** The range that shows all coordinates from low to high, with some air, and that of the value 0 on request. */
  fit(low: number, high: number, zero: boolean): Range;
  /** How far outside a range, in coordinates, a level may lie for the range to be extended to it. */
  reach(range: Range): number;
  /** At most `atMost` labelled ticks, and perhaps minor ones. */
  ticks(range: Range, atMost: number): Tick[];
  /** The value at a coordinate, in words. */
  text(coordinate: number): string;
}

const air = 0.05;
/** Of the value: what varies by less is a constant, and magnifying it would show rounding. */
const finest = 1e-9;
/** Larger values have no place on a linear axis: differences would overflow. */
const largest = 1e300;
/** Smaller values are 0 to a linear axis: a part of them would be lost in rounding. */
const smallest = 1e-300;
/** Decades shown below the largest value in view. */
const deepest = 24;
/** Between ticks; below are the numbers that lose digits. */
const smallestStep = 1e-307;

export const linear: Scale = {
  key: "linear",
  above: -Infinity,
  forward: (value) => (Math.abs(value) < largest ? value : NaN),
  inverse: (coordinate) => coordinate,
  fit(low, high, zero) {
    const from = zero ? Math.min(low, 0) : low;
    const to = zero ? Math.max(high, 0) : high;
    const size = Math.max(Math.abs(from), Math.abs(to));
    if (!(to - from > finest * size && size > smallest)) {
      const spread = size > smallest ? 0.1 * size : 1;
      return [from - spread, to + spread];
    }
    const margin = air * (to - from);
    return [zero && from === 0 ? 0 : from - margin, zero && to === 0 ? 0 : to + margin];
  },
  reach: ([low, high]) => high - low,
  ticks: linearTicks,
  text: (coordinate) => numberText(coordinate),
};

/** r as the energy r²/2. */
export const energy: Scale = {
  ...linear,
  key: "energy",
  forward: (r) => linear.forward((r * r) / 2),
  inverse: (coordinate) => Math.sqrt(2 * Math.max(coordinate, 0)),
};

/** Coordinates are decades. */
export const logarithmic: Scale = {
  key: "logarithmic",
  above: 0,
  forward: (value) => (value > 0 && value < Infinity ? Math.log10(value) : NaN),
  inverse: (coordinate) => 10 ** coordinate,
  fit(low, high) {
    const from = Math.max(low, high - deepest);
    const margin = Math.max(air * (high - from), (0.3 - (high - from)) / 2);
    return [from - margin, high + margin];
  },
  reach: () => 2,
  ticks: logarithmicTicks,
  text: (coordinate) => numberText(10 ** coordinate),
};

/** Logarithmic for times > 0, with t = 0 in a place of its own, left of the first time. */
export function logarithmicTime(first: number, zeroAt: number): Scale {
  const between = (zeroAt + Math.log10(first)) / 2;
  return {
    ...logarithmic,
    key: `logarithmic time ${zeroAt}`,
    above: -Infinity,
    forward: (time) => (time === 0 ? zeroAt : logarithmic.forward(time)),
    inverse: (coordinate) => (coordinate <= between ? 0 : 10 ** coordinate),
    ticks([low, high], atMost) {
      const after = Math.max(low, between);
      const ticks = after < high ? logarithmicTicks([after, high], atMost) : [];
      return low <= zeroAt && zeroAt <= high ? [{ at: zeroAt, text: "0" }, ...ticks] : ticks;
    },
    text: (coordinate) => (coordinate <= between ? "0" : logarithmic.text(coordinate)),
  };
}

/** Linear within ±threshold (a power of ten), decades outside: ±10ᵏ·threshold is at ±k. */
export function inverseHyperbolic(exponent: number): Scale {
  const threshold = 10 ** exponent;
  const forward = (value: number) =>
    Math.abs(value) < largest * threshold ? Math.asinh(value / (2 * threshold)) / Math.LN10 : NaN;
  const inverse = (coordinate: number) => 2 * threshold * Math.sinh(coordinate * Math.LN10);
  return {
    key: `inverse hyperbolic ${exponent}`,
    above: -Infinity,
    forward,
    inverse,
    fit(low, high) {
      const from = Math.min(low, -1);
      const to = Math.max(high, 1);
      const margin = air * (to - from);
      return [from - margin, to + margin];
    },
    reach: () => 2,
    ticks([low, high], atMost) {
      const ticks: Tick[] = [{ at: 0, text: "0" }];
      const stride = strideOf(high - low, atMost);
      for (let k = stride; k <= Math.max(-low, high); k += stride) {
        const value = 10 ** (exponent + k);
        const at = forward(value);
        if (at <= high) ticks.push({ at, text: powerOfTen(exponent + k) });
        if (-at >= low) ticks.unshift({ at: -at, text: `−${powerOfTen(exponent + k)}` });
      }
      return ticks;
    },
    text: (coordinate) => numberText(inverse(coordinate)),
  };
}

function linearTicks([low, high]: Range, atMost: number): Tick[] {
  const rough = (high - low) / Math.max(1, atMost);
  // Where a step is lost in rounding, counting would not end.
  const least = Math.max(smallestStep, 1e-13 * Math.max(Math.abs(low), Math.abs(high)));
  if (!(rough > least && rough < Infinity)) return [];
  const power = Number(`1e${Math.floor(Math.log10(rough))}`);
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * (1 - 1e-12))!;
  const values: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= Math.floor(high / step + 1e-9); k++) values.push(k * step);
  const texts = values.length ? tickTexts(values, step) : [];
  return values.map((at, k) => ({ at, text: texts[k]! }));
}

/** The smallest number of decades between labels that gives at most that many. */
function strideOf(decades: number, atMost: number): number {
  return [1, 2, 3, 4, 5, 10, 20, 50].find((size) => decades / size <= atMost) ?? 100;
}

function logarithmicTicks([low, high]: Range, atMost: number): Tick[] {
  const decades = high - low;
  if (!(decades > 0 && decades < 1000)) return [];
  if (decades < 0.7) {
    const within = linearTicks([10 ** low, 10 ** high], atMost);
    return within.map(({ at, text }) => ({ at: Math.log10(at), text }));
  }
  const stride = strideOf(decades, atMost);
  const labels = decades < 2 && atMost >= 6 ? [1, 2, 5] : decades < 2.5 && atMost >= 4 ? [1, 3] : [1];
  const minors = stride === 1 && decades <= 6 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1];
  const plain = labels.length > 1 && low >= -3 && high <= 5;
  const ticks: Tick[] = [];
  for (let decade = Math.floor(low); decade <= high; decade++) {
    for (const factor of minors) {
      const at = decade + Math.log10(factor);
      if (at < low || at > high) continue;
      const labelled = stride === 1 ? labels.includes(factor) : decade % stride === 0;
      ticks.push({ at, text: labelled ? logarithmicText(factor, decade, plain) : null });
    }
  }
  return ticks;
}

function logarithmicText(factor: number, decade: number, plain: boolean): string {
  if (plain) return numberText(factor * 10 ** decade);
  return factor === 1 ? powerOfTen(decade) : `${factor}·${powerOfTen(decade)}`;
}
