import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { loadHdf5 } from "../src/output/h5.js";
import { folder, lfd } from "./cli.js";

// Every case runs the command in a folder of its own. It must end with status 2 and a line on stderr for each
// mistake that names what is wrong, print nothing else, and leave the folder as it was.

vi.setConfig({ maxConcurrency: 2 });

type Content = string | Uint8Array;

interface Case {
  title: string;
  args: string[];
  /** What the lines must hold, in this order. */
  says: string[];
  /** One for each mistake. */
  lines: number;
  files: Record<string, Content | (() => Content)>;
}

const cases: Case[] = [];

/** `args`: as typed, without quotes; `""` is an empty argument. */
function bad(
  title: string,
  args: string,
  says: string | string[],
  files: Case["files"] = {},
  lines = 1,
): void {
  const list = args === "" ? [] : args.split(" ").map((arg) => (arg === '""' ? "" : arg));
  cases.push({ title, args: list, says: [says].flat(), lines, files });
}

/** A problem in a file of the name p.yaml. */
function badFile(
  title: string,
  content: Content,
  says: string | string[],
  files: Case["files"] = {},
  lines = 1,
): void {
  bad(title, "run p.yaml --output out.h5", says, { "p.yaml": content, ...files }, lines);
}

/** A valid shell problem with further or other lines. */
const shell = (lines: string, without?: string) =>
  `epsilon: 1
initial: {kind: shell, amplitude: 0.5, radius: 1, width: 0.3}
until: 1
`.replace(without ? new RegExp(`^${without}:.*\n`, "m") : /$^/, "") + lines;
const withInitial = (initial: string) => shell(`initial: ${initial}\n`, "initial");
const withTable = withInitial("{kind: table, file: data.csv}");

// The commands themselves
bad("an unknown command", "rum annulus", ["unknown command 'rum'", "mean run?", "valid: run, equilibrium"]);
for (const help of ["--help", "-h"]) {
  bad(`an unknown command with ${help}`, `plot ${help}`, [
    "unknown command 'plot'",
    "valid: run, equilibrium",
  ]);
}
bad("an unknown option", "run annulus --untl 3", ["'--untl'", "mean --until?", "valid: --epsilon, --cells"]);
bad("an unknown option before the command", "--quiet run", ["unknown option '--quiet'", "valid: --version"]);
bad("an option without its value", "run annulus --cells", [
  "'--cells <n>' argument missing",
  "4 to 19836666",
]);
bad("one argument too many", "run annulus rosenbluth", [
  "'rosenbluth'",
  "valid: lfd run [options] [problem]",
]);
bad("no problem", "run", ["problem: missing", "valid: a YAML or JSON file, or a name"]);
bad("an empty problem", 'run ""', ["problem: there is no such file", "named problems: rosenbluth"]);
bad("a required option missing", "equilibrium --mass 1 --epsilon 1", ["'--energy <E>' not spec", "∫ |v|² f"]);
bad("a problem that is not there", "run anulus", [
  "anulus: there is no such file",
  'did you mean "annulus"?',
]);
bad("a name of the prototype", "run constructor", "constructor: there is no such file");
bad("a name with a newline in it", "run a\nb", "a\\nb: there is no such file");
bad("an unknown name to print", "problems rosenblut", [
  "rosenblut: no such",
  'mean "rosenbluth"?',
  "valid: ",
]);

// Numbers as flags
const flag = (args: string, says: string | string[]) =>
  bad(args, `run annulus ${args} --output out.h5`, says, { "out.h5": "of an earlier run" });
flag("--epsilon -1", ["epsilon: -1", "≥ 0", "annulus with --epsilon -1"]);
flag("--epsilon NaN", ['--epsilon: "NaN"', "not a number"]);
flag("--epsilon Infinity", ['--epsilon: "Infinity"', "not a number"]);
flag("--epsilon 1e999", ["epsilon: Infinity", "≥ 0"]);
flag('--epsilon ""', ['--epsilon: ""', "not a number"]);
flag("--epsilon 2", ["initial.height: 0.9", "≤ 1/epsilon = 0.5", "--epsilon 2"]);
flag("--cells 0x40", ['--cells: "0x40"', "not a number"]);
flag("--cells 3", ["grid.cells: 3", "an integer from 4"]);
flag("--cells 10.5", ["grid.cells: 10.5", "an integer"]);
flag("--cells -100", ["grid.cells: -100", "an integer from 4"]);
flag("--cells 1e9", ["grid.cells: 1000000000", "to 19836666"]);
flag("--cells 19836667", ["grid.cells: 19836667", "to 19836666"]);
flag("--radius 0", ["grid.radius: 0", "auto or a number > 0"]);
flag("--radius Auto", ['--radius: "Auto"', "auto or a number > 0"]);
flag("--radius 0.5", ["grid.radius: 0.5 leaves out 100 % of the mass", "at most half", "auto"]);
// of the annulus from 1 to 1.5, (1.5³ - 1.2³)/(1.5³ - 1) = 0.6935
flag("--radius 1.2", ["grid.radius: 1.2 leaves out 69.3 % of the mass", "at most half", "auto"]);
flag("--until 0", ["until: 0", "> 0"]);
flag("--until tomorrow", ['--until: "tomorrow"', "not a number"]);
flag("--at 2,1", ["samples.at.1: 1", "increasing"]);
flag("--at 1,1", ["samples.at.1: 1", "increasing"]);
flag("--at -1,1", ["samples.at.0: -1", "≥ 0"]);
flag("--at 1,,2", ['--at: ""', "times separated by commas"]);
flag("--at 1,200", ["samples.at.1: 200", "≤ until = 100"]);
flag("--tolerance 0.5", ["tolerance: 0.5", "from 1e-12 to 0.1"]);
flag("--tolerance 1e-13", ["tolerance: 1e-13", "from 1e-12 to 0.1"]);
flag("--method sdirk", ['method: "sdirk"', "one of sdirk4, sdirk2, implicit-euler", "did you mean"]);
flag("--step 200", ["step: 200", "≤ until = 100"]);
flag("--step 0", ["step: 0", "> 0"]);
flag("--checkpoint 0", ["--checkpoint: 0", "seconds > 0"]);

bad("error bars that go nowhere", "run annulus --quiet --verify", [
  "--verify",
  "--quiet",
  "--output or --json",
]);
for (const other of ["json", "quiet"]) {
  bad(`a plot with --${other}`, `run annulus --plot --${other}`, [
    "--plot: has nowhere",
    `--${other}`,
    "one of",
  ]);
}

// The equilibrium
const state = (args: string, says: string | string[]) =>
  bad(`equilibrium ${args}`, `equilibrium ${args}`, says);
state("--mass -1 --energy 3 --epsilon 1", ["mass", "positive", "-1"]);
state("--mass 1 --energy 0 --epsilon 1", ["energy", "positive", "0"]);
state("--mass 1 --energy 3 --epsilon -1", ["epsilon", "≥ 0", "-1"]);
state("--mass one --energy 3 --epsilon 1", ['--mass: "one"', "not a number"]);
state("--mass 1 --energy 3 --epsilon 50", [
  "no equilibrium of Fermi–Dirac form",
  "epsilon = 50",
  "ε* = 46.832098",
  "0 ≤ ε < ε*",
]);
state("--mass 1 --energy 3 --epsilon 46.8321 --json", ["epsilon = 46.8321", "ε* = 46.832098"]);

// Problems in files
badFile("an empty file", "", "p.yaml: is empty");
badFile("a file that is no mapping", "- epsilon: 1\n", ["problem: a list", "a mapping with keys"]);
badFile("malformed YAML", "epsilon: 1\ninitial: {kind: shell\n", "p.yaml:3:1: ");
badFile("a duplicate key", shell("epsilon: 2\n"), ["p.yaml:4:1", "unique"]);
badFile("two documents", shell("---\nepsilon: 2\n"), ["p.yaml:4:", "one document is expected"]);
badFile("an unknown tag", shell("step: !!python/object 1\n"), ["p.yaml:4:", "tag"]);
badFile(
  "an alias bomb",
  `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[..."bcdefghi"]
    .map((key, i) => `${key}: &${key} [${Array(10).fill(`*${"abcdefgh"[i]}`)}]\n`)
    .join("")}`,
  ["p.yaml: ", "alias"],
);
badFile("a binary file", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 255), "p.yaml: is a binary file");
badFile("an unknown key", shell("untill: 2\n"), ["untill: is not a valid key", 'did you mean "until"?']);
badFile("an unknown key below", shell("grid: {cell: 5}\n"), ["grid.cell: ", 'mean "cells"?', "[p.yaml]"]);
badFile(
  "units misspelt",
  shell("unit: {density: 1e29}\n", "epsilon"),
  ["unit: is not", 'mean "units"?', "epsilon: is missing"],
  {},
  2,
);
badFile(
  "several mistakes",
  withInitial("{kind: maxwellians, components: [{density: 1, temperature: -1}]}").replace(": 1\n", ": -1\n") +
    "grid: {cels: 100}\n",
  [
    'lfd: grid.cels: is not a valid key; valid: cells, radius; did you mean "cells"? [p.yaml]\n',
    "lfd: epsilon: -1 is not valid; a number ≥ 0\n",
    "lfd: initial.components.0.temperature: -1 is not valid; a number > 0\n",
  ],
  {},
  3,
);
badFile("a missing key", shell("", "until"), ["until: is missing", "> 0"]);
badFile("an unknown kind", withInitial("{kind: anulus}"), ['initial.kind: "anulus"', 'mean "annulus"?']);
badFile("text for a number", shell('until: "0x10"\n', "until"), ['until: "0x10"', "a number > 0"]);
badFile("NaN", shell("until: .nan\n", "until"), ["until: NaN", "a number > 0"]);
badFile("infinity", shell("until: .inf\n", "until"), ["until: Infinity", "a number > 0"]);
badFile("nothing for a number", shell("until:\n", "until"), ["until: null", "a number > 0"]);
badFile("-0.5 for a tolerance", shell("tolerance: -0.5\n"), ["tolerance: -0.5", "from 1e-12"]);
badFile("times and a count", shell("samples: {at: [1], count: 3}\n"), ["samples.count: 3", "either"]);
badFile("a first time beyond the end", shell("samples: {first: 2}\n"), ["samples.first: 2", "≤ until = 1"]);
badFile("no components", withInitial("{kind: maxwellians, components: []}"), [
  "initial.components",
  "at least",
]);
badFile(
  "a negative temperature",
  withInitial(
    "{kind: maxwellians, components: [{density: 1, temperature: 1}, {density: 1, temperature: -2}]}",
  ),
  ["initial.components.1.temperature: -2", "> 0"],
);
badFile("an inner radius beyond the outer", withInitial("{kind: annulus, inner: 2, outer: 1, height: 1}"), [
  "initial.inner: 2",
  "< outer = 1",
]);
badFile(
  "f beyond what its square allows",
  shell("epsilon: 0\ninitial: {kind: shell, amplitude: 1e60, radius: 1, width: 0.3}\n", "initial").replace(
    "epsilon: 1\n",
    "",
  ),
  ["initial: f has a maximum of 1.00e+60", "1e-50 to 1e50"],
);
badFile(
  "a radius beyond what its powers allow",
  withInitial("{kind: shell, amplitude: 0.5, radius: 1e16, width: 1e15}"),
  ["grid.radius: 5.36e+16", "1e-15 to 1e15"],
);
badFile("an ε without an inverse", shell("epsilon: 1e-310\n", "epsilon"), [
  "epsilon: 1e-310 with a maximum of f",
  "0, which is the same",
]);
badFile("a power tail without energy", withInitial("{kind: power, height: 1, scale: 1, exponent: 5}"), [
  "initial.exponent: 5",
  "> 5",
]);
badFile("a function in a file", withInitial("{kind: function}"), ["initial.kind", "in the API"]);

// f above 1/ε, for each kind that allows it
const tooHigh = (kind: string, initial: string, says: string[], files: Case["files"] = {}) =>
  badFile(`f above 1/ε: ${kind}`, withInitial(initial), says, files);
tooHigh("maxwellians", "{kind: maxwellians, components: [{density: 20, temperature: 1}]}", [
  "f(0) = 1.26",
  "1/epsilon = 1",
]);
tooHigh("shell", "{kind: shell, amplitude: 1.001, radius: 1, width: 0.3}", ["f(1) = 1.001", "1/epsilon = 1"]);
tooHigh("annulus", "{kind: annulus, inner: 1, outer: 2, height: 1.1}", [
  "initial.height: 1.1",
  "1/epsilon = 1",
]);
tooHigh("power", "{kind: power, height: 3, scale: 1, exponent: 8}", ["f(0) = 3", "1/epsilon = 1"]);
tooHigh("table", "{kind: table, file: data.csv}", ["f(1) = 1.5", "1/epsilon = 1"], {
  "data.csv": "0,1\n1,1.5\n2,0\n",
});

// Tables
const badTable = (title: string, content: Content, says: string[]) =>
  badFile(`a table: ${title}`, withTable, says, { "data.csv": content });
badFile("a table that is missing", withTable, ["initial.file", "data.csv", "no such file"]);
badTable("binary", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0, 255), ["data.csv", "is a binary file"]);
badTable("empty", "r,f\n", ["data.csv", "no row", "at least two rows"]);
badTable("cut off", "r,f\n0,1\n1,0.5\n2,", ['data.csv:4: ""', "a finite number"]);
badTable("text", "r,f\n0,1\n1,half\n2,0\n", ['data.csv:3: "half"', "a finite number"]);
badTable("decreasing radii", "0,1\n2,0.5\n1,0\n", ["data.csv:3: r = 1", "> 2"]);
badTable("negative values", "0,1\n1,-0.5\n2,0\n", ["data.csv:2: f = -0.5", "≥ 0"]);
badTable("nothing but zeros", "0,0\n1,0\n", ["initial.f", "at least one is > 0"]);

// Files of other kinds
bad("malformed JSON", "run p.json", "p.json:1:", { "p.json": '{"epsilon": 1, "until": ' });
bad("a table as a problem", "run data.csv", ["data.csv: is a table", "kind: table"], {
  "data.csv": "0,1\n1,0\n",
});
bad("a sweep as a problem", "run s.yaml", ["s.yaml: is a sweep", "lfd sweep"], {
  "s.yaml": "problem: annulus\nvary: {epsilon: [0, 1]}\n",
});
bad("a result as a problem", "run good.h5", ["good.h5: is a result", "--resume"], { "good.h5": () => good });
bad("the JSON of a run as a problem", "run r.json", ["r.json: is the result of a run", "key problem"], {
  "r.json": '{"problem": {}, "samples": [], "status": "done"}',
});
bad("a directory as a problem", "run ..", ["..: cannot be read: it is a directory"]);

// Outputs
const output = (title: string, file: string, says: string | string[], files: Case["files"] = {}) =>
  bad(`output: ${title}`, `run annulus --cells 20 --until 0.1 --output ${file}`, says, files);
output("of no format", "out.txt", ["--output: out.txt", "valid: .h5, .hdf5, .csv, .json"]);
output("empty", '""', ['--output: ""', "ends in .h5, .csv or .json"]);
output("in a missing directory", "no/out.h5", ["no/out.h5: cannot be written", "there is no directory"]);
if (fs.existsSync("/proc"))
  output("where no file can be made", "/proc/x.h5", [
    "/proc/x.h5: cannot be",
    "no file can be made in /proc",
  ]);
output("below a file", "old.csv/out.csv", ["old.csv/out.csv: cannot be written", "a file, not a directory"], {
  "old.csv": "mine\n",
});
output("on a directory", "out.h5", ["out.h5: cannot be written", "a directory", "the path of a file"], {
  "out.h5/": "",
});
output("of a name too long", `${"a".repeat(300)}.csv`, ["cannot be written: the name is too long"]);
bad(
  "output: too large for JSON",
  "run p.yaml --output out.json",
  ["--output: out.json", "too many for JSON", "use .h5"],
  { "p.yaml": shell("samples: {count: 100000, spacing: linear}\n") },
);
bad(
  "output: the problem itself",
  "run p.json --output ./p.json",
  ["--output: ./p.json is what the problem is read from"],
  { "p.json": '{"epsilon": 0, "initial": {"kind": "fermi-dirac", "a": 1, "b": 1}, "until": 1}' },
);
bad(
  "output: the table of the problem",
  "run p.yaml --output data.csv",
  ["--output: data.csv is what the problem is read from"],
  { "p.yaml": withTable, "data.csv": "0,1\n1,0.5\n2,0\n" },
);

// Going on with a run
const resume = (title: string, args: string, says: string | string[], files: Case["files"] = {}) =>
  bad(`resume: ${title}`, `run --resume ${args}`, says, files);
const result = { "good.h5": () => good };
resume("with a problem", "good.h5 annulus", ["annulus: cannot be given with --resume", "in good.h5"], result);
resume(
  "with --output",
  "good.h5 --output b.h5",
  ["--output: cannot be given with --resume", "good.h5"],
  result,
);
resume("with --epsilon", "good.h5 --epsilon 2", ["--epsilon: cannot be changed", "good.h5"], result);
resume("with --cells", "good.h5 --cells 30", ["--cells: cannot be changed", "good.h5"], result);
resume("with --radius", "good.h5 --radius auto", ["--radius: cannot be changed", "good.h5"], result);
resume("to a time past", "good.h5 --until 0.05", ["--until: 0.05 is already past", "t = 0.1"], result);
resume(
  "with a sample past",
  "good.h5 --until 1 --at 0.07",
  ["--at: 0.07 is already past", "t = 0.1"],
  result,
);
resume(
  "with a bad tolerance",
  "good.h5 --tolerance 2",
  ["tolerance: 2", "good.h5 with --tolerance 2"],
  result,
);
resume("nothing", '""', ['--resume: ""', "an HDF5 result"]);
resume("a missing file", "no.h5", "no.h5: cannot be read: no such file");
resume("a directory", "..", "..: cannot be read: it is not a file");
resume("text", "text.h5", "text.h5: is not an HDF5 file", { "text.h5": "time,r,f\n" });
resume("a truncated file", "cut.h5", ["cut.h5: is truncated", "bytes are left"], {
  "cut.h5": () => good.subarray(0, 5000),
});
resume("a damaged file", "bent.h5", "bent.h5: ", {
  "bent.h5": () => Buffer.concat([good.subarray(0, 100), Buffer.alloc(good.length - 100, 0xff)]),
});
resume("HDF5 of another program", "foreign.h5", "foreign.h5: is HDF5, but no landau-fermi-dirac result", {
  "foreign.h5": () => foreign,
});
resume("beside a checkpoint that is none", "good.h5", "good.h5.checkpoint: is not an HDF5 file", {
  ...result,
  "good.h5.checkpoint": "what?",
});
resume("beside a result for a checkpoint", "good.h5", "good.h5.checkpoint: is HDF5, but no", {
  ...result,
  "good.h5.checkpoint": () => good,
});

let good: Buffer;
let foreign: Buffer;

beforeAll(async () => {
  const made = folder();
  const args = "run annulus --cells 20 --until 0.1 --at 0.05 --quiet --output good.h5".split(" ");
  expect(await lfd(args, { cwd: made })).toEqual({ status: 0, stdout: "", stderr: "" });
  good = fs.readFileSync(path.join(made, "good.h5"));
  const { File } = await loadHdf5();
  const file = new File(path.join(made, "foreign.h5"), "w");
  file.create_dataset({ name: "f", data: new Float64Array(3) });
  file.close();
  foreign = fs.readFileSync(path.join(made, "foreign.h5"));
});

/** Every file below, with its bytes. */
function contents(directory: string): Record<string, string> {
  return Object.fromEntries(
    fs
      .readdirSync(directory, { withFileTypes: true, recursive: true })
      .map((entry) => [
        entry.name,
        entry.isFile() ? fs.readFileSync(path.join(entry.parentPath, entry.name), "base64") : "no file",
      ]),
  );
}

describe("bad input", () => {
  it("is tried in at least 40 ways", () => {
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(40);
  });

  it.concurrent.each(cases)("$title", async ({ args, says, lines, files }) => {
    const given = Object.entries(files).map(([name, content]) => [
      name,
      typeof content === "function" ? content() : content,
    ]);
    const cwd = folder(Object.fromEntries(given));
    const before = contents(cwd);
    const { status, stdout, stderr } = await lfd(args, { cwd });
    expect(stderr).toMatch(new RegExp(`^(lfd: [^\n]+\n){${lines}}$`));
    let from = 0;
    for (const part of says) {
      const at = stderr.indexOf(part, from);
      expect(at, `${JSON.stringify(part)} in ${stderr}`).toBeGreaterThanOrEqual(from);
      from = at + part.length;
    }
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(contents(cwd)).toEqual(before);
  });
});
