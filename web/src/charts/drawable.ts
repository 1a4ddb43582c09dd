import type { Picture } from "./picture.js";

const nothing =
  "Nothing to draw: no value is finite and has a place on this axis. The data table has them all.";

/** The picture, with words in place of an empty plot. */
export function drawable(picture: Picture): Picture {
  const curves = picture.lines.filter((line) => line.kind === "curve");
  if (picture.empty !== undefined || curves.length === 0) return picture;
  for (const { axis, y } of curves) {
    const { scale } = picture.axes[axis]!;
    for (let i = 0; i < y.length; i++) {
      const value = y[i]!;
      if (value > scale.above && !Number.isNaN(scale.forward(value))) return picture;
    }
  }
  return { ...picture, empty: nothing };
}
