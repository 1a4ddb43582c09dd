import { type ErrorBar, type Sample, type SampleErrors, sampleKeys } from "../types.js";

// The text of the two tables of a CSV result, in Node and in the browser. Numbers have all digits of the double.

export const profileHeading = "time,r,f\n";
export const samplesHeading = `${sampleKeys.join(",")}\n`;

/** Rows that are made into text at a time. */
const rowsPerPiece = 1 << 15;

/** The rows of f at one time, a row a cell, in pieces of text. */
export function* profileRows(time: number, nodes: Float64Array, profile: Float64Array): Generator<string> {
  for (let from = 0; from < nodes.length; from += rowsPerPiece) {
    let rows = "";
    const to = Math.min(from + rowsPerPiece, nodes.length);
    for (let i = from; i < to; i++) rows += `${time},${nodes[i]},${profile[i]}\n`;
    yield rows;
  }
}

export function sampleRow(sample: Sample): string {
  return `${sampleKeys.map((key) => sample[key]).join(",")}\n`;
}

const errorParts = ["spatial", "temporal", "extrapolated"] as const satisfies readonly (keyof ErrorBar)[];
const barredKeys = sampleKeys.filter((key) => key !== "time");

/** The heading of the samples with their error bars: `mass_spatial`, `mass_temporal`, `mass_extrapolated`, … at the end. */
export const barredHeading = `${[
  ...sampleKeys,
  ...barredKeys.flatMap((key) => errorParts.map((part) => `${key}_${part}`)),
].join(",")}\n`;

export function barredRow(sample: Sample, errors: SampleErrors): string {
  const bars = barredKeys.flatMap((key) => errorParts.map((part) => errors[key][part]));
  return `${[...sampleKeys.map((key) => sample[key]), ...bars].join(",")}\n`;
}
