import type { Scale } from "./scale.js";

/** Lower and upper end. */
export type Range = readonly [number, number];

/** Names of the custom properties --chart-… in charts.css. */
export const colours = ["blue", "orange", "green", "purple", "grey"] as const;
export type Colour = (typeof colours)[number];

/** Lengths of strokes and gaps, in CSS pixels: colour is not the only cue. */
export const dashes = {
  solid: [],
  dashed: [9, 5],
  dotted: [2, 4],
  dashDotted: [11, 4, 2, 4],
  long: [20, 5],
} as const satisfies Record<string, readonly number[]>;
export type Dash = keyof typeof dashes;

interface Stroke {
  /** The same from picture to picture, unique within one. */
  key: string;
  label: string;
  colour: Colour;
  dash: Dash;
  /** CSS pixels. */
  width: number;
  /** Index into the picture's `axes`. */
  axis: number;
}

/** A line through the points (x, y), as many as there are; x ascending. */
export interface Curve extends Stroke {
  kind: "curve";
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Mark the points themselves. */
  points?: boolean;
}

/** A horizontal line; drawn if the curves come near it. */
export interface Level extends Stroke {
  kind: "level";
  value: number;
}

export type Line = Curve | Level;

export interface VerticalAxis {
  label: string;
  scale: Scale;
  /** The axis includes zero. */
  zero?: boolean;
}

/** The horizontal axis, common to the charts of a group. Ranges are in coordinates of the scale. */
export interface Domain {
  kind: "radius" | "energy" | "time" | "log time";
  symbol: string;
  label: string;
  scale: Scale;
  /** What is shown unless someone zooms. */
  home: Range;
  /** No zooming or panning beyond. */
  limits: Range;
  /** Columns of the table made from x. */
  columns: { heading: string; value(x: number): number }[];
}

/** One chart, all but its horizontal axis. Made anew for every change; the arrays in it are not copies. */
export interface Picture {
  /** The first on the left, a second on the right. */
  axes: VerticalAxis[];
  lines: Line[];
  /** x at which to draw a vertical line. */
  marker?: number;
  /** x of the points that the cursor steps through, if it is not to move freely. */
  stops?: readonly number[];
  /** Why there is nothing to see, in words. */
  empty?: string;
  /** What is on show, in one or two sentences. */
  summary(): string;
}
