import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { InputError, RunError } from "../src/errors.js";
import { Lock } from "../src/sweep/lock.js";
import { identityOf, isRunning } from "../src/sweep/process.js";
import { command, folder, lfd, start } from "./cli.js";
import { isStopped, signalling } from "./signals.js";
import { journalOf } from "./sweep-directory.js";

const spec = `
problem: annulus
set: {grid: {cells: 300}, until: 20}
vary: {epsilon: {linear: [0.1, 1, 100]}}
`;
const cwd = folder({ "sweep.yaml": spec });
const args = (output: string) => ["sweep", "sweep.yaml", "--output", output, "--quiet"];
const ids = (output: string) => journalOf(path.join(cwd, output)).map(({ id }) => id);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const hourAgo = () => new Date(Date.now() - 3600e3);

/** A sweep that has begun and is stopped in the middle. */
async function stopped(output: string) {
  const started = start(args(output), { cwd, under: signalling("SIGSTOP", 5) });
  await isStopped(started.child);
  return { ...started, lock: path.join(cwd, output, "lock") };
}

function holds(pid: number, lock: string): boolean {
  try {
    return JSON.parse(fs.readFileSync(lock, "utf8")).pid === pid;
  } catch {
    return false; // it is changing hands
  }
}

it("a sweep that was stopped for an hour keeps its directory, and goes on", async () => {
  const { child, ended, lock } = await stopped("stopped");
  fs.utimesSync(lock, hourAgo(), hourAgo());
  const second = await lfd(args("stopped"), { cwd });
  expect([second.status, second.stderr]).toEqual([
    2,
    `lfd: stopped: is in use by another sweep (process ${child.pid} on ${os.hostname()}); wait, or give another directory\n`,
  ]);
  child.kill("SIGCONT");
  expect(await ended).toEqual({ status: 0, stdout: "", stderr: "" });
  expect([ids("stopped").length, new Set(ids("stopped")).size]).toEqual([100, 100]);
});

it("one that was silent on another machine is replaced, and stops when it finds that out", async () => {
  const { child, ended, lock } = await stopped("elsewhere");
  const holder = JSON.parse(fs.readFileSync(lock, "utf8"));
  fs.writeFileSync(lock, JSON.stringify({ ...holder, place: "elsewhere", host: "elsewhere" }));
  const early = await lfd(args("elsewhere"), { cwd });
  expect([early.status, early.stderr]).toEqual([
    2,
    expect.stringMatching(
      /\(process \d+ on elsewhere\); wait, .*; 30 s after its last sign it counts as killed\n$/,
    ),
  ]);
  fs.utimesSync(lock, hourAgo(), hourAgo());
  const second = start(args("elsewhere"), { cwd });
  while (!holds(second.child.pid!, lock)) await pause(1);
  second.child.kill("SIGSTOP");
  child.kill("SIGCONT");
  const first = await ended;
  second.child.kill("SIGCONT");
  expect([first.status, first.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^lfd: elsewhere: was taken over by another sweep \(process \d+ on .*\); this one stops; \d+ of 100 runs are kept/,
    ),
  ]);
  await second.ended;
  expect((await lfd(args("elsewhere"), { cwd })).status).toBe(0);
  const { Journal } = await import("../src/sweep/journal.js");
  const journal = Journal.read(path.join(cwd, "elsewhere", "journal.jsonl"));
  expect([journal.places.size, journal.damaged]).toEqual([100, 0]);
  journal.close();
});

it("two sweeps of one process into one directory: the second is refused", async () => {
  const program = `
    import { sweep } from ${JSON.stringify(path.resolve(path.dirname(command), "../sweep/index.js"))};
    const spec = { problem: "annulus", set: { grid: { cells: 50 }, until: 1 }, vary: { epsilon: [0.5, 1] } };
    const outcomes = await Promise.allSettled([1, 2].map(() => sweep(spec, { output: "twice" })));
    console.log(JSON.stringify(outcomes.map(({ status, reason }) => [status, reason?.name, reason?.message])));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd });
  let printed = "";
  child.stdout.on("data", (text) => {
    printed += text;
  });
  await new Promise((resolve) => child.on("close", resolve));
  const outcomes = JSON.parse(printed) as string[][];
  expect(outcomes.map(([status]) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(([status]) => status === "rejected")!.slice(1)).toEqual([
    "InputError",
    expect.stringMatching(/^twice: is in use by another sweep/),
  ]);
  expect([ids("twice").length, new Set(ids("twice")).size]).toEqual([2, 2]);
});

/** How it ends to lock a directory where this is the lock, untouched for so many milliseconds. */
function attempt(holder: object, age: number, silence = 60e3): unknown {
  const file = path.join(folder(), "lock");
  fs.writeFileSync(file, JSON.stringify(holder));
  const then = new Date(Date.now() - age);
  fs.utimesSync(file, then, then);
  try {
    new Lock(file, "DIR", { beat: 1000, silence }).release();
    return "taken";
  } catch (error) {
    return error;
  }
}

it("on this machine the process tells, its start with it; elsewhere the age of the lock", () => {
  const token = "another";
  const own = identityOf();
  const refused = expect.any(InputError);
  expect(attempt({ ...own, token }, 3600e3)).toEqual(refused);
  expect(attempt({ ...own, pid: 2 ** 22 + 1, token }, 0)).toBe("taken");
  if (own.started !== undefined) {
    // a later process of the same number: this one began at another time
    expect(attempt({ ...own, started: "1", token }, 0)).toBe("taken");
  }
  // where nothing tells when a process began, the tokens do
  const { started: _started, ...unknown } = own;
  expect(attempt({ ...unknown, token }, 0)).toBe("taken");
  for (const place of ["elsewhere", `${own.place}0`]) {
    expect(attempt({ ...own, place, token }, 0)).toEqual(refused);
    expect(attempt({ ...own, place, token }, 3600e3)).toBe("taken");
  }
});

it("a process that was killed and not yet waited for is not running", async () => {
  const shell = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
  const pid = Number(await new Promise((resolve) => shell.stdout.once("data", resolve)));
  const identity = identityOf(pid);
  expect(isRunning(identity)).toBe(true);
  process.kill(pid, "SIGKILL"); // its parent, a sleep by now, does not ask for it
  await expect.poll(() => isRunning(identity)).toBe(false);
  shell.kill("SIGKILL");
});

it("its owner finds a lock lost at the next beat, or when asked", async () => {
  const file = path.join(folder(), "lock");
  const lock = new Lock(file, "DIR", { beat: 10, silence: 1000 });
  const before = fs.statSync(file).mtimeMs;
  await pause(100);
  expect(fs.statSync(file).mtimeMs).toBeGreaterThan(before);
  lock.require();
  fs.writeFileSync(file, JSON.stringify({ ...identityOf(), host: "node7", pid: 12, token: "another" }));
  const error = await lock.lost.catch((caught) => caught);
  expect(error).toBeInstanceOf(RunError);
  expect(error.message).toBe("DIR: was taken over by another sweep (process 12 on node7); this one stops");
  expect(() => lock.require()).toThrow(error.message);
  lock.release();
  expect(fs.existsSync(file)).toBe(true); // it is not ours
  fs.rmSync(file);
  expect(() => lock.require()).toThrow("DIR: is no longer locked; this one stops");
});
