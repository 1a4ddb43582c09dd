import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it, vi } from "vitest";
import { InputError } from "../src/errors.js";
import { loadHdf5, setNumber, setText } from "../src/output/h5.js";
import { radialNodes } from "../src/output/nodes.js";
import { readResult } from "../src/output/read.js";
import { appendResult } from "../src/output/resume.js";
import { openResult } from "../src/output/writer.js";
import { sampleKeys } from "../src/types.js";
import {
  directory,
  document,
  expectClear,
  expectSamples,
  failure,
  folder,
  header,
  inFolder,
  problem,
  profile,
  sample,
  write,
} from "./made-up-run.js";

const root = fileURLToPath(new URL("..", import.meta.url));

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

it("radial nodes lie where the energy of a constant is, thin cells and any scale alike", () => {
  for (const scale of [1e-60, 1, 1e60]) {
    const [first, second] = radialNodes(Float64Array.of(0, scale, 2 * scale));
    expect(first! / scale).toBeCloseTo(Math.sqrt(3 / 5), 15);
    expect(second! / scale).toBeCloseTo(Math.sqrt(((32 - 1) / 5 / (8 - 1)) * 3), 14);
  }
  const thin = radialNodes(Float64Array.of(1, 1 + 2 ** -40))[0]!;
  expect((thin - 1) * 2 ** 40).toBeCloseTo(0.5, 3);
});
