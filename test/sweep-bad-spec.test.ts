import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../src/errors.js";
import { planRuns } from "../src/sweep/plan.js";
import { folder, lfd } from "./cli.js";

const problem = "two-temperature";

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
      expect.stringMatching(/none\.yaml: cannot be read: no such file or directory/),
    ]);
    expect(fs.existsSync(path.join(cwd, "out"))).toBe(false);
  });
});
