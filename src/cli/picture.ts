/** A curve of a picture; points that are not numbers are left out. */
export interface PictureCurve {
  label: string;
  x: readonly number[];
  y: readonly number[];
  dashed?: boolean;
}

export interface Picture {
  title: string;
  xLabel: string;
  yLabel: string;
  curves: readonly PictureCurve[];
  logX?: boolean;
  logY?: boolean;
}

const width = 720;
const height = 440;
const frame = { left: 78, right: 150, top: 36, bottom: 48 };
const colours = [
  "#7f7f7f",
  "#1f77b4",
  "#d62728",
  "#2ca02c",
  "#9467bd",
  "#ff7f0e",
  "#17becf",
  "#8c564b",
  "#e377c2",
];

/** Curves over common axes as an SVG document, readable on light and on dark ground. */
export function curvePicture({ title, xLabel, yLabel, curves, logX = false, logY = false }: Picture): string {
  const xs = axis(
    curves.flatMap(({ x }) => [...x]),
    logX,
    frame.left,
    width - frame.right,
  );
  const ys = axis(
    curves.flatMap(({ y }) => [...y]),
    logY,
    height - frame.bottom,
    frame.top,
  );
  const parts: string[] = [];
  const text = (x: number, y: number, content: string, anchor = "middle", more = "") =>
    parts.push(
      `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${more}>${escaped(content)}</text>`,
    );
  for (const tick of xs.ticks) {
    const at = xs.place(tick);
    parts.push(`<path d="M${at.toFixed(1)} ${frame.top}V${height - frame.bottom}" stroke="#ddd"/>`);
    text(at, height - frame.bottom + 18, label(tick));
  }
  for (const tick of ys.ticks) {
    const at = ys.place(tick);
    parts.push(`<path d="M${frame.left} ${at.toFixed(1)}H${width - frame.right}" stroke="#ddd"/>`);
    text(frame.left - 6, at + 4, label(tick), "end");
  }
  curves.forEach((curve, k) => {
    const colour = colours[k % colours.length]!;
    const points = curve.x
      .map((x, i) => [xs.place(x), ys.place(curve.y[i]!)] as const)
      .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
      .map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
    const dash = curve.dashed ? ' stroke-dasharray="6 4"' : "";
    parts.push(`<path d="M${points.join("L")}" fill="none" stroke="${colour}" stroke-width="1.8"${dash}/>`);
    const y = frame.top + 14 + 18 * k;
    const x = width - frame.right + 12;
    parts.push(`<path d="M${x} ${y - 4}h22" stroke="${colour}" stroke-width="1.8"${dash}/>`);
    text(x + 28, y, curve.label, "start");
  });
  text((frame.left + width - frame.right) / 2, 20, title, "middle", 'font-weight="bold"');
  text((frame.left + width - frame.right) / 2, height - 10, xLabel);
  const middle = (frame.top + height - frame.bottom) / 2;
  text(16, middle, yLabel, "middle", `transform="rotate(-90 16 ${middle})"`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">\n` +
    `<title>${escaped(title)}</title>\n<rect width="${width}" height="${height}" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`
  );
}

/** Where values go between two ends of the picture, and round values to mark. */
function axis(values: number[], log: boolean, from: number, to: number) {
  const used = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const scale = log ? Math.log10 : (value: number) => value;
  let [low, high] = [Math.min(...used.map(scale)), Math.max(...used.map(scale))];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  if (!log && low > 0 && low < 0.3 * high) low = 0;
  const ticks: number[] = [];
  if (log) {
    const stride = Math.max(1, Math.round((high - low) / 7));
    for (let k = Math.floor(low); k <= Math.ceil(high); k += stride) {
      for (const factor of high - low < 2.5 ? [1, 2, 5] : [1]) ticks.push(factor * 10 ** k);
    }
  } else {
    const unit = 10 ** Math.floor(Math.log10((high - low) / 2));
    const step = [1, 2, 5].map((f) => f * unit).find((s) => (high - low) / s <= 8) ?? 10 * unit;
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) ticks.push(k * step);
  }
  const place = (value: number) => from + ((scale(value) - low) / (high - low)) * (to - from);
  const slack = 1e-9 * (high - low);
  return {
    place,
    ticks: ticks.filter((tick) => scale(tick) >= low - slack && scale(tick) <= high + slack),
  };
}

function label(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return rounded !== 0 && (Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e5)
    ? rounded.toExponential().replace("e+", "e")
    : String(rounded);
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
