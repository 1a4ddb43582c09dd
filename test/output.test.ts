import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { InputError, RunError } from "../src/errors.js";
import {
  checkpointPath,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../src/output/checkpoint.js";
import { documentJson } from "../src/output/document.js";
import { loadHdf5, setNumber, setText } from "../src/output/h5.js";
import { radialNodes } from "../src/output/nodes.js";
import { readResult } from "../src/output/read.js";
import { appendResult } from "../src/output/resume.js";
import { openResult } from "../src/output/writer.js";
import {
  type Checkpoint,
  type ResolvedProblem,
  type RunDocument,
  type RunHeader,
  type Sample,
  sampleKeys,
} from "../src/types.js";

const root = fileURLToPath(new URL("..", import.meta.url));
let directory: string;

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "lfd-output-"));
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

// Tests write thousands of files, on whatever disk, beside other tests.
vi.setConfig({ testTimeout: 120_000 });
afterEach(() => vi.restoreAllMocks());

/** A path in a directory of its own, so that leftovers show. */
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(directory, "case-"));
});
const inFolder = (name: string) => path.join(folder, name);
const leftovers = () => fs.readdirSync(folder).filter((name) => name.endsWith(".part"));

function problem(cells: number, times: number[]): ResolvedProblem {
  return {
    name: "made-up",
    epsilon: 0.5,
    initial: { kind: "maxwellians", components: [{ density: 0.7, temperature: 0.5 }] },
    grid: { cells, radius: 8 },
    until: times.at(-1)!,
    samples: { at: times },
    tolerance: 1e-6,
    method: "sdirk4",
  };
}

function header(cells: number, times: number[]): RunHeader {
  return {
    problem: problem(cells, times),
    grid: { cells, radius: 8, faces: Float64Array.from({ length: cells + 1 }, (_, i) => (8 * i) / cells) },
    equilibrium: {
      a: 0.125,
      b: 0.75,
      logA: Math.log(0.125),
      temperature: 2 / 3,
      chemicalPotential: Number.NEGATIVE_INFINITY,
      saturation: 12.345678901234567,
      entropy: -1.5,
    },
    adjustment: { cutMass: 0, cutEnergy: 0, floor: 1e-300, holeFloor: 1e-16, massFraction: 3e-15 },
  };
}

/** Sample k: every value differs from every other, some do not fit 32 bits, one is infinite, one subnormal. */
function sample(k: number, time: number): Sample {
  const values = sampleKeys.map((key, i) => [key, Math.PI * (i + 1) * 10 ** ((k % 7) - 3) + k]);
  return { ...Object.fromEntries(values), time, weightedL2: Number.POSITIVE_INFINITY, minimum: 5e-324 };
}

function profile(cells: number, k: number): Float64Array {
  return Float64Array.from({ length: cells }, (_, i) => Math.exp(-i / 7 - k) / 3);
}

function document(head: RunHeader, status = "finished"): RunDocument {
  return {
    ...head,
    grid: { cells: head.grid.cells, radius: head.grid.radius },
    samples: head.problem.samples.at.map((time, k) => sample(k, time)),
    conservation: { mass: 3e-15, energy: 4e-15, entropyIncrease: 0 },
    work: {
      steps: 120,
      rejected: 3,
      newtonIterations: 5_000_000_000,
      seconds: 1.5,
      rejectedError: 1,
      rejectedNewton: 2,
      rejectedEntropy: 0,
      fallbackSteps: 4,
      repairedStages: 5,
    },
    status,
  };
}

async function write(output: string, cells: number, times: number[], status?: string): Promise<RunHeader> {
  const head = header(cells, times);
  const writer = await openResult(output, head, { version: "1.2.3" });
  for (const [k, time] of times.entries()) writer.sample(sample(k, time), profile(cells, k));
  writer.finish(document(head, status));
  return head;
}

async function expectSamples(output: string, cells: number, times: number[]): Promise<void> {
  const result = await readResult(output);
  try {
    expect([...result.times]).toEqual(times);
    expect(result.samples).toEqual(times.map((time, k) => sample(k, time)));
    for (const k of times.keys()) expect(result.profile(k)).toEqual(profile(cells, k));
  } finally {
    result.close();
  }
}

async function failure(action: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof action === "function" ? action() : action);
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** One line, no stack of the HDF5 library, and the name of what it is about. */
function expectClear(
  error: Error,
  type: new (...args: never[]) => Error,
  ...parts: (string | RegExp)[]
): void {
  expect(error).toBeInstanceOf(type);
  expect(error.message).not.toMatch(/\n|HDF5-DIAG|#0/);
  expect(error.message.length).toBeLessThan(400);
  for (const part of parts) expect(error.message).toMatch(part);
}

/** src/ as JavaScript, for child processes: Node 20 runs no TypeScript. */
let compiled: string | undefined;
function compile(): string {
  if (compiled) return compiled;
  const source = path.join(root, "src");
  const target = path.join(directory, "compiled");
  for (const name of fs.readdirSync(source, { recursive: true }) as string[]) {
    if (!name.endsWith(".ts")) continue;
    const output = path.join(target, name.replace(/ts$/, "js"));
    fs.mkdirSync(path.dirname(output), { recursive: true });
    const options = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    };
    const text = fs.readFileSync(path.join(source, name), "utf8");
    fs.writeFileSync(output, ts.transpileModule(text, { compilerOptions: options }).outputText);
  }
  fs.writeFileSync(path.join(target, "package.json"), '{"type": "module"}');
  fs.symlinkSync(path.join(root, "node_modules"), path.join(target, "node_modules"));
  compiled = target;
  return target;
}

/** Source of a child process that writes `count` samples, then prints a line, then goes on with `then`. */
function childScript(output: string, cells: number, count: number, then: string): string {
  const script = path.join(compile(), `child-${Math.random().toString(36).slice(2)}.js`);
  const times = Array.from({ length: count }, (_, k) => k);
  fs.writeFileSync(
    script,
    `import { openResult } from "./output/writer.js";
    const header = ${JSON.stringify({ ...header(1, [0]), problem: problem(cells, times) }).replace(/null/g, "-Infinity")};
    const cells = ${cells};
    header.grid = { cells, radius: 8, faces: Float64Array.from({ length: cells + 1 }, (_, i) => (8 * i) / cells) };
    const sampleKeys = ${JSON.stringify(sampleKeys)};
    ${sample.toString().replace(/__vite_ssr_import_\d+__\./g, "")}
    const profile = new Float64Array(cells);
    const writer = await openResult(${JSON.stringify(output)}, header);
    const resident = [];
    for (let k = 0; k < ${count}; k++) {
      for (let i = 0; i < cells; i++) profile[i] = Math.exp(-i / 7 - k) / 3;
      writer.sample(sample(k, k), profile);
      resident.push(process.resourceUsage().maxRSS);
    }
    console.log(JSON.stringify(resident));
    ${then}`,
  );
  return script;
}

describe("HDF5 results", () => {
  it("come back bit for bit", async () => {
    const file = inFolder("ergebnis ß.h5");
    const times = [0, 1e-3, 1, 10];
    const head = await write(file, 37, times);
    await expectSamples(file, 37, times);
    const result = await readResult(file);
    const { problem, grid, equilibrium, adjustment, conservation, work, status } = result;
    expect({ problem, grid, equilibrium, adjustment }).toEqual(head);
    const end = document(head);
    expect({ conservation, work, status }).toEqual({
      conservation: end.conservation,
      work: end.work,
      status: end.status,
    });
    expect(result.version).toBe("1.2.3");
    expect(new Date(result.created).toISOString()).toBe(result.created);
    expect(result.radius).toEqual(radialNodes(head.grid.faces));
    expect(result.equilibriumProfile).toHaveLength(37);
    expect(() => result.profile(4)).toThrow(RangeError);
    result.close();
    expect(() => result.profile(0)).toThrow(InputError);
    expect(fs.readdirSync(folder)).toEqual(["ergebnis ß.h5"]);
  });

  it("keep every double", async () => {
    const file = inFolder("any.h5");
    const any = fc.array(fc.double(), { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 4 }), async (rows) => {
        const times = [...rows.keys()];
        const writer = await openResult(file, header(5, times));
        // A view into a larger buffer, as a profile in WASM memory is.
        for (const [k, row] of rows.entries()) {
          writer.sample(sample(k, k), Float64Array.of(7, ...row, 7).subarray(1, 6));
        }
        writer.abort();
        const result = await readResult(file);
        for (const [k, row] of rows.entries()) expect(result.profile(k)).toEqual(Float64Array.from(row));
        expect(result.status).toBe("unfinished");
        expect(result.work).toBeUndefined();
        result.close();
      }),
      { numRuns: 25 },
    );
  });

  it("take a problem with a table of 50000 rows, and 200 samples", async () => {
    const file = inFolder("table.hdf5");
    const times = Array.from({ length: 200 }, (_, k) => k / 3);
    const head = header(11, times);
    const r = Array.from({ length: 50000 }, (_, i) => i / 7);
    head.problem.initial = { kind: "table", r, f: r.map((x) => Math.exp(-x)) };
    const writer = await openResult(file, head);
    for (const [k, time] of times.entries()) writer.sample(sample(k, time), profile(11, k));
    writer.finish(document(head));
    await expectSamples(file, 11, times);
    const result = await readResult(file);
    expect(result.problem).toEqual(head.problem);
    result.close();
  });

  it("are read by h5dump, with units, descriptions and attributes", async ({ skip }) => {
    if (spawnSync("h5dump", ["--version"]).error) {
      console.log("skipped: h5dump is missing (apt-get install hdf5-tools)");
      skip();
    }
    const file = inFolder("dump.h5");
    await write(file, 20, [0, 1, 2]);
    const dump = (...options: string[]) => {
      const { status, stdout } = spawnSync("h5dump", [...options, file], { encoding: "utf8" });
      expect(status).toBe(0);
      return stdout;
    };
    const head = dump("-A");
    for (const name of [
      ..."format format_version version scheme problem epsilon status created units".split(" "),
      ..."equilibrium_a equilibrium_b equilibrium_temperature equilibrium_saturation".split(" "),
      ..."adjustment_floor conservation_mass conservation_energy work_steps work_seconds".split(" "),
    ]) {
      expect(head).toContain(`ATTRIBUTE "${name}"`);
    }
    const datasets = ["faces", "radius", "time", "f", "equilibrium", ...sampleKeys.slice(1)];
    for (const name of datasets) expect(head).toContain(`DATASET "${name}"`);
    expect(head.split('ATTRIBUTE "units"')).toHaveLength(datasets.length + 2);
    expect(head.split('ATTRIBUTE "description"')).toHaveLength(datasets.length + 1);
    expect(dump("-H", "-d", "/f")).toContain("SIMPLE { ( 3, 20 ) / ( H5S_UNLIMITED, 20 ) }");
    expect(dump("-H", "-p", "-d", "/f")).toContain("CHUNKED ( 1, 20 )");
    const text = dump("-d", "/f", "-s", "2,3", "-c", "1,1", "-m", "%.17g");
    expect(Number(/\(2,3\): (\S+)/.exec(text)?.[1])).toBe(profile(20, 2)[3]);
  });

  it("are streamed: 12 profiles of 10⁶ cells take no more memory than 2", () => {
    const file = inFolder("large.h5");
    const script = childScript(file, 1_000_000, 12, "writer.abort();");
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const resident: number[] = JSON.parse(stdout);
    const growth = (resident[11]! - resident[1]!) / 1024;
    console.log(
      `10⁶ cells: ${(resident[1]! / 1024).toFixed(0)} MB with 2 profiles, ${growth.toFixed(1)} MB more with 12`,
    );
    expect(growth).toBeLessThan(16); // 10 profiles are 80 MB
    expect(fs.statSync(file).size).toBeLessThan(12 * 8e6 + 3 * 8e6 + 1e6);
  });

  it.each([0, 1, 4])("have k + 1 samples when the process is killed after sample %i", async (k) => {
    const file = inFolder("killed.h5");
    const child = spawn(process.execPath, [childScript(file, 2000, k + 1, "setInterval(() => {}, 1000);")]);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.stderr.once("data", (text) => reject(new Error(String(text))));
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await expectSamples(file, 2000, [...Array(k + 1).keys()]);
    expect(spawnSync("h5dump", ["-H", file]).status ?? 0).toBe(0);
    expect(fs.readdirSync(folder)).toEqual(["killed.h5"]);
  });

  it("are whole at every instant of writing", async () => {
    // Every write to the file is recorded; the file is then rebuilt write by write and read after each.
    const file = inFolder("instants.h5");
    const times = [...Array(11).keys()];
    const head = header(15, times);
    const writes: { at: number; bytes: Buffer | number }[] = [];
    const fileWrite = fs.writeSync;
    const fileTruncate = fs.ftruncateSync;
    const record = vi.spyOn(fs, "writeSync").mockImplementation(((
      ...args: [number, Uint8Array, number, number, number]
    ) => {
      const [fd, data, offset, length, at] = args;
      if (fd > 2) writes.push({ at, bytes: Buffer.from(data.slice(offset, offset + length)) });
      return fileWrite(...args);
    }) as typeof fs.writeSync);
    const cut = vi.spyOn(fs, "ftruncateSync").mockImplementation((fd, length) => {
      writes.push({ at: -1, bytes: length as number });
      fileTruncate(fd, length);
    });
    /** marks[k]: number of writes after which sample k is added. */
    const marks: number[] = [];
    let writer = await openResult(file, head);
    for (const [k, time] of times.entries()) {
      if (k === 7) {
        writer.finish(document(head, "interrupted"));
        writer = (await appendResult(file)).writer;
      }
      writer.sample(sample(k, time), profile(15, k));
      marks.push(writes.length);
    }
    head.problem.until = 1000;
    writer.finish(document(head));
    record.mockRestore();
    cut.mockRestore();
    expect(writes.length).toBeGreaterThan(11 * 4);

    const image = fs.openSync(inFolder("image.h5"), "w+");
    const states = new Set<string>();
    for (const [i, { at, bytes }] of writes.entries()) {
      if (typeof bytes === "number") fs.ftruncateSync(image, bytes);
      else fs.writeSync(image, bytes, 0, bytes.length, at);
      if (i + 1 < marks[0]!) continue;
      const done = marks.filter((mark) => mark <= i + 1).length;
      // Each under a name of its own: HDF5 recognises a file that it has read before.
      const copy = inFolder(`copy-${i}.h5`);
      fs.copyFileSync(inFolder("image.h5"), copy);
      const result = await readResult(copy);
      expect(result.samples.length).toBeGreaterThanOrEqual(done);
      for (const k of result.samples.keys()) {
        expect(result.profile(k)).toEqual(profile(15, k));
        expect(result.samples[k]).toEqual(sample(k, k));
      }
      states.add(`${result.status}, until ${result.problem.until}, ${result.work?.steps ?? "?"} steps`);
      result.close();
      fs.rmSync(copy);
    }
    fs.closeSync(image);
    // The status comes last: with it, all that belongs to the end is there.
    expect([...states].filter((state) => !state.startsWith("unfinished"))).toEqual([
      "interrupted, until 10, 120 steps",
      "finished, until 1000, 120 steps",
    ]);
    expect([...states][0]).toBe("unfinished, until 10, ? steps");
  });

  it("say what is wrong when they cannot be read", async () => {
    const h5 = await loadHdf5();
    const make = (name: string, format?: string, version?: number) => {
      const file = new h5.File(inFolder(name), "w");
      if (format) setText(file, "format", format);
      if (version) setNumber(file, "format_version", version);
      file.close();
    };
    fs.writeFileSync(inFolder("empty.h5"), "");
    fs.writeFileSync(inFolder("text.h5"), "time,r,f\n".repeat(100));
    make("foreign.h5");
    make("other.h5", "something else", 1);
    make("future.h5", "landau-fermi-dirac result", 2);
    make("hollow.h5", "landau-fermi-dirac result", 1);
    const cases: [string, RegExp][] = [
      ["missing.h5", /no such file/],
      ["text.h5/below.h5", /a part of the path is a file/],
      [".", /not a file/],
      ["empty.h5", /is not an HDF5 file/],
      ["text.h5", /is not an HDF5 file/],
      ["foreign.h5", /is HDF5, but no landau-fermi-dirac result/],
      ["other.h5", /is HDF5, but no landau-fermi-dirac result/],
      ["future.h5", /has format_version 2; this program reads 1/],
      ["hollow.h5", /is damaged: the attribute problem is missing/],
    ];
    for (const [name, pattern] of cases) {
      const error = await failure(readResult(inFolder(name)));
      expectClear(error, InputError, pattern);
      expect((error as InputError).key).toBe(inFolder(name));
    }
  });

  it("cut off at any length give a clear error", async () => {
    await write(inFolder("whole.h5"), 200, [0, 1, 2]);
    const whole = fs.readFileSync(inFolder("whole.h5"));
    const lengths = new Set(
      [...Array(120).keys()].concat(whole.length - 1, whole.length - 8, whole.length - 1000),
    );
    for (let i = 1; i < 120; i++) lengths.add(Math.floor((whole.length * i) / 120));
    for (const length of lengths) {
      const name = inFolder(`cut-${length}.h5`);
      fs.writeFileSync(name, whole.subarray(0, length));
      const error = await failure(readResult(name));
      expectClear(error, InputError, name, length < 8 ? /is not an HDF5 file/ : /truncated/);
    }
  });

  it("with damaged bytes are refused or read, but never crash", async () => {
    await write(inFolder("whole.h5"), 50, [0, 1, 2]);
    const whole = fs.readFileSync(inFolder("whole.h5"));
    let refused = 0;
    const stretch = fc.record({
      at: fc.integer({ min: 0, max: whole.length - 1 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 32 }),
    });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 20 }), async (damage) => {
        const bytes = Buffer.from(whole);
        for (const { at, bytes: garbage } of damage) bytes.set(garbage.slice(0, whole.length - at), at);
        const name = inFolder(`damaged-${n++}.h5`);
        fs.writeFileSync(name, bytes);
        try {
          const result = await readResult(name);
          try {
            for (const k of result.samples.keys()) result.profile(k);
          } finally {
            result.close();
          }
        } catch (error) {
          refused++;
          expectClear(error as Error, InputError, name);
        }
      }),
      // A fixed seed: 1 in some 4500 such files makes the HDF5 library itself, h5dump too, run in a circle.
      { numRuns: 150, seed: 1 },
    );
    expect(refused).toBeGreaterThan(20);
    await expectSamples(inFolder("whole.h5"), 50, [0, 1, 2]);
  });
});

describe("an output path", () => {
  it("that cannot be written is refused before anything is computed", async () => {
    fs.writeFileSync(inFolder("file"), "");
    fs.mkdirSync(inFolder("directory.h5"));
    fs.mkdirSync(inFolder("directory.csv"));
    fs.mkdirSync(inFolder("table.samples.csv"));
    const reasons: [string, RegExp][] = [
      [inFolder("none/result.EXT"), /there is no directory .*none/],
      [inFolder("file/result.EXT"), /a part of the path is a file/],
      ["/dev/null/result.EXT", /a part of the path is a file/],
      ["/proc/result.EXT", /cannot be written: ./],
      [inFolder(`${"x".repeat(300)}.EXT`), /the name is too long/],
    ];
    for (const extension of ["h5", "hdf5", "csv", "json"]) {
      for (const [name, reason] of reasons) {
        const file = name.replace("EXT", extension);
        const error = await failure(openResult(file, header(3, [0])));
        expectClear(
          Object.assign(error, { message: error.message.replace(/x{300}/g, "x") }),
          InputError,
          reason,
        );
        expect((error as InputError).key).toBe(file);
      }
    }
    expectClear(
      await failure(openResult(inFolder("directory.h5"), header(3, [0]))),
      InputError,
      /it is a directory/,
    );
    expectClear(
      await failure(openResult(inFolder("directory.csv"), header(3, [0]))),
      InputError,
      /is a directory/,
    );
    const second = await failure(openResult(inFolder("table.csv"), header(3, [0])));
    expectClear(second, InputError, /table\.samples\.csv.*is a directory/);
    expect(leftovers()).toEqual([]);
  });

  it.each(["result", "result.txt", "result.h5.gz", "result.", ".h5"])(
    "without a known extension: %s",
    async (name) => {
      const error = await failure(openResult(inFolder(name), header(3, [0])));
      expectClear(error, InputError, name, /\.h5, \.hdf5, \.csv, \.json/);
      expect((error as InputError).key).toBe("--output");
      expect(fs.readdirSync(folder)).toEqual([]);
    },
  );

  it.each(["h5", "csv", "json"])(
    "keeps what it has until the new result has a sample (.%s)",
    async (extension) => {
      const file = inFolder(`result.${extension}`);
      fs.writeFileSync(file, "old");
      fs.writeFileSync(checkpointPath(file), "old");
      const writer = await openResult(file, header(3, [0]));
      expect(fs.readFileSync(file, "utf8")).toBe("old");
      writer.abort();
      expect(fs.readFileSync(file, "utf8")).toBe("old");
      expect(fs.readdirSync(folder).sort()).toEqual([
        `result.${extension}`,
        `result.${extension}.checkpoint`,
      ]);

      fs.renameSync(file, inFolder(`real.${extension}`));
      fs.symlinkSync(`real.${extension}`, file);
      await write(file, 3, [0, 1]);
      expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
      expect(fs.readFileSync(file, "utf8")).not.toBe("old");
      // Only an HDF5 result can be resumed; what lies beside another is not this program's.
      expect(fs.existsSync(checkpointPath(file))).toBe(extension !== "h5");
      expect(leftovers()).toEqual([]);
    },
  );

  it("takes no wrong calls", async () => {
    for (const extension of ["h5", "csv", "json"]) {
      const writer = await openResult(inFolder(`result.${extension}`), header(3, [0, 1]));
      writer.sample(sample(0, 0), profile(3, 0));
      expect(() => writer.sample(sample(1, 1), profile(4, 0))).toThrow(RangeError);
      expect(() => writer.sample(sample(1, 0), profile(3, 0))).toThrow(RangeError);
      writer.abort();
      writer.abort();
      expect(() => writer.sample(sample(1, 1), profile(3, 1))).toThrow(RunError);
    }
  });
});

describe("a full disk", () => {
  let small: string | undefined;

  function mount(kilobytes: number): string | undefined {
    const point = fs.mkdtempSync(path.join(directory, "small-"));
    const { status, error, stderr } = spawnSync(
      "mount",
      ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", point],
      { encoding: "utf8" },
    );
    if (status === 0) return point;
    console.log(`skipped: no tmpfs can be mounted here: ${error?.message ?? stderr.trim()}`);
    return undefined;
  }
  function unmount(): void {
    if (small) spawnSync("umount", ["-l", small]);
    small = undefined;
  }
  afterEach(unmount);

  it.each([
    ["h5", 20_000],
    ["h5", 300],
    ["csv", 5000],
  ])("stops a run with a message and keeps every sample (.%s, %i cells)", async (extension, cells) => {
    small = mount(2048);
    if (!small) return;
    const file = path.join(small, `result.${extension}`);
    const times = [...Array(2000).keys()];
    const writer = await openResult(file, header(cells, times));
    let k = 0;
    const error = await failure(() => {
      for (; k < 2000; k++) writer.sample(sample(k, k), profile(cells, k));
    });
    expect(k).toBeGreaterThan(3);
    expectClear(error, RunError, file, /\d+ bytes are needed and \d+ are free/);
    expect(error.message).toContain(`${k} samples up to t = ${k - 1} are kept in ${file}`);
    writer.finish(document(header(cells, times), "disk full"));
    if (extension === "h5") {
      const reopened = await readResult(file);
      expect(reopened.status).toBe("disk full");
      reopened.close();
      fs.writeFileSync(path.join(directory, "kept.h5"), fs.readFileSync(file));
      await expectSamples(path.join(directory, "kept.h5"), cells, times.slice(0, k));
    } else {
      expect(fs.readFileSync(file, "utf8").split("\n")).toHaveLength(k * cells + 2);
      expect(fs.readFileSync(file.replace(".csv", ".samples.csv"), "utf8").split("\n")).toHaveLength(k + 2);
    }
  });

  it("is noticed without statfs too, at every level of filling, in any state of the tables", async () => {
    small = mount(400);
    if (!small) return;
    const file = path.join(small, "result.h5");
    vi.spyOn(fs, "statfsSync").mockReturnValue({ blocks: 0, bavail: 0, bsize: 0 } as fs.StatsFs);
    for (const cells of [101, 600]) {
      for (let filling = 0; filling < 60_000; filling += 9000) {
        fs.rmSync(file, { force: true });
        fs.writeFileSync(path.join(small, "filling"), Buffer.alloc(filling));
        const writer = await openResult(file, header(cells, [0]));
        let k = 0;
        const error = await failure(() => {
          for (; ; k++) writer.sample(sample(k, k), profile(cells, k));
        });
        expectClear(error, RunError, "the disk is full");
        // It goes on when there is room again, and can be finished.
        fs.rmSync(path.join(small, "filling"));
        if (filling > 20_000) writer.sample(sample(k, k++), profile(cells, k - 1));
        writer.abort();
        const copy = inFolder(`kept-${cells}-${filling}.h5`);
        fs.copyFileSync(file, copy);
        await expectSamples(copy, cells, [...Array(k).keys()]);
      }
    }
  });

  it("that HDF5 itself runs into leaves the samples before it readable", async () => {
    // The margin that is taken beforehand leaves no room for this on a common file system; writes are made to fail.
    for (const cells of [10, 5000]) {
      for (let budget = 0; budget < 24; budget++) {
        const file = inFolder(`result-${cells}-${budget}.h5`);
        const writer = await openResult(file, header(cells, [0]));
        for (let k = 0; k < 3; k++) writer.sample(sample(k, k), profile(cells, k));
        const before = fs.readFileSync(file);
        const whole = fs.writeSync;
        let calls = 0;
        const reservation = Math.ceil((8 * cells + 64 * 1024) / (1 << 20));
        const spy = vi.spyOn(fs, "writeSync").mockImplementation(((
          ...args: Parameters<typeof fs.writeSync>
        ) => {
          if (calls++ >= reservation + budget)
            throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", errno: -28 });
          return whole(...args);
        }) as typeof fs.writeSync);
        let failed: unknown;
        try {
          writer.sample(sample(3, 3), profile(cells, 3));
        } catch (error) {
          failed = error;
        }
        spy.mockRestore();
        expect(calls).toBeGreaterThan(1);
        if (failed) expectClear(failed as Error, RunError, /3 samples up to t = 2 are kept/);
        writer.abort();
        expect(fs.readFileSync(file).length).toBeGreaterThanOrEqual(before.length);
        const copy = inFolder(`copy-${cells}-${budget}.h5`);
        fs.copyFileSync(file, copy);
        const result = await readResult(copy);
        expect(result.samples.length).toBeGreaterThanOrEqual(3);
        for (const k of result.samples.keys()) expect(result.profile(k)).toEqual(profile(cells, k));
        result.close();
      }
    }
  });
});

describe("JSON results", () => {
  it("are the document with null for what JSON cannot hold", () => {
    const end = document(header(3, [0, 1]));
    const parsed = JSON.parse(documentJson(end));
    expect(Object.keys(parsed)).toEqual(
      "problem grid equilibrium adjustment samples conservation work status".split(" "),
    );
    expect(Object.keys(parsed.equilibrium).slice(0, 4)).toEqual(["a", "b", "temperature", "saturation"]);
    expect(parsed.equilibrium.chemicalPotential).toBeNull();
    expect(Object.keys(parsed.samples[0])).toEqual([...sampleKeys]);
    expect(parsed.samples[1]).toEqual({ ...sample(1, 1), weightedL2: null });
    expect(Object.keys(parsed.grid)).toEqual(["cells", "radius"]);
    expect(parsed.problem).toEqual(end.problem);
    expect(parsed.work).toEqual(end.work);
    const stray = {
      ...end,
      grid: header(3, [0]).grid,
      samples: [{ ...sample(0, Number.NaN), extra: 1 }],
      extra: 1,
    };
    expect(documentJson(stray)).not.toContain("extra");
    expect(documentJson(stray)).not.toContain("faces");
    expect(JSON.parse(documentJson(stray)).samples[0].time).toBeNull();
  });

  it("add the profiles", async () => {
    const file = inFolder("result.json");
    const cells = 40_000; // more than one piece of text
    const head = await write(file, cells, [0, 2]);
    const parsed = JSON.parse(fs.readFileSync(file, "utf8"));
    expect(Object.keys(parsed.profiles)).toEqual(["faces", "radius", "equilibrium", "f"]);
    expect(Float64Array.from(parsed.profiles.faces)).toEqual(head.grid.faces);
    expect(Float64Array.from(parsed.profiles.radius)).toEqual(radialNodes(head.grid.faces));
    expect(parsed.profiles.equilibrium).toHaveLength(cells);
    expect(parsed.profiles.f.map((row: number[]) => Float64Array.from(row))).toEqual([
      profile(cells, 0),
      profile(cells, 1),
    ]);
    delete parsed.profiles;
    expect(JSON.stringify(parsed)).toBe(documentJson(document(head)));
    expect(fs.readdirSync(folder)).toEqual(["result.json"]);
  });

  it("refuse what is too large", async () => {
    const error = await failure(openResult(inFolder("big.json"), header(1_000_001, Array(20).fill(0))));
    expectClear(error, InputError, /20 samples of 1000001 cells/, /\.h5/);
  });
});

describe("CSV results", () => {
  it("come back exactly", async () => {
    const file = inFolder("result.csv");
    const times = [0, 0.1, 1 / 3];
    const cells = 40_000;
    const head = await write(file, cells, times);
    expect(fs.readdirSync(folder).sort()).toEqual(["result.csv", "result.samples.csv"]);
    const table = (name: string) => {
      const [columns, ...rows] = fs.readFileSync(inFolder(name), "utf8").trimEnd().split("\n");
      return { columns, rows: rows.map((row) => row.split(",").map(Number)) };
    };
    const { columns, rows } = table("result.csv");
    const nodes = radialNodes(head.grid.faces);
    expect(columns).toBe("time,r,f");
    expect(rows).toHaveLength(times.length * cells);
    const expected = times.flatMap((time, k) => {
      const f = profile(cells, k);
      return Array.from(nodes, (r, i) => [time, r, f[i]]);
    });
    expect(JSON.stringify(rows)).toBe(JSON.stringify(expected));
    const samples = table("result.samples.csv");
    expect(samples.columns).toBe(sampleKeys.join(","));
    expect(samples.rows).toEqual(times.map((time, k) => sampleKeys.map((key) => sample(k, time)[key])));
  });
});

describe("going on with a run", () => {
  const state = (time: number, cells: number): Checkpoint => ({
    time,
    f: profile(cells, time),
    holes: profile(cells, time).map((f) => 1 - f / 3),
    step: 0.01,
    conservation: { mass: 1e-15, energy: 2e-15, entropyIncrease: 0 },
    work: { ...document(header(cells, [0])).work, steps: 77 },
  });

  it("keeps checkpoints bit for bit, and only those of the problem", async () => {
    const result = inFolder("run.h5");
    const own = problem(30, [0, 1]);
    expect(await readCheckpoint(result, own)).toBeUndefined();
    const checkpoint = state(0.5, 30);
    const original = structuredClone(checkpoint);
    const pending = writeCheckpoint(result, own, checkpoint);
    checkpoint.f.fill(0);
    await pending;
    expect(await readCheckpoint(result, own)).toEqual(original);
    await writeCheckpoint(result, own, state(0.75, 30));
    expect((await readCheckpoint(result, own))?.time).toBe(0.75);
    expect(fs.readdirSync(folder)).toEqual(["run.h5.checkpoint"]);

    const reordered = { ...own, grid: { radius: 8, cells: 30 }, until: 500, tolerance: 1e-3 };
    expect(await readCheckpoint(result, reordered)).toEqual(await readCheckpoint(result, own));
    for (const other of [{ ...own, epsilon: 0.25 }, problem(31, [0, 1])]) {
      const error = await failure(readCheckpoint(result, other));
      expectClear(error, InputError, checkpointPath(result), /another problem/);
    }
    const whole = fs.readFileSync(checkpointPath(result));
    for (const length of [0, 7, 100, whole.length >> 1, whole.length - 1]) {
      fs.writeFileSync(checkpointPath(result), whole.subarray(0, length));
      expectClear(
        await failure(readCheckpoint(result, own)),
        InputError,
        /checkpoint: is (truncated|not an HDF5)/,
      );
    }
    removeCheckpoint(result);
    removeCheckpoint(result);
    expect(await readCheckpoint(result, own)).toBeUndefined();
    const nowhere = await failure(writeCheckpoint("/dev/null/run.h5", own, original));
    expectClear(nowhere, RunError, /run\.h5\.checkpoint/, /a part of the path is a file/);
  });

  it("starts from the last sample", async () => {
    const file = inFolder("run.h5");
    const head = header(9, [0, 1, 2, 3]);
    const first = await openResult(file, head);
    for (const k of [0, 1]) first.sample(sample(k, k), profile(9, k));
    first.abort();
    const { state, samples, writer, header: found } = await appendResult(file);
    expect(found).toEqual(head);
    expect(samples).toEqual([sample(0, 0), sample(1, 1)]);
    expect(state.time).toBe(1);
    expect(state.f).toEqual(profile(9, 1));
    expect(state.holes).toEqual(profile(9, 1).map((f) => 1 - 0.5 * f));
    expect(state.step).toBe(0);
    expect(state.work.steps).toBe(0);
    expect(state.conservation.mass).toBe(Math.abs(sample(1, 1).mass / sample(0, 0).mass - 1));
    expect(() => writer.sample(sample(1, 1), profile(9, 1))).toThrow(RangeError);
    for (const k of [2, 3]) writer.sample(sample(k, k), profile(9, k));
    writer.finish(document(head));
    await expectSamples(file, 9, [0, 1, 2, 3]);
    expect(fs.readdirSync(folder)).toEqual(["run.h5"]);

    // A finished run that is to go on for longer.
    const longer = await appendResult(file);
    expect(longer.state.work).toEqual(document(head).work);
    const later = header(9, [0, 1, 2, 3, 50]);
    longer.writer.sample(sample(4, 50), profile(9, 4));
    longer.writer.finish(document(later));
    await expectSamples(file, 9, [0, 1, 2, 3, 50]);
    const result = await readResult(file);
    expect(result.problem).toEqual(later.problem);
    expect(result.status).toBe("finished");
    result.close();
  });

  it("changes nothing until there is a new sample", async () => {
    const file = inFolder("run.h5");
    await write(file, 9, [0, 1]);
    (await appendResult(file)).writer.abort();
    const result = await readResult(file);
    expect(result.status).toBe("finished");
    result.close();
    await expectSamples(file, 9, [0, 1]);
  });

  it("starts from a newer checkpoint, but not from one that would skip a sample", async () => {
    const file = inFolder("run.h5");
    const head = header(9, [0, 1, 2, 3]);
    const first = await openResult(file, head);
    for (const k of [0, 1]) first.sample(sample(k, k), profile(9, k));
    first.abort();
    const stateWith = async (time: number) => {
      await writeCheckpoint(file, head.problem, state(time, 9));
      const resumed = await appendResult(file);
      resumed.writer.abort();
      return resumed.state;
    };
    expect(await stateWith(1.5)).toEqual(state(1.5, 9));
    expect(await stateWith(1)).toEqual(state(1, 9));
    expect(await stateWith(2.5)).toMatchObject({ time: 1, f: profile(9, 1) });
    expect(await stateWith(0.5)).toMatchObject({ time: 1, f: profile(9, 1), step: 0.01 });
    fs.writeFileSync(checkpointPath(file), "damage");
    expectClear(await failure(appendResult(file)), InputError, checkpointPath(file), /not an HDF5/);
  });

  it("overwrites a sample that a killed process left half written", async () => {
    const file = inFolder("run.h5");
    const head = header(9, [0, 1, 2]);
    const first = await openResult(file, head);
    for (const k of [0, 1]) first.sample(sample(k, k), profile(9, k));
    first.abort();
    const h5 = await loadHdf5();
    const half = new h5.File(file, "a");
    const f = half.get("f");
    if (f && "resize" in f) f.resize([3, 9]);
    half.close();
    await expectSamples(file, 9, [0, 1]);
    const { writer } = await appendResult(file);
    writer.sample(sample(2, 2), profile(9, 2));
    writer.finish(document(head));
    await expectSamples(file, 9, [0, 1, 2]);
  });

  it("refuses what is no result to go on with", async () => {
    fs.writeFileSync(inFolder("run.csv"), "time,r,f\n");
    expectClear(await failure(appendResult(inFolder("run.csv"))), InputError, /is not an HDF5 file/);
    expectClear(await failure(appendResult(inFolder("none.h5"))), InputError, /no such file/);
    await write(inFolder("cut.h5"), 9, [0, 1]);
    fs.truncateSync(inFolder("cut.h5"), 3000);
    expectClear(await failure(appendResult(inFolder("cut.h5"))), InputError, /truncated: 3000 of \d+ bytes/);
  });
});

it("radial nodes lie where the energy of a constant is, thin cells and any scale alike", () => {
  for (const scale of [1e-60, 1, 1e60]) {
    const [first, second] = radialNodes(Float64Array.of(0, scale, 2 * scale));
    expect(first! / scale).toBeCloseTo(Math.sqrt(3 / 5), 15);
    expect(second! / scale).toBeCloseTo(Math.sqrt(((32 - 1) / 5 / (8 - 1)) * 3), 14);
  }
  const thin = radialNodes(Float64Array.of(1, 1 + 2 ** -40))[0]!;
  expect((thin - 1) * 2 ** 40).toBeCloseTo(0.5, 3);
});
