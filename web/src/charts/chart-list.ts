import type { Session } from "../model/session.js";
import type { ChartDefinition } from "./chart.js";
import { numberText, timeText } from "./number-text.js";
import type { Picture } from "./picture.js";
import { coefficientsPicture } from "./pictures/coefficients.js";
import { conservationPicture } from "./pictures/conservation.js";
import { distancePicture } from "./pictures/distance.js";
import { entropyPicture } from "./pictures/entropy.js";
import { centerPicture, fisherPicture, fourthMomentPicture, productionPicture } from "./pictures/moments.js";
import { profilePicture } from "./pictures/profile.js";
import { type Scene, sampleShown } from "./scene.js";

type Listed = ChartDefinition & { over: "r" | "t" };

/** All charts, in the order of the page. */
export function chartList(session: Session, scene: () => Scene): Listed[] {
  const subtitle = () => {
    const { run } = scene();
    const epsilon = run?.header?.problem.epsilon;
    const time = sampleShown(scene())?.time;
    return [
      run?.label,
      epsilon === undefined ? "" : `ε = ${numberText(epsilon)}`,
      time === undefined ? "" : `t = ${timeText(time)}`,
    ]
      .filter(Boolean)
      .join(" · ");
  };
  const overRadius = (id: string, title: string, picture: (scene: Scene) => Picture): Listed => ({
    id,
    title,
    over: "r",
    picture: () => picture(scene()),
    subtitle,
  });
  let before: { shown: number; following: boolean; at: number } | undefined;
  const overTime = (id: string, title: string, picture: (scene: Scene) => Picture): Listed => ({
    ...overRadius(id, title, picture),
    over: "t",
    pick: (stop) => {
      const at = performance.now();
      // The second click of a double click must not hide what was shown before the first.
      if (!before || at - before.at > doubleClick) {
        before = { shown: session.shown, following: session.following, at };
      }
      session.following = stop === (session.run?.samples.length ?? 0) - 1;
      session.shown = stop;
    },
    unpick: () => {
      if (!before) return;
      session.following = before.following;
      session.shown = before.shown;
      before = undefined;
    },
  });
  return [
    { ...overRadius("profile", "Distribution f(r)", profilePicture), tall: true, live: true },
    overTime("entropy", "Entropy", entropyPicture),
    overTime("distance", "Distance to equilibrium", distancePicture),
    overTime("conservation", "Drift of mass and energy", conservationPicture),
    overRadius("coefficients", "Coefficients D, A⊥ and m", coefficientsPicture),
    overTime("moment4", "Fourth moment", fourthMomentPicture),
    overTime("center", "Value at the centre", centerPicture),
    overTime("fisher", "Fisher information", fisherPicture),
    overTime("production", "Entropy production", productionPicture),
  ];
}

/** Milliseconds within which two clicks may be one double click. */
const doubleClick = 700;
