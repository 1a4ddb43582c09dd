/**
 * Panels of lines with marks, side by side, over logarithmic axes of whole decades, as SVG.
 * panels: [{ title, x, y, legend?, series: [{ name, points: [{ x, y, label?, open?, range? }], line? }] }], x and y the axes' titles, legend
 * "top" (the default), "bottom" or "none"; a name has the same colour and mark in every panel. Open marks are for what was not
 * measured; the line does not go there. `range` is the least and the greatest y, a bar through the mark.
 */
export function chart(panels, caption) {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const style = new Map(names.map((name, k) => [name, { colour: colours[k], mark: marks[k] }]));
  const drawn = panels.map(
    (panel, k) => `<g transform="translate(${k * width},0)">${draw(panel, style)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width * panels.length} ${height + 26}" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join("\n")}
<text x="${margin.left}" y="${height + 14}" font-size="10" fill="#555">${escaped(caption)}</text>
</svg>
`;
}

/** What a caption says of the machine of a result. */
export function machine({ processor, node, date }, command) {
  return `${processor}, Node ${node}, ${date.slice(0, 10)}. ${command}`;
}

const width = 440;
const height = 340;
const margin = { left: 62, right: 30, top: 40, bottom: 46 };
const colours = ["#0b6e4f", "#b3541e", "#5b4db1", "#1f6fb2", "#8a6d00", "#a3235b"];
const marks = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="4"/>`,
  (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
  (x, y) => `<path d="M${x} ${y - 5}l5 9h-10z"/>`,
  (x, y) => `<path d="M${x} ${y - 5}l5 5l-5 5l-5 -5z"/>`,
  (x, y) => `<path d="M${x} ${y + 5}l5 -9h-10z"/>`,
  (x, y) => `<rect x="${x - 5}" y="${y - 2}" width="10" height="4"/>`,
];

function draw({ title, x: xTitle, y: yTitle, legend = "top", series }, style) {
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) throw new Error(`nothing to draw: ${title}`);
  const [x0, x1] = decades(all.map(({ x }) => x));
  const [y0, y1] = decades(all.flatMap(({ y, range = [] }) => [y, ...range]));
  const px = (x) =>
    round(margin.left + ((Math.log10(x) - x0) / (x1 - x0)) * (width - margin.left - margin.right));
  const py = (y) =>
    round(
      height - margin.bottom - ((Math.log10(y) - y0) / (y1 - y0)) * (height - margin.top - margin.bottom),
    );
  const parts = [`<text x="${margin.left}" y="22" font-weight="600" fill="#222">${escaped(title)}</text>`];
  for (let power = x0; power <= x1; power++) {
    const x = px(10 ** power);
    parts.push(`<path d="M${x} ${margin.top}V${height - margin.bottom}" stroke="#e4e4e4"/>`);
    parts.push(
      `<text x="${x}" y="${height - margin.bottom + 16}" text-anchor="middle" fill="#444">${decade(power)}</text>`,
    );
  }
  const every = Math.ceil((y1 - y0) / 8);
  for (let power = y0; power <= y1; power += every) {
    const y = py(10 ** power);
    parts.push(`<path d="M${margin.left} ${y}H${width - margin.right}" stroke="#e4e4e4"/>`);
    parts.push(
      `<text x="${margin.left - 6}" y="${y + 4}" text-anchor="end" fill="#444">${decade(power)}</text>`,
    );
  }
  parts.push(
    `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 12}" text-anchor="middle" fill="#444">${escaped(xTitle)}</text>`,
    `<text transform="translate(14,${(margin.top + height - margin.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#444">${escaped(yTitle)}</text>`,
  );
  for (const { name, points, line = true } of series) {
    const { colour, mark } = style.get(name);
    const at = points.filter(({ open }) => !open).map(({ x, y }) => `${px(x)} ${py(y)}`);
    if (line) parts.push(`<path d="M${at.join("L")}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
    for (const { x, range } of points) {
      if (range) parts.push(`<path d="M${px(x)} ${py(range[0])}V${py(range[1])}" stroke="${colour}"/>`);
    }
    for (const { x, y, open } of points) {
      const fill = open ? `fill="#ffffff" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
      parts.push(`<g ${fill}>${mark(px(x), py(y))}</g>`);
    }
    points.forEach(({ x, y, label }, k) => {
      if (!label) return;
      const next = points[k + 1];
      const crowded = next && Math.hypot(px(next.x) - px(x), 3 * (py(next.y) - py(y))) < 50;
      // Lines fall to the right: above to the right, or below to the left, a label is clear of its own.
      const left = px(x) > width - 110 || (crowded && px(x) > margin.left + 70);
      const [dx, dy, anchor] = left ? [-7, 13, "end"] : [7, -6, "start"];
      parts.push(
        `<text x="${px(x) + dx}" y="${py(y) + dy}" font-size="10" fill="${colour}" text-anchor="${anchor}">${escaped(label)}</text>`,
      );
    });
  }
  if (legend === "none") return parts.join("\n");
  series.forEach(({ name }, k) => {
    const x = margin.left + 14;
    const y =
      legend === "top"
        ? margin.top + 14 + 16 * k
        : height - margin.bottom - 10 - 16 * (series.length - 1 - k);
    const { colour, mark } = style.get(name);
    parts.push(
      `<g fill="${colour}">${mark(x, y - 4)}</g><text x="${x + 10}" y="${y}" fill="#222">${escaped(name)}</text>`,
    );
  });
  return parts.join("\n");
}

const decades = (values) => {
  const low = Math.floor(Math.log10(Math.min(...values)));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))];
};
const round = (value) => Math.round(value * 10) / 10;
const decade = (power) =>
  `10${[...String(power)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])).join("")}`;
const escaped = (text) =>
  text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
