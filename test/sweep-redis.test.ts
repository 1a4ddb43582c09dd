import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { randomNumbers } from "../src/sweep/random.js";
import { folder, lfd, start } from "./cli.js";
import { journalOf, tablesOf } from "./sweep-directory.js";

const runs = 400;
const spec = `
problem: annulus
set: {grid: {cells: 1600}, until: 20}
vary: {epsilon: {linear: [0.1, 1, ${runs}]}}
`;
const cwd = folder({
  "sweep.yaml": spec,
  "small.yaml":
    "problem: annulus\nset: {grid: {cells: 40}, until: 1, samples: {at: [0.5]}}\nvary: {epsilon: [0.5, 1, 2]}\nprofiles: true\n",
});
const whole = ["sweep", "sweep.yaml", "--quiet", "--output"];

const missing = [
  ...(spawnSync("redis-server", ["--version"]).status === 0 ? [] : ["apt-get install redis-server"]),
  ...["bullmq", "ioredis"].filter(isMissing).map((name) => `npm install ${name}`),
];
if (missing.length > 0) console.log(`skipped: sweeps over Redis; ${missing.join("; ")}`);

function isMissing(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return false;
  } catch {
    return true;
  }
}

const tables = (output: string) => tablesOf(path.join(cwd, output));
const journal = (output: string) => journalOf(path.join(cwd, output));
/** Workers killed while runs are left, at least. */
const kills = 20;
/** Milliseconds from a worker's first word to its death, at most: for no run or a few. */
const life = 300;
const seed = 4;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const until = async (condition: () => boolean) => {
  while (!condition()) await pause(20);
};

describe.skipIf(missing.length > 0)("over Redis", () => {
  const running = new Set<ChildProcess>();
  let port: number;

  /** A Redis that keeps nothing when it ends, unless it is told to. */
  async function redis(...options: string[]): Promise<ChildProcess> {
    const args = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      ...options,
    ];
    const server = spawn("redis-server", args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
    running.add(server);
    await new Promise<void>((resolve) => {
      server.stdout.on("data", (text) => /Ready to accept/.test(String(text)) && resolve());
    });
    return server;
  }

  function command(...args: string[]) {
    const started = start(args, { cwd });
    running.add(started.child);
    return started;
  }

  const url = () => `redis://127.0.0.1:${port}`;
  const worker = () => command("worker", "--redis", url(), "--workers", "1", "--lock", "1");
  const coordinator = (file: string, output: string) =>
    command("sweep", file, "--quiet", "--output", output, "--engine", "bullmq", "--redis", url());

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  beforeAll(async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as { port: number }).port;
    await new Promise((resolve) => server.close(resolve));
  });

  afterEach(async () => {
    await Promise.all([...running].map((child) => end(child, "SIGKILL")));
  });

  it("a sweep outlives workers, its coordinator and Redis, all killed; the tables are those of one machine", async () => {
    const local = await lfd([...whole, "local"], { cwd });
    expect(local.status).toBe(0);
    const random = randomNumbers(seed);
    const disk = ["--appendonly", "yes", "--appendfsync", "always", "--dir", folder()];
    let server = await redis(...disk);
    const steady = worker();
    let first = coordinator("sweep.yaml", "queued");
    let killed = 0;
    let finished = false;
    const unsteady = async () => {
      while (!finished) {
        const { child } = worker();
        await new Promise((resolve) => child.stdout!.once("data", resolve)); // from here on it takes runs
        await pause(life * random());
        if (!finished) killed++;
        await end(child, "SIGKILL");
      }
    };
    const killing = unsteady();

    await until(() => journal("queued").length > 0.2 * runs);
    await end(first.child, "SIGKILL");
    const kept = journal("queued").length;
    first = coordinator("sweep.yaml", "queued");
    let said = "";
    first.child.stderr!.on("data", (text) => {
      said += text;
    });
    const mentions = (words: string) => said.split(words).length - 1;
    // a Redis that comes back with what it held, then one that has lost everything
    await until(() => journal("queued").length > Math.max(kept, 0.3 * runs));
    await end(server, "SIGKILL");
    await until(() => mentions("cannot be reached") === 1);
    // meanwhile a worker hangs: its run is given to another, and what it has to say of it later is too late
    steady.child.kill("SIGSTOP");
    server = await redis(...disk);
    await until(() => mentions("is back") === 1);
    await end(server, "SIGKILL");
    await until(() => mentions("cannot be reached") === 2);
    server = await redis();
    // and no sooner: alone it would be through before as many are killed
    await until(() => killed >= kills);
    expect(journal("queued").length).toBeLessThan(runs);
    steady.child.kill("SIGCONT");
    const { status, stderr } = await first.ended;
    finished = true;
    await killing;
    expect(status).toBe(0);
    // it may also say that no worker is there: all of them may be, for a moment
    const told = stderr.trimEnd().split("\n");
    expect(
      told.filter((line) =>
        /^lfd: redis:\/\/127\.0\.0\.1:\d+ cannot be reached \(\w+\); waiting for it$/.test(line),
      ),
    ).toHaveLength(2);
    expect(told.filter((line) => /^lfd: redis:.* is back$/.test(line))).toHaveLength(2);

    const ids = journal("queued").map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([runs, runs]);
    expect(tables("queued")).toEqual(tables("local"));
    await end(steady.child, "SIGTERM");
    expect((await steady.ended).stdout).toMatch(/^takes runs from redis:.*\n\d+ runs computed\n$/);
    console.log(
      `${killed} workers (seed ${seed}), the coordinator and twice Redis killed in a sweep of ${runs} runs`,
    );
  }, 300_000);

  it("failed runs and profiles come back too; nothing is left in Redis", async () => {
    await redis();
    const { child } = worker();
    const { status, stderr } = await coordinator("small.yaml", "small").ended;
    expect([status, stderr]).toEqual([
      1,
      `lfd: 1 of 3 runs failed; their errors are in ${path.join("small", "runs.parquet")}, --retry-failed tries again\n`,
    ]);
    await lfd(["sweep", "small.yaml", "--output", "small-local", "--quiet"], { cwd });
    expect(tables("small")).toEqual(tables("small-local"));
    const profiles = fs.readdirSync(path.join(cwd, "small", "profiles"));
    expect(profiles).toHaveLength(2);
    const { readResult } = await import("../src/output/read.js");
    for (const name of profiles) {
      const [one, other] = await Promise.all(
        ["small", "small-local"].map((output) => readResult(path.join(cwd, output, "profiles", name))),
      );
      expect(one!.samples).toEqual(other!.samples);
      expect(one!.profile(2)).toEqual(other!.profile(2));
      one!.close();
      other!.close();
    }
    const keys = spawnSync("redis-cli", ["-p", String(port), "keys", "*"], { encoding: "utf8" }).stdout;
    expect(keys).not.toMatch(/[0-9a-f]{64}/);
    await end(child, "SIGKILL");
  });

  it("a Redis without room stops the sweep with its own words", async () => {
    const server = await redis("--maxmemory", "1mb");
    const { status, stdout, stderr } = await coordinator("small.yaml", "full").ended;
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^lfd: redis:.* refuses: OOM command not allowed.*; 0 of 3 runs are kept, the same command goes on\n$/,
    );
    await end(server, "SIGKILL");
  });

  it("says what it waits for, stops at once, and prints no password", async () => {
    const secret = "geheim-42";
    const withPassword = (password: string) => `redis://:${password}@127.0.0.1:${port}/0`;
    const sweep = (redisUrl: string, output: string) =>
      command("sweep", "small.yaml", "--output", output, "--engine", "bullmq", "--redis", redisUrl);
    // nothing there yet
    const waiting = sweep(withPassword(secret), "waiting");
    let said = "";
    waiting.child.stderr!.on("data", (text) => {
      said += text;
    });
    await until(() => said.includes("waiting for it"));
    await redis("--requirepass", secret);
    await until(() => said.includes("no worker of this solver"));
    waiting.child.kill("SIGINT");
    const { status, stdout, stderr } = await waiting.ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/interrupted; 0 of 3 runs are kept/);
    expect(stdout + stderr).not.toContain(secret);

    const refused = await Promise.all([
      sweep(withPassword("wrong-42"), "waiting").ended,
      command("worker", "--redis", withPassword("wrong-42")).ended,
      command("worker", "--redis", `http://user:${secret}@localhost`).ended,
    ]);
    expect(refused.map((outcome) => outcome.status)).toEqual([1, 1, 2]);
    expect(refused[0]!.stderr).toMatch(/^lfd: redis:\/\/127\.0\.0\.1:\d+\/0 refuses: WRONGPASS/);
    for (const outcome of refused) expect(outcome.stdout + outcome.stderr).not.toMatch(/-42/);
  });
});

it("without the optional packages a queue is refused with what to install; this machine alone needs neither", async () => {
  const root = path.resolve(import.meta.dirname, "..");
  const bare = folder({ "node_modules/": "" });
  fs.cpSync(path.join(root, "dist"), path.join(bare, "dist"), {
    recursive: true,
    filter: (file) => !file.startsWith(path.join(root, "dist", "web")),
  });
  fs.copyFileSync(path.join(root, "package.json"), path.join(bare, "package.json"));
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const link = path.join(bare, "node_modules", name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(fs.realpathSync(path.join(root, "node_modules", name)), link);
  }
  const bareLfd = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(bare, "dist", "cli", "main.js"), ...args], {
      cwd,
      encoding: "utf8",
    });
  const few = ["sweep", "small.yaml", "--quiet", "--output"];
  for (const { status, stdout, stderr } of [
    bareLfd(...few, "bare", "--engine", "bullmq", "--redis", "redis://127.0.0.1:1"),
    bareLfd("worker", "--redis", "redis://127.0.0.1:1"),
  ]) {
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe("lfd: --redis: takes the package ioredis; npm install bullmq ioredis\n");
  }
  expect(bareLfd(...few, "bare").stderr).toMatch(/^lfd: 1 of 3 runs failed/);
});
