import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../src/errors.js";
import { loadProblem } from "../src/load-problem.js";
import { namedProblems } from "../src/named-problems.js";
import { checkAdmissible, initialFunction } from "../src/problem/initial.js";
import { canonicalJson } from "../src/problem/plain.js";
import { applyOverrides, type Problem, resolveProblem } from "../src/problem/schema.js";
import { nearest } from "../src/problem/suggest.js";
import { parseTable } from "../src/problem/table.js";

const shell = { kind: "shell", amplitude: 1, radius: 1, width: 0.2 } as const;
const base: Problem = { epsilon: 0, initial: shell, until: 10 };
const pair = { kind: "maxwellians", components: [{ density: 1, temperature: 1 }, {}] };
const annulus = { kind: "annulus", inner: 1, outer: 2, height: 1 } as const;
const table = { kind: "table", r: [0, 1, 2], f: [1, 0.5, 0] };

/** The InputError that `action` throws, its message being one line that begins with the key. */
async function inputError(action: () => unknown): Promise<InputError> {
  let error: unknown;
  try {
    await action();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(InputError);
  const { key, message, lines } = error as InputError;
  expect(message.startsWith(`${key}: `)).toBe(true);
  expect(message.split("\n")).toEqual(lines);
  return error as InputError;
}

it("canonicalJson is the same for the same data, whatever the order of its keys", () => {
  const one = { b: [{ y: 1, x: [1, 2] }, "t"], a: { d: null, c: true } };
  const other = { a: { c: true, d: null, e: undefined }, b: [{ x: [1, 2], y: 1 }, "t"] };
  expect(canonicalJson(one)).toBe('{"a":{"c":true,"d":null},"b":[{"x":[1,2],"y":1},"t"]}');
  expect(canonicalJson(other)).toBe(canonicalJson(one));
});

describe("resolveProblem", () => {
  it("fills in the defaults", () => {
    const { problem, initialFunction } = resolveProblem(base);
    expect(initialFunction).toBeUndefined();
    const { samples, ...rest } = problem;
    expect(rest).toEqual({
      epsilon: 0,
      initial: shell,
      grid: { cells: 2000, radius: "auto" },
      until: 10,
      tolerance: 1e-6,
      method: "sdirk4",
    });
    expect(samples.at).toHaveLength(21);
    expect(samples.at[0]).toBe(0);
    expect(samples.at[1]).toBeCloseTo(1e-3, 15);
    expect(samples.at.at(-1)).toBe(10);
  });

  it.each<[unknown, number[]]>([
    [{ at: [] }, [0, 10]],
    [{ at: [1, 2] }, [0, 1, 2, 10]],
    [{ at: [0, 1, 10] }, [0, 1, 10]],
    [{ at: new Float64Array([1, 5]) }, [0, 1, 5, 10]],
    [{ count: 1 }, [0, 10]],
    [{ count: 4, spacing: "linear" }, [0, 2.5, 5, 7.5, 10]],
    [{ count: 3, spacing: "linear", first: 4 }, [0, 4, 7, 10]],
    [{ count: 3, spacing: "log", first: 0.1 }, [0, 0.1, 1, 10]],
    [{ count: 2, first: 10 }, [0, 10]],
  ])("samples %j", (samples, expected) => {
    const { at } = resolveProblem({ ...base, samples }).problem.samples;
    expect(at).toHaveLength(expected.length);
    at.forEach((t, i) => {
      expect(t).toBeCloseTo(expected[i]!, 12);
    });
    expect(at.at(-1)).toBe(10);
  });

  it("passes a function along", () => {
    const f = (r: number) => Math.exp(-r);
    const { problem, initialFunction } = resolveProblem({ ...base, initial: f });
    expect(initialFunction).toBe(f);
    expect(problem.initial).toEqual({ kind: "function" });
  });

  it("takes data without a prototype, typed arrays and undefined values; copies what it keeps", () => {
    const r = new Float64Array([0, 1]);
    const initial = Object.assign(Object.create(null), { kind: "table", r, f: [1, 0] });
    const { problem } = resolveProblem({ ...base, initial, step: undefined, grid: { cells: undefined } });
    r[1] = 7;
    expect(problem.initial).toEqual({ kind: "table", r: [0, 1], f: [1, 0] });
    expect(problem).not.toHaveProperty("step");
    expect(problem.grid.cells).toBe(2000);
  });

  it("every named problem resolves, is admissible, and survives JSON", () => {
    for (const [name, { problem, title, citation }] of Object.entries(namedProblems)) {
      const resolved = resolveProblem(problem, name).problem;
      expect(resolved.name).toBe(name);
      expect(title).toMatch(/\.$/);
      expect(citation.length).toBeGreaterThan(20);
      checkAdmissible(initialFunction(resolved.initial, resolved.epsilon), resolved.epsilon);
      expect(resolveProblem(JSON.parse(JSON.stringify(resolved))).problem).toEqual(resolved);
    }
  });

  it("random problems resolve to themselves after JSON", () => {
    const positive = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    const initial = fc.oneof(
      fc.record({
        kind: fc.constant("maxwellians"),
        components: fc.array(fc.record({ density: positive, temperature: positive }), { minLength: 1 }),
      }),
      fc.record({ kind: fc.constant("shell"), amplitude: positive, radius: positive, width: positive }),
      fc.record({ kind: fc.constant("fermi-dirac"), a: positive, b: positive }),
      fc
        .uniqueArray(fc.double({ min: 0, max: 1e3, noNaN: true }), { minLength: 2 })
        .map((r) => ({ kind: "table", r: r.sort((a, b) => a - b), f: r.map((_, i) => i % 2) })),
    );
    const problems = fc.record(
      {
        epsilon: fc.double({ min: 0, max: 1e6, noNaN: true }),
        initial,
        until: positive,
        samples: fc.record(
          { count: fc.integer({ min: 1, max: 100 }), spacing: fc.constantFrom("log", "linear") },
          { requiredKeys: [] },
        ),
        grid: fc.record(
          { cells: fc.integer({ min: 4, max: 19_836_666 }), radius: positive },
          { requiredKeys: [] },
        ),
        method: fc.constantFrom("sdirk4", "sdirk2", "implicit-euler"),
      },
      { requiredKeys: ["epsilon", "initial", "until"] },
    );
    fc.assert(
      fc.property(problems, (input) => {
        const { problem } = resolveProblem(input);
        expect(resolveProblem(JSON.parse(JSON.stringify(problem))).problem).toEqual(problem);
        const { at } = problem.samples;
        expect(at[0]).toBe(0);
        expect(at.at(-1)).toBe(problem.until);
        expect(at.every((t, i) => i === 0 || t > at[i - 1]!)).toBe(true);
      }),
    );
  });
});

describe("bad problems", () => {
  const cyclic: Record<string, unknown> = { ...base };
  cyclic.grid = { cells: cyclic };
  // [input, key, what the message holds besides]
  const cases: [unknown, string, RegExp][] = [
    [undefined, "problem", /is missing; a mapping with keys name, epsilon, initial/],
    [null, "problem", /null is not valid; a mapping/],
    ["rosenbluth", "problem", /"rosenbluth" is not valid; a mapping/],
    [[base], "problem", /a list of 1 is not valid/],
    [new Date(), "problem", /a Date is not valid; plain data/],
    [() => base, "problem", /a function is not valid/],
    [{}, "epsilon", /is missing; a number ≥ 0\ninitial: is missing; .*\nuntil: is missing; a number > 0$/],
    [{ ...base, epsilon: -1 }, "epsilon", /-1 is not valid; a number ≥ 0$/],
    [{ ...base, epsilon: Number.NaN }, "epsilon", /NaN is not valid/],
    [{ ...base, epsilon: Infinity }, "epsilon", /Infinity is not valid/],
    [{ ...base, epsilon: "1" }, "epsilon", /"1" is not valid; a number/],
    [{ ...base, epsilon: 1n }, "epsilon", /a bigint is not valid/],
    [{ ...base, epsilom: 1 }, "epsilom", /not a valid key; valid: .*did you mean "epsilon"\?/],
    [{ ...base, extra: 1, more: 2 }, "extra", /not a valid key; .*\nmore: is not a valid key; valid: [^?]*$/],
    [{ initial: shell, until: 1, epsilonn: 2 }, "epsilonn", /did you mean "epsilon"/],
    [{ ...base, extra: 1, untill: 2 }, "extra", /.*\nuntill: is not a valid key; .*did you mean "until"\?$/],
    [
      { ...base, initial: { kind: "maxwellians", components: Array(20).fill({ density: 1 }) } },
      "initial.components.0.temperature",
      /^(.*\n){10}and 10 more$/,
    ],
    [{ ...base, constructor: 1 }, "constructor", /not a valid key/],
    [JSON.parse('{"__proto__": {"epsilon": 1}, "until": 1}'), "__proto__", /not a valid key/],
    [{ ...base, grid: JSON.parse('{"__proto__": 1}') }, "grid.__proto__", /not a valid key/],
    [cyclic, "grid.cells", /nested too deeply/],
    [{ ...base, name: "" }, "name", /"" is not valid; a name/],
    [{ ...base, name: "two\nlines" }, "name", /"two\\nlines" is not valid/],
    [{ ...base, initial: undefined }, "initial", /is missing; a mapping whose key kind is one of maxw/],
    [{ ...base, initial: null }, "initial", /null is not valid/],
    [{ ...base, initial: [shell] }, "initial", /a list of 1 is not valid/],
    [{ ...base, initial: {} }, "initial.kind", /is missing; one of maxwellians, shell/],
    [{ ...base, initial: { kind: "maxwelians" } }, "initial.kind", /"maxwelians".*mean "maxwellians"\?/],
    [{ ...base, initial: { kind: 3 } }, "initial.kind", /3 is not valid; one of/],
    [{ ...base, initial: { kind: "function" } }, "initial.kind", /the function itself is not in the file/],
    [{ ...base, initial: { ...shell, amplitude: 0 } }, "initial.amplitude", /0 is not valid; a number > 0/],
    [{ ...base, initial: { ...shell, radius: -1 } }, "initial.radius", /-1 is not valid; a number ≥ 0/],
    [{ ...base, initial: { ...shell, width: null } }, "initial.width", /null is not valid; a number > 0/],
    [{ ...base, initial: { ...shell, widht: 1 } }, "initial.widht", /valid: kind, .*mean "width"\?/],
    [
      { ...base, initial: pair },
      "initial.components.1.density",
      /is missing; a number > 0\ninitial\.components\.1\.\w+: .*$/,
    ],
    [
      { ...base, initial: { kind: "maxwellians", components: [{ density: 1, temperature: -2 }] } },
      "initial.components.0.temperature",
      /-2 is not valid; a number > 0/,
    ],
    [{ ...base, initial: { kind: "maxwellians", components: [] } }, "initial.components", /an empty list/],
    [{ ...base, initial: { kind: "maxwellians", components: {} } }, "initial.components", /a mapping is not/],
    [{ ...base, initial: { kind: "fermi-dirac", a: 0, b: 1 } }, "initial.a", /0 is not valid/],
    [{ ...base, initial: { kind: "fermi-dirac", a: 1, b: [1] } }, "initial.b", /a list of 1 is not valid/],
    [{ ...base, initial: { ...annulus, inner: 2 } }, "initial.inner", /2 is not valid; .* < outer = 2/],
    [{ ...base, epsilon: 2, initial: annulus }, "initial.height", /1 is not valid; .*≤ 1\/epsilon = 0\.5/],
    [
      { ...base, initial: { kind: "power", height: 1, scale: 1, exponent: 5 } },
      "initial.exponent",
      /5 is not valid; a number > 5 .*energy/,
    ],
    [{ ...base, initial: { kind: "table", file: "a.csv" } }, "initial.file", /"a.csv" has not been read/],
    [{ ...base, initial: { kind: "table", file: "a.csv", f: [1, 0] } }, "initial.r", /is missing/],
    [{ ...base, initial: { kind: "table" } }, "initial.r", /is missing; radii/],
    [{ ...base, initial: { ...table, r: [0, 1, 1] } }, "initial.r.2", /1 is not valid; .*increasing/],
    [{ ...base, initial: { ...table, r: [-1, 0, 1] } }, "initial.r.0", /-1 is not valid/],
    [{ ...base, initial: { ...table, f: [1, -1e-9, 0] } }, "initial.f.1", /-1e-9 is not valid/],
    [{ ...base, initial: { ...table, f: [1, "x", 0] } }, "initial.f.1", /"x" is not valid/],
    [{ ...base, initial: { ...table, f: [1, 0] } }, "initial.f", /a list of 2 is not valid; .*: 3/],
    [{ ...base, initial: { ...table, f: [0, 0, 0] } }, "initial.f", /at least one is > 0/],
    [{ ...base, initial: { ...table, r: [1], f: [1] } }, "initial.r", /a list of 1 is not valid/],
    [{ ...base, grid: null }, "grid", /null is not valid; a mapping with keys cells, radius/],
    [{ ...base, grid: { cell: 10 } }, "grid.cell", /valid: cells, radius; did you mean "cells"\?/],
    [{ ...base, grid: { cells: 3 } }, "grid.cells", /3 is not valid; an integer from 4 to 19836666/],
    [{ ...base, grid: { cells: 10.5 } }, "grid.cells", /10.5 is not valid/],
    [{ ...base, grid: { cells: 1e9 } }, "grid.cells", /1000000000 is not valid/],
    [{ ...base, grid: { radius: "big" } }, "grid.radius", /"big" is not valid; auto or a number > 0/],
    [{ ...base, grid: { radius: 0 } }, "grid.radius", /0 is not valid/],
    [{ ...base, until: 0 }, "until", /0 is not valid; a number > 0/],
    [{ ...base, until: "10s" }, "until", /"10s" is not valid/],
    [{ ...base, samples: [1, 2] }, "samples", /a list of 2 is not valid; a mapping with keys at/],
    [{ ...base, samples: { at: 5 } }, "samples.at", /5 is not valid; a list of times/],
    [{ ...base, samples: { at: [1, 1] } }, "samples.at.1", /1 is not valid; .*strictly increasing/],
    [{ ...base, samples: { at: [3, 2] } }, "samples.at.1", /2 is not valid/],
    [{ ...base, samples: { at: [-1, 2] } }, "samples.at.0", /-1 is not valid/],
    [{ ...base, samples: { at: [1, 20] } }, "samples.at.1", /20 is not valid; a time ≤ until = 10/],
    [{ ...base, samples: { at: [1], count: 5 } }, "samples.count", /5 is not valid; either samples.at or/],
    [{ ...base, samples: { count: 0 } }, "samples.count", /0 is not valid; an integer/],
    [{ ...base, samples: { spacing: "lin" } }, "samples.spacing", /"lin" is not valid; one of log, linear/],
    [{ ...base, samples: { first: 0 } }, "samples.first", /0 is not valid; a number > 0/],
    [{ ...base, samples: { first: 11 } }, "samples.first", /11 is not valid; .* ≤ until = 10/],
    [{ ...base, tolerance: 1 }, "tolerance", /1 is not valid; a number from 1e-12 to 0.1/],
    [{ ...base, tolerance: 1e-13 }, "tolerance", /1e-13 is not valid/],
    [{ ...base, method: "sdirk5" }, "method", /"sdirk5" is not valid; one of sdirk4.*mean "sdirk4"\?/],
    [{ ...base, step: -1 }, "step", /-1 is not valid; a number > 0/],
    [{ ...base, step: 11 }, "step", /11 is not valid; .*≤ until = 10/],
  ];
  it.each(cases.map(([input, key, message]) => ({ input, key, message })))(
    "$key: $message",
    async ({ input, key, message }) => {
      const error = await inputError(() => resolveProblem(input));
      expect(error.key).toBe(key);
      expect(error.message).toMatch(message);
    },
  );

  it("names the source", async () => {
    const error = await inputError(() => resolveProblem({ ...base, until: -1 }, "my.yaml"));
    expect(error.message).toBe("until: -1 is not valid; a number > 0 [my.yaml]");
  });
});

describe("applyOverrides", () => {
  it("sets keys on a copy", () => {
    const input = { ...base, grid: { radius: 3 } };
    const result = applyOverrides(input, { epsilon: 1, cells: 10, tolerance: 1e-3, method: "sdirk2" });
    expect(result).toEqual({
      ...base,
      epsilon: 1,
      grid: { radius: 3, cells: 10 },
      tolerance: 1e-3,
      method: "sdirk2",
    });
    expect(input).toEqual({ ...base, grid: { radius: 3 } });
    expect(applyOverrides(base, { radius: "auto" })).toEqual({ ...base, grid: { radius: "auto" } });
  });

  it("drops sample times beyond an overridden end", () => {
    const { problem } = resolveProblem(applyOverrides(namedProblems.rosenbluth!.problem, { until: 100 }));
    expect(problem.samples.at).toEqual([0, 9, 36, 81, 100]);
    const counted = { ...base, samples: { count: 3 } };
    expect(applyOverrides(counted, { until: 1 })).toEqual({ ...counted, until: 1 });
  });

  it("replaces the samples by given times, and these are not dropped", async () => {
    const given = applyOverrides(namedProblems.rosenbluth!.problem, { at: [10, 20] });
    expect(resolveProblem(given).problem.samples.at).toEqual([0, 10, 20, 900]);
    const error = await inputError(() => resolveProblem(applyOverrides(base, { until: 5, at: [6] })));
    expect(error.key).toBe("samples.at.0");
  });

  it("leaves to resolveProblem what it cannot merge into", async () => {
    expect(applyOverrides(null, { epsilon: 1 })).toBeNull();
    const error = await inputError(() => resolveProblem(applyOverrides({ ...base, grid: 3 }, { cells: 10 })));
    expect(error.message).toMatch(/^grid: 3 is not valid/);
  });
});

describe("tables", () => {
  it.each<[string, string]>([
    ["commas", "0,1\n1,0.5\n2,0"],
    ["semicolons and CRLF", "0;1\r\n1;0.5\r\n2;0\r\n"],
    ["tabs", "0\t1\n1\t5e-1\n2\t0"],
    ["blanks", "  0   1\n1 .5\n2 0."],
    ["header and comments", "# data\n\nr,f\n0,1 # first\n1,0.5\n2,0\n"],
    ["other columns", "f; error; R\n1; 0.1; 0\n0.5; 0.1; 1\n0; 0.1; +2"],
    ["byte order mark, quoted header", '\uFEFF"r","f"\n0,1\n1,0.5\n2,0'],
  ])("%s", (_, text) => {
    expect(parseTable(text, "t.csv")).toEqual({ r: [0, 1, 2], f: [1, 0.5, 0] });
  });

  it.each<[string, string, RegExp]>([
    ["", "t.csv", /no row; at least two rows/],
    ["# nothing\nr,f\n", "t.csv", /no row/],
    ["0,1", "t.csv", /one row only/],
    ["0,1\n1", "t.csv:2", /"1" has 1 column; 2 expected/],
    ["0,1\n1,", "t.csv:2", /"" is not valid; a finite number/],
    ["0,1\n1,2,3", "t.csv:2", /"1,2,3" has 3 columns/],
    ["0,1,2\n", "t.csv:1", /"0,1,2" has 3 columns; two: r,f/],
    ["0,1\n1,abc", "t.csv:2", /"abc" is not valid/],
    ["0,1\n1,nan", "t.csv:2", /"nan" is not valid/],
    ["0,1\n1,1e999", "t.csv:2", /"1e999" is not valid; a finite number/],
    ["0;1\n0,5;0", "t.csv:2", /"0,5" is not valid; a finite number with a decimal point/],
    ["0,1\n2,1\n\n1,1", "t.csv:4", /r = 1 is not valid; a radius > 2/],
    ["0,1\n0,1", "t.csv:2", /r = 0 is not valid/],
    ["-1,1\n0,1", "t.csv:1", /r = -1 is not valid; a radius ≥ 0/],
    ["0,1\n1,-1e-3", "t.csv:2", /f = -0.001 is not valid/],
    ["x,y\n0,1\n1,1", "t.csv:1", /"x,y" is not a valid header/],
    ["r,f,r\n0,1,0", "t.csv:1", /not a valid header/],
  ])("%j", async (text, key, message) => {
    const error = await inputError(() => parseTable(text, "t.csv"));
    expect(error.key).toBe(key);
    expect(error.message).toMatch(message);
  });
});

describe("loadProblem", () => {
  let directory: string;
  const at = (name: string) => join(directory, name);
  const tableProblem = (file: string) => `epsilon: 1\nuntil: 1\ninitial: {kind: table, file: ${file}}\n`;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lfd-problem-"));
    await writeFile(at("good.csv"), "r,f\n0,1\n1,0.5\n2,0\n");
    await writeFile(at("bad.csv"), "r,f\n0,1\n1,oops\n");
    await writeFile(at("binary.csv"), Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0, 1, 2));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it("finds named problems and hands out copies", async () => {
    const { input, source } = await loadProblem("two-temperature");
    expect(source).toBe("two-temperature");
    expect(input).toEqual(namedProblems["two-temperature"]!.problem);
    expect(input).not.toBe(namedProblems["two-temperature"]!.problem);
  });

  it("reads YAML and JSON", async () => {
    await writeFile(
      at("p.yaml"),
      "epsilon: 1 # quantum\nuntil: 1e1\ninitial: {kind: fermi-dirac, a: 1, b: 2}\n",
    );
    await writeFile(at("p.json"), JSON.stringify({ ...base, until: 1e21 }, null, "\t"));
    const yaml = await loadProblem(at("p.yaml"));
    expect(yaml.source).toBe(at("p.yaml"));
    expect(resolveProblem(yaml.input).problem.until).toBe(10);
    expect((await loadProblem(at("p.json"))).input).toEqual({ ...base, until: 1e21 });
  });

  it("reads tables relative to the problem", async () => {
    await writeFile(at("t.yaml"), tableProblem("./good.csv"));
    const { input } = await loadProblem(at("t.yaml"));
    const { problem } = resolveProblem(input);
    expect(problem.initial).toEqual({ kind: "table", file: "./good.csv", r: [0, 1, 2], f: [1, 0.5, 0] });
    await writeFile(at("again.json"), JSON.stringify(problem));
    await rm(at("t.yaml"));
    expect(resolveProblem((await loadProblem(at("again.json"))).input).problem).toEqual(problem);
  });

  const lol = `a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n`;
  it.each<[name: string, content: string | Uint8Array, message: RegExp]>([
    ["empty.yaml", "", /is empty/],
    ["comment.yaml", "# nothing\n", /is empty/],
    ["broken.yaml", "epsilon: 1\ninitial: {kind: shell\n", /:3:1: .*flow map/i],
    ["indent.yaml", "a:\n  b: 1\n c: 2\n", /indent\.yaml:\d+:\d+: /],
    ["tab.yaml", "grid:\n\tcells: 3\n", /tab\.yaml:\d+:\d+: .*tab/i],
    ["twice.yaml", "epsilon: 1\nepsilon: 2\n", /twice\.yaml:2:1: .*unique/],
    ["two.yaml", "epsilon: 1\n---\nepsilon: 2\n", /two\.yaml:2:\d+: one document is expected/],
    ["bomb.yaml", lol, /alias/i],
    ["alias.yaml", "epsilon: *nowhere\n", /alias\.yaml.*nowhere/],
    ["tag.yaml", "epsilon: !!python/object 1\n", /tag\.yaml:1:10: .*tag/i],
    ["broken.json", '{"epsilon": 1, "until": ', /broken\.json:1:/],
    ["binary.yaml", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0, 1), /is a binary file/],
    ["nul.yaml", "epsilon: \0", /is a binary file/],
    ["result.h5", Uint8Array.of(0x89, 0x48), /is a result, .*--resume .*lfd view/],
    ["result.json", '{"problem": {}, "samples": [], "status": "done"}', /is the result of a run/],
    ["data.csv", "0,1\n1,0\n", /is a table, not a problem; .*kind: table/],
    ["sweep.yaml", "problem: annulus\nvary: {epsilon: [1]}\n", /is a sweep, .*lfd sweep/],
    ["no-table.yaml", tableProblem("none.csv"), /^initial.file: ".*none.csv" cannot be read: no such file/],
    ["dir-table.yaml", tableProblem("."), /^initial.file: .* it is a directory/],
    ["bin-table.yaml", tableProblem("binary.csv"), /^initial.file: .*binary.csv" is a binary file/],
    ["bad-table.yaml", tableProblem("bad.csv"), /^bad.csv:3: "oops" is not valid/],
  ])("%s", async (name, content, message) => {
    await writeFile(at(name), content);
    const error = await inputError(() => loadProblem(at(name)));
    expect(error.message).toMatch(message);
  });

  it.each<[string, RegExp]>([
    ["rosenblut", /^rosenblut: there is no such file, .*named problems: rosenbluth, .*mean "rosenbluth"\?/],
    ["/nowhere/p.yaml", /^\/nowhere\/p.yaml: there is no such file/],
    ["__proto__", /^__proto__: there is no such file/],
    ["", /^problem: there is no such file/],
    [tmpdir(), /it is a directory/],
  ])("%j is not there", async (name, message) => {
    expect((await inputError(() => loadProblem(name))).message).toMatch(message);
  });

  it("refuses what is too large", async () => {
    await writeFile(at("huge.yaml"), "");
    await truncate(at("huge.yaml"), 65 * 2 ** 20);
    const error = await inputError(() => loadProblem(at("huge.yaml")));
    expect(error.message).toMatch(/is too large: 68157440 bytes; at most 67108864/);
  });
});

it("nearest finds slips and nothing else", () => {
  expect(nearest("anulus", ["annulus", "shell"])).toBe("annulus");
  expect(nearest("Shell", ["annulus", "shell"])).toBe("shell");
  expect(nearest("banana", ["annulus", "shell"])).toBeUndefined();
});
