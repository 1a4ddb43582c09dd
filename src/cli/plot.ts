/** A curve of the terminal plot: values at ascending x, the character it is drawn with, a colour (SGR code). */
export interface Curve {
  label: string;
  mark: string;
  colour: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

const height = 18;
/** Columns of the numbers at the left. */
const margin = 11;

/**
 * Curves over a common axis from 0 to the radius beyond which all are below `cut` of the maximum, as lines of text.
 * Later curves are drawn over earlier ones. Colours only if asked for: the marks tell the curves apart without. All of
 * it takes 80 columns.
 */
export function plot(
  curves: readonly Curve[],
  { colours = false, xLabel = "r", yLabel = "f", cut = 1e-3 } = {},
): string {
  const width = 80 - margin - 2 - xLabel.length;
  let top = 0;
  for (const { y } of curves) for (let i = 0; i < y.length; i++) top = Math.max(top, y[i]!);
  let right = 0;
  for (const { x, y } of curves) {
    let i = y.length - 1;
    while (i > 0 && y[i]! < cut * top) i--;
    right = Math.max(right, x[i]!);
  }
  right = roundUp(right);
  const cells = Array.from({ length: height }, () => new Array<Curve | undefined>(width).fill(undefined));
  for (const curve of curves) drawCurve(cells, curve, right, top);

  const paint = (cell: Curve | undefined) =>
    cell === undefined ? " " : colours ? `\x1b[${cell.colour}m${cell.mark}\x1b[0m` : cell.mark;
  const label = (row: number) =>
    (row % 4 === 0 ? shortNumber((top * (height - 1 - row)) / (height - 1)) : "").padStart(9);
  const lines = [`${" ".repeat(margin - 1)}${yLabel}`];
  lines.push(...cells.map((row, k) => `${label(k)} ┤${row.map(paint).join("")}`.trimEnd()));
  lines.push(`${" ".repeat(margin - 1)}└${"─".repeat(width)}`);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => shortNumber(right * share));
  let axis = " ".repeat(margin);
  ticks.forEach((tick, k) => {
    const column = margin + Math.round((k / 4) * (width - 1));
    const start =
      k === 0 ? column : k === 4 ? column + 1 - tick.length : column - Math.floor(tick.length / 2);
    axis = axis.padEnd(start) + tick;
  });
  lines.push(`${axis}  ${xLabel}`);
  const legend = curves.map((curve) => `${paint(curve)} ${curve.label}`).join("  ");
  lines.push(`${" ".repeat(margin)}${legend}`);
  return `${lines.join("\n")}\n`;
}

/** The next number of two digits, so that the ticks are plain. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / (4 * unit) - 1e-9) * 4 * unit;
}

/** One column after the other, with the rows between two neighbouring points filled in. */
function drawCurve(cells: (Curve | undefined)[][], curve: Curve, right: number, top: number): void {
  const row = (value: number) => Math.round((height - 1) * (1 - value / top));
  const width = cells[0]!.length;
  let previous: number | undefined;
  let i = 0;
  for (let column = 0; column < width; column++) {
    const r = (right * column) / (width - 1);
    while (i + 1 < curve.x.length && curve.x[i + 1]! <= r) i++;
    const here = row(interpolated(curve, i, r));
    const from =
      previous === undefined || Math.abs(previous - here) < 2 ? here : previous + Math.sign(here - previous);
    for (let k = Math.min(from, here); k <= Math.max(from, here); k++) cells[k]![column] = curve;
    previous = here;
  }
}

function interpolated({ x, y }: Curve, i: number, r: number): number {
  if (i + 1 >= x.length || r <= x[i]!) return y[i]!;
  const share = (r - x[i]!) / (x[i + 1]! - x[i]!);
  return y[i]! + share * (y[i + 1]! - y[i]!);
}

function shortNumber(value: number): string {
  if (value === 0) return "0";
  return value >= 1e4 || value < 1e-2 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
