// Relaxation times of a sweep over ε, from its samples.parquet: node plot.mjs RESULTS PLOT.svg
import { writeFileSync } from "node:fs";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const [directory = "results", output = "relaxation-time.svg"] = process.argv.slice(2);
const read = async (name) =>
  parquetReadObjects({ file: await asyncBufferFromFile(`${directory}/${name}.parquet`) });

/**
 * The first time at which H_ε[f|M] has fallen to this share of its start: ln t as a cubic in ln H through the two samples
 * before and the two after.
 */
function timeToFall(samples, share) {
  const level = Math.log(share * samples[0].relativeEntropy);
  const points = samples
    .slice(1)
    .map(({ time, relativeEntropy }) => [Math.log(relativeEntropy), Math.log(time)]);
  const k = points.findIndex(([h]) => h <= level);
  if (k < 2 || k + 2 > points.length) return Number.NaN; // not within the run
  const near = points.slice(k - 2, k + 2);
  const term = ([h, t], i) =>
    near.reduce((product, [other], j) => (i === j ? product : (product * (level - other)) / (h - other)), t);
  return Math.exp(near.map(term).reduce((sum, value) => sum + value));
}

const samplesOf = new Map();
for (const sample of await read("samples")) {
  if (!samplesOf.has(sample.run)) samplesOf.set(sample.run, []);
  samplesOf.get(sample.run).push(sample);
}
const curves = [
  { share: 0.01, label: "to 1 %", colour: "#8c2d04" },
  { share: 0.1, label: "to 10 %", colour: "#1f6f8b" },
  { share: 1 / Math.E, label: "to 1/e", colour: "#2b2b2b" },
].map((curve) => ({ ...curve, points: [] }));
for (const row of await read("runs")) {
  if (row.status !== "done") continue;
  const x = row["epsilon.ofSaturation"];
  for (const { share, points } of curves) {
    const time = timeToFall(samplesOf.get(row.run), share);
    if (time > 0) points.push({ x, time });
  }
}

// One panel: ε/ε* across, time upwards on a logarithmic scale.
const [width, height, left, right, top, bottom] = [720, 440, 64, 84, 48, 56];
const [slowest, fastest] = [20, 0.1];
const across = (x) => (left + x * (width - left - right)).toFixed(1);
const up = (time) => {
  const share = Math.log(time / fastest) / Math.log(slowest / fastest);
  return (height - bottom - share * (height - top - bottom)).toFixed(1);
};
const text = (x, y, anchor, content, more = "") =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" ${more}>${content}</text>`;
const line = (x1, y1, x2, y2, colour) =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"/>`;

const parts = [
  `<rect width="${width}" height="${height}" fill="#fff"/>`,
  text(
    left,
    22,
    "start",
    "Relaxation time of a ball with a small hole against degeneracy",
    'font-weight="600"',
  ),
  text(left, 40, "start", "time until H_ε[f|M] has fallen to a share of its start", 'fill="#666"'),
];
for (const time of [0.1, 0.2, 0.5, 1, 2, 5, 10, 20]) {
  parts.push(line(left, up(time), width - right, up(time), "#e3e3e3"));
  parts.push(text(left - 8, Number(up(time)) + 4, "end", String(time)));
}
for (const x of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
  parts.push(line(across(x), height - bottom, across(x), height - bottom + 5, "#666"));
  parts.push(text(across(x), height - bottom + 20, "middle", String(x)));
}
parts.push(line(left, height - bottom, width - right, height - bottom, "#666"));
parts.push(text((left + width - right) / 2, height - 14, "middle", "ε/ε*"));
for (const { label, colour, points } of curves) {
  const path = points.map(({ x, time }) => `${across(x)},${up(time)}`).join(" ");
  parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
  const { x, time } = points.at(-1);
  parts.push(text(Number(across(x)) + 8, Number(up(time)) + 4, "start", label, `fill="${colour}"`));
}
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#222">
<title>Relaxation time against degeneracy</title>
${parts.join("\n")}
</svg>
`,
);
for (const { label, points } of curves) {
  const [first, last] = [points[0], points.at(-1)];
  console.log(
    `${label}: t = ${first.time.toFixed(3)} at ε/ε* = ${first.x}, ${last.time.toFixed(3)} at ${last.x}`,
  );
}
