// A run that nobody has computed, for tests of files; every test has a folder of its own.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { readResult } from "../src/output/read.js";
import { openResult } from "../src/output/writer.js";
import {
  type ResolvedProblem,
  type RunDocument,
  type RunHeader,
  type Sample,
  sampleKeys,
} from "../src/types.js";

export let directory: string;

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "lfd-output-"));
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

// Tests write thousands of files, on whatever disk, beside other tests.
vi.setConfig({ testTimeout: 120_000 });
afterEach(() => vi.restoreAllMocks());

/** A path in a directory of its own, so that leftovers show. */
export let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(directory, "case-"));
});
export const inFolder = (name: string) => path.join(folder, name);
export const leftovers = () => fs.readdirSync(folder).filter((name) => name.endsWith(".part"));

export function problem(cells: number, times: number[]): ResolvedProblem {
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

export function header(cells: number, times: number[]): RunHeader {
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
export function sample(k: number, time: number): Sample {
  const values = sampleKeys.map((key, i) => [key, Math.PI * (i + 1) * 10 ** ((k % 7) - 3) + k]);
  return { ...Object.fromEntries(values), time, weightedL2: Number.POSITIVE_INFINITY, minimum: 5e-324 };
}

export function profile(cells: number, k: number): Float64Array {
  return Float64Array.from({ length: cells }, (_, i) => Math.exp(-i / 7 - k) / 3);
}

export function document(head: RunHeader, status = "finished"): RunDocument {
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

export async function write(
  output: string,
  cells: number,
  times: number[],
  status?: string,
): Promise<RunHeader> {
  const head = header(cells, times);
  const writer = await openResult(output, head, { version: "1.2.3" });
  for (const [k, time] of times.entries()) writer.sample(sample(k, time), profile(cells, k));
  writer.finish(document(head, status));
  return head;
}

export async function expectSamples(output: string, cells: number, times: number[]): Promise<void> {
  const result = await readResult(output);
  try {
    expect([...result.times]).toEqual(times);
    expect(result.samples).toEqual(times.map((time, k) => sample(k, time)));
    for (const k of times.keys()) expect(result.profile(k)).toEqual(profile(cells, k));
  } finally {
    result.close();
  }
}

export async function failure(action: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof action === "function" ? action() : action);
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** One line, no stack of the HDF5 library, and the name of what it is about. */
export function expectClear(
  error: Error,
  type: new (...args: never[]) => Error,
  ...parts: (string | RegExp)[]
): void {
  expect(error).toBeInstanceOf(type);
  expect(error.message).not.toMatch(/\n|HDF5-DIAG|#0/);
  expect(error.message.length).toBeLessThan(400);
  for (const part of parts) expect(error.message).toMatch(part);
}
