import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { saturation } from "../src/equilibrium/equilibrium.js";
import { RunError } from "../src/errors.js";
import { planRuns } from "../src/sweep/plan.js";
import { randomNumbers } from "../src/sweep/random.js";
import { sobolCoordinates } from "../src/sweep/sobol.js";
import { folder, lfd } from "./cli.js";

const problem = "two-temperature";

/** The values that a sweep gives to these columns, one row a run. */
async function rows(spec: object, ...names: string[]): Promise<unknown[][]> {
  const plan = await planRuns({ problem, ...spec }, ".");
  return plan.ids.map((_, index) => names.map((name) => plan.run(index).parameters[name]));
}

const column = async (spec: object, name: string) =>
  (await rows(spec, name)).map(([value]) => value as number);

describe("values", () => {
  it("lists, linear and logarithmic ranges, ends exactly", async () => {
    expect(await column({ vary: { until: [3, 1, 2] } }, "until")).toEqual([3, 1, 2]);
    expect(await column({ vary: { epsilon: { linear: [0, 5, 6] } } }, "epsilon")).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await column({ vary: { epsilon: { linear: [0.7, 0.1, 3] } } }, "epsilon")).toEqual([
      0.7,
      expect.closeTo(0.4, 14),
      0.1,
    ]);
    const log = await column({ vary: { tolerance: { log: [1e-3, 1e-9, 4] } } }, "tolerance");
    expect([log[0], log[3]]).toEqual([1e-3, 1e-9]);
    expect(log[1]! / 1e-5).toBeCloseTo(1, 12);
    expect(await column({ vary: { "grid.cells": { log: [10, 1000, 4] } } }, "grid.cells")).toEqual([
      10, 46, 215, 1000,
    ]);
  });

  it("any key by its path, text and whole mappings too", async () => {
    const plan = await planRuns(
      {
        problem,
        set: { grid: { cells: 30 }, "initial.components.0.density": 0.6, until: 5 },
        vary: {
          "initial.components.1.temperature": [1.5, 3],
          method: ["sdirk2", "sdirk4"],
          "grid.radius": ["auto", 9],
          samples: [{ count: 2 }, { at: [1, 2] }],
        },
      },
      ".",
    );
    expect(plan.ids).toHaveLength(16);
    expect(plan.columns).toEqual([
      { name: "epsilon", type: "number" },
      { name: "initial.components.1.temperature", type: "number" },
      { name: "method", type: "text" },
      { name: "grid.radius", type: "json" },
      { name: "samples", type: "json" },
    ]);
    const last = plan.run(15);
    expect(last.problem).toMatchObject({
      epsilon: 1,
      initial: {
        components: [
          { density: 0.6, temperature: 0.5 },
          { density: 0.3, temperature: 3 },
        ],
      },
      grid: { cells: 30, radius: 9 },
      method: "sdirk4",
      samples: { at: [0, 1, 2, 5] },
    });
    expect(last.parameters).toMatchObject({ samples: { at: [1, 2] }, "grid.radius": 9 });
  });

  it("epsilon as a fraction of the saturation of each run's own mass and energy", async () => {
    const spec = {
      vary: { "initial.components.0.density": [0.5, 1], epsilon: { ofSaturation: [0, 0.1] } },
    };
    const found = await rows(spec, "initial.components.0.density", "epsilon", "epsilon.ofSaturation");
    for (const [density, epsilon, fraction] of found as number[][]) {
      const limit = saturation(density! + 0.3, 3 * (0.5 * density! + 0.6));
      expect(epsilon).toBeCloseTo(fraction! * limit, 10);
    }
    const half = saturation(1, 3 * (0.35 + 0.6)) / 2;
    for (const fixed of [
      { set: { epsilon: { ofSaturation: 0.5 } } },
      {
        problem: {
          initial: { kind: "maxwellians", components: components() },
          until: 200,
          epsilon: { ofSaturation: 0.5 },
        },
      },
    ]) {
      expect(await column({ ...fixed, vary: { until: [1, 2] } }, "epsilon")).toEqual(
        [half, half].map((x) => expect.closeTo(x, 10)),
      );
    }
    expect(
      await column({ vary: { epsilon: { ofSaturation: { linear: [0, 0.5, 2] } } } }, "epsilon.ofSaturation"),
    ).toEqual([0, 0.5]);
  });

  const components = () => [
    { density: 0.7, temperature: 0.5 },
    { density: 0.3, temperature: 2 },
  ];
});

describe("combinations", () => {
  it("a grid has every value with every other, a zip first with first", async () => {
    const vary = { epsilon: [1, 2], until: [10, 20, 30] };
    expect(await rows({ vary }, "epsilon", "until")).toEqual([
      [1, 10],
      [1, 20],
      [1, 30],
      [2, 10],
      [2, 20],
      [2, 30],
    ]);
    const pairs = { epsilon: { linear: [1, 3, 3] }, until: [10, 20, 30] };
    expect(await rows({ vary: pairs, combine: "zip" }, "epsilon", "until")).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
  });

  const between = { epsilon: { between: [1, 3] }, until: { between: [1, 1e4], spacing: "log" } };

  it("samples lie within their bounds and follow from the seed", async () => {
    for (const kind of ["random", "latinHypercube", "sobol"]) {
      const take = (seed?: number) =>
        rows(
          { vary: between, combine: { [kind]: { count: 50, ...(seed === undefined ? {} : { seed }) } } },
          "epsilon",
          "until",
        );
      const points = (await take(7)) as [number, number][];
      expect(points).toHaveLength(50);
      for (const [epsilon, until] of points) {
        expect(epsilon >= 1 && epsilon < 3 && until >= 1 && until < 1e4).toBe(true);
      }
      expect(await take(7)).toEqual(points);
      expect(await take(8)).not.toEqual(points);
      expect(await take()).toEqual(await take());
      // half of the logarithmic axis lies below 100
      expect(points.filter(([, until]) => until < 100).length).toBeGreaterThan(15);
      expect(points.filter(([, until]) => until < 100).length).toBeLessThan(35);
    }
  });

  it("a Latin hypercube has one point in each interval of each axis", async () => {
    const points = (await rows(
      { vary: between, combine: { latinHypercube: { count: 40, seed: 3 } } },
      "epsilon",
      "until",
    )) as [number, number][];
    const cells = (share: (point: [number, number]) => number) =>
      points.map((point) => Math.floor(40 * share(point) + 1e-9)).sort((a, b) => a - b);
    const all = Array.from({ length: 40 }, (_, k) => k);
    expect(cells(([epsilon]) => (epsilon - 1) / 2)).toEqual(all);
    expect(cells(([, until]) => Math.log10(until) / 4)).toEqual(all);
  });

  it("Sobol points are those of the reference (scipy 1.17, qmc.Sobol unscrambled)", () => {
    const point = (i: number) => Array.from({ length: 12 }, (_, d) => sobolCoordinates(d, 8)[i]! / 2 ** 32);
    expect(point(0)).toEqual(new Array(12).fill(0));
    expect(point(5)).toEqual([
      0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125, 0.375, 0.875,
    ]);
    expect(point(7)).toEqual([
      0.125, 0.625, 0.375, 0.125, 0.125, 0.375, 0.625, 0.625, 0.625, 0.875, 0.625, 0.125,
    ]);
    for (let d = 0; d < 21; d++) {
      // every dimension is a (0, 1)-sequence: one point in each of 1024 intervals
      const cells = sobolCoordinates(d, 1024).map((x) => x >>> 22);
      expect(new Set(cells).size).toBe(1024);
    }
  });

  it("random numbers use the whole interval and the whole seed", () => {
    const take = (seed: number) => {
      const random = randomNumbers(seed);
      return Array.from({ length: 1000 }, random);
    };
    const mean = take(1).reduce((sum, u) => sum + u, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(new Set([1, 2, 2 ** 32 + 1, 2 ** 40].map((seed) => take(seed)[0])).size).toBe(4);
  });
});

describe("a run's id", () => {
  it("follows from the resolved problem and the solver alone", async () => {
    const ids = async (spec: object) => (await planRuns({ problem, ...spec }, ".")).ids;
    const one = await ids({ vary: { epsilon: [1, 2] } });
    expect(await ids({ vary: { epsilon: { linear: [1, 2, 2] } }, combine: "zip" })).toEqual(one);
    expect(await ids({ set: { tolerance: 1e-6, grid: { cells: 2000 } }, vary: { epsilon: [2, 1] } })).toEqual(
      [...one].reverse(),
    );
    expect(await ids({ set: { tolerance: 2e-6 }, vary: { epsilon: [1, 2] } })).not.toEqual(one);
    for (const id of one) expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await ids({ set: { name: "mine" }, vary: { epsilon: [1, 2] } })).toEqual(one);
  });

  it("initial data above 1/ε is not a bad sweep", async () => {
    const plan = await planRuns(
      { problem: "annulus", vary: { epsilon: { ofSaturation: [0.1, 0.999] } } },
      ".",
    );
    expect(plan.run(1).problem.epsilon).toBeGreaterThan(1 / 0.9);
  });
});

describe("what sweep.json records", () => {
  const initial = { kind: "annulus", inner: 1, outer: 2, height: 0.1 };

  it("is the problem with all defaults, without what varies", async () => {
    const { spec } = await planRuns(
      {
        problem: { epsilon: 1, initial, until: 2, samples: { at: [1] } },
        vary: { "initial.inner": [0.5, 1] },
      },
      ".",
    );
    expect(spec).toEqual({
      problem: {
        epsilon: 1,
        initial: { kind: "annulus", outer: 2, height: 0.1 },
        grid: { cells: 2000, radius: "auto" },
        until: 2,
        samples: { at: [0, 1, 2] },
        tolerance: 1e-6,
        method: "sdirk4",
      },
      vary: { "initial.inner": [0.5, 1] },
      combine: "grid",
      profiles: false,
    });
  });

  it("leaves to the runs what follows from what varies, and knows tables by their content", async () => {
    const cwd = folder({ "a.csv": "0 1\n1 0.5\n2 0\n", "b.csv": "0 1\n1 0.4\n2 0\n" });
    const given = {
      problem: { epsilon: { ofSaturation: 0.5 }, initial: { kind: "table" }, until: 2 },
      vary: { until: [1, 2], "initial.file": ["a.csv", "b.csv"] },
    };
    const { spec } = await planRuns(given, cwd);
    expect(spec.problem).toEqual({
      epsilon: { ofSaturation: 0.5 },
      initial: { kind: "table" },
      grid: { cells: 2000, radius: "auto" },
      samples: {},
      tolerance: 1e-6,
      method: "sdirk4",
    });
    const tables = spec.tables as Record<string, string>;
    expect(Object.keys(tables)).toEqual(["a.csv", "b.csv"]);
    fs.writeFileSync(path.join(cwd, "b.csv"), "r,f\n0,1\n1,0.5\n2,0\n"); // the content of a.csv
    const changed = (await planRuns(given, cwd)).spec.tables as Record<string, string>;
    expect([changed["a.csv"], changed["b.csv"]]).toEqual([tables["a.csv"], tables["a.csv"]]);
    expect(tables["b.csv"]).not.toBe(tables["a.csv"]);
  });
});

describe("planning", () => {
  const spec = { problem, vary: { epsilon: { linear: [0.1, 1, 150_000] } } };

  it("tells how far it is, and can be stopped", async () => {
    const told: number[] = [];
    const stop = new AbortController();
    const onPlan = (planned: number, of: number) => {
      expect(of).toBe(150_000);
      told.push(planned);
      if (told.length === 3) stop.abort();
    };
    const error = await planRuns(spec, ".", { signal: stop.signal, onPlan }).catch((caught) => caught);
    expect(error).toBeInstanceOf(RunError);
    expect(error.message).toBe("interrupted before the first run; nothing is written");
    expect(told).toHaveLength(3);
    expect(told[0]! > 0 && told[0]! < told[1]! && told[1]! < told[2]! && told[2]! < 150_000).toBe(true);
  });

  it("of 150,000 runs ends in the list of all of them", async () => {
    const cwd = folder({
      "many.yaml":
        "problem: annulus\nset: {grid: {cells: 20}, until: 1}\nvary: {epsilon: {linear: [0.1, 1, 150000]}}\n",
    });
    const { status, stdout, stderr } = await lfd(["sweep", "many.yaml", "--dry-run"], { cwd });
    expect([status, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 150_000 + 3);
    expect(lines[150_000]).toMatch(/^ *149999 +[0-9a-f]{8} +1$/);
    expect(stdout).toMatch(/^150000 runs; about [^\n]*,\n.* free\)\. Nothing was computed\.\n$/m);
  });
});

describe("tables of a user's data", () => {
  it("are read from beside the sweep, and their content is what counts", async () => {
    const cwd = folder({ "a.csv": "r,f\n0,1\n1,0.5\n2,0\n", "b.csv": "0 1\n1 0.4\n2 0\n", "sub/": "" });
    fs.writeFileSync(path.join(cwd, "sub", "c.csv"), "0 1\n1 0.3\n2 0\n");
    const initial = { kind: "table", file: "a.csv" };
    const spec = {
      problem: { epsilon: 1, initial, until: 1 },
      vary: { "initial.file": ["a.csv", "b.csv", "sub/c.csv"] },
    };
    const plan = await planRuns(spec, cwd);
    expect(plan.ids.map((_, k) => (plan.run(k).problem.initial as { f: number[] }).f[1])).toEqual([
      0.5, 0.4, 0.3,
    ]);
    fs.writeFileSync(path.join(cwd, "b.csv"), "0 1\n1 0.45\n2 0\n");
    const changed = await planRuns(spec, cwd);
    expect(changed.ids.map((id, k) => id === plan.ids[k])).toEqual([true, false, true]);
    expect(changed.hash).not.toBe(plan.hash);
  });
});

it("what lfd sweep --help shows is a sweep, as a grid and as samples", async () => {
  const { stdout } = await lfd(["sweep", "--help"]);
  const text = /\nA sweep:\n([\s\S]*?)\n\n/.exec(stdout)![1]!;
  const spec = parse(text);
  expect((await planRuns(spec, ".")).ids).toHaveLength(8 * 3);
  const [, samplers, options] = /with combine: \{([\w|]+): (\{.*\})\}/.exec(stdout)!;
  const vary = { epsilon: parse(/\{between: .*?\}/.exec(stdout)![0].replace("lo, hi", "0.1, 1")) };
  for (const sampler of samplers!.split("|")) {
    const sampled = { ...spec, vary, combine: parse(`{${sampler}: ${options}}`) };
    expect((await planRuns(sampled, ".")).ids).toHaveLength(500);
  }
});
