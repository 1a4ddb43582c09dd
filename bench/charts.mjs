// node bench/charts.mjs: docs/images/{kernel,scipy}.svg from bench/results.json (what `npm run bench -- kernel scipy` stored).
import { writeFile } from "node:fs/promises";
import { chart, machine } from "./chart.mjs";
import { results } from "./results.mjs";

const stored = await results();
const draw = async (name, command, panels) => {
  if (!stored[name]) throw new Error(`bench/results.json has no results of ${name}: ${command}`);
  const file = new URL(`../docs/images/${name}.svg`, import.meta.url);
  await writeFile(file, chart(panels(stored[name]), machine(stored[name], command)));
};

await draw("kernel", "npm run bench -- kernel", ({ measured }) => [
  {
    title: "one Newton iteration, fastest rounds",
    x: "cells",
    y: "ns a cell",
    series: Object.entries({
      wasm: "WebAssembly (Node)",
      c: "C (cc -O3 -march=native)",
      cPlain: "C without fused multiply-add",
    }).map(([key, name]) => ({
      name,
      points: measured
        .filter((each) => each[key])
        .map(({ cells, [key]: { mean, eliminate, update } }) => ({
          x: cells,
          y: Math.min(...mean.map((value, k) => value + eliminate[k] + update[k])),
        })),
    })),
  },
]);

await draw("scipy", "npm run bench -- scipy", ({ measured }) => [
  {
    title: "rosenbluth to t = 900 at 1e-6",
    x: "cells",
    y: "processor seconds",
    series: [...new Set(measured.map(({ method }) => method))].map((method) => ({
      name: method === "lfd" ? "landau-fermi-dirac" : `SciPy ${method}`,
      points: measured
        .filter((each) => each.method === method)
        .map(({ cells, seconds, ratio }) => ({
          x: cells,
          y: seconds,
          label: ratio ? `${Number(ratio.toPrecision(2))} ×` : "",
        })),
    })),
  },
]);
