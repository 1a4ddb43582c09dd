// Initial data from a CSV: node examples/own-data/own-data.mjs [PICTURE.svg]
import { readFileSync } from "node:fs";
import { equilibriumValue, radialNodes, simulate } from "landau-fermi-dirac";
import { chart } from "../svg.mjs";

const rows = readFileSync(new URL("measured.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1);
const [r, f] = [0, 1].map((column) => rows.map((row) => Number(row.split(",")[column])));

const result = await simulate({
  epsilon: 1,
  initial: { kind: "table", r, f },
  until: 20,
  samples: { at: [0.1, 1] },
  grid: { cells: 500 },
});
const nodes = radialNodes(result.grid.faces);
chart(process.argv[2] ?? "own-data.svg", {
  title: "From a measured distribution to equilibrium",
  subtitle: "a Fermi sea and a bump of fast particles, from measured.csv, ε = 1",
  x: { label: "r = |v|", from: 0, to: 3.5 },
  y: { label: "f", from: 0, to: 1 },
  curves: [
    ...result.profiles.map((profile, k) => ({
      label: `t = ${result.samples[k].time}`,
      x: nodes,
      y: profile,
    })),
    {
      label: "Fermi–Dirac",
      x: nodes,
      y: nodes.map((v) => equilibriumValue(result.equilibrium, 1, v)),
      dashed: true,
    },
  ],
});
console.log(
  `T = ${result.equilibrium.temperature.toPrecision(6)}, ε = ${(1 / result.equilibrium.saturation).toPrecision(4)} ε*`,
);
