import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Journal, JournalWriter } from "../src/sweep/journal.js";
import { randomNumbers } from "../src/sweep/random.js";
import { folder, lfd, start } from "./cli.js";

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
const tables = (output: string) =>
  ["runs.parquet", "samples.parquet", "sweep.json"].map((name) =>
    fs.readFileSync(path.join(cwd, output, name)).toString("base64"),
  );
const ids = (output: string) =>
  fs
    .readFileSync(path.join(cwd, output, "journal.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).id as string);

let duration: number;

beforeAll(async () => {
  const began = performance.now();
  const { status, stderr } = await lfd(args("whole"), { cwd });
  duration = performance.now() - began;
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
      const { child, ended } = start(args(output), { cwd });
      const timer = setTimeout(() => child.kill("SIGKILL"), (0.2 + 0.6 * random()) * duration);
      const { status, stderr } = await ended;
      clearTimeout(timer);
      if (status === null) killed++;
      else {
        // it was done before the shot fell: another one
        expect([status, stderr]).toEqual([0, ""]);
        check(output);
        output = `killed-${finished}`;
      }
    }
    expect((await lfd(args(output), { cwd })).status).toBe(0);
    check(output);
    console.log(
      `${kills} kills with seed ${seed} in ${finished} sweeps of ${runs} runs, ${Math.round(duration)} ms each`,
    );
  }, 300_000);

  it("while it writes its tables has them all the same", async () => {
    fs.cpSync(path.join(cwd, "whole"), path.join(cwd, "tables"), { recursive: true });
    for (const name of ["runs.parquet", "samples.parquet"]) fs.rmSync(path.join(cwd, "tables", name));
    fs.writeFileSync(path.join(cwd, "tables", "runs.parquet.part"), "PAR1 and then");
    // whoever held it is no more: no process has this number
    const holder = { host: (await import("node:os")).hostname(), pid: 2 ** 22 + 1, token: "of old" };
    fs.writeFileSync(path.join(cwd, "tables", "lock"), JSON.stringify(holder));
    const { status, stderr } = await lfd(args("tables"), { cwd });
    expect([status, stderr]).toEqual([0, ""]);
    expect(tables("tables")).toEqual(tables("whole"));
    expect(fs.readdirSync(path.join(cwd, "tables")).sort()).toEqual(files);
  });
});

describe("the journal", () => {
  const entry = (index: number, status: "done" | "failed" = "done") => ({
    index,
    id: index.toString(16).padStart(64, "0"),
    status,
    seconds: 0.1,
    solverSeconds: 0.1,
    samples: "",
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
    const lines = [entry(0, "failed"), "\u0000\u0000", entry(1), { ...entry(2), id: "../../x" }, entry(0)];
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    fs.writeFileSync(file, `${text.join("\n")}\n`);
    const journal = Journal.read(file);
    expect([...journal.places.keys()].sort()).toEqual([0, 1]);
    expect(journal.entry(0).status).toBe("done");
    expect(journal.damaged).toBe(2);
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
});
