import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { profilesPlot } from "../src/cli/report.js";
import { equilibriumValue } from "../src/equilibrium/equilibrium.js";
import { namedProblems } from "../src/named-problems.js";
import { radialNodes } from "../src/output/nodes.js";
import { readResult } from "../src/output/read.js";
import { prepare } from "../src/solver/prepare.js";
import { type RunDocument, type Sample, sampleKeys } from "../src/types.js";
import { validate } from "../src/validate.js";
import { folder, lfd, runJson, start } from "./cli.js";
import { center, fifthDigit, moment4 } from "./published-values.js";

const directory = folder();
const inDirectory = (name: string) => path.join(directory, name);

const names = ["rosenbluth", "two-temperature", "annulus", "near-saturation", "degenerate-electrons"];
const quick = ["--cells", "60", "--until", "0.5", "--at", "0.1,0.2"];

/** Equal but for the seconds that it took. */
function withoutSeconds(document: RunDocument): RunDocument {
  return { ...document, work: { ...document.work, seconds: 0 } };
}

describe("lfd run --json", () => {
  it("prints one document with all keys of the interface, and nothing else", async () => {
    const { status, stdout, stderr } = await lfd(["run", "annulus", ...quick, "--json"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const document = JSON.parse(stdout) as RunDocument;
    expect(Object.keys(document)).toEqual(
      "problem grid equilibrium adjustment samples conservation work status".split(" "),
    );
    expect(document.grid).toEqual({ cells: 60, radius: expect.any(Number) });
    for (const key of ["a", "b", "temperature", "saturation"] as const) {
      expect(document.equilibrium[key], key).toBeGreaterThan(0);
    }
    expect(document.samples.map(({ time }) => time)).toEqual([0, 0.1, 0.2, 0.5]);
    for (const sample of document.samples) {
      expect(Object.keys(sample).sort()).toEqual([...sampleKeys].sort());
      for (const key of sampleKeys) expect(sample[key], key).toEqual(expect.any(Number));
    }
    for (const key of ["mass", "energy", "entropyIncrease"] as const) {
      expect(document.conservation[key], key).toBeLessThan(1e-13);
    }
    for (const key of ["steps", "rejected", "newtonIterations", "seconds"] as const) {
      expect(document.work[key], key).toBeGreaterThanOrEqual(0);
    }
    expect(document.work.steps).toBeGreaterThan(3);
    expect(document.status).toBe("done");
    expect(validate(document)).toEqual([]);
  });

  it("says what the samples mean: moments, center, entropy and its production", async () => {
    const { samples, equilibrium } = await runJson(["two-temperature", "--cells", "2000", "--at", "1,1.001"]);
    const [start, one, after] = samples as [Sample, Sample, Sample];
    // ∫ f = 0.7 + 0.3, ∫ |v|² f = 3 Σ nT, ∫ |v|⁴ f = 15 Σ nT²
    expect(start.mass).toBeCloseTo(1, 5);
    expect(start.energy).toBeCloseTo(2.85, 4);
    expect(start.moment4).toBeCloseTo(15 * (0.7 * 0.25 + 0.3 * 4), 2);
    expect(start.center).toBeCloseTo(0.7 * Math.PI ** -1.5 + 0.3 * (4 * Math.PI) ** -1.5, 4);
    expect(start.maximum).toBeCloseTo(start.center, 4);
    expect(start.minimum).toBeGreaterThan(0);
    expect(start.entropy - equilibrium.entropy).toBeCloseTo(start.relativeEntropy, 4);
    expect((one.entropy - after.entropy) / 0.001).toBeCloseTo(one.entropyProduction, 4);
    const end = samples.at(-1)!;
    expect(end.l1Distance).toBeLessThan(0.3 * start.l1Distance);
    expect(end.relativeEntropy).toBeLessThan(0.2 * start.relativeEntropy);
  });

  it("gives the published values of the Rosenbluth shell", async () => {
    const { samples } = await runJson(["rosenbluth", "--cells", "10000", "--at", [...center.keys()].join()]);
    for (const [key, values] of Object.entries({ center, moment4 })) {
      for (const [time, value] of values) {
        const found = samples.find((sample) => sample.time === time)![key as "center" | "moment4"];
        expect(Math.abs(found - value), `${key} at ${time}`).toBeLessThan(fifthDigit(value));
      }
    }
  });

  it("has every override in the problem as resolved, and the problem resolves to itself", async () => {
    const flags =
      "--epsilon 0.5 --cells 60 --radius 5 --until 0.2 --at 0.05,0.1 --tolerance 1e-4 --method sdirk2 --step 0.05";
    const { problem, grid, work } = await runJson(["annulus", ...flags.split(" ")]);
    expect(problem).toEqual({
      name: "annulus",
      epsilon: 0.5,
      initial: namedProblems.annulus!.problem.initial,
      grid: { cells: 60, radius: 5 },
      until: 0.2,
      samples: { at: [0, 0.05, 0.1, 0.2] },
      tolerance: 1e-4,
      method: "sdirk2",
      step: 0.05,
    });
    expect(grid).toEqual({ cells: 60, radius: 5 });
    expect(work.steps).toBe(4);
    fs.writeFileSync(inDirectory("resolved.json"), JSON.stringify(problem));
    expect((await runJson([inDirectory("resolved.json")])).problem).toEqual(problem);
    expect((await runJson([inDirectory("resolved.json"), "--radius", "auto"])).problem.grid.radius).toBe(
      "auto",
    );
  });

  it.each(["sdirk4", "sdirk2", "implicit-euler"])("takes the method %s", async (method) => {
    const document = await runJson(["annulus", ...quick, "--method", method, "--tolerance", "1e-3"]);
    expect(document.problem.method).toBe(method);
    expect(validate(document)).toEqual([]);
  });
});

describe("a problem", () => {
  const yaml = `
epsilon: 1
initial:                       # exactly one kind
  kind: maxwellians
  components: [{density: 0.7, temperature: 0.5}, {density: 0.3, temperature: 2}]
grid: {cells: 80, radius: auto}
until: 2
samples: {at: [0.5, 1]}
tolerance: 1e-5
method: sdirk4
`;

  it("gives the same numbers as YAML, as JSON and by name", async () => {
    fs.writeFileSync(inDirectory("p.yaml"), yaml);
    const fromYaml = await runJson([inDirectory("p.yaml")]);
    fs.writeFileSync(inDirectory("p.json"), JSON.stringify(fromYaml.problem));
    const fromJson = await runJson(["p.json"], { cwd: directory });
    const flags = ["--cells", "80", "--until", "2", "--at", "0.5,1", "--tolerance", "1e-5"];
    const { problem, ...named } = await runJson(["two-temperature", ...flags]);
    expect(withoutSeconds(fromJson)).toEqual(withoutSeconds(fromYaml));
    expect(problem).toEqual({ name: "two-temperature", ...fromYaml.problem });
    expect(withoutSeconds({ problem: fromYaml.problem, ...named })).toEqual(withoutSeconds(fromYaml));
  });

  it("finds the table beside it, wherever the command is run", async () => {
    const below = inDirectory("data");
    fs.mkdirSync(below);
    const rows = Array.from({ length: 81 }, (_, i) => `${i / 10},${Math.exp(-((i / 10) ** 2)) / 4}`);
    fs.writeFileSync(path.join(below, "f.csv"), `r,f\n${rows.join("\n")}\n`);
    fs.writeFileSync(
      path.join(below, "p.yaml"),
      "epsilon: 1\ninitial: {kind: table, file: f.csv}\nuntil: 0.1\ngrid: {cells: 200}\nsamples: {at: []}\n",
    );
    const { problem, samples } = await runJson(["data/p.yaml"], { cwd: directory });
    expect(problem.initial).toMatchObject({ kind: "table", file: "f.csv", r: { length: 81 } });
    // π^{3/2}/4, and the second-order error of linear interpolation
    expect(samples[0]!.mass / (Math.PI ** 1.5 / 4)).toBeCloseTo(1, 2);
  });

  it("is printed by lfd problems NAME as lfd run takes it", async () => {
    await Promise.all(
      names.map(async (name) => {
        const { status, stdout, stderr } = await lfd(["problems", name]);
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        fs.writeFileSync(inDirectory(`${name}.yaml`), stdout);
        const { problem: named, units } = namedProblems[name]!;
        const until = 1e-3;
        const flags = (t: number) => `--cells 40 --until ${t} --at ${t}`.split(" ");
        // a file in physical units takes its flags in them
        const { problem } = await runJson([
          inDirectory(`${name}.yaml`),
          ...flags(until * (units?.time ?? 1)),
        ]);
        const expected = (await runJson([name, ...flags(until)])).problem;
        expect(problem.until).toBeCloseTo(until, 15);
        expect({ ...problem, until, samples: expected.samples }).toEqual(expected);
        expect(problem).toMatchObject({ name, epsilon: named.epsilon, initial: named.initial });
      }),
    );
  });
});

describe("lfd problems", () => {
  it("lists all with a sentence and a citation each", async () => {
    const [text, asJson] = await Promise.all([lfd(["problems"]), lfd(["problems", "--json"])]);
    expect([text.status, text.stderr, asJson.status, asJson.stderr]).toEqual([0, "", 0, ""]);
    const document = JSON.parse(asJson.stdout);
    expect(Object.keys(document)).toEqual(names);
    const flowing = text.stdout.replace(/\s+/g, " ");
    for (const name of names) {
      const { title, citation, problem } = document[name];
      expect(title).toMatch(/^[A-Z].*[.]$/);
      expect(citation.length).toBeGreaterThan(30);
      expect(problem.name).toBe(name);
      for (const part of [name, title, citation]) expect(flowing).toContain(part);
    }
  });
});

describe("lfd equilibrium", () => {
  it.each([
    ["1", "0.06607300", "0.50570150"],
    ["10", "0.10019307", "0.56678875"],
    ["30", "0.56482828", "0.84402615"],
    ["40", "8.17328377", "1.31873647"],
  ])("at mass 1, energy 3, ε = %s has a = %s, b = %s", async (epsilon, a, b) => {
    const flags = ["--mass", "1", "--energy", "3", "--epsilon", epsilon];
    const [asJson, text] = await Promise.all([
      lfd(["equilibrium", ...flags, "--json"]),
      lfd(["equilibrium", ...flags]),
    ]);
    expect([asJson.status, asJson.stderr, text.status, text.stderr]).toEqual([0, "", 0, ""]);
    const state = JSON.parse(asJson.stdout);
    expect(Object.keys(state)).toEqual(
      expect.arrayContaining("a b temperature chemicalPotential saturation entropy".split(" ")),
    );
    expect(state.a.toFixed(8)).toBe(a);
    expect(state.b.toFixed(8)).toBe(b);
    expect(state.saturation.toFixed(6)).toBe("46.832098");
    expect(state.temperature).toBeCloseTo(1 / (2 * state.b), 14);
    expect(state.chemicalPotential).toBeCloseTo(state.temperature * Math.log(Number(epsilon) * state.a), 12);
    expect(text.stdout).toContain(state.b.toPrecision(14));
  });

  it("is the Maxwellian at ε = 0", async () => {
    const { stdout } = await lfd(
      ["equilibrium", "--json"].concat("--mass 2 --energy 6 --epsilon 0".split(" ")),
    );
    const { a, b, chemicalPotential } = JSON.parse(stdout);
    expect(a).toBeCloseTo(2 * (2 * Math.PI) ** -1.5, 14);
    expect(b).toBeCloseTo(0.5, 14);
    expect(chemicalPotential).toBeNull(); // -∞
  });
});

describe("what lfd run prints", () => {
  it("is nothing with --quiet", async () => {
    const outcome = await lfd(["run", "annulus", ...quick, "--quiet", "--output", inDirectory("quiet.csv")]);
    expect(outcome).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(fs.existsSync(inDirectory("quiet.csv"))).toBe(true);
  });

  it("is a table of the samples and the worst drifts, and with --plot a picture of f", async () => {
    const { status, stdout, stderr } = await lfd(["run", "annulus", ...quick, "--plot"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^annulus: ε = 1 = 0\.4\d* ε\*, 60 cells to R = 6\.\d+ \(auto\)$/);
    const heading = lines.findIndex((line) => line.includes("H_ε[f|M]"));
    expect(lines.slice(heading + 1, heading + 5).map((line) => Number(line.trim().split(/\s+/)[0]))).toEqual([
      0, 0.1, 0.2, 0.5,
    ]);
    expect(stdout).toMatch(/^worst drift: mass \S+, energy \S+ \(relative\)/m);
    const picture = lines.filter((line) => line.includes("┤"));
    expect(picture).toHaveLength(18);
    for (const mark of ["o", "•", "·"]) expect(picture.join("")).toContain(mark);
    expect(stdout).toMatch(/o t = 0 .*t = 0\.2000 .*t = 0\.5000 .*equilibrium M/);
    expect(stdout).not.toContain("\x1b");
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("draws f where cells have their values: one that is M has its curve, on few cells too", async () => {
    const { header } = await prepare({
      epsilon: 1,
      initial: { kind: "fermi-dirac", a: 5, b: 1 },
      grid: { cells: 12 },
      until: 1,
    });
    const f = radialNodes(header.grid.faces).map((r) => equilibriumValue(header.equilibrium, 1, r));
    const marks = (profile: Float64Array) =>
      profilesPlot(header, [{ time: 0, f: profile }])
        .split("o t = 0")[0]!
        .match(/o/g)?.length ?? 0;
    expect(marks(f)).toBe(0); // M is drawn over it
    expect(marks(f.map((value) => 0.9 * value))).toBeGreaterThan(10);
  });

  it("draws what a resumed file has from before as well", async () => {
    const file = inDirectory("resumed.h5");
    await lfd(["run", "annulus", ...quick, "--quiet", "--output", file]);
    const { stdout } = await lfd(["run", "--resume", file, "--until", "1", "--plot"]);
    expect(stdout).toMatch(/o t = 0 .*\+ t = 0\.1000 .*• t = 1\.000 .*equilibrium M/);
    for (const mark of ["o", "+", "•"]) expect(stdout.split("o t = 0")[0]).toContain(mark);
  });

  it("is in s, m/s and eV for a problem in those, the plot too", async () => {
    const cwd = folder({
      "electrons.yaml":
        "units: {density: 1.81e29, temperature: 5 eV}\nuntil: 1e-15\n" +
        "initial: {kind: fermi-dirac, density: 9e28, temperature: 8}\n",
    });
    const { stdout } = await lfd(["run", "electrons.yaml", "--cells", "200", "--plot"], { cwd });
    expect(stdout).toMatch(/^fermi-dirac: .*200 cells to R = \S+ m\/s \(auto\)\nto t = 1e-15 s with/);
    expect(stdout).toMatch(/equilibrium T = 8\.0\d+ eV,\s+μ = -1\.4\d+ eV/);
    expect(stdout).toMatch(/until is 4446\.19 t₀/);
    expect(stdout).toMatch(/occupation εf\n +0\.4\d+ ┤/);
    expect(stdout).toMatch(/e\+6 {2}v \/ m\/s\n +o t = 0 s .*• t = 1\.000e-15 s/);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("has the tolerance as it was given, and says where samples cut steps short", async () => {
    const heading = async (flags: string) =>
      (await lfd(["run", "annulus", "--cells", "20", "--until", "0.5", ...flags.split(" ")])).stdout;
    expect(await heading("--tolerance 2.5e-6")).toContain("with sdirk4, tolerance 2.5e-6;");
    expect(await heading("--step 0.1")).toContain("fixed step 0.1, cut short at samples;");
    expect(await heading("--step 0.1 --at 0.3")).toContain("fixed step 0.1;");
  });

  it("on a terminal is the progress too, and the line is cleared", async ({ skip }) => {
    if (spawnSync("script", ["--version"]).error) {
      console.log("skipped: no `script` to make a terminal with (Debian: bsdutils)");
      return skip();
    }
    const line = `"${process.execPath}" dist/cli/main.js run annulus --cells 30000 --until 100`;
    const { stdout, status } = spawnSync("script", ["-qec", line, "/dev/null"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/t = \S+ of 100\.0 {2}about \S+ m?s to go {2}Δt \S+ {2}\d+ steps/);
    expect(stdout.lastIndexOf("\r\x1b[K")).toBeGreaterThan(stdout.lastIndexOf("to go"));
  });

  it("has lines of at most 80 characters where no terminal has more", async () => {
    const commands = [
      "problems",
      "units --density 1.81e29 --temperature 5eV",
      "verify --list",
      "verify rescaling 2.3",
      "run --help",
      "sweep --help",
      "spectrum --mass 1 --energy 3 --epsilon 30 --cells 1000 --sectors 2",
    ];
    for (const text of commands) {
      const { status, stdout } = await lfd(text.split(" "));
      expect(status, text).toBe(0);
      for (const line of stdout.normalize().split("\n"))
        expect([...line].length, line).toBeLessThanOrEqual(80);
    }
  });

  it("without a command is the help, on stderr and with status 2", async () => {
    const { status, stdout, stderr } = await lfd([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    for (const name of ["run", "equilibrium", "problems"])
      expect(stderr).toMatch(new RegExp(`^ {2}${name} `, "m"));
    const asked = await lfd(["--help"]);
    expect(asked).toEqual({ status: 0, stdout: stderr, stderr: "" });
  });
});

describe("a result file", () => {
  const args = ["run", "two-temperature", ...quick, "--output"];

  it("is HDF5, CSV or JSON by its extension, and holds what --json prints", async () => {
    const { samples, ...rest } = await runJson(["two-temperature", ...quick]);
    const files = ["r.h5", "r.csv", "r.json"].map(inDirectory) as [string, string, string];
    for (const outcome of await Promise.all(files.map((file) => lfd([...args, file])))) {
      expect(outcome).toMatchObject({
        status: 0,
        stderr: "",
        stdout: expect.stringMatching(/^result: \S+r\./m),
      });
    }
    const h5 = await readResult(files[0]);
    expect(h5.samples).toEqual(samples);
    expect([h5.status, h5.problem, h5.conservation]).toEqual(["done", rest.problem, rest.conservation]);

    const rows = fs.readFileSync(files[1], "utf8").trimEnd().split("\n");
    expect(rows).toHaveLength(1 + 4 * 60);
    expect(rows[0]).toBe("time,r,f");
    expect(rows[60 * 3 + 1]).toBe(`0.5,${h5.radius[0]},${h5.profile(3)[0]}`);
    const diagnostics = fs.readFileSync(inDirectory("r.samples.csv"), "utf8").trimEnd().split("\n");
    expect(diagnostics).toHaveLength(5);
    expect(diagnostics[4]!.split(",")[0]).toBe("0.5");

    const { profiles, ...document } = JSON.parse(fs.readFileSync(files[2], "utf8"));
    expect(withoutSeconds(document)).toEqual(withoutSeconds({ samples, ...rest }));
    expect(profiles.f).toHaveLength(4);
    expect(profiles.f[3]).toEqual(Array.from(h5.profile(3)));
    h5.close();
    expect(fs.readdirSync(directory).filter((name) => /part|checkpoint/.test(name))).toEqual([]);
  });

  it("keeps the old one when the new run's input is bad, and takes its place when it is good", async () => {
    const file = inDirectory("old.csv");
    fs.writeFileSync(file, "mine\n");
    expect((await lfd([...args, file, "--cells", "2"])).status).toBe(2);
    expect((await lfd([...args, file, "--epsilon", "1e3"])).status).toBe(2);
    expect(fs.readFileSync(file, "utf8")).toBe("mine\n");
    expect((await lfd([...args, file])).status).toBe(0);
    expect(fs.readFileSync(file, "utf8")).toMatch(/^time,r,f\n/);
  });
});

describe("a run that is not completed", () => {
  it("without --output prints what it has, says that no more is kept, and exits with 1", async () => {
    const slow = "--cells 20000 --tolerance 1e-12 --at 1e-9".split(" ");
    const { child, ended } = start(["run", "two-temperature", ...slow]);
    await new Promise((resolve) => child.stdout!.once("data", resolve)); // the heading: it is under way
    child.kill("SIGINT");
    const { status, stdout, stderr } = await ended;
    expect(status).toBe(1);
    const [, time] = /^lfd: interrupted at t = (\S+); without --output nothing was kept beyond .*\n$/.exec(
      stderr,
    )!;
    expect(Number(time)).toBe(Number(Number(time).toPrecision(6)));
    expect(stdout).not.toContain("interrupted");
    expect(stdout).toMatch(/^\s*0 /m);
    expect(stdout).toMatch(/^worst drift/m);
  });

  it("in physical units says in seconds as well how far it came", async () => {
    const cwd = folder({
      "electrons.yaml":
        "units: {density: 1.81e29, temperature: 5 eV}\nuntil: 1e-15\ngrid: {cells: 20000}\ntolerance: 1e-12\n" +
        "initial: {kind: fermi-dirac, density: 9e28, temperature: 8}\n",
    });
    const { child, ended } = start(["run", "electrons.yaml", "--at", "1e-24"], { cwd });
    await new Promise((resolve) => child.stdout!.once("data", resolve));
    child.kill("SIGINT");
    const { status, stderr } = await ended;
    expect(status).toBe(1);
    const [, dimensionless, seconds] = /^lfd: interrupted at t = (\S+) t₀, (\S+) s; without/.exec(stderr)!;
    const { stdout } = await lfd(["units", "--density", "1.81e29", "--temperature", "5eV", "--json"]);
    expect(Number(seconds) / Number(dimensionless) / JSON.parse(stdout).time).toBeCloseTo(1, 4);
  });

  it("or whose output goes nowhere exits with 1 and one line", async ({ skip }) => {
    if (!fs.existsSync("/dev/full")) return skip();
    const { status, stderr } = await lfd(["> /dev/full"], {
      under: ["sh", "-c", '"$0" "$1" run annulus --cells 60 --until 0.1 --json > /dev/full'],
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "lfd: standard output: cannot be written: no space left on the disk\n",
    });
  });

  it("but whose reader has seen enough is no error", async () => {
    const { status, stderr } = await lfd([], {
      under: ["bash", "-c", 'set -o pipefail; "$0" "$1" run rosenbluth --cells 60 | head -n 1 > /dev/null'],
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
