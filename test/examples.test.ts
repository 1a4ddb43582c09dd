import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { equilibrium } from "../src/index.js";
import { folder, lfd } from "./cli.js";

// The examples as they are called. examples/relaxation-time has a test of its own, examples/static-page is in package.test.ts.

const examples = fileURLToPath(new URL("../examples", import.meta.url));

async function run(name: string): Promise<{ said: string; svg: string }> {
  const cwd = folder();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(examples, name, `${name}.mjs`), "picture.svg"],
    { cwd },
  );
  const svg = fs.readFileSync(path.join(cwd, "picture.svg"), "utf8");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  return { said: stdout, svg };
}

it("shell: the published value at the origin, five profiles over the Maxwellian", async () => {
  const { said, svg } = await run("shell");
  expect(Number(/f\(0\) at the end: ([\d.e-]+)/.exec(said)![1])).toBeCloseTo(1.73275e-2, 6);
  expect(svg.match(/<polyline/g)).toHaveLength(6);
});

it("pauli-blocking: the nearer to saturation, the slower, by more than ten", async () => {
  const { said, svg } = await run("pauli-blocking");
  const times = [...said.matchAll(/moved by t = ([\d.e-]+)/g)].map(([, time]) => Number(time));
  expect(times).toHaveLength(4);
  for (let k = 1; k < 4; k++) expect(times[k]).toBeGreaterThan(1.5 * times[k - 1]!);
  expect(times[3]! / times[0]!).toBeGreaterThan(10);
  expect(svg.match(/<polyline/g)).toHaveLength(4);
});

it("own-data: a CSV through the program and through lfd run is the same problem", async () => {
  const { said } = await run("own-data");
  const { stdout } = await lfd(["run", path.join(examples, "own-data/problem.yaml"), "--json"]);
  const { samples, equilibrium: end } = JSON.parse(stdout);
  expect(Number(/T = ([\d.]+)/.exec(said)![1])).toBeCloseTo(end.temperature, 5);
  const { mass, energy } = samples[0];
  expect(end.temperature).toBeCloseTo(equilibrium({ mass, energy, epsilon: 1 }).temperature, 8);
});

it("own-diagnostic: the tail fills", async () => {
  const { said } = await run("own-diagnostic");
  expect(Number(/at the end ([\d.]+)/.exec(said)![1])).toBeCloseTo(1, 3);
});

it("read-in-python", async (context) => {
  const script = path.join(examples, "read-in-python/read.py");
  const python = [process.env.PYTHON, "python3", "/usr/bin/python3"].find((name) => {
    try {
      execFileSync(name!, ["-c", "import h5py"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
  if (python === undefined) {
    console.log("skipped: no Python with h5py (apt-get install python3-h5py, or name one in PYTHON)");
    return context.skip();
  }
  const cwd = folder();
  await lfd(["run", "annulus", "--cells", "100", "--until", "5", "--output", "annulus.h5"], { cwd });
  const said = execFileSync(python, [script, "annulus.h5", "picture.svg"], { cwd, encoding: "utf8" });
  expect(said).toMatch(/epsilon = 1\.0, 21 samples of 100 cells, in v0/);
  expect(said).toMatch(/kind annulus; H\[f\|M\] falls from 1\d\.\d+ to 0\.\d+ at t = 5/);
  expect(fs.readFileSync(path.join(cwd, "picture.svg"), "utf8").match(/<polyline/g)).toHaveLength(4);
});
