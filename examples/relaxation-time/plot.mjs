// Relaxation times of a sweep over ε, from its samples.parquet: node plot.mjs RESULTS PLOT.svg
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { chart } from "../svg.mjs";

const [directory = "relaxation", output = "relaxation-time.svg"] = process.argv.slice(2);
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
  { share: 0.01, label: "to 1 %" },
  { share: 0.1, label: "to 10 %" },
  { share: 1 / Math.E, label: "to 1/e" },
].map((curve) => ({ ...curve, points: [] }));
for (const row of await read("runs")) {
  if (row.status !== "done") continue;
  const x = row["epsilon.ofSaturation"];
  for (const { share, points } of curves) {
    const time = timeToFall(samplesOf.get(row.run), share);
    if (time > 0) points.push({ x, time });
  }
}

chart(output, {
  title: "Relaxation time of a ball with a small hole against degeneracy",
  subtitle: "time until H_ε[f|M] has fallen to a share of its start",
  x: { label: "ε/ε*", from: 0, to: 1 },
  y: { label: "t", log: true, from: 0.1, to: 20 },
  curves: curves.map(({ label, points }) => ({
    label,
    x: points.map(({ x }) => x),
    y: points.map(({ time }) => time),
  })),
});
for (const { label, points } of curves) {
  const [first, last] = [points[0], points.at(-1)];
  console.log(
    `${label}: t = ${first.time.toFixed(3)} at ε/ε* = ${first.x}, ${last.time.toFixed(3)} at ${last.x}`,
  );
}
