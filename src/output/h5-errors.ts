import type { File } from "h5wasm/node";
import type { ErrorBar, SampleErrors } from "../types.js";
import { setText } from "./h5-content.js";
import { diagnosticKeys, diagnostics, fixed } from "./layout.js";

const parts: Record<keyof ErrorBar, string> = {
  spatial: "estimated |error| that the cells leave",
  temporal: "estimated |error| that the time steps leave",
  extrapolated: "value with both errors taken out (Richardson)",
};

/** More than a dataset takes in the file beside its numbers. */
const datasetBytes = 4096;

/** Bytes that {@link createErrors} needs at most. */
export function errorsBytes(samples: number): number {
  return (diagnosticKeys.length * (datasetBytes + 8 * samples) + datasetBytes) * Object.keys(parts).length;
}

/** Writes /errors/<part>/<diagnostic>, one value a sample: those that were there when the errors were estimated. */
export function createErrors(file: File, errors: readonly SampleErrors[]): void {
  setText(
    file.create_group("errors"),
    "description",
    "error bars of the diagnostics, from runs on half the cells and with a smaller tolerance; value k belongs to time[k]",
  );
  for (const [part, what] of Object.entries(parts) as [keyof ErrorBar, string][]) {
    file.create_group(`errors/${part}`);
    for (const key of diagnosticKeys) {
      const values = Float64Array.from(errors, (bars) => bars[key][part]);
      const [units, meaning] = diagnostics[key];
      fixed(file, `errors/${part}/${key}`, values, units, `${what}, of: ${meaning}`);
    }
  }
}
