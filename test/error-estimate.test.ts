import fs from "node:fs";
import * as h5wasm from "h5wasm/node";
import { describe, expect, test } from "vitest";
import {
  type ErrorBar,
  estimateErrors,
  namedProblems,
  type Problem,
  RunError,
  simulate,
} from "../src/index.js";
import { readResult } from "../src/output/read.js";
import type { RunDocument } from "../src/types.js";
import { folder, lfd, runJson, start } from "./cli.js";
import { signallingAfter } from "./signals.js";

type Bars = { time: number } & Record<string, ErrorBar>;
type Verified = RunDocument & { errors: Bars[] };

// What is estimated against what is so: the same problem on 4 times the cells, at tolerance 1e-9.

const smooth = [
  "mass",
  "energy",
  "moment4",
  "entropy",
  "relativeEntropy",
  "entropyProduction",
  "center",
  "fisher",
] as const;

const two = namedProblems["two-temperature"]!.problem;
const cases: { title: string; problem: Problem }[] = [
  { title: "two temperatures, ε = 1", problem: { ...two, until: 10 } },
  {
    title: "two temperatures, ε = 0, tolerance 1e-3",
    problem: { ...two, epsilon: 0, until: 10, tolerance: 1e-3 },
  },
  { title: "shell", problem: { ...namedProblems.rosenbluth!.problem, until: 36, samples: { at: [9] } } },
  {
    title: "near saturation with sdirk2, tolerance 1e-4",
    problem: {
      epsilon: 1,
      initial: (r) => 1 / (1 + Math.exp((r ** 4 - 1) / 0.08)),
      until: 0.5,
      samples: { at: [0.1] },
      method: "sdirk2",
      tolerance: 1e-4,
    },
  },
  {
    title: "fixed steps",
    problem: { ...two, until: 4, samples: { at: [1] }, step: 0.1, method: "sdirk2", tolerance: 1e-10 },
  },
  {
    title: "fixed steps of implicit Euler",
    problem: {
      ...two,
      until: 4,
      samples: { at: [1] },
      step: 0.01,
      method: "implicit-euler",
      tolerance: 1e-10,
    },
  },
];

describe("the error bars hold the true error, and the extrapolated value is nearer", () => {
  test.each(cases)("$title", async ({ problem }) => {
    const cells = 800;
    const given = { ...problem, samples: problem.samples ?? { at: [1] }, grid: { cells } };
    const base = await simulate(given);
    const errors = await estimateErrors(given, base);
    const { step, ...adaptive } = given;
    const reference = await simulate({
      ...adaptive,
      method: "sdirk4",
      tolerance: 1e-9,
      grid: { cells: 4 * cells, radius: base.grid.radius },
    });
    expect(errors.map(({ time }) => time)).toEqual(base.samples.map(({ time }) => time));
    let better = 0;
    let compared = 0;
    for (const [k, sample] of base.samples.entries()) {
      if (sample.time === 0) continue; // data with edges are no smooth function of the cells
      for (const key of smooth) {
        const exact = reference.samples[k]![key];
        const { spatial, temporal, extrapolated } = errors[k]![key];
        const error = Math.abs(sample[key] - exact);
        const roundOff = 1e-8 * Math.abs(exact); // of the reference
        const where = `${key} at ${sample.time}: ${error}, bars ${spatial} and ${temporal}`;
        expect(error, where).toBeLessThanOrEqual(1.25 * (spatial + temporal) + roundOff);
        if (error > 100 * roundOff) {
          // no bar that holds everything because it is too long: the two parts may cancel in the error, not by much
          expect(Math.max(spatial, temporal), where).toBeLessThanOrEqual(3 * error);
          compared++;
          if (Math.abs(extrapolated - exact) < error / 3) better++;
        }
      }
    }
    expect(compared).toBeGreaterThan(4);
    expect(better / compared).toBeGreaterThan(0.8);
  });

  test("dM₄/dt of a mixture of Maxwellians at the start: the exact value within the bars", async () => {
    // ∫|v|⁴ f at t and 0 gives dM₄/dt to first order; the exact rate at ε = 1 is -0.0626374350962 (test/moment-rate.test.ts)
    const t = 1e-4;
    const problem: Problem = { ...two, until: t, samples: { at: [] }, tolerance: 1e-9, grid: { cells: 400 } };
    const base = await simulate(problem);
    const errors = await estimateErrors(problem, base);
    const rate = errors[1]!.moment4.extrapolated - errors[0]!.moment4.extrapolated;
    const raw = (base.samples[1]!.moment4 - base.samples[0]!.moment4) / t;
    const exact = -0.0626374350962;
    // d²M₄/dt² t/2 is 1e-5 of it
    expect(Math.abs(rate / t / exact - 1)).toBeLessThan(5e-5);
    expect(Math.abs(rate / t - exact)).toBeLessThan(Math.abs(raw - exact) / 3);
  });
});

describe("a further run that is stopped", () => {
  const problem: Problem = { ...two, until: 1, samples: { at: [] }, grid: { cells: 100 } };
  test("by its signal is a RunError", async () => {
    const base = await simulate(problem);
    await expect(estimateErrors(problem, base, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({
        name: "RunError",
        message: expect.stringMatching(/^no estimate .*interrupted/),
      }),
    );
  });
  test("because it cannot be completed is one that says so", async () => {
    const base = await simulate(problem);
    const initial = () => {
      throw new RunError("no step could be taken");
    };
    await expect(estimateErrors({ ...problem, initial }, base)).rejects.toThrow(
      /^no estimate of errors: with 100 cells: no step could be taken/,
    );
  });
});

describe("lfd run --verify", () => {
  const flags = ["two-temperature", "--cells", "100", "--until", "1", "--at", "0.5"];
  test("--json has the error bars of every number of every sample", async () => {
    const document = (await runJson([...flags, "--verify"])) as unknown as {
      samples: Record<string, number>[];
      errors: Record<string, unknown>[];
    };
    expect(document.errors).toHaveLength(document.samples.length);
    for (const [k, sample] of document.samples.entries()) {
      expect(Object.keys(document.errors[k]!)).toEqual(Object.keys(sample));
      expect(Object.keys(document.errors[k]!.entropy as object)).toEqual([
        "spatial",
        "temporal",
        "extrapolated",
      ]);
    }
  });
  test("prints a table", async () => {
    const { stdout, status } = await lfd(["run", ...flags, "--verify"]);
    expect(stdout).toMatch(/value +± cells +± steps +extrapolated/);
    expect(stdout.match(/^0\.50000 .*$/gm)).toHaveLength(5 + 1); // and a line of the samples
    expect(status).toBe(0);
  });
  test("prints every sample, and nothing extrapolated from noise", async () => {
    const { stdout } = await lfd("run annulus --cells 60 --until 0.01 --verify".split(" "));
    const bars = stdout.split("extrapolated\n")[1]!;
    expect(bars.match(/^ *0\.010000 /gm)).toHaveLength(5);
    expect(bars.trimEnd().split("\n")).toHaveLength(5 * 21);
    expect(bars).toMatch(/^ *0\.010000 +f\(0,t\) .*–$/m);
  });
  test("result files hold the same bars: HDF5 with units, CSV columns, JSON", async () => {
    const cwd = folder();
    const document = (await runJson([...flags, "--verify", "--output", "r.h5"], { cwd })) as Verified;
    for (const file of ["r.csv", "r.json"]) {
      const quiet = await lfd(["run", ...flags, "--verify", "--quiet", "--output", file], { cwd });
      expect(quiet).toEqual({ status: 0, stdout: "", stderr: "" });
    }
    const json = JSON.parse(fs.readFileSync(`${cwd}/r.json`, "utf8"));
    expect(json.errors).toEqual(document.errors);
    expect(json.profiles.f).toHaveLength(3);

    const [heading, ...rows] = fs.readFileSync(`${cwd}/r.samples.csv`, "utf8").trimEnd().split("\n");
    const columns = heading!.split(",");
    const h5 = new h5wasm.File(`${cwd}/r.h5`, "r");
    expect(h5.attrs.status!.value).toBe("done");
    for (const [k, { time: _, ...bars }] of document.errors.entries()) {
      for (const [key, bar] of Object.entries(bars)) {
        for (const [part, value] of Object.entries(bar)) {
          expect(Number(rows[k]!.split(",")[columns.indexOf(`${key}_${part}`)]), `${key}_${part}`).toBe(
            value,
          );
          const dataset = h5.get(`errors/${part}/${key}`) as h5wasm.Dataset;
          expect((dataset.value as Float64Array)[k], `${part}/${key}`).toBe(value);
          const plain = h5.get(`diagnostics/${key}`) as h5wasm.Dataset;
          expect(dataset.attrs.units!.value).toBe(plain.attrs.units!.value);
        }
      }
      expect(Number(rows[k]!.split(",")[columns.indexOf("entropy")])).toBe(document.samples[k]!.entropy);
    }
    h5.close();
    expect(fs.readdirSync(cwd).sort()).toEqual(["r.csv", "r.h5", "r.json", "r.samples.csv"]);
  });

  test("of a run in physical units are in those", async () => {
    const units = { density: 1.81e29, temperature: "10 eV", coulombLogarithm: 2 };
    const components = [
      { density: 2e28, temperature: 8 },
      { density: 1e27, temperature: 40 },
    ];
    const physicalProblem = {
      units,
      initial: { kind: "maxwellians", components },
      until: 1e-15,
      samples: { at: [] },
    };
    const cwd = folder({ "al.json": JSON.stringify(physicalProblem) });
    const args = ["al.json", "--cells", "100", "--verify"];
    const document = (await runJson(args, { cwd })) as Verified & {
      physical: { samples: Record<string, number>[]; errors: Bars[] };
    };
    const [start] = document.physical.errors as [Bars];
    // the mean energy and density are known: the bars hold the true error, and are not far longer
    for (const [key, exact] of [
      ["energy", (1.5 * (20 * 8 + 40)) / 21],
      ["density", 2.1e28],
    ] as const) {
      const error = Math.abs(document.physical.samples[0]![key]! - exact);
      const { spatial, extrapolated } = start[key]!;
      if (key === "energy") {
        expect(spatial / error).toBeGreaterThan(0.8);
        expect(spatial / error).toBeLessThan(1.25);
      }
      expect(Math.abs(extrapolated - exact) / exact).toBeLessThan(1e-4);
    }
    // dS/dt of a particle in k_B/s: t₀ = v₀³/(4πΓn), Γ = e⁴ lnΛ/(4πε₀²m²), v₀² = kT/m
    const [e, m, eps0] = [1.602176634e-19, 9.1093837015e-31, 8.8541878128e-12];
    const t0 = (((10 * e) / m) ** 1.5 * eps0 ** 2 * m ** 2) / (e ** 4 * 2 * 1.81e29);
    const last = document.samples.length - 1;
    const production = document.physical.errors[last]!.entropyProduction!;
    const expected = document.errors[last]!.entropyProduction!.spatial / (2.1e28 / 1.81e29) / t0;
    expect(production.spatial / expected).toBeCloseTo(1, 6);
    expect(Object.keys(start)).toEqual(Object.keys(document.physical.samples[0]!));

    const { stdout } = await lfd(["run", ...args], { cwd });
    expect(stdout).toMatch(/t \/ s +value +± cells/);
    expect(stdout).toMatch(/\n1\.0000e-15 +⟨mv²\/2⟩ \/ eV +14\.\d+ /);
    expect(stdout).not.toMatch(/H_ε/);
  });

  // The further runs go on long enough for a signal to come in.
  const slow = [
    "two-temperature",
    "--cells",
    "100000",
    "--until",
    "10",
    "--at",
    "1",
    "--tolerance",
    "1e-7",
    "--verify",
  ];
  test.each([
    ["SIGINT", "r.h5"],
    ["SIGTERM", "r.csv"],
    ["SIGTERM", undefined],
  ] as const)(
    "%s while errors are estimated: the run that is done is not lost (%s)",
    async (signal, file) => {
      const cwd = folder();
      const args = ["run", ...slow, ...(file ? ["--output", file] : [])];
      const { status, stdout, stderr } = await lfd(args, {
        cwd,
        under: signallingAfter("worst drift", signal),
      });
      const where = file ? `in ${file}` : "printed";
      expect(stderr).toMatch(
        new RegExp(
          `^lfd: no estimate of errors: interrupted at t = \\S+; the run itself is done and ${where}\n$`,
        ),
      );
      expect(status).toBe(1);
      expect(stdout).toMatch(/^ *10\.000 /m);
      if (file === "r.h5") {
        const result = await readResult(`${cwd}/r.h5`);
        expect([result.status, result.samples.length]).toEqual(["done", 3]);
        result.close();
        expect(fs.readdirSync(cwd)).toEqual(["r.h5"]);
      }
    },
  );

  test("SIGTERM with --json prints the document without errors", async () => {
    const cwd = folder();
    const { child, ended } = start(["run", ...slow, "--json", "--output", "r.json"], { cwd });
    while (!fs.existsSync(`${cwd}/r.json`)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    const { status, stdout, stderr } = await ended;
    expect(stderr).toMatch(/^lfd: no estimate of errors: .*the run itself is done and in r\.json\n$/);
    const printed = JSON.parse(stdout);
    expect([status, printed.status, "errors" in printed]).toEqual([1, "done", false]);
    expect(JSON.parse(fs.readFileSync(`${cwd}/r.json`, "utf8")).status).toBe("done");
  });

  test.each([
    [["annulus", "--cells", "7"], /grid.cells: 7 have no half/],
    [["annulus", "--tolerance", "5e-12"], /tolerance: 5e-12 leaves no tenth/],
  ])("%s is refused before anything is computed", async (args, message) => {
    const { status, stderr, stdout } = await lfd(["run", ...args, "--verify"]);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, ""]);
  });
  test("--resume is refused", async () => {
    const cwd = folder();
    await lfd(["run", ...flags, "--output", "r.h5"], { cwd });
    const { status, stderr } = await lfd(["run", "--resume", "r.h5", "--until", "2", "--verify"], { cwd });
    expect(stderr).toMatch(/^lfd: --verify: cannot be given with --resume/);
    expect(status).toBe(2);
  });
});
