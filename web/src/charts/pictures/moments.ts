import type { Sample } from "landau-fermi-dirac";
import { numberText } from "../number-text.js";
import type { Line, Picture } from "../picture.js";
import { linear, logarithmic, type Scale } from "../scale.js";
import type { Scene } from "../scene.js";
import { pictureOverTime } from "./over-time.js";

// Small multiples: the four have neither a unit nor an order of magnitude in common, and f(0, 0) may be zero.

export function fourthMomentPicture(scene: Scene): Picture {
  return moment(scene, "∫ |v|⁴ f dv", linear, ({ moment4 }) => moment4);
}

export function centerPicture(scene: Scene): Picture {
  const equilibrium = scene.run?.equilibrium[0];
  const levels: Line[] = [];
  if (equilibrium !== undefined) {
    levels.push({
      kind: "level",
      key: "equilibrium",
      label: "equilibrium M(0)",
      axis: 0,
      value: equilibrium,
      colour: "green",
      dash: "long",
      width: 1.5,
    });
  }
  return moment(scene, "f(0, t)", linear, ({ center }) => center, levels);
}

export function fisherPicture(scene: Scene): Picture {
  return moment(scene, "∫ |∇f|² / (f(1 − εf)) dv", logarithmic, ({ fisher }) => fisher);
}

export function productionPicture(scene: Scene): Picture {
  return moment(scene, "−dH/dt", logarithmic, ({ entropyProduction }) => entropyProduction);
}

function moment(
  scene: Scene,
  name: string,
  scale: Scale,
  value: (sample: Sample) => number,
  levels: Line[] = [],
): Picture {
  return pictureOverTime(
    scene,
    [{ label: name, scale }],
    [
      {
        key: "moment",
        label: name,
        colour: "blue",
        dash: "solid",
        overlay: { colour: "orange", dash: "dashed" },
        axis: 0,
        value,
      },
    ],
    levels,
    (shown, first) => `${name} = ${numberText(value(shown), 4)}, at first ${numberText(value(first), 4)}.`,
  );
}
