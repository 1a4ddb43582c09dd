import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Problem, type Progress, type SimulationResult, simulate } from "../src/index.js";
import { namedProblems } from "../src/named-problems.js";
import { readResult } from "../src/output/read.js";
import { randomNumbers } from "../src/sweep/random.js";
import type { RunHeader, Sample } from "../src/types.js";
import { validate } from "../src/validate.js";
import { folder, lfd, type Outcome, runJson, start } from "./cli.js";
import { smallDisk } from "./small-disk.js";

const directory = folder();

/** A run of a second or two. */
const cells = 20000;
const tolerance = 1e-9;
const times = [0, 1, 5, 10, 20, 40, 80, 120, 160, 200];
const slow =
  `two-temperature --cells ${cells} --tolerance ${tolerance} --until 200 --at ${times.slice(1).join()}`.split(
    " ",
  );

/** Diagnostics that agree to ten times the tolerance, each relative to its largest value. */
function expectSame(samples: readonly Sample[], expected: readonly Sample[], tolerance: number): void {
  expect(samples.map(({ time }) => time)).toEqual(expected.map(({ time }) => time));
  for (const key of Object.keys(expected[0]!) as (keyof Sample)[]) {
    const scale = Math.max(...expected.map((sample) => Math.abs(sample[key])));
    for (const [k, sample] of samples.entries()) {
      const difference = Math.abs(sample[key] - expected[k]![key]);
      expect(difference, `${key} of sample ${k}`).toBeLessThanOrEqual(10 * tolerance * scale);
    }
  }
}

/** What a result holds, with every profile read and found to be f of a state. */
async function contents(file: string) {
  const result = await readResult(file);
  const { samples, status, grid, problem } = result;
  for (const [k, { mass }] of samples.entries()) {
    const f = result.profile(k);
    let sum = 0;
    for (let i = 0; i < f.length; i++) sum += f[i]! * (grid.faces[i + 1]! ** 3 - grid.faces[i]! ** 3);
    expect(((4 * Math.PI) / 3) * sum).toBeCloseTo(mass, 10);
  }
  result.close();
  return { samples, status, problem };
}

/** Resolves when the result has `count` samples, or the run has ended. */
async function samplesWritten(file: string, count: number, ended: Promise<unknown>): Promise<void> {
  let over = false;
  ended.then(() => {
    over = true;
  });
  const bytes = 8 * cells * (3 + count);
  while (!over && (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) < bytes) await wait(5);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe("a run with --output result.h5", () => {
  /** In one piece; `beyond` the end at 200, those at 250 and 300. */
  let whole: Sample[];
  let beyond: Sample[];
  beforeAll(async () => {
    const flags = ["--until", "300", "--at", [...times.slice(1), 250].join()];
    const { samples } = await runJson([...slow, ...flags]);
    whole = samples.slice(0, times.length);
    beyond = samples.slice(times.length);
  });

  it("interrupted by Ctrl-C says where it is, and is completed by --resume", async () => {
    const cwd = folder();
    const file = path.join(cwd, "x.h5");
    const { child, ended } = start(["run", ...slow, "--output", "x.h5"], { cwd });
    await samplesWritten(file, 5, ended);
    child.kill("SIGINT");
    const { status, stdout, stderr } = await ended;
    expect(stderr).toMatch(
      /^lfd: interrupted at t = \S+; what was computed is in x\.h5; lfd run --resume x\.h5 goes on\n$/,
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/^worst drift/m);
    const half = await contents(file);
    expect(half.samples.length).toBeGreaterThanOrEqual(5);
    expect(half.samples.length).toBeLessThan(times.length);
    expectSame(half.samples, whole.slice(0, half.samples.length), tolerance);
    expect(half.status).toMatch(/^interrupted at t = /);
    expect(fs.readdirSync(cwd).sort()).toEqual(["x.h5", "x.h5.checkpoint"]);

    fs.writeFileSync(`${file}.checkpoint.part`, "what a process killed while it saves its state leaves");
    const again = await lfd(["run", "--resume", "x.h5", "--json"], { cwd });
    expect([again.status, again.stderr]).toEqual([0, ""]);
    const document = JSON.parse(again.stdout);
    expectSame(document.samples, whole, tolerance);
    expect(validate(document)).toEqual([]);
    expect(document.conservation.mass).toBeLessThanOrEqual(1e-13);
    expect(document.conservation.energy).toBeLessThanOrEqual(1e-13);
    const { samples, status: finished } = await contents(file);
    expect(samples).toEqual(document.samples);
    expect(finished).toBe("done");
    expect(fs.readdirSync(cwd)).toEqual(["x.h5"]);

    // … which then has nothing to do, or goes on to a later end
    const bytes = fs.readFileSync(file);
    const idle = await lfd(["run", "--resume", "x.h5", "--json"], { cwd });
    expect(JSON.parse(idle.stdout).samples).toEqual(document.samples);
    expect(fs.readFileSync(file).length).toBe(bytes.length);
    const later = await lfd(["run", "--resume", "x.h5", "--until", "300", "--at", "250", "--json"], { cwd });
    expect([later.status, later.stderr]).toEqual([0, ""]);
    const longer = JSON.parse(later.stdout);
    expect(longer.samples.map(({ time }: Sample) => time)).toEqual([...times, 250, 300]);
    expect(longer.samples.slice(0, times.length)).toEqual(document.samples);
    expect(validate(longer)).toEqual([]);
    expect((await contents(file)).problem.until).toBe(300);
    expectSame(longer.samples.slice(-2), beyond, tolerance);
  });

  it("killed at random moments keeps whole samples, and is completed in the end", async () => {
    const cwd = folder();
    const file = path.join(cwd, "x.h5");
    const fresh = ["run", ...slow, "--output", "x.h5", "--checkpoint", "0.05", "--quiet"];
    const resume = ["run", "--resume", "x.h5", "--checkpoint", "0.05", "--quiet"];
    const random = randomNumbers(20);
    const moments: number[] = [];
    let kept = 0;
    let last: Outcome | undefined;
    for (let kill = 0; kill < 6 && last?.status !== 0; kill++) {
      const { child, ended } = start(fs.existsSync(file) ? resume : fresh, { cwd });
      await samplesWritten(file, kept + 1, ended);
      moments.push(random() * 300);
      await wait(moments.at(-1)!);
      child.kill("SIGKILL");
      last = await ended;
      expect(last.stderr, `killed after ${moments}`).toBe("");
      const { samples, status } = await contents(file);
      expect(samples.length, `killed after ${moments}`).toBeGreaterThanOrEqual(kept);
      kept = samples.length;
      expectSame(samples, whole.slice(0, kept), tolerance);
      if (last.status !== 0 && kept < times.length) expect(status).toBe("unfinished");
    }
    const { status, stdout, stderr } = await lfd(["run", "--resume", "x.h5", "--json"], { cwd });
    expect([status, stderr], `killed after ${moments}`).toEqual([0, ""]);
    const document = JSON.parse(stdout);
    expectSame(document.samples, whole, tolerance);
    expect(validate(document)).toEqual([]);
    expect((await contents(file)).samples).toEqual(document.samples);
    expect(fs.readdirSync(cwd)).toEqual(["x.h5"]);
  });

  it("streams it: 80 profiles of 200,000 cells take hardly more memory than 4", async () => {
    // prints the process's largest resident size, in kB
    const meter = `data:text/javascript,process.on('exit',()=>process.stderr.write(''+process.resourceUsage().maxRSS))`;
    const peak = async (samples: number) => {
      const at = Array.from({ length: samples - 1 }, (_, k) => (k + 1) / 10);
      const flags = `--cells 200000 --method implicit-euler --step 0.1 --tolerance 1e-3`.split(" ");
      const { status, stderr } = await lfd(
        ["run", "two-temperature", ...flags, "--until", `${at.at(-1)}`, "--at", at.join()].concat(
          "--quiet",
          "--output",
          path.join(directory, `${samples}.h5`),
        ),
        { under: ["env", `NODE_OPTIONS=--import=${meter}`] },
      );
      expect(stderr).toMatch(/^\d+$/);
      expect(status).toBe(0);
      return Number(stderr) / 1024;
    };
    const [few, many] = [await peak(4), await peak(80)];
    const profiles = (8 * 200000 * 76) / 2 ** 20;
    console.log(`peak memory ${few.toFixed()} MB with 4 profiles, ${many.toFixed()} MB with 80`);
    expect(many - few).toBeLessThan(profiles / 2);
    const file = await readResult(path.join(directory, "80.h5"));
    expect([file.samples.length, file.profile(79).length]).toEqual([80, 200000]);
    file.close();
  });

  it("is read by h5dump", async ({ skip }) => {
    if (spawnSync("h5dump", ["--version"]).error) {
      console.log("skipped: no h5dump (apt-get install hdf5-tools)");
      return skip();
    }
    const args = "run annulus --cells 50 --until 1 --at 0.5 --quiet --output dumped.h5".split(" ");
    expect((await lfd(args, { cwd: directory })).status).toBe(0);
    const dump = (...options: string[]) =>
      spawnSync("h5dump", [...options, "dumped.h5"], { cwd: directory, encoding: "utf8" }).stdout;
    const head = dump("-H");
    for (const name of "format version scheme problem epsilon status units".split(" ")) {
      expect(head).toContain(`ATTRIBUTE "${name}"`);
    }
    for (const name of "faces radius time f equilibrium mass energy entropy fisher".split(" ")) {
      expect(head).toContain(`DATASET "${name}"`);
    }
    expect(head).toContain("( 3, 50 )");
    expect(dump("-a", "status")).toContain('"done"');
    expect(dump("-a", "problem")).toMatch(/\\?"kind\\?":\\?"annulus\\?"/);
    expect(dump("-d", "time")).toMatch(/\(0\): 0, 0\.5, 1\b/);
  });
});

describe("on a full disk", () => {
  const args = "run two-temperature --cells 5000 --until 20 --at 1,2,3,4,5,6,7,8,9,10".split(" ");
  const free = (cwd: string) => {
    const { bavail, bsize } = fs.statfsSync(cwd);
    return bavail * bsize;
  };

  it("a run ends with what fitted, named; with space it goes on; a result before it is not touched", async ({
    skip,
  }) => {
    const cwd = smallDisk(600);
    if (!cwd) return skip();
    const full = await lfd([...args, "--output", "x.h5"], { cwd });
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(
      /^lfd: x\.h5: the disk is full: \d+ bytes are needed and \d+ are free; \d samples up to t = \d are kept in x\.h5; lfd run --resume x\.h5 goes on\n$/,
    );
    expect(full.stdout).toMatch(/^worst drift/m);
    const { samples, status } = await contents(path.join(cwd, "x.h5"));
    expect(samples.length).toBeGreaterThan(3);
    expect(full.stderr).toContain(`${samples.length} samples up to t = ${samples.at(-1)!.time} `);
    expect(status).toMatch(/^failed at t = .* the disk is full/);
    // still full: says so again, loses nothing
    const again = await lfd(["run", "--resume", "x.h5"], { cwd });
    expect([again.status, again.stderr]).toEqual([1, full.stderr]);

    spawnSync("mount", ["-o", "remount,size=2000k", cwd]);
    const { status: ended, stdout, stderr } = await lfd(["run", "--resume", "x.h5", "--json"], { cwd });
    expect([ended, stderr]).toEqual([0, ""]);
    const document = JSON.parse(stdout);
    expectSame(document.samples, (await runJson(args.slice(1))).samples, 1e-6);
    expect(validate(document)).toEqual([]);
    expect((await contents(path.join(cwd, "x.h5"))).samples).toEqual(document.samples);
    expect(fs.readdirSync(cwd)).toEqual(["x.h5"]);

    // A new run into the same file that finds no room for its first sample
    fs.writeFileSync(path.join(cwd, "x.h5.checkpoint"), "of the run before");
    const before = fs.readFileSync(path.join(cwd, "x.h5"));
    fs.writeFileSync(path.join(cwd, "filler"), Buffer.alloc(free(cwd) - 205_000));
    const late = await lfd([...args, "--output", "x.h5"], { cwd });
    expect(late.stderr).toMatch(
      /^lfd: x\.h5: the disk is full: .*; no sample was kept; x\.h5 was not written\n$/,
    );
    expect(late.status).toBe(1);
    expect(fs.readFileSync(path.join(cwd, "x.h5")).equals(before)).toBe(true);
    expect(fs.readFileSync(path.join(cwd, "x.h5.checkpoint"), "utf8")).toBe("of the run before");
    expect(fs.readdirSync(cwd).sort()).toEqual(["filler", "x.h5", "x.h5.checkpoint"]);

    // What is written as a whole at the end is printed at least
    const json = await lfd([...args, "--output", "x.json"], { cwd });
    expect(json.stderr).toMatch(/^lfd: x\.json: the disk is full: .*; x\.json was not written\n$/);
    expect(json.status).toBe(1);
    expect(json.stdout).toMatch(/^worst drift/m);
    expect(fs.readdirSync(cwd).sort()).toEqual(["filler", "x.h5", "x.h5.checkpoint"]);
  });
});

describe("simulate", () => {
  const problem: Problem = {
    ...namedProblems["two-temperature"]!.problem,
    grid: { cells: 300 },
    until: 20,
    samples: { at: [1, 2, 4, 8, 12] },
    tolerance: 1e-8,
  };
  let whole: SimulationResult;
  let header: RunHeader;
  beforeAll(async () => {
    whole = await simulate(problem, {
      onStart(started) {
        header = started;
      },
    });
  });

  /** Goes on from where `part` ended, and compares with the run in one piece. */
  async function expectCompleted(part: SimulationResult, until = 20): Promise<void> {
    const rest = await simulate(
      { ...(part.problem as Problem), until },
      { resume: { header, state: part.last, samples: part.samples } },
    );
    expect(rest.status).toBe("done");
    expectSame(rest.samples.slice(0, whole.samples.length), whole.samples, 1e-8);
    expect(rest.profiles).toHaveLength(rest.samples.length - part.samples.length);
    expect(rest.work.steps).toBeGreaterThan(part.work.steps);
    expect(rest.conservation.mass).toBeGreaterThanOrEqual(part.conservation.mass);
    expect(validate(rest)).toEqual([]);
  }

  it("refuses to go on to what is already past", async () => {
    const part = await simulate(problem, { onStep: ({ time }) => time < 5 });
    const on = (changed: Partial<Problem>) =>
      simulate(
        { ...(part.problem as Problem), ...changed },
        { resume: { header, state: part.last, samples: part.samples } },
      );
    const { time } = part.last;
    await expect(on({ until: 4, samples: { at: [1, 2] } })).rejects.toThrow(
      `until: 4 is already past; the run to go on with stands at t = ${time}`,
    );
    await expect(on({ samples: { at: [1, 3] } })).rejects.toThrow("samples.at: 3 is already past");
    expect((await on({ samples: { at: [1, 2, 10] } })).samples.map((sample) => sample.time)).toEqual([
      0, 1, 2, 4, 10, 20,
    ]);
  });

  it("refuses to go on with another grid or ε", async () => {
    const part = await simulate(problem, { onStep: ({ time }) => time < 5 });
    const resume = { header, state: part.last, samples: part.samples };
    const { cells } = part.grid;
    const other: [Partial<Problem>, string][] = [
      [
        { grid: { cells: cells + 1 } },
        `grid.cells: ${cells + 1} is not that of the run to go on with, ${cells}`,
      ],
      [{ grid: { cells, radius: 9 } }, "grid.radius: 9 is not that of the run to go on with, "],
      [{ epsilon: 0.125 }, "epsilon: 0.125 is not that of the run to go on with, "],
    ];
    for (const [changed, says] of other) {
      await expect(simulate({ ...problem, ...changed }, { resume })).rejects.toThrow(says);
    }
  });

  it("stops where the signal says, with what it has, and goes on from there", async () => {
    const stop = new AbortController();
    const part = await simulate(problem, {
      signal: stop.signal,
      onSample: ({ time }) => {
        if (time === 4) stop.abort();
      },
    });
    expect(part.status).toBe(`interrupted at t = ${part.last.time}`);
    expect(part.samples).toEqual(whole.samples.slice(0, 4));
    expect(part.profiles).toEqual(whole.profiles.slice(0, 4));
    expect(part.last.time).toBeGreaterThan(4);
    expect(part.last.time).toBeLessThanOrEqual(8);
    await expectCompleted(part);
    await expectCompleted(part, 30);
  });

  it("given a signal that has been raised takes one step", async () => {
    const part = await simulate(problem, { signal: AbortSignal.abort() });
    expect([part.work.steps, part.samples.length]).toEqual([1, 1]);
    await expectCompleted(part);
  });

  it("stops after a step that returns false, also where a sample is due", async () => {
    const early = await simulate(problem, { onStep: ({ work }) => work.steps < 7 });
    expect(early.work.steps).toBe(7);
    const atSample = await simulate(problem, { onStep: ({ time }) => time !== 2 });
    expect(atSample.samples.at(-1)!.time).toBe(2);
    expect(atSample.last.time).toBe(2);
    for (const part of [early, atSample]) {
      expect(part.status).toBe(`interrupted at t = ${part.last.time}`);
      expect(part.samples).toEqual(whole.samples.slice(0, part.samples.length));
      await expectCompleted(part);
    }
    const complete = await simulate(problem, { onStep: ({ time }) => time < 20 });
    expect(complete.status).toBe("done");
    expect(complete.samples).toEqual(whole.samples);
  });

  it("goes on from the checkpoint of any step", async () => {
    const part = await simulate(problem);
    let taken: ReturnType<Progress["checkpoint"]> | undefined;
    await simulate(problem, {
      onStep: ({ time, checkpoint }) => {
        if (!taken && time > 3) taken = checkpoint();
      },
    });
    await expectCompleted({
      ...part,
      last: taken!,
      work: taken!.work,
      conservation: taken!.conservation,
      samples: whole.samples.filter(({ time }) => time <= taken!.time),
    });
  });

  it("keeps what a checkpoint asked for after the end is, whatever the engine does next", async () => {
    let checkpoint: Progress["checkpoint"] | undefined;
    const first = await simulate(problem, {
      onStep: (progress) => {
        checkpoint = progress.checkpoint;
      },
    });
    await simulate({ ...problem, epsilon: 0 });
    expect(checkpoint!()).toEqual(first.last);
  });

  it("passes an observer's error on", async () => {
    const failing = simulate(problem, {
      onSample: ({ time }) => {
        if (time === 2) throw new TypeError("mine");
      },
    });
    await expect(failing).rejects.toThrow(new TypeError("mine"));
  });
});
