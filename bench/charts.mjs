// node bench/charts.mjs: docs/images/{kernel,scipy,work-precision,methods}.svg from bench/results.json: those of them of
// which `npm run bench -- kernel scipy relaxation methods` has stored results.
import { writeFile } from "node:fs/promises";
import { chart, machine } from "./chart.mjs";
import { results } from "./results.mjs";
import { median } from "./tools.mjs";

const stored = await results();
const draw = async (name, bench, panels) => {
  const command = `npm run bench -- ${bench}`;
  if (!stored[bench]) return console.log(`${name}.svg stays as it is: no results, ${command}`);
  const file = new URL(`../docs/images/${name}.svg`, import.meta.url);
  await writeFile(file, chart(panels(stored[bench]), machine(stored[bench], command)));
};

await draw("kernel", "kernel", ({ measured }) => [
  {
    title: "one Newton iteration: median, least, greatest",
    x: "cells",
    y: "ns a cell",
    series: Object.entries({
      wasm: "WebAssembly (Node)",
      c: "C (cc -O3 -march=native)",
      cPlain: "C without fused multiply-add",
    })
      .filter(([key]) => measured.some(({ times }) => times[key]))
      .map(([key, name]) => ({
        name,
        points: measured.map(({ cells, times }) => {
          const { mean, eliminate, update } = times[key];
          const rounds = mean.map((value, k) => value + eliminate[k] + update[k]);
          return { x: cells, y: median(rounds), range: [Math.min(...rounds), Math.max(...rounds)] };
        }),
      })),
  },
]);

await draw("scipy", "scipy", ({ measured }) => [
  {
    title: "rosenbluth to t = 900 at 1e-6",
    x: "cells",
    y: "seconds",
    series: [...new Set(measured.map(({ method }) => method))].map((method) => ({
      name: method === "lfd" ? "landau-fermi-dirac" : `SciPy ${method}`,
      points: measured
        .filter((each) => each.method === method)
        .map(({ cells, seconds, ratios }) => ({
          x: cells,
          y: median(seconds),
          label: method === "BDF" || method === "Radau" ? `${Number(median(ratios).toPrecision(2))} ×` : "", // LSODA is near BDF
        })),
    })),
  },
]);

await draw("work-precision", "relaxation", ({ precision }) =>
  ["rosenbluth", "annulus", "near-saturation"].map((problem) => ({
    title: `${problem}, 400 cells`,
    x: "Newton iterations",
    y: "relative L¹ error from the integration in time",
    series: [...new Set(precision.map(({ method }) => method))].map((method) => ({
      name: method,
      points: precision
        .filter((each) => each.name === problem && each.method === method)
        .map(({ newtonIterations, error, tolerance }) => ({
          x: newtonIterations,
          y: error,
          label: method === "sdirk4" && tolerance === 1e-6 ? "default" : "",
        })),
    })),
  })),
);

await draw("methods", "methods", ({ measured }) =>
  [...new Set(measured.map(({ problem }) => problem))].map((problem, k) => ({
    title: `${problem}, 100 cells, prototypes`,
    x: "solves",
    y: "relative L¹ error from the integration in time",
    legend: k === 0 ? "bottom" : "none",
    series: [...new Set(measured.map(({ method }) => method))].map((method) => ({
      name: method,
      points: measured
        .filter((each) => each.problem === problem && each.method === method && each.error !== null)
        .map(({ solves, error }) => ({ x: solves, y: error })),
    })),
  })),
);
