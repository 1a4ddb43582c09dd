import { numberText } from "../number-text.js";
import type { Picture } from "../picture.js";
import { logarithmic } from "../scale.js";
import type { Scene } from "../scene.js";
import { pictureOverTime } from "./over-time.js";

/** ∫ |f - M| dv */
export function distancePicture(scene: Scene): Picture {
  return pictureOverTime(
    scene,
    [{ label: "∫ |f − M| dv", scale: logarithmic }],
    [
      {
        key: "distance",
        label: "L¹ distance to equilibrium",
        colour: "blue",
        dash: "solid",
        overlay: { colour: "orange", dash: "dashed" },
        axis: 0,
        value: ({ l1Distance }) => l1Distance,
      },
    ],
    [],
    ({ l1Distance }, first) =>
      `L¹ distance to equilibrium ${numberText(l1Distance)}, at first ${numberText(first.l1Distance)}.`,
  );
}
