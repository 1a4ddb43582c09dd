import type { Sample } from "landau-fermi-dirac";
import type { Run } from "../../model/run.js";
import { timeText } from "../number-text.js";
import type { Colour, Curve, Dash, Line, Picture, VerticalAxis } from "../picture.js";
import { type Scene, sampleShown } from "../scene.js";
import { noRun, noSamples, overlayName } from "./words.js";

/** A quantity followed over time. */
export interface Quantity {
  key: string;
  label: string;
  colour: Colour;
  dash: Dash;
  /** For the run compared with. */
  overlay: { colour: Colour; dash: Dash };
  axis: number;
  value(sample: Sample, first: Sample): number;
}

/** More samples than this are not marked one by one. */
const marked = 40;

/** Quantities of the run, and of the run compared with, over time, with a marker at the time on show. */
export function pictureOverTime(
  scene: Scene,
  axes: VerticalAxis[],
  quantities: Quantity[],
  levels: Line[],
  summary: (shown: Sample, first: Sample) => string,
): Picture {
  const { run, overlay } = scene;
  const shown = sampleShown(scene);
  const first = run?.samples[0];
  if (!run || !first || !shown) {
    const empty = run?.status === "loaded" ? noSamples : noRun;
    return { axes, lines: [], empty, summary: () => empty };
  }
  const compared = overlay?.samples.length ? overlay : undefined;
  return {
    axes,
    lines: [
      ...quantities.map((quantity) => curveOf(run, quantity)),
      ...(compared ? quantities.map((quantity) => overlayCurveOf(compared, quantity)) : []),
      ...levels,
    ],
    marker: shown.time,
    stops: run.samples.map(({ time }) => time),
    summary: () => `At t = ${timeText(shown.time)}: ${summary(shown, first)}`,
  };
}

function curveOf({ samples }: Run, { key, label, colour, dash, axis, value }: Quantity): Curve {
  return {
    kind: "curve",
    key,
    label,
    colour,
    dash,
    width: 2,
    axis,
    x: samples.map(({ time }) => time),
    y: samples.map((sample) => value(sample, samples[0]!)),
    points: samples.length <= marked,
  };
}

function overlayCurveOf(run: Run, quantity: Quantity): Curve {
  return {
    ...curveOf(run, quantity),
    key: `overlay ${quantity.key}`,
    label: `${quantity.label}, ${overlayName(run)}`,
    ...quantity.overlay,
    points: false,
  };
}
