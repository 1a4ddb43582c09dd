import type uPlot from "uplot";
import { type Frame, uPlotAxes } from "./axes.js";
import { dashes } from "./picture.js";
import type { Theme } from "./theme.js";

export interface PlotSettings {
  frame: () => Frame;
  theme: Theme;
  width: number;
  height: number;
  /** uPlot's pixels in one of ours: 1 on the screen. */
  unit: number;
  /** Of the cursors that move together; absent: no cursor. */
  group?: string;
  hooks?: uPlot.Hooks.Arrays;
}

/** Options of a uPlot that draws the lines of a frame in shares of the plot, from 0 to 1. */
export function plotOptions(settings: PlotSettings): uPlot.Options {
  const { frame, theme, width, height, unit, group, hooks = {} } = settings;
  const share: uPlot.Scale = { time: false, auto: false, range: () => [0, 1], min: 0, max: 1 };
  const { picture, geometry } = frame();
  const pixels = unit * (window.devicePixelRatio || 1); // uPlot scales widths, but not dashes
  return {
    width,
    height,
    padding: [10 * unit, picture.axes.length > 1 ? 0 : 16 * unit, 0, 0],
    scales: { x: share, y: share, ...(picture.axes.length > 1 ? { y2: share } : {}) },
    axes: uPlotAxes(frame, theme, unit),
    series: [
      {},
      ...geometry.lines.map(
        (line): uPlot.Series => ({
          label: line.key,
          scale: line.axis === 0 ? "y" : "y2",
          auto: false,
          stroke: theme[line.colour],
          width: line.width * unit,
          dash: dashes[line.dash].map((length) => length * pixels),
          pxAlign: 0, // smooth, not in steps of a pixel
          points: {
            show: line.kind === "curve" && (line.points ?? false),
            size: 5 * unit,
            stroke: theme[line.colour],
            fill: theme[line.colour],
          },
        }),
      ),
    ],
    legend: { show: false },
    cursor: group === undefined ? { show: false } : cursorOf(group),
    hooks: {
      ...hooks,
      draw: [(plot: uPlot) => drawMarker(plot, frame().geometry.marker, theme, unit), ...(hooks.draw ?? [])],
    },
  };
}

function cursorOf(group: string): uPlot.Cursor {
  return {
    y: false,
    points: { size: 7 },
    drag: {
      x: true,
      y: false,
      dist: 5,
      setScale: false, // the axis group does that, for all its charts
      click: () => null,
    },
    bind: { dblclick: () => null },
    sync: {
      key: group,
      scales: ["x", null],
      filters: { pub: (type) => type === "mousemove", sub: () => true },
    },
  };
}

/** The time on show: a line, with a triangle on top. */
function drawMarker({ ctx, bbox }: uPlot, at: number | undefined, theme: Theme, unit: number): void {
  if (at === undefined || at < 0 || at > 1) return;
  const size = 5 * unit * (window.devicePixelRatio || 1);
  const x = Math.round(bbox.left + at * bbox.width);
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.fillStyle = theme.text;
  ctx.lineWidth = size / 4;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - size, bbox.top - size);
  ctx.lineTo(x + size, bbox.top - size);
  ctx.lineTo(x, bbox.top + size / 2);
  ctx.fill();
  ctx.restore();
}
