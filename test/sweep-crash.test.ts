import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RunError } from "../src/errors.js";
import { Journal, JournalWriter } from "../src/sweep/journal.js";
import { packSamples } from "../src/sweep/outcome.js";
import { identityOf } from "../src/sweep/process.js";
import { randomNumbers } from "../src/sweep/random.js";
import { writeTables } from "../src/sweep/tables.js";
import { type Sample, sampleKeys } from "../src/types.js";
import { folder, lfd } from "./cli.js";
import { signalling } from "./signals.js";
import { journalOf, tablesOf } from "./sweep-directory.js";

const runs = 100;
const spec = `
problem: annulus
set: {grid: {cells: 200}, until: 10}
vary: {epsilon: {linear: [0.1, 1, ${runs}]}}
`;
const kills = 20;
const seed = 20240229;

const cwd = folder({ "sweep.yaml": spec });
const args = (output: string) => ["sweep", "sweep.yaml", "--output", output, "--quiet"];
const files = ["journal.jsonl", "runs.parquet", "samples.parquet", "sweep.json"];
const tables = (output: string) => [
  ...tablesOf(path.join(cwd, output)),
  fs.readFileSync(path.join(cwd, output, "sweep.json"), "utf8"),
];
const ids = (output: string) => journalOf(path.join(cwd, output)).map(({ id }) => id);

beforeAll(async () => {
  const { status, stderr } = await lfd(args("whole"), { cwd });
  expect([status, stderr]).toEqual([0, ""]);
});

describe("a sweep killed with SIGKILL", () => {
  it(`at ${kills} random moments goes on each time; nothing is computed twice, nothing lost`, async () => {
    const random = randomNumbers(seed);
    let killed = 0;
    let finished = 0;
    const check = (output: string) => {
      expect(ids(output)).toHaveLength(runs);
      expect(new Set(ids(output)).size).toBe(runs);
      expect(tables(output)).toEqual(tables("whole"));
      expect(fs.readdirSync(path.join(cwd, output)).sort()).toEqual(files);
      finished++;
    };
    let output = "killed-0";
    while (killed < kills) {
      // some write to the journal, and as long as a few runs take
      const under = signalling("SIGKILL", 1 + Math.floor(15 * random()), 10 * random());
      const { status, stderr } = await lfd(args(output), { cwd, under });
      if (status === null) killed++;
      else {
        // so many writes were not left: another one
        expect([status, stderr]).toEqual([0, ""]);
        check(output);
        output = `killed-${finished}`;
      }
    }
    expect((await lfd(args(output), { cwd })).status).toBe(0);
    check(output);
    console.log(`${kills} kills with seed ${seed} in ${finished} sweeps of ${runs} runs`);
  }, 300_000);

  it("while it writes its tables has them all the same", async () => {
    fs.cpSync(path.join(cwd, "whole"), path.join(cwd, "tables"), { recursive: true });
    for (const name of ["runs.parquet", "samples.parquet"]) fs.rmSync(path.join(cwd, "tables", name));
    fs.writeFileSync(path.join(cwd, "tables", "runs.parquet.part"), "PAR1 and then");
    // whoever held it is no more: no process has this number
    const holder = { ...identityOf(), pid: 2 ** 22 + 1, token: "of old" };
    fs.writeFileSync(path.join(cwd, "tables", "lock"), JSON.stringify(holder));
    const { status, stderr } = await lfd(args("tables"), { cwd });
    expect([status, stderr]).toEqual([0, ""]);
    expect(tables("tables")).toEqual(tables("whole"));
    expect(fs.readdirSync(path.join(cwd, "tables")).sort()).toEqual(files);
  });
});

describe("a sweep that dies at one of its file operations", () => {
  // The process ends itself with SIGKILL: instead of the operation, or half way through what it writes.
  const fault = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    import { isMainThread } from "node:worker_threads";
    let left = Number(process.env.TEST_DIES_AT);
    const names = ["mkdirSync", "writeFileSync", "openSync", "fsyncSync", "ftruncateSync", "renameSync", "rmSync"];
    for (const name of isMainThread ? names : []) {
      const original = fs[name];
      fs[name] = (target, data, ...rest) => {
        if (typeof target === "string" && !target.startsWith("out-")) return original(target, data, ...rest);
        if (--left > 0) return original(target, data, ...rest);
        left = Number.POSITIVE_INFINITY; // what follows uses some of the others
        if (name === "writeFileSync" && data.length > 1) original(target, data.slice(0, data.length >> 1), ...rest);
        fs.writeSync(2, name + " " + target);
        process.kill(process.pid, "SIGKILL");
      };
    }
    syncBuiltinESMExports();
  `;
  const files = { "fault.mjs": fault, "sweep.yaml": spec.replace(String(runs), "3") };

  it("goes on wherever that was: directory, lock, sweep.json, journal, tables", async () => {
    const cwd = folder(files);
    const content = (output: string) =>
      Object.fromEntries(
        fs
          .readdirSync(path.join(cwd, output))
          .filter((name) => name !== "journal.jsonl")
          .sort()
          .map((name) => [name, fs.readFileSync(path.join(cwd, output, name)).toString("base64")]),
      );
    await lfd(args("out-whole"), { cwd });
    const died: string[] = [];
    for (let k = 1; ; k++) {
      const output = `out-${k}`;
      const env = ["env", `TEST_DIES_AT=${k}`, "NODE_OPTIONS=--import ./fault.mjs"];
      const first = await lfd(args(output), { cwd, under: env });
      if (first.status === 0) break;
      expect(first.status).toBe(null);
      died.push(first.stderr.replaceAll(`${output}/`, ""));
      // a lock that is empty or torn is taken for one that is being written, for a second
      if (died.at(-1)!.endsWith(" lock")) await new Promise((resolve) => setTimeout(resolve, 1100));
      const second = await lfd(args(output), { cwd });
      expect([second.status, second.stderr], died.at(-1)).toEqual([0, ""]);
      expect(content(output), died.at(-1)).toEqual(content("out-whole"));
    }
    for (const name of ["lock", "runs.parquet.part", "samples.parquet.part"]) {
      expect(died).toContain(`writeFileSync ${name}`);
    }
    for (const name of ["sweep.json.part", "runs.parquet.part", "samples.parquet.part"]) {
      expect(died).toContain(`renameSync ${name}`);
    }
    console.log(`dead at ${died.length} file operations`);
  }, 600_000);
});

/** One sample, all zeros. */
const sampleText = packSamples([Object.fromEntries(sampleKeys.map((key) => [key, 0])) as unknown as Sample]);

describe("the journal", () => {
  const entry = (index: number, status: "done" | "failed" = "done") => ({
    index,
    id: index.toString(16).padStart(64, "0"),
    status,
    seconds: 0.1,
    solverSeconds: 0.1,
    figures: {},
    samples: sampleText,
    parameters: { epsilon: index },
  });
  const text = [0, 1, 2].map((index) => `${JSON.stringify(entry(index))}\n`).join("");

  it("cut off anywhere keeps the lines that are whole, and goes on after them", async () => {
    const bytes = Buffer.from(text);
    const last = text.lastIndexOf("\n", text.length - 2) + 1;
    const file = path.join(folder(), "journal.jsonl");
    for (let length = last; length <= bytes.length; length++) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      const read = Journal.read(file);
      expect(read.places.size).toBe(length === bytes.length ? 3 : 2);
      read.close();
      const journal = JournalWriter.open(file);
      await journal.append(entry(7));
      expect(journal.entry(7)).toEqual(entry(7));
      await journal.end();
      const found = Journal.read(file);
      expect([...found.places.keys()]).toEqual(length === bytes.length ? [0, 1, 2, 7] : [0, 1, 7]);
      expect([found.entry(1), found.damaged]).toEqual([entry(1), 0]);
      found.close();
    }
  });

  it("passes over lines that are damaged, and takes the last of several for a run", async () => {
    const file = path.join(folder(), "journal.jsonl");
    const lines = [
      entry(0, "failed"),
      "\u0000\u0000",
      entry(1),
      { ...entry(2), id: "../../x" },
      { ...entry(3), samples: "" }, // done, but without a sample
      { ...entry(4), samples: sampleText.slice(4) },
      { ...entry(5), figures: undefined }, // done, but without its numbers
      { ...entry(6, "failed"), error: { message: "x" } },
      { ...entry(7), seconds: "0.1" },
      { ...entry(8), parameters: [] },
      entry(0),
    ];
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    fs.writeFileSync(file, `${text.join("\n")}\n`);
    const journal = Journal.read(file);
    expect([...journal.places.keys()].sort()).toEqual([0, 1]);
    expect(journal.entry(0).status).toBe("done");
    expect(journal.damaged).toBe(8);
    journal.close();
  });

  it("syncs many entries together, in their order, and says when they are there", async () => {
    const file = path.join(folder(), "journal.jsonl");
    const journal = JournalWriter.open(file);
    const there: number[] = [];
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        journal.append(entry(index)).then(() => {
          expect(journal.places.has(index)).toBe(true);
          there.push(index);
        }),
      ),
    );
    expect(there).toEqual(Array.from({ length: 500 }, (_, k) => k));
    await journal.end();
    expect(fs.readFileSync(file, "utf8").split("\n")).toHaveLength(501);
  });

  it("that something else has changed is neither read nor written", async () => {
    const file = path.join(folder(), "journal.jsonl");
    const journal = JournalWriter.open(file);
    for (const index of [0, 1]) await journal.append(entry(index));
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, text.split("\n").reverse().join("\n").slice(1).concat("\n"));
    const message = `${file}: was changed by something else in the meantime`;
    expect(() => journal.entry(0)).toThrow(`${message} (run 0)`);
    fs.writeFileSync(file, `${text}${JSON.stringify(entry(2))}\n`); // another sweep has added a run
    expect(journal.entry(0)).toEqual(entry(0));
    await expect(journal.append(entry(3))).rejects.toThrow(message);
    await expect(journal.append(entry(4))).rejects.toThrow(message);
    await journal.end();
    expect(fs.readFileSync(file, "utf8").split("\n")).toHaveLength(4);
  });

  it("asks before it writes whether it still may", async () => {
    const file = path.join(folder(), "journal.jsonl");
    let own = true;
    const journal = JournalWriter.open(file, () => {
      if (!own) throw new RunError("taken over");
    });
    await journal.append(entry(0));
    own = false;
    await expect(journal.append(entry(1))).rejects.toThrow("taken over");
    await journal.end();
    expect(fs.readFileSync(file, "utf8").split("\n")).toHaveLength(2);
  });
});

describe("the tables", () => {
  const columns = [{ name: "epsilon", type: "number" }] as const;
  const write = (directory: string, entries: Iterable<never>) => {
    const files = {
      runs: path.join(directory, "runs.parquet"),
      samples: path.join(directory, "samples.parquet"),
    };
    return writeTables(files, columns, entries, {}).catch((error) => error);
  };

  it("name the file that the disk refuses", async () => {
    const directory = folder({ "samples.parquet.part/": "" });
    const error = await write(directory, []);
    expect(error).toBeInstanceOf(RunError);
    expect(error.message).toBe(
      `${path.join(directory, "samples.parquet")}: cannot be written: it is a directory`,
    );
    expect(fs.readdirSync(directory)).toEqual(["samples.parquet.part"]);
  });

  it("pass on an error that is none of the disk's", async () => {
    const directory = folder();
    const faulty = new TypeError("no fault of the disk");
    const error = await write(directory, {
      [Symbol.iterator]() {
        throw faulty;
      },
    });
    expect(error).toBe(faulty);
    expect(fs.readdirSync(directory)).toEqual([]);
  });
});
