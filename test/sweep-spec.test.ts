import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { saturation } from "../src/equilibrium/equilibrium.js";
import { InputError, RunError } from "../src/errors.js";
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
    expect(lines).toHaveLength(1 + 150_000 + 2);
    expect(lines[150_000]).toMatch(/^ *149999 +[0-9a-f]{8} +1$/);
    expect(lines.at(-1)).toMatch(/^150000 runs; about .* Nothing was kept\.$/);
  });
});

describe("a bad sweep", () => {
  const epsilon = { epsilon: [1, 2] };
  const cases: [string, object, RegExp][] = [
    ["not a mapping", [], /^sweep: an empty list is not valid; a mapping with keys problem, set, vary/],
    ["no problem", { problem: undefined, vary: epsilon }, /^problem: is missing; a name/],
    [
      "an unknown problem",
      { problem: "anulus", vary: epsilon },
      /^anulus: there is no such file.* did you mean "annulus"/,
    ],
    [
      "an unknown key",
      { vary: epsilon, combin: "zip" },
      /^combin: is not a valid key; valid: .*; did you mean "combine"/,
    ],
    ["a name", { vary: epsilon, name: "../../evil" }, /^name: is not a valid key/],
    ["nothing that varies", {}, /^vary: is missing; a mapping/],
    ["an empty vary", { vary: {} }, /^vary: a mapping is not valid; a mapping of at least one key/],
    [
      "an unknown path",
      { vary: { epsilonn: [1] } },
      /^epsilonn: is not a valid key; .*did you mean "epsilon"\? \[run 0\]$/,
    ],
    [
      "an unknown inner path",
      { vary: { "grid.cell": [10] } },
      /^grid\.cell: is not a valid key; .*did you mean "cells"/,
    ],
    [
      "an element that is not there",
      { vary: { "initial.components.2.density": [1] } },
      /^vary\.initial\.components\.2\.density: "2" is not an element of the list; valid: 0 to 1$/,
    ],
    ["an index with zeros", { vary: { "initial.components.01.density": [1] } }, /"01" is not an element/],
    [
      "a path into a number",
      { vary: { "epsilon.x": [1] } },
      /^vary\.epsilon\.x: leads into 1, which has no key "x"$/,
    ],
    [
      "a path of a file",
      { vary: { "../../etc/passwd": [1] } },
      /^vary\.\.\.\/\.\.\/etc\/passwd: is not a key of the problem/,
    ],
    ["an empty path", { vary: { "": [1] } }, /^vary\.: is not a key of the problem/],
    [
      "__proto__ in a path",
      { vary: { "__proto__.epsilon": [1] } },
      /^vary\.__proto__\.epsilon: is not a valid key$/,
    ],
    [
      "__proto__ in set",
      { set: JSON.parse('{"__proto__": {"epsilon": 2}}'), vary: epsilon },
      /^set\.__proto__: is not a valid key$/,
    ],
    [
      "constructor",
      { set: { "constructor.prototype.x": 1 }, vary: epsilon },
      /^constructor: is not a valid key/,
    ],
    [
      "an axis twice",
      { vary: { initial: [{ kind: "fermi-dirac", a: 1, b: 1 }], "initial.a": [1] } },
      /^vary\.initial\.a: varies what vary\.initial varies; one of them$/,
    ],
    ["an empty list", { vary: { epsilon: [] } }, /^vary\.epsilon: an empty list is not valid/],
    ["a value twice", { vary: { epsilon: [1, 2, 1] } }, /^vary\.epsilon: 1 is there twice; each value once$/],
    [
      "numbers that are none",
      { vary: { epsilon: [Number.NaN, Number.POSITIVE_INFINITY] } },
      /^epsilon: NaN is not valid; a number ≥ 0 \[run 0\]$/,
    ],
    [
      "a value twice that is no number",
      { vary: { epsilon: [Number.NaN, Number.NaN] } },
      /^vary\.epsilon: NaN is there twice; each value once$/,
    ],
    [
      "what set gives and vary replaces",
      { set: { epsilon: 3 }, vary: epsilon },
      /^set\.epsilon: is varied by vary\.epsilon; one of them$/,
    ],
    [
      "the same within a mapping",
      { set: { grid: { cells: 30 } }, vary: { "grid.cells": [10, 20] } },
      /^set\.grid\.cells: is varied by vary\.grid\.cells; one of them$/,
    ],
    [
      "the same below what varies",
      { set: { "initial.a": 1 }, vary: { initial: [{ kind: "fermi-dirac", a: 1, b: 1 }] } },
      /^set\.initial\.a: is varied by vary\.initial; one of them$/,
    ],
    [
      "a file that holds no problem",
      { problem: "../../../../../../../../etc/hostname", vary: epsilon },
      /^problem: the file "(\.\.\/)*.*" holds no problem; a mapping of keys is expected$/,
    ],
    [
      "a problem in physical units",
      { problem: { units: { density: "1e29" }, until: 1 }, vary: { until: [1, 2] } },
      /^problem\.units: a sweep is dimensionless; vary epsilon, which lfd units .* tells/,
    ],
    [
      "a value of the wrong kind",
      { vary: { epsilon: [1, "2"] } },
      /^epsilon: "2" is not valid; a number ≥ 0 \[run 1\]$/,
    ],
    [
      "an empty range",
      { vary: { epsilon: { linear: [1, 1, 5] } } },
      /^vary\.epsilon\.linear: 1 to 1 is an empty range/,
    ],
    [
      "a range of none",
      { vary: { epsilon: { linear: [1, 2, 0] } } },
      /^vary\.epsilon\.linear: count 0 is not valid; an integer from 2 to 1000000$/,
    ],
    [
      "a range without count",
      { vary: { epsilon: { log: [1, 2] } } },
      /^vary\.epsilon\.log: a list of 2 is not valid; \[from, to, count\]/,
    ],
    [
      "a logarithmic range from 0",
      { vary: { epsilon: { log: [0, 2, 5] } } },
      /^vary\.epsilon\.log: 0 to 2 is not valid; a logarithmic range lies above 0$/,
    ],
    [
      "an unknown form",
      { vary: { epsilon: { lin: [0, 2, 5] } } },
      /^vary\.epsilon: a mapping is not valid; a list of values, \{linear/,
    ],
    [
      "bounds upside down",
      { vary: { epsilon: { between: [2, 1] } }, combine: { random: { count: 3 } } },
      /^vary\.epsilon\.between: 2 to 1 is an empty range; lower < upper$/,
    ],
    [
      "an interval in a grid",
      { vary: { epsilon: { between: [1, 2] } } },
      /^vary\.epsilon: between takes samples/,
    ],
    [
      "a list to sample",
      { vary: epsilon, combine: { sobol: { count: 3 } } },
      /^vary\.epsilon: sobol draws from intervals; \{between/,
    ],
    [
      "no count",
      { vary: { epsilon: { between: [1, 2] } }, combine: { random: {} } },
      /^combine\.random\.count: is missing; an integer from 1/,
    ],
    [
      "a bad seed",
      { vary: { epsilon: { between: [1, 2] } }, combine: { random: { count: 3, seed: -1 } } },
      /^combine\.random\.seed: -1 is not valid/,
    ],
    [
      "an unknown combination",
      { vary: epsilon, combine: "gird" },
      /^combine: "gird" is not valid; one of grid, zip.*did you mean "grid"/,
    ],
    [
      "a zip of unequal lengths",
      { vary: { epsilon: [1, 2], until: [1, 2, 3] }, combine: "zip" },
      /^vary\.until: has 3 values and epsilon has 2; zip/,
    ],
    [
      "a billion runs",
      {
        vary: {
          epsilon: { linear: [0, 1, 1000] },
          until: { linear: [1, 2, 1000] },
          tolerance: { log: [1e-9, 1e-3, 1000] },
        },
      },
      /^vary: 1000 × 1000 × 1000 = 1000000000 runs are too many; at most 1000000$/,
    ],
    [
      "a billion samples",
      { vary: { epsilon: { between: [0, 1] } }, combine: { sobol: { count: 1e9 } } },
      /^combine\.sobol\.count: 1000000000 is not valid; an integer from 1 to 1000000$/,
    ],
    [
      "a saturated fraction",
      { vary: { epsilon: { ofSaturation: [0.5, 1] } } },
      /^vary\.epsilon\.ofSaturation: 1 is not valid; fractions/,
    ],
    [
      "a fraction for another key",
      { vary: { until: { ofSaturation: [0.5] } } },
      /^vary\.until: ofSaturation is a way to give epsilon/,
    ],
    [
      "fractions among numbers",
      { vary: { epsilon: [1, { ofSaturation: 0.5 }] } },
      /^vary\.epsilon: a fraction among other values/,
    ],
    [
      "a fraction of what depends on ε",
      {
        problem: { epsilon: 1, initial: { kind: "fermi-dirac", a: 1, b: 1 }, until: 1 },
        vary: { epsilon: { ofSaturation: [0.5] } },
      },
      /^epsilon\.ofSaturation: initial data of kind fermi-dirac/,
    ],
    [
      "two runs that are the same",
      { vary: { "grid.cells": { linear: [10, 11, 5] } } },
      /^vary: runs 0 and 1 are the same problem; each once$/,
    ],
    [
      "a function",
      { problem: { epsilon: 1, until: 1, initial: () => 1 }, vary: epsilon },
      /^problem\.initial: a function has no place in a sweep/,
    ],
    [
      "a table elsewhere",
      {
        problem: { epsilon: 1, until: 1, initial: { kind: "table" } },
        vary: { "initial.file": ["../../../etc/passwd"] },
      },
      /^vary\.initial\.file: "\.\.\/\.\.\/\.\.\/etc\/passwd" is not valid; a file in the sweep's directory or below it$/,
    ],
    [
      "profiles that are no yes or no",
      { vary: epsilon, profiles: "yes" },
      /^profiles: "yes" is not valid; true or false$/,
    ],
  ];

  it.each(cases)("%s", async (_, spec, message) => {
    const given = Array.isArray(spec) ? spec : { problem, ...spec };
    const error = await planRuns(given, ".").catch((caught) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\n/);
    expect(({} as Record<string, unknown>).epsilon).toBeUndefined();
  });

  it("is refused by the command with one line, before anything is there", async () => {
    const bomb = `a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nvary: {epsilon: [*c, *c, *c, *c]}\nproblem: annulus\n`;
    const cwd = folder({
      "bomb.yaml": bomb,
      "twice.yaml": "problem: annulus\nvary:\n  epsilon: [1]\n  epsilon: [2]\n",
      "path.yaml": "problem: annulus\nvary: {epsilonn: [1]}\n",
      "proto.yaml": "problem: annulus\nset: {__proto__: {epsilon: 2}}\nvary: {until: [1, 2]}\n",
      "problem.yaml": "epsilon: 1\ninitial: {kind: annulus, inner: 1, outer: 2, height: 0.1}\nuntil: 1\n",
    });
    const outcomes = await Promise.all(
      ["bomb", "twice", "path", "proto", "problem", "none"].map((name) =>
        lfd(["sweep", `${name}.yaml`, "--output", "out"], { cwd }),
      ),
    );
    for (const { status, stdout, stderr } of outcomes) {
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^lfd: .*\n$/);
      expect(stderr.trimEnd()).not.toContain("\n");
    }
    expect(outcomes.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/bomb\.yaml: .*alias/),
      expect.stringMatching(/twice\.yaml:4:3: Map keys must be unique/),
      expect.stringMatching(/epsilonn: is not a valid key; .* \[run 0\] \[path\.yaml\]/),
      expect.stringMatching(/set\.__proto__: is not a valid key \[proto\.yaml\]/),
      expect.stringMatching(/epsilon: is not a valid key; valid: problem, set, vary/),
      expect.stringMatching(/none\.yaml: cannot be read: there is no such file/),
    ]);
    expect(fs.existsSync(path.join(cwd, "out"))).toBe(false);
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
