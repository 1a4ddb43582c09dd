import type uPlot from "uplot";
import { textWidth } from "./element.js";
import type { Geometry } from "./geometry.js";
import { shareOf } from "./geometry.js";
import type { Domain, Picture, Range } from "./picture.js";
import type { Scale, Tick } from "./scale.js";
import type { Theme } from "./theme.js";

/** What is being drawn: read by uPlot's callbacks, replaced for every frame. */
export interface Frame {
  picture: Picture;
  domain: Domain;
  /** Of the horizontal axis. */
  range: Range;
  geometry: Geometry;
}

/** Free space around labels, in pixels of a font of 12 pixels. */
const apart = { horizontal: 12, vertical: 20 };
const fontSize = 12;

/** uPlot's axes from 0 to 1, with ticks and labels of our scales. `unit`: uPlot's pixels in one of ours. */
export function uPlotAxes(frame: () => Frame, theme: Theme, unit: number): uPlot.Axis[] {
  const font = `${fontSize * unit}px ${theme.fontFamily}`;
  const { axes } = frame().picture;
  const horizontal = axisOf({
    scale: () => frame().domain.scale,
    range: () => frame().range,
    label: () => frame().domain.label,
    side: 2,
  });
  return [horizontal, ...axes.map((_, k) => vertical(k))];

  function vertical(k: number): uPlot.Axis {
    return axisOf({
      scale: () => frame().picture.axes[k]!.scale,
      range: () => frame().geometry.ranges[k]!,
      label: () => {
        const { picture, geometry } = frame();
        const { label, scale } = picture.axes[k]!;
        const below = geometry.below[k];
        return below === undefined ? label : `${label}, goes on below to ${scale.text(below)}`;
      },
      side: k === 0 ? 3 : 1,
    });
  }

  function axisOf(source: { scale(): Scale; range(): Range; label(): string; side: 1 | 2 | 3 }): uPlot.Axis {
    const { side } = source;
    const across = side === 2;
    let ticks: Tick[] = [];
    return {
      scale: across ? "x" : side === 3 ? "y" : "y2",
      side,
      stroke: theme.text,
      font,
      labelFont: font,
      label: () => source.label(),
      labelSize: 20 * unit,
      labelGap: 2 * unit,
      gap: 4 * unit,
      size: across
        ? 28 * unit
        : (_, texts) => {
            const widest = Math.max(0, ...(texts ?? []).map((text) => (text ? textWidth(text, font) : 0)));
            // In steps, lest the plot trembles while numbers stream in.
            return Math.ceil((widest / unit + 12) / 8) * 8 * unit;
          },
      space: 1,
      incrs: [1],
      splits: (plot) => {
        const pixels = (across ? plot.bbox.width : plot.bbox.height) / (window.devicePixelRatio || 1);
        ticks = fitting(source.scale(), source.range(), pixels, across, font, unit);
        return ticks.map(({ at }) => shareOf(at, source.range()));
      },
      values: () => ticks.map(({ text }) => text ?? ""),
      filter: (_, splits) => splits,
      grid: {
        show: side !== 1,
        stroke: theme.grid,
        width: unit,
        filter: (_, splits) => splits.map((split, k) => (ticks[k]?.text == null ? null : split)),
      },
      ticks: { stroke: theme.grid, width: unit, size: 5 * unit },
      border: { show: true, stroke: theme.grid, width: unit },
    };
  }
}

/** As many ticks as there is room for, their labels apart. */
function fitting(
  scale: Scale,
  range: Range,
  pixels: number,
  across: boolean,
  font: string,
  unit: number,
): Tick[] {
  const position = ({ at }: Tick) => shareOf(at, range) * pixels;
  const extent = ({ text }: Tick) =>
    across ? textWidth(text!, font) + apart.horizontal * unit : apart.vertical * unit;
  for (let atMost = Math.max(2, Math.floor(pixels / ((across ? 56 : 26) * unit))); ; atMost--) {
    const ticks = scale.ticks(range, atMost);
    const labelled = ticks.filter(({ text }) => text !== null);
    const collisions = labelled.filter((tick, k) => {
      const before = labelled[k - 1];
      return before && position(tick) - position(before) < (extent(tick) + extent(before)) / 2;
    });
    // The 0 of a logarithmic time axis stands close to the first decade: that label goes.
    if (collisions.length === 1 && collisions[0] === labelled[1]) labelled[1]!.text = null;
    else if (collisions.length > 0 && atMost > 1) continue;
    return ticks;
  }
}
