import { adjustmentKeys, conservationKeys, equilibriumKeys, workKeys } from "../output/keys.js";
import { isMapping } from "../problem/plain.js";
import { type RunDocument, type Sample, sampleKeys } from "../types.js";
import { isId } from "./identity.js";

/** What is kept of a run beside its samples; text stands for what JSON has no number for. */
export type Figures = Record<string, number | string>;

/** How a run ended, as plain data that survives a message, JSON and a restart bit for bit. */
export interface Outcome {
  index: number;
  id: string;
  status: "done" | "failed";
  /** Of a failed run. */
  error?: string;
  /** All of the run, getting ready included. */
  seconds: number;
  /** Of these, in steps, entropy and drifts included: `work.seconds`. */
  solverSeconds: number;
  /** By column of runs.parquet. Absent if the run failed before its first step. */
  figures?: Figures;
  /** The samples as far as the run came, each the values of `sampleKeys`: little-endian doubles, base64. */
  samples: string;
}

/** Whether data from a file or another machine is an outcome, as far as the tables need it. */
export function isOutcome(value: unknown): value is Outcome {
  if (!isMapping(value)) return false;
  const { index, id, status, error, seconds, figures, samples } = value;
  return (
    Number.isInteger(index) &&
    (index as number) >= 0 &&
    isId(id) &&
    (status === "done" || status === "failed") &&
    (error === undefined || typeof error === "string") &&
    typeof seconds === "number" &&
    (figures === undefined ? status === "failed" : isMapping(figures)) &&
    typeof samples === "string" &&
    countSamples(samples) >= (status === "done" ? 1 : 0)
  );
}

/** The numbers of a run that the table of runs takes, in the order of its columns. */
export const figureNames: readonly string[] = [
  "cells",
  "radius",
  ...equilibriumKeys.map((key) => `equilibrium_${key}`),
  ...adjustmentKeys.map((key) => `adjustment_${key}`),
  ...conservationKeys.map((key) => `conservation_${key}`),
  ...workKeys.filter((key) => key !== "seconds").map((key) => `work_${key}`),
];

/** Everything but the time it took: that differs from one time to the next, and so has no place in a result. */
export function figuresOf(document: RunDocument): Figures {
  const { cells, radius } = document.grid;
  const figures: Figures = { cells, radius };
  const add = (prefix: string, numbers: object) => {
    for (const [key, value] of Object.entries(numbers)) {
      const name = `${prefix}_${key}`;
      if (figureNames.includes(name)) figures[name] = Number.isFinite(value) ? value : String(value);
    }
  };
  add("equilibrium", document.equilibrium);
  add("adjustment", document.adjustment);
  add("conservation", document.conservation);
  add("work", document.work);
  return figures;
}

export function packSamples(samples: readonly Sample[]): string {
  const width = sampleKeys.length;
  const bytes = Buffer.alloc(8 * width * samples.length);
  for (const [k, sample] of samples.entries()) {
    for (const [j, key] of sampleKeys.entries()) bytes.writeDoubleLE(sample[key], 8 * (width * k + j));
  }
  return bytes.toString("base64");
}

/** How many samples a text of `packSamples` holds; NaN for one that is not of it. */
export function countSamples(text: string): number {
  const count = Buffer.byteLength(text, "base64") / (8 * sampleKeys.length);
  return Number.isInteger(count) ? count : Number.NaN;
}

/** Undoes `packSamples`; throws RangeError for text that is not of it. */
export function unpackSamples(text: string): Sample[] {
  const width = sampleKeys.length;
  const count = countSamples(text);
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 8 * width * count) throw new RangeError("not a whole number of samples");
  return Array.from(
    { length: count },
    (_, k) =>
      Object.fromEntries(
        sampleKeys.map((key, j) => [key, bytes.readDoubleLE(8 * (width * k + j))]),
      ) as unknown as Sample,
  );
}
