// A line chart as SVG: what the examples draw with.
import { writeFileSync } from "node:fs";

const colours = ["#2b2b2b", "#1f6f8b", "#3a8f5c", "#c08a1e", "#8c2d04", "#7a4a9e"];
const [width, height, left, right, top, bottom] = [720, 440, 72, 120, 52, 52];

/** Round numbers from `low` to `high`: on a logarithmic axis decades, between few of them 2 and 5 too; else even steps. */
function ticks(low, high, log) {
  if (log) {
    const first = Math.floor(Math.log10(low));
    const decades = Math.log10(high / low);
    const every = Math.ceil(decades / 8) || 1;
    const within = decades < 3 ? [1, 2, 5] : [1];
    return Array.from({ length: Math.ceil(decades / every) + 2 }, (_, k) => 10 ** (first + k * every))
      .flatMap((decade) => within.map((multiple) => multiple * decade))
      .filter((v) => v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9));
  }
  const raw = (high - low) / 6;
  const decade = 10 ** Math.floor(Math.log10(raw));
  const step = decade * [1, 2, 5, 10].find((multiple) => multiple * decade >= raw);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

const label = (value) =>
  value !== 0 && (Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3)
    ? value.toExponential(0)
    : String(Number(value.toPrecision(6)));
const escaped = (text) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * Writes `curves`, each {label, x, y, dashed?}, to `file`. `x` and `y` are the axes: {label, log?, from?, to?}; points that a
 * logarithmic axis has no place for are left out.
 */
export function chart(file, { title, subtitle = "", x, y, curves }) {
  const place = (axis, key, [begin, end]) => {
    const values = curves
      .flatMap((curve) => Array.from(curve[key]))
      .filter((v) => Number.isFinite(v) && (!axis.log || v > 0));
    const low = axis.from ?? values.reduce((a, b) => Math.min(a, b));
    const high = axis.to ?? values.reduce((a, b) => Math.max(a, b));
    const scale = axis.log ? Math.log : (v) => v;
    const at = (v) => begin + ((end - begin) * (scale(v) - scale(low))) / (scale(high) - scale(low));
    return { at, ticks: ticks(low, high, axis.log), holds: (v) => v >= low && v <= high };
  };
  const across = place(x, "x", [left, width - right]);
  const up = place(y, "y", [height - bottom, top]);
  const text = (px, py, anchor, content, more = "") =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" text-anchor="${anchor}" ${more}>${escaped(content)}</text>`;
  const parts = [
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(left, 22, "start", title, 'font-weight="600"'),
    text(left, 40, "start", subtitle, 'fill="#666"'),
    text((left + width - right) / 2, height - 12, "middle", x.label),
    text(0, 0, "middle", y.label, `transform="translate(16 ${(top + height - bottom) / 2}) rotate(-90)"`),
  ];
  for (const v of up.ticks) {
    parts.push(
      `<path d="M${left} ${up.at(v).toFixed(1)}H${width - right}" stroke="#e3e3e3"/>`,
      text(left - 8, up.at(v) + 4, "end", label(v)),
    );
  }
  for (const v of across.ticks) {
    parts.push(
      `<path d="M${across.at(v).toFixed(1)} ${height - bottom}v5" stroke="#666"/>`,
      text(across.at(v), height - bottom + 20, "middle", label(v)),
    );
  }
  parts.push(`<path d="M${left} ${height - bottom}H${width - right}" stroke="#666"/>`);
  curves.forEach((curve, k) => {
    const colour = colours[k % colours.length];
    const points = Array.from(curve.x, (v, i) => [v, curve.y[i]])
      .filter(([px, py]) => across.holds(px) && up.holds(py))
      .map(([px, py]) => `${across.at(px).toFixed(1)},${up.at(py).toFixed(1)}`);
    const dashes = curve.dashed ? ' stroke-dasharray="5 4"' : "";
    parts.push(
      `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`,
    );
    const py = top + 8 + 20 * k;
    parts.push(
      `<path d="M${width - right + 10} ${py - 4}h16" stroke="${colour}" stroke-width="2"${dashes}/>`,
      text(width - right + 32, py, "start", curve.label),
    );
  });
  writeFileSync(
    file,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#222">\n<title>${escaped(title)}</title>\n${parts.join("\n")}\n</svg>\n`,
  );
}
