import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readData } from "../src/problem/read-data.js";
import { planRuns } from "../src/sweep/plan.js";
import { folder, lfd } from "./cli.js";

const example = fileURLToPath(new URL("../examples/relaxation-time", import.meta.url));

it("the example of relaxation times: 200 runs to 0.999 ε*, and a plot of what they give", async () => {
  const plan = await planRuns(await readData(path.join(example, "sweep.yaml")), example);
  expect(plan.ids).toHaveLength(200);
  expect(plan.run(0).problem.epsilon).toBe(0);
  expect(plan.run(199).parameters["epsilon.ofSaturation"]).toBe(0.999);
  // fewer runs and cells than in the example itself, which takes ten seconds
  const text = fs.readFileSync(path.join(example, "sweep.yaml"), "utf8");
  const cwd = folder({
    "sweep.yaml": text.replace("0.999, 200", "0.999, 6").replace("cells: 1000", "cells: 200"),
  });
  const { status, stderr } = await lfd(["sweep", "sweep.yaml", "--output", "results"], { cwd });
  expect([status, stderr]).toEqual([0, ""]);
  const said = execFileSync(process.execPath, [path.join(example, "plot.mjs"), "results", "plot.svg"], {
    cwd,
    encoding: "utf8",
  });
  // blocked collisions: next to saturation it takes many times as long
  const [, first, last] = /to 1\/e: t = ([\d.]+) at ε\/ε\* = 0, ([\d.]+) at 0\.999/.exec(said)!.map(Number);
  expect(last! / first!).toBeGreaterThan(20);
  const svg = fs.readFileSync(path.join(cwd, "plot.svg"), "utf8");
  expect(svg.match(/<polyline /g)).toHaveLength(3);
  expect(svg).not.toContain("NaN");
});
