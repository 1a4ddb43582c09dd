import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readResult } from "../src/output/read.js";
import { compute } from "../src/sweep/compute.js";
import { planRuns } from "../src/sweep/plan.js";
import { folder, lfd, start } from "./cli.js";
import { smallDisk } from "./small-disk.js";
import { journalOf } from "./sweep-directory.js";

/** Two runs are done; the last lies above 1/ε and fails. */
const spec = `
problem: annulus
set: {grid: {cells: 40}, until: 1, samples: {at: [0.5]}}
vary: {epsilon: [0.5, 1, 2]}
profiles: true
`;
const cwd = folder({ "sweep.yaml": spec });
const sweep = (output: string, ...args: string[]) =>
  lfd(["sweep", "sweep.yaml", "--output", output, ...args], { cwd });
const merge = (output: string, ...names: string[]) => lfd(["merge", ...names, "--output", output], { cwd });
const profiles = (output: string) => fs.readdirSync(path.join(cwd, output, "profiles")).sort();
const journal = (output: string) => journalOf(path.join(cwd, output));
const copy = (from: string, to: string) =>
  fs.cpSync(path.join(cwd, from), path.join(cwd, to), { recursive: true });

beforeAll(async () => {
  await sweep("whole");
});

it("a profile that is lost is computed again, and a merge without it is refused", async () => {
  const names = profiles("whole");
  expect(names).toHaveLength(2);
  copy("whole", "lost");
  fs.rmSync(path.join(cwd, "lost", "profiles", names[0]!));
  copy("lost", "still-lost");

  const refused = await merge("merged", "lost");
  expect([refused.status, refused.stdout, refused.stderr]).toEqual([
    2,
    "",
    expect.stringMatching(/^lfd: lost: the profiles of run \d are gone \(profiles\/[0-9a-f]{64}\.h5\); /),
  ]);
  expect(fs.existsSync(path.join(cwd, "merged"))).toBe(false);

  const again = await sweep("lost");
  expect(again.stderr).toMatch(
    /^lfd: lost\/profiles: the profiles of 1 run are gone; it is computed again\nlfd: 1 of 3 runs failed/,
  );
  expect(again.stdout).toMatch(/^3 runs, 2 of them already there; .*\n3 runs: 2 done, 1 failed; 1 computed/);
  expect(profiles("lost")).toEqual(names);
  for (const name of names) {
    const [one, other] = await Promise.all(
      ["whole", "lost"].map((output) => readResult(path.join(cwd, output, "profiles", name))),
    );
    expect(other!.profile(2)).toEqual(one!.profile(2));
    one!.close();
    other!.close();
  }
  // what one directory has lost another has, in either order; the merge adds it where the run itself is there
  for (const [k, pair] of [
    ["still-lost", "whole"],
    ["whole", "still-lost"],
  ].entries()) {
    expect((await merge(`joined-${k}`, ...pair)).status).toBe(0);
    expect(profiles(`joined-${k}`)).toEqual(names);
  }
  expect((await merge("still-lost", "whole")).status).toBe(0);
  expect(profiles("still-lost")).toEqual(names);
});

it("a profile has its name only when its run has ended; what a killed sweep has left half is removed", async () => {
  fs.writeFileSync(
    path.join(cwd, "long.yaml"),
    "problem: annulus\nset: {grid: {cells: 2e5}, until: 20, samples: {count: 40}}\nvary: {epsilon: [0.5]}\nprofiles: true\n",
  );
  const args = ["sweep", "long.yaml", "--output", "long", "--quiet"];
  const { child, ended } = start(args, { cwd });
  const there = () => (fs.existsSync(path.join(cwd, "long", "profiles")) ? profiles("long") : []);
  while (!there().some((name) => name.endsWith(".unfinished.h5"))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill("SIGKILL");
  await ended;
  expect(there()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.unfinished\.h5$/)]);
  fs.writeFileSync(path.join(cwd, "long", "profiles", `${"0".repeat(64)}.h5.part`), "half");
  fs.writeFileSync(path.join(cwd, "long", "profiles", "notes.txt"), "mine");
  const second = start(args, { cwd });
  while (there().some((name) => name.startsWith("0000"))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  second.child.kill("SIGKILL");
  await second.ended;
  expect(there()).toContain("notes.txt");
  expect(there().filter((name) => /^[0-9a-f]{64}\.h5$/.test(name))).toEqual([]);
});

describe("a disk", () => {
  it("that is full during a merge stops it with status 1; with space the same command goes on", async ({
    skip,
  }) => {
    const size = fs.statSync(path.join(cwd, "whole", "profiles", profiles("whole")[0]!)).size;
    const point = smallDisk(Math.ceil(size / 4096) * 6 + 20); // one and a half profiles
    if (!point) return skip();
    const output = path.join(point, "merged");
    const full = await merge(output, "whole");
    expect([full.status, full.stdout]).toEqual([1, ""]);
    expect(full.stderr).toMatch(
      /^lfd: .*\/profiles\/[0-9a-f]{64}\.h5: the disk is full; \d of 3 runs are kept, the same command goes on\n$/,
    );
    expect(fs.readdirSync(path.join(output, "profiles")).filter((name) => name.endsWith(".part"))).toEqual(
      [],
    );
    spawnSync("mount", ["-o", "remount,size=4000k", point]);
    expect((await merge(output, "whole")).status).toBe(0);
    expect(fs.readdirSync(path.join(output, "profiles")).sort()).toEqual(profiles("whole"));
  });

  it("that is full while a profile is written leaves nothing of it", async ({ skip }) => {
    const point = smallDisk(64);
    if (!point) return skip();
    const run = (
      await planRuns(
        { problem: "annulus", set: { grid: { cells: 2000 }, until: 1 }, vary: { epsilon: [0.5] } },
        ".",
      )
    ).run(0);
    const outcome = await compute({ ...run, profiles: point });
    expect(outcome).toEqual({ unwritten: expect.stringMatching(/disk is full/) });
    expect(fs.readdirSync(point)).toEqual([]);
  });
});

describe("of two failures a merge takes", () => {
  it("the same one in any order, and nothing again when it is repeated", async () => {
    const failed = (output: string, change: (entry: Record<string, unknown>) => object) => {
      copy("whole", output);
      const entries = journal(output).map((entry) => (entry.status === "failed" ? change(entry) : entry));
      const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
      fs.writeFileSync(path.join(cwd, output, "journal.jsonl"), lines.join(""));
    };
    failed("fail-a", (entry) => ({ ...entry, error: "a worker was lost" }));
    failed("fail-b", (entry) => ({ ...entry, error: "there was no memory" }));
    const table = (output: string) =>
      fs.readFileSync(path.join(cwd, output, "runs.parquet")).toString("base64");
    await merge("ab", "fail-a", "fail-b");
    await merge("ba", "fail-b", "fail-a");
    expect(table("ab")).toBe(table("ba"));
    await merge("into", "fail-b");
    expect(table("into")).not.toBe(table("ab"));
    await merge("into", "fail-a");
    expect(table("into")).toBe(table("ab"));
    const before = journal("into").length;
    expect((await merge("into", "fail-b", "fail-a")).stdout).toMatch(/; none left to be added/);
    expect(journal("into")).toHaveLength(before);
  });
});
