import type { Run } from "../../model/run.js";
import type { ThinCoefficients } from "../../model/thin-coefficients.js";
import { numberText, timeText } from "../number-text.js";
import type { Curve, Picture } from "../picture.js";
import { linear } from "../scale.js";
import { type Scene, sampleNearest, sampleShown } from "../scene.js";
import { noRun, overlayName } from "./words.js";

/** The three of them, and how each is drawn; for the run compared with, dotted. */
const three = [
  { key: "parallel", name: "D(r)", side: "left", axis: 0, colour: "blue", dash: "solid" },
  {
    key: "perpendicular",
    name: "A⊥(r)",
    side: "left",
    axis: 0,
    colour: "orange",
    dash: "dashed",
  },
  { key: "enclosed", name: "m(r)", side: "right", axis: 1, colour: "green", dash: "dashDotted" },
] as const;

/** Diffusion along and across v, and the mass m(r) within r that gives the drag. */
export function coefficientsPicture(scene: Scene): Picture {
  const { run, overlay, shown } = scene;
  const axes = [
    { label: "D(r), A⊥(r)", scale: linear, zero: true },
    { label: "m(r)", scale: linear, zero: true },
  ];
  const coefficients = run?.coefficients[shown];
  if (!coefficients) return { axes, lines: [], empty: noRun, summary: () => noRun };
  const { parallel, perpendicular, enclosed } = coefficients;
  const time = sampleShown(scene)?.time ?? 0;
  const compared = overlay?.coefficients[sampleNearest(overlay, time)];
  return {
    axes,
    lines: [
      ...(compared ? three.map((each) => overlayCurveOf(compared, overlay!, each)) : []),
      ...three.map((each) => curveOf(coefficients, each)),
    ],
    summary: () =>
      `At t = ${timeText(time)}: at the centre D = ${numberText(parallel[0] ?? NaN)} and ` +
      `A⊥ = ${numberText(perpendicular[0] ?? NaN)}; m grows to ${numberText(enclosed.at(-1) ?? NaN)}.`,
  };
}

type One = (typeof three)[number];

function curveOf(coefficients: ThinCoefficients, { key, name, side, axis, colour, dash }: One): Curve {
  return {
    kind: "curve",
    key,
    label: `${name} (${side})`,
    x: coefficients.radius,
    y: coefficients[key],
    axis,
    colour,
    dash,
    width: 2,
  };
}

function overlayCurveOf(coefficients: ThinCoefficients, overlay: Run, one: One): Curve {
  return {
    ...curveOf(coefficients, one),
    key: `overlay ${one.key}`,
    label: `${one.name}, ${overlayName(overlay)}`,
    dash: "dotted",
    width: 1.75,
  };
}
