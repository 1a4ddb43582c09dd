import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { workerLost } from "../src/sweep/causes.js";
import { sampleKeys } from "../src/types.js";
import { folder, lfd, runJson, start } from "./cli.js";
import { isStopped, signalling } from "./signals.js";
import { smallDisk } from "./small-disk.js";
import { journalOf, tablesOf } from "./sweep-directory.js";

const spec = `
problem: two-temperature
set: {grid: {cells: 60}, until: 20, samples: {at: [1, 5]}}
vary:
  epsilon: {ofSaturation: {linear: [0, 0.16, 7]}}   # more is above 1/max f
  initial.components.1.temperature: [1.5, 2, 3]
`;
const runs = 21;

/** A longer one, to be interrupted. */
const longer = `
problem: annulus
set: {grid: {cells: 300}, until: 20}
vary: {epsilon: {linear: [0.1, 1, 100]}}
`;

const cwd = folder({ "sweep.yaml": spec, "longer.yaml": longer });
const sweep = (output: string, ...args: string[]) =>
  lfd(["sweep", "sweep.yaml", "--output", output, ...args], { cwd });

const tables = (directory: string) => tablesOf(path.join(cwd, directory));

const rowsOf = async (directory: string, name: string) =>
  parquetReadObjects({ file: await asyncBufferFromFile(path.join(cwd, directory, `${name}.parquet`)) });

const journal = (directory: string) => journalOf(path.join(cwd, directory));

let first: Awaited<ReturnType<typeof lfd>>;

beforeAll(async () => {
  first = await sweep("one", "--workers", "1");
});

describe("lfd sweep", () => {
  it("computes every run, says what came of it and where it is, and exits 1 for runs that failed", async () => {
    expect(first.status).toBe(1);
    expect(first.stderr).toBe(
      `lfd: 2 of ${runs} runs failed; their errors are in ${path.join("one", "runs.parquet")}, --retry-failed tries again\n`,
    );
    expect(first.stdout).toMatch(
      /^21 runs; results go to one on 1 worker\n21 runs: 19 done, 2 failed; 21 computed in /,
    );
    expect(first.stdout).toMatch(/minimum +median +maximum\n +epsilon +0 /);
    expect(first.stdout).toMatch(/^run 17 failed: initial: f\(0\) = .* exceeds 1\/epsilon/m);
    expect(first.stdout).toMatch(
      /one\/runs\.parquet {2}21 rows, one a run\none\/samples\.parquet {2}76 rows/,
    );
    expect(fs.readdirSync(path.join(cwd, "one")).sort()).toEqual([
      "journal.jsonl",
      "runs.parquet",
      "samples.parquet",
      "sweep.json",
    ]);
  });

  it("has in its tables what lfd run has for the same problem", async () => {
    const found = await rowsOf("one", "runs");
    expect(found).toHaveLength(runs);
    expect(found.map(({ run }) => run)).toEqual(Array.from({ length: runs }, (_, k) => k));
    const row = found[10]!;
    expect(row).toMatchObject({ status: "done", error: null, "initial.components.1.temperature": 2 });
    const problem = {
      epsilon: row.epsilon,
      initial: {
        kind: "maxwellians",
        components: [
          { density: 0.7, temperature: 0.5 },
          { density: 0.3, temperature: 2 },
        ],
      },
      grid: { cells: 60 },
      until: 20,
      samples: { at: [1, 5] },
    };
    fs.writeFileSync(path.join(cwd, "problem.json"), JSON.stringify(problem));
    const document = await runJson(["problem.json"], { cwd });
    const samples = (await rowsOf("one", "samples")).filter(({ run }) => run === 10);
    expect(samples.map((sample) => Object.fromEntries(sampleKeys.map((key) => [key, sample[key]])))).toEqual(
      document.samples,
    );
    expect(row).toMatchObject({
      cells: 60,
      radius: document.grid.radius,
      final_time: 20,
      final_l1Distance: document.samples[3]!.l1Distance,
      max_relativeEntropy: document.samples[0]!.relativeEntropy,
      min_relativeEntropy: document.samples[3]!.relativeEntropy,
      conservation_mass: document.conservation.mass,
      work_newtonIterations: document.work.newtonIterations,
      equilibrium_saturation: document.equilibrium.saturation,
    });
    const failed = found[17]!;
    expect(failed).toMatchObject({ status: "failed", final_time: null, cells: null });
    expect(failed.error).toMatch(/^initial: f\(0\) = /);
    expect(found[0]!["epsilon.ofSaturation"]).toBe(0);
    expect(found[0]!.equilibrium_chemicalPotential).toBe(-Infinity);
  });

  it("is the same from a program, by the package's name", () => {
    const program = `
      import { sweep } from "landau-fermi-dirac/sweep";
      const { status, done, failed, files } = await sweep(${JSON.stringify(path.join(cwd, "sweep.yaml"))}, {
        output: ${JSON.stringify(path.join(cwd, "program"))},
        shard: { part: 3, of: 3 },
      });
      console.log(JSON.stringify({ status, done, failed, files }));
    `;
    const root = path.resolve(import.meta.dirname, "..");
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: root, // a package finds itself by its name
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      status: "done",
      done: 5,
      failed: 2,
      files: { runs: path.join(cwd, "program", "runs.parquet") },
    });
  });

  it("writes tables that DuckDB reads", async () => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const all = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJS();
    const file = (name: string) => `'${path.join(cwd, "one", name)}'`;
    expect(
      await all(`SELECT status, count(*)::INT FROM ${file("runs.parquet")} GROUP BY status ORDER BY status`),
    ).toEqual([
      ["done", 19],
      ["failed", 2],
    ]);
    const joined = await all(
      `SELECT r.run, count(*)::INT, max(s.time), last(s.relativeEntropy ORDER BY s.time) = any_value(r.final_relativeEntropy)
       FROM ${file("runs.parquet")} r JOIN ${file("samples.parquet")} s USING (run, id)
       GROUP BY r.run ORDER BY r.run`,
    );
    expect(joined).toHaveLength(19);
    for (const [, count, last, same] of joined) expect([count, last, same]).toEqual([4, 20, true]);
    expect(
      await all(`SELECT count(*)::INT FROM read_json_auto(${file("journal.jsonl")}) WHERE seconds > 0`),
    ).toEqual([[21]]);
    const types = new Map(
      (await all(`DESCRIBE SELECT * FROM ${file("runs.parquet")}`)).map(([name, type]) => [name, type]),
    );
    expect([types.get("run"), types.get("epsilon"), types.get("error"), types.get("work_steps")]).toEqual([
      "INTEGER",
      "DOUBLE",
      "VARCHAR",
      "INTEGER",
    ]);
    connection.closeSync();
  });

  it("has the same tables, bit for bit, with any number of workers, and merged from shards in any order", async () => {
    const parts = ["1/3", "2/3", "3/3"];
    const [two, ...shards] = await Promise.all([
      sweep("two", "--workers", "3"),
      ...parts.map((part, k) => sweep(`shard-${k}`, "--shard", part, "--workers", "2", "--quiet")),
    ]);
    expect(two!.status).toBe(1);
    expect(tables("two")).toEqual(tables("one"));
    expect(shards.map(({ stdout }) => stdout)).toEqual(["", "", ""]);
    expect(
      journal("shard-1")
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual([1, 4, 7, 10, 13, 16, 19]);

    const merge = (output: string, ...names: string[]) =>
      lfd(["merge", ...names, "--output", output], { cwd });
    const some = await merge("merged", "shard-2", "shard-0");
    expect([some.status, some.stderr]).toEqual([
      1,
      "lfd: 7 of 21 runs are missing; lfd sweep with --output merged computes them\n",
    ]);
    expect((await rowsOf("merged", "runs")).map(({ run }) => run)).not.toContain(1);
    const whole = await merge("merged", "shard-1", "shard-2");
    expect([whole.status, whole.stderr]).toEqual([0, ""]);
    expect(whole.stdout).toMatch(/^21 runs: 19 done, 2 failed; 7 added in /);
    expect(tables("merged")).toEqual(tables("one"));
    const again = await merge("merged", "merged", "one");
    expect(again.status).toBe(0);
    expect(tables("merged")).toEqual(tables("one"));
    expect(journal("merged")).toHaveLength(runs);
    // what a merge left out, a sweep adds
    await merge("part", "shard-0");
    expect((await sweep("part")).stdout).toMatch(/^21 runs, 7 of them already there; /);
    expect(tables("part")).toEqual(tables("one"));
  });

  it("refuses to merge what does not belong together, or contradicts itself", async () => {
    const merge = (...names: string[]) => lfd(["merge", ...names, "--output", "refused"], { cwd });
    fs.cpSync(path.join(cwd, "one"), path.join(cwd, "changed"), { recursive: true });
    const file = path.join(cwd, "changed", "journal.jsonl");
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"work_steps":', '"work_steps":1'));
    const conflict = await merge("one", "changed");
    expect([conflict.status, conflict.stdout]).toEqual([2, ""]);
    expect(conflict.stderr).toMatch(
      /^lfd: changed: run \d+ is not the same as in one \(its figures\); they cannot be merged\n$/,
    );
    await lfd(["sweep", "sweep.yaml", "--output", "other", "--shard", "21/21", "--quiet"], { cwd });
    fs.writeFileSync(
      path.join(cwd, "small.yaml"),
      "problem: annulus\nset: {grid: {cells: 20}, until: 1}\nvary: {epsilon: [1]}\n",
    );
    await lfd(["sweep", "small.yaml", "--output", "small", "--quiet"], { cwd });
    const other = await merge("one", "small");
    expect([other.status, other.stderr]).toEqual([
      2,
      "lfd: small: holds another sweep than one; shards of one sweep can be merged\n",
    ]);
    const none = await merge("one", ".");
    expect([none.status, none.stderr]).toEqual([2, "lfd: .: holds no sweep: there is no sweep.json in it\n"]);
    expect(fs.existsSync(path.join(cwd, "refused"))).toBe(false);
  });

  it("refuses a directory that holds something else, and a shard among others", async () => {
    fs.writeFileSync(path.join(cwd, "changed.yaml"), spec.replace("0.16", "0.17"));
    const other = await lfd(["sweep", "changed.yaml", "--output", "one"], { cwd });
    expect([other.status, other.stderr]).toEqual([
      2,
      "lfd: one: holds another sweep: vary differs; give another directory\n",
    ]);
    const shard = await sweep("one", "--shard", "1/2");
    expect(shard.stderr).toBe(
      "lfd: one: holds shard 1/1 of this sweep; give each a directory, lfd merge joins them\n",
    );
    const older = path.join(cwd, "older");
    fs.cpSync(path.join(cwd, "one"), older, { recursive: true });
    const text = fs.readFileSync(path.join(older, "sweep.json"), "utf8");
    const manifest = JSON.parse(text);
    manifest.hash = "0".repeat(64);
    manifest.solver.version = "0.0.9";
    fs.writeFileSync(path.join(older, "sweep.json"), JSON.stringify(manifest));
    expect((await sweep("older")).stderr).toMatch(
      /^lfd: older: holds a sweep of another solver: version 0\.0\.9 \(/,
    );
    fs.mkdirSync(path.join(cwd, "strange"));
    fs.writeFileSync(path.join(cwd, "strange", "runs.parquet"), "mine");
    expect((await sweep("strange")).stderr).toBe(
      "lfd: strange: holds runs.parquet of something else; give another\n",
    );
    expect(fs.readFileSync(path.join(cwd, "strange", "runs.parquet"), "utf8")).toBe("mine");
  });

  it("takes options that make sense only", async () => {
    const outcomes = await Promise.all([
      sweep("x", "--shard", "3"),
      sweep("x", "--shard", "3/2"),
      sweep("x", "--workers", "0"),
      sweep("x", "--engine", "mpi"),
      sweep("x", "--redis", "redis://localhost"),
      sweep("x", "--engine", "bullmq"),
      lfd(["sweep", "sweep.yaml"], { cwd }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(new Array(7).fill(2));
    expect(outcomes.map(({ stderr }) => stderr)).toEqual([
      'lfd: --shard: "3" is not valid; k/n, as in 3/10\n',
      "lfd: --shard: 3/2 is not valid; k/n with 1 ≤ k ≤ n\n",
      "lfd: --workers: 0 is not valid; an integer from 1 to 1024\n",
      'lfd: --engine: "mpi" is not valid; local or bullmq\n',
      "lfd: --redis: goes with --engine bullmq\n",
      "lfd: --redis: is missing; redis://host:port, here or in LFD_REDIS_URL\n",
      "lfd: --output: is missing; the directory for the results (--dry-run needs none)\n",
    ]);
    expect(fs.existsSync(path.join(cwd, "x"))).toBe(false);
  });

  it("--dry-run lists the runs with an estimate and writes nothing; --json-lines prints a line a run", async () => {
    const before = fs.readdirSync(cwd);
    const [dry, lines] = await Promise.all([
      lfd(["sweep", "sweep.yaml", "--dry-run", "--shard", "2/3"], { cwd }),
      sweep("lines", "--json-lines", "--shard", "2/3"),
    ]);
    expect([dry.status, dry.stderr]).toEqual([0, ""]);
    expect(dry.stdout).toMatch(
      /^run +id +epsilon +epsilon\.ofSaturation +initial\.components\.1\.temperature\n +1 +[0-9a-f]{8} +0 +0 +2\n/,
    );
    expect(dry.stdout).toMatch(
      /\n7 runs; about .* on \d workers?,\s\d+ MB of memory each \(\d+ MB free\)\. Nothing was computed\.\n/,
    );
    expect(fs.readdirSync(cwd).filter((name) => !before.includes(name))).toEqual(["lines"]);
    const parsed = lines.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(parsed).toHaveLength(7);
    expect(parsed.find(({ index }) => index === 1)).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: "done",
      parameters: { epsilon: 0, "initial.components.1.temperature": 2 },
    });
  });

  it("goes on when nobody reads what it prints", async () => {
    const { child, ended } = start(["sweep", "sweep.yaml", "--output", "unread", "--json-lines"], { cwd });
    child.stdout!.once("data", () => child.stdout!.destroy());
    const { status, stderr } = await ended;
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^lfd: 2 of 21 runs failed; .*\n$/)]);
    expect(tables("unread")).toEqual(tables("one"));
    const full = await lfd(["sweep", "sweep.yaml", "--output", "unprinted"], {
      cwd,
      under: ["sh", "-c", 'exec "$@" > /dev/full', "sh"],
    });
    expect(full.stderr).toMatch(
      /^lfd: standard output: cannot be written: no space left.*; the sweep goes on\n/,
    );
    expect(tables("unprinted")).toEqual(tables("one"));
  });

  it("computes nothing twice; --retry-failed only what failed", async () => {
    expect((await sweep("one")).stdout).toMatch(
      /^21 runs, 21 of them already there; .*\n.*none left to be computed/,
    );
    expect(journal("one")).toHaveLength(runs);
    const before = tables("one");
    expect((await sweep("one", "--retry-failed")).stdout).toMatch(/2 computed in/);
    expect(journal("one")).toHaveLength(runs + 2);
    expect(tables("one")).toEqual(before);
  });

  it.each([
    { of: "a sweep", shard: [] },
    { of: "a shard", shard: ["--shard", "2/2"] },
  ])("--retry-failed makes whole what a lost worker left of $of", async ({ of, shard }) => {
    const output = `lost-${of.slice(2)}`;
    fs.writeFileSync(
      path.join(cwd, "short.yaml"),
      "problem: annulus\nset: {grid: {cells: 40}, until: 1}\nvary: {epsilon: {linear: [0.1, 1, 8]}}\n",
    );
    const again = (...args: string[]) =>
      lfd(["sweep", "short.yaml", "--output", output, "--quiet", ...shard, ...args], { cwd });
    expect((await again()).status).toBe(0);
    const whole = tables(output);
    const entries = journal(output);
    const lost = entries[2]!;
    const { index, id, seconds, parameters } = lost;
    const failed = {
      index,
      id,
      status: "failed",
      error: workerLost,
      seconds,
      solverSeconds: 0,
      samples: "",
      parameters,
    };
    const rest = entries.map((entry) => `${JSON.stringify(entry === lost ? failed : entry)}\n`);
    fs.writeFileSync(path.join(cwd, output, "journal.jsonl"), rest.join(""));
    expect(await again()).toMatchObject({ status: 1, stderr: expect.stringContaining("1 of ") });
    expect(tables(output)).not.toEqual(whole);
    expect(await again("--retry-failed")).toMatchObject({ status: 0, stderr: "" });
    expect(tables(output)).toEqual(whole);
    expect(journal(output)).toHaveLength(entries.length + 1);
    expect((await again("--retry-failed")).status).toBe(0);
    expect(journal(output)).toHaveLength(entries.length + 1);
  });

  it("with a run that no memory holds is refused", async () => {
    fs.writeFileSync(
      path.join(cwd, "large.yaml"),
      "problem: annulus\nset: {until: 1}\nvary: {grid.cells: [20, 1e8]}\n",
    );
    const { status, stdout, stderr } = await lfd(["sweep", "large.yaml", "--output", "large"], { cwd });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^lfd: grid\.cells: 100000000 is not valid; an integer from 4 to 19836666 \[run 1\]/,
    );
    expect(fs.existsSync(path.join(cwd, "large"))).toBe(false);
  });

  it("keeps profiles when asked to", async () => {
    fs.writeFileSync(path.join(cwd, "profiles.yaml"), `${spec}profiles: true\n`);
    const args = ["sweep", "profiles.yaml", "--shard", "10/10", "--quiet"];
    await lfd([...args, "--output", "profiles"], { cwd });
    const [{ id }] = (await rowsOf("profiles", "runs")) as [{ id: string }];
    expect(fs.readdirSync(path.join(cwd, "profiles", "profiles"))).toContain(`${id}.h5`);
    await lfd(["merge", "profiles", "--output", "profiles-merged"], { cwd });
    expect(fs.readdirSync(path.join(cwd, "profiles-merged", "profiles"))).toEqual(
      fs.readdirSync(path.join(cwd, "profiles", "profiles")),
    );
  });
});

describe("a sweep that is stopped", () => {
  const args = ["sweep", "longer.yaml", "--output", "stopped"];

  it("by Ctrl-C goes on later; another in the same directory is refused meanwhile", async () => {
    const { child, ended } = start(args, { cwd, under: signalling("SIGSTOP", 5) });
    await isStopped(child);
    const second = await lfd(args, { cwd });
    expect([second.status, second.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^lfd: stopped: is in use by another sweep \(process \d+ on .*\); wait, or give another directory\n$/,
      ),
    ]);
    child.kill("SIGINT"); // waits for it to go on
    child.kill("SIGCONT");
    const { status, stderr } = await ended;
    expect(status).toBe(1);
    const [, kept] =
      /^lfd: interrupted; (\d+) of 100 runs are kept in stopped\/journal\.jsonl, the same command goes on\n$/.exec(
        stderr,
      )!;
    expect(journal("stopped")).toHaveLength(Number(kept));
    expect(fs.readdirSync(path.join(cwd, "stopped")).sort()).toEqual(["journal.jsonl", "sweep.json"]);
    const rest = await lfd(args, { cwd });
    expect([rest.status, rest.stderr]).toEqual([0, ""]);
    expect(rest.stdout).toContain(`100 runs, ${kept} of them already there`);
    expect(new Set(journal("stopped").map(({ id }) => id)).size).toBe(100);
  });
});

describe("a disk", () => {
  it("that is full stops a sweep cleanly; with space it goes on", async ({ skip }) => {
    const whole = fs.statSync(path.join(cwd, "two", "journal.jsonl")).size;
    const kilobytes = (share: number) => 4 * Math.ceil((share * whole) / 4096) + 8; // sweep.json and lock, a page each
    const point = smallDisk(kilobytes(0.5));
    if (!point) return skip();
    const output = path.join(point, "out");
    // one run at a time: those that come together are written together, and lost together
    const full = await lfd(["sweep", "sweep.yaml", "--output", output, "--workers", "1"], { cwd });
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(
      /^lfd: .*journal\.jsonl: the disk is full; \d+ of 21 runs are kept, the same command goes on\n$/,
    );
    const kept = Number(/(\d+) of 21/.exec(full.stderr)![1]);
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(21);
    spawnSync("mount", ["-o", `remount,size=${kilobytes(1) + 8}k`, point]);
    // room for the journal, not for the tables
    const tablesFull = await lfd(["sweep", "sweep.yaml", "--output", output], { cwd });
    expect(tablesFull.stderr).toMatch(
      /^lfd: .*\.parquet: the disk is full; 21 of 21 runs are kept, the same command goes on\n$/,
    );
    expect(fs.readdirSync(output).sort()).toEqual(["journal.jsonl", "sweep.json"]);
    spawnSync("mount", ["-o", "remount,size=2000k", point]);
    const rest = await lfd(["sweep", "sweep.yaml", "--output", output], { cwd });
    expect(rest.stdout).toContain("none left to be computed");
    expect(tablesOf(output)).toEqual(tables("two"));
  });

  it("that cannot be written is named before anything is computed", async () => {
    fs.writeFileSync(path.join(cwd, "file"), "");
    const outcomes = await Promise.all([sweep("file"), sweep("file/inside"), sweep("/proc/sweep")]);
    expect(outcomes.map(({ status }) => status)).toEqual([2, 2, 2]);
    expect(outcomes[0]!.stderr).toMatch(/^lfd: file: cannot be written: /);
    expect(outcomes[1]!.stderr).toBe(
      "lfd: file/inside: cannot be written: a part of the path is a file, not a directory\n",
    );
    expect(outcomes[2]!.stderr).toMatch(/^lfd: \/proc\/sweep: cannot be written: /);
  });
});
