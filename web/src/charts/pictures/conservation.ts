import { numberText } from "../number-text.js";
import type { Picture } from "../picture.js";
import { inverseHyperbolic } from "../scale.js";
import type { Scene } from "../scene.js";
import { pictureOverTime } from "./over-time.js";

/** Drift is rounding: linear up to 1e-16, powers of ten beyond. */
const scale = inverseHyperbolic(-16);

/** Relative change of mass and energy since the first sample. */
export function conservationPicture(scene: Scene): Picture {
  return pictureOverTime(
    scene,
    [{ label: "relative drift", scale }],
    [
      {
        key: "mass",
        label: "mass ∫ f dv",
        colour: "blue",
        dash: "solid",
        overlay: { colour: "blue", dash: "dashed" },
        axis: 0,
        value: ({ mass }, first) => drift(mass, first.mass),
      },
      {
        key: "energy",
        label: "energy ∫ |v|² f dv",
        colour: "orange",
        dash: "dashDotted",
        overlay: { colour: "orange", dash: "dotted" },
        axis: 0,
        value: ({ energy }, first) => drift(energy, first.energy),
      },
    ],
    [],
    (shown, first) =>
      `mass has drifted by ${numberText(drift(shown.mass, first.mass), 2)} of its first value, ` +
      `energy by ${numberText(drift(shown.energy, first.energy), 2)}.`,
  );
}

/** NaN, a gap, if there is nothing to compare with. */
function drift(value: number, first: number): number {
  return (value - first) / Math.abs(first);
}
