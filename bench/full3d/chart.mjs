// node bench/full3d/chart.mjs: docs/images/full3d.svg from bench/results.json (what `npm run bench -- full3d petsc` stored).
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { results } from "../results.mjs";

const file = new URL("../../docs/images/full3d.svg", import.meta.url);

/** Draws error against time: one panel a case. */
export async function writeChart() {
  const { full3d, petsc } = await results();
  if (!full3d) throw new Error("bench/results.json has no full3d results: npm run bench -- full3d");
  const beside = {
    name: "PETSc 2V",
    points: (petsc?.runs ?? []).map(({ cpu, error, dofs }, k, runs) => ({
      x: cpu,
      y: error,
      label: dofs === runs[k - 1]?.dofs ? "" : `${dofs} unknowns`,
    })),
  };
  const panels = [
    { name: "shell", title: "smooth shell, ε = 0: profile f(r)", key: "profile" },
    { name: "degenerate", title: "the same, ε = 76, half of saturation: profile", key: "profile" },
    { name: "mixture", title: "two temperatures, ε = 0, t = 100: M₄(t) - M₄(0)", key: "growth" },
  ]
    .filter(({ name }) => full3d.cases[name])
    .map(({ name, title, key }) => ({
      title,
      series: [...both(full3d.cases[name], key), ...(name === "mixture" && petsc ? [beside] : [])],
    }));
  const caption = `CPU seconds of one thread. ${full3d.processor}, Node ${full3d.node}, ${full3d.date.slice(0, 10)}. npm run bench -- full3d petsc`;
  await writeFile(file, svg(panels, caption));
}

/** The two solvers of a case. */
function both({ runs, method }, key) {
  const points = (solver, name, letter) =>
    runs
      .filter((run) => run.solver === solver && run.method === name)
      .map(({ cpu, errors, cells }) => ({
        x: cpu,
        y: errors[key],
        label: `${letter} = ${cells >= 100 ? `10${superscript(Math.log10(cells))}` : cells}`,
      }));
  return [
    { name: "radial", points: points("radial", "sdirk4", "N") },
    { name: "3D", points: points("3d", method, "n") },
  ];
}

const superscript = (power) => [..."⁰¹²³⁴⁵⁶⁷⁸⁹"][power];
const colours = { radial: "#0b6e4f", "3D": "#b3541e", "PETSc 2V": "#5b4db1" };
const shapes = {
  radial: (x, y) => `<circle cx="${x}" cy="${y}" r="4"/>`,
  "3D": (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
  "PETSc 2V": (x, y) => `<path d="M${x} ${y - 5}l5 9h-10z"/>`,
};

function svg(panels, caption) {
  const width = 440;
  const height = 340;
  const margin = { left: 62, right: 30, top: 40, bottom: 46 };
  const drawn = panels.map(
    (panel, k) => `<g transform="translate(${k * width},0)">${draw(panel, width, height, margin)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width * panels.length} ${height + 26}" font-family="system-ui, sans-serif" font-size="12">
<title>Relative error against CPU time: radial solver, 3D solver, PETSc</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join("\n")}
<text x="${margin.left}" y="${height + 14}" fill="#555">${escaped(caption)}</text>
</svg>
`;
}

/** One panel: logarithmic axes over whole decades, lines with marks, a label at each mark. */
function draw({ title, series }, width, height, margin) {
  const all = series.flatMap(({ points }) => points);
  const decades = (values) => [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values))),
  ];
  const [x0, x1] = decades(all.map(({ x }) => x));
  const [y0, y1] = decades(all.map(({ y }) => y));
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
    `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 12}" text-anchor="middle" fill="#444">seconds</text>`,
  );
  parts.push(
    `<text transform="translate(14,${(margin.top + height - margin.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#444">relative error</text>`,
  );
  for (const { name, points } of series) {
    const colour = colours[name];
    const at = points.map(({ x, y }) => `${px(x)} ${py(y)}`);
    if (name !== "PETSc 2V")
      parts.push(`<path d="M${at.join("L")}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
    parts.push(`<g fill="${colour}">${points.map(({ x, y }) => shapes[name](px(x), py(y))).join("")}</g>`);
    for (const { x, y, label } of points) {
      const end = px(x) > width - 110;
      parts.push(
        `<text x="${px(x) + (end ? -7 : 7)}" y="${py(y) + (end ? 14 : -6)}" font-size="10" fill="${colour}" text-anchor="${end ? "end" : "start"}">${escaped(label)}</text>`,
      );
    }
  }
  series.forEach(({ name }, k) => {
    const x = margin.left + 14;
    const y = height - margin.bottom - 10 - 16 * (series.length - 1 - k);
    parts.push(
      `<g fill="${colours[name]}">${shapes[name](x, y - 4)}</g><text x="${x + 10}" y="${y}" fill="#222">${name}</text>`,
    );
  });
  return parts.join("\n");
}

const round = (value) => Math.round(value * 10) / 10;
const decade = (power) =>
  `10${[...String(power)].map((digit) => (digit === "-" ? "⁻" : superscript(Number(digit)))).join("")}`;
const escaped = (text) =>
  text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await writeChart();
