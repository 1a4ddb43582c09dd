import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError, RunError } from "../src/errors.js";
import {
  checkpointPath,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../src/output/checkpoint.js";
import { loadHdf5, openHdf5 } from "../src/output/h5.js";
import { getText } from "../src/output/h5-content.js";
import { readResult } from "../src/output/read.js";
import { appendResult } from "../src/output/resume.js";
import { openResult } from "../src/output/writer.js";
import type { Checkpoint } from "../src/types.js";
import {
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

  it("says by which method it was gone on with", async () => {
    const file = inFolder("run.h5");
    const scheme = async () => {
      const opened = await openHdf5(file, "r");
      const text = getText(opened, "scheme");
      opened.close();
      return text;
    };
    await write(file, 4, [0, 1]);
    expect(await scheme()).toMatch(/in time: SDIRK of order 4/);
    const { writer } = await appendResult(file);
    const later = header(4, [0, 1, 2]);
    writer.sample(sample(2, 2), profile(4, 2));
    writer.finish(document({ ...later, problem: { ...later.problem, method: "implicit-euler" } }));
    expect(await scheme()).toMatch(/in time: implicit Euler$/);
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
