import { numberText } from "../number-text.js";
import type { Line, Picture } from "../picture.js";
import { linear, logarithmic } from "../scale.js";
import type { Scene } from "../scene.js";
import { pictureOverTime } from "./over-time.js";

/** H_ε[f], which never rises, and how far above its least value H_ε[M] it is: that is H_ε[f|M]. */
export function entropyPicture(scene: Scene): Picture {
  const least = scene.run?.header?.equilibrium.entropy;
  const levels: Line[] = [];
  if (least !== undefined) {
    levels.push({
      kind: "level",
      key: "equilibrium",
      label: "equilibrium H[M]",
      axis: 0,
      value: least,
      colour: "green",
      dash: "long",
      width: 1.5,
    });
  }
  return pictureOverTime(
    scene,
    [
      { label: "entropy H[f]", scale: linear },
      { label: "relative entropy H[f|M]", scale: logarithmic },
    ],
    [
      {
        key: "entropy",
        label: "H[f] (left)",
        colour: "blue",
        dash: "solid",
        overlay: { colour: "blue", dash: "dashed" },
        axis: 0,
        value: ({ entropy }) => entropy,
      },
      {
        key: "relative",
        label: "H[f|M] (right)",
        colour: "orange",
        dash: "dashDotted",
        overlay: { colour: "orange", dash: "dotted" },
        axis: 1,
        value: ({ relativeEntropy }) => relativeEntropy,
      },
    ],
    levels,
    ({ entropy, relativeEntropy }, first) =>
      `entropy H[f] = ${numberText(entropy, 5)}, ${numberText(first.entropy - entropy)} below its first value; ` +
      `relative entropy H[f|M] = ${numberText(relativeEntropy)}.`,
  );
}
