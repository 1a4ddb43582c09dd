import { outlineOf } from "../../model/outline.js";
import { numberText, timeText } from "../number-text.js";
import type { Level, Line, Picture } from "../picture.js";
import { linear, logarithmic } from "../scale.js";
import { profileShown, type Scene, sampleNearest, sampleShown } from "../scene.js";
import { noRun, overlayName } from "./words.js";

/** f(r) on show over where it came from, where it goes, and the bound that Pauli's principle sets. */
export function profilePicture(scene: Scene): Picture {
  const { run, overlay, view } = scene;
  const axes = [{ label: "f(r)", scale: view.scale === "log" ? logarithmic : linear, zero: true }];
  const f = profileShown(scene);
  if (!run || !f) return { axes, lines: [], empty: noRun, summary: () => noRun };
  const time = sampleShown(scene)?.time;
  const curve = { kind: "curve", axis: 0, x: run.radius } as const;
  const lines: Line[] = [];
  if (run.profiles.length > 1) {
    lines.push({ ...curve, key: "initial", label: "initial state", y: run.profiles[0]!, ...initialStroke });
  }
  if (overlay && overlay.profiles.length > 0) {
    const k = sampleNearest(overlay, time);
    lines.push({
      kind: "curve",
      key: "overlay",
      label: `f${at(overlay.samples[k]?.time)}, ${overlayName(overlay)}`,
      axis: 0,
      x: overlay.radius,
      y: overlay.profiles[k]!,
      colour: "orange",
      dash: "dashed",
      width: 2,
    });
    if (overlay.equilibrium.length > 0) {
      lines.push({
        kind: "curve",
        key: "overlay equilibrium",
        label: `equilibrium M, ${overlayName(overlay)}`,
        axis: 0,
        x: overlay.radius,
        y: overlay.equilibrium,
        colour: "orange",
        dash: "dashDotted",
        width: 1.5,
      });
    }
  }
  lines.push({
    ...curve,
    key: "profile",
    label: `f${at(time)}`,
    y: f,
    colour: "blue",
    dash: "solid",
    width: 2.25,
  });
  if (run.equilibrium.length > 0) {
    lines.push({
      ...curve,
      key: "equilibrium",
      label: "equilibrium M",
      y: run.equilibrium,
      ...equilibriumStroke,
    });
  }
  const epsilon = run.header?.problem.epsilon ?? 0;
  if (epsilon > 0) lines.push({ ...boundOf(epsilon), key: "bound" });
  const compared = overlay?.header?.problem.epsilon ?? 0;
  if (overlay && compared > 0 && compared !== epsilon) {
    const bound = boundOf(compared);
    lines.push({
      ...bound,
      key: "overlay bound",
      label: `${bound.label}, ${overlayName(overlay)}`,
      dash: "dotted",
    });
  }
  return { axes, lines, summary: () => summary(scene, f) };
}

function boundOf(epsilon: number): Omit<Level, "key"> {
  return {
    kind: "level",
    label: `Pauli bound 1/ε = ${numberText(1 / epsilon)}`,
    axis: 0,
    value: 1 / epsilon,
    colour: "purple",
    dash: "long",
    width: 1.5,
  };
}

const initialStroke = { colour: "grey", dash: "dotted", width: 1.75 } as const;
const equilibriumStroke = { colour: "green", dash: "dashDotted", width: 1.75 } as const;

function at(time: number | undefined): string {
  return time === undefined ? "" : ` at t = ${timeText(time)}`;
}

function summary(scene: Scene, f: Float64Array): string {
  const sample = sampleShown(scene);
  const name = `f(r)${at(sample?.time)}`;
  const { highest } = outlineOf(scene.run!.radius, f);
  if (highest < 0) return `${name} has no finite value.`;
  // The first node lies half a cell from the centre.
  const place = highest === 0 ? "0" : numberText(scene.run!.radius[highest]!);
  const words = `${name}: maximum ${numberText(f[highest]!)} at r = ${place}`;
  return sample ? `${words}; distance to equilibrium ${numberText(sample.l1Distance)}.` : `${words}.`;
}
