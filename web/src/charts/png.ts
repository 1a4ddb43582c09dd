import uPlot from "uplot";
import type { Frame } from "./axes.js";
import { textWidth } from "./element.js";
import { plotOptions } from "./options.js";
import { dashes, type Line } from "./picture.js";
import type { Theme } from "./theme.js";

export interface PngSettings {
  frame: Frame;
  theme: Theme;
  title: string;
  subtitle: string;
  /** Of the plot, in CSS pixels. */
  width: number;
  height: number;
  /** Pixels of the image in one CSS pixel. */
  scale: number;
}

const margin = 16;
const size = { title: 17, text: 12 };
const rowHeight = 20;
const swatch = 36;
const gap = 18;

/** The chart as an image: title, plot, legend, in the colours on the screen. */
export async function chartPNG(settings: PngSettings): Promise<Blob> {
  const { frame, theme, title, subtitle, width, height, scale } = settings;
  const font = `${size.text}px ${theme.fontFamily}`;
  const rows = legendRows(frame.geometry.lines, width, font);
  const head = margin + size.title + (subtitle ? size.text + 8 : 0) + 12;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((width + 2 * margin) * scale);
  canvas.height = Math.round((head + height + 8 + rows.length * rowHeight + margin) * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no canvas to draw on");

  const plot = await drawnPlot(settings);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(plot, Math.round(margin * scale), Math.round(head * scale));
  context.scale(scale, scale);
  context.fillStyle = theme.text;
  context.textBaseline = "alphabetic";
  context.font = `600 ${size.title}px ${theme.fontFamily}`;
  context.fillText(title, margin, margin + size.title, width);
  context.font = font;
  if (subtitle) context.fillText(subtitle, margin, margin + size.title + size.text + 8, width);
  rows.forEach((row, k) => {
    const y = head + height + 8 + (k + 0.5) * rowHeight;
    let x = margin;
    for (const { line, extent } of row) {
      drawSwatch(context, line, theme, x, y);
      context.fillText(line.label, x + swatch + 6, y + 4, width - swatch - 6);
      x += extent + gap;
    }
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error(`the image of ${canvas.width} × ${canvas.height} pixels could not be made`));
    }, "image/png");
  });
}

/** A uPlot of the same frame, off the page, `scale` times as large. */
async function drawnPlot({ frame, theme, width, height, scale }: PngSettings): Promise<HTMLCanvasElement> {
  const unit = scale / (window.devicePixelRatio || 1);
  const options = plotOptions({
    frame: () => frame,
    theme,
    width: width * unit,
    height: height * unit,
    unit,
  });
  const plot = await new Promise<uPlot>((resolve) => {
    options.hooks = { ...options.hooks, ready: [resolve] };
    new uPlot(options, frame.geometry.data, (_, init) => init());
  });
  const { canvas } = plot.ctx;
  plot.destroy();
  return canvas;
}

function legendRows(lines: readonly Line[], width: number, font: string) {
  const rows: { line: Line; extent: number }[][] = [[]];
  let used = 0;
  for (const line of lines) {
    const extent = Math.min(swatch + 6 + textWidth(line.label, font), width);
    if (used > 0 && used + extent > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)!.push({ line, extent });
    used += extent + gap;
  }
  return rows;
}

function drawSwatch(
  context: CanvasRenderingContext2D,
  { colour, dash, width }: Line,
  theme: Theme,
  x: number,
  y: number,
): void {
  context.save();
  context.strokeStyle = theme[colour];
  context.lineWidth = width;
  context.setLineDash([...dashes[dash]]);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + swatch, y);
  context.stroke();
  context.restore();
}
