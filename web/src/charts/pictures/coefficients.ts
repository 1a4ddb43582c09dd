import { numberText, timeText } from "../number-text.js";
import type { Picture } from "../picture.js";
import { linear } from "../scale.js";
import { type Scene, sampleShown } from "../scene.js";
import { noRun } from "./words.js";

const notStored = "Files do not hold the coefficients. Run the problem in this page to see them.";

/** Diffusion along and across v, and the mass m(r) within r that gives the drag. */
export function coefficientsPicture(scene: Scene): Picture {
  const { run, shown } = scene;
  const axes = [
    { label: "D(r), A⊥(r)", scale: linear, zero: true },
    { label: "m(r)", scale: linear, zero: true },
  ];
  const coefficients = run?.coefficients[shown];
  if (!coefficients) {
    const empty = run?.status === "loaded" ? notStored : noRun;
    return { axes, lines: [], empty, summary: () => empty };
  }
  const { radius, parallel, perpendicular, enclosed } = coefficients;
  const curve = { kind: "curve", x: radius, width: 2 } as const;
  const time = sampleShown(scene)?.time ?? 0;
  return {
    axes,
    lines: [
      {
        ...curve,
        key: "parallel",
        label: "D(r) (left)",
        y: parallel,
        axis: 0,
        colour: "blue",
        dash: "solid",
      },
      {
        ...curve,
        key: "perpendicular",
        label: "A⊥(r) (left)",
        y: perpendicular,
        axis: 0,
        colour: "orange",
        dash: "dashed",
      },
      {
        ...curve,
        key: "enclosed",
        label: "m(r) (right)",
        y: enclosed,
        axis: 1,
        colour: "green",
        dash: "dashDotted",
      },
    ],
    summary: () =>
      `At t = ${timeText(time)}: at the centre D = ${numberText(parallel[0] ?? NaN)} and ` +
      `A⊥ = ${numberText(perpendicular[0] ?? NaN)}; m grows to ${numberText(enclosed.at(-1) ?? NaN)}.`,
  };
}
