import type { ErrorBar, PlasmaUnits, Sample, SampleErrors } from "../types.js";
import { physicalErrors, physicalSample } from "../units/physical-result.js";
import { significant, small, table } from "./format.js";
import { physicalColumns } from "./physical-report.js";

const shown = [
  ["center", "f(0,t)"],
  ["moment4", "∫|v|⁴f"],
  ["entropy", "H_ε[f]"],
  ["relativeEntropy", "H_ε[f|M]"],
  ["entropyProduction", "-dH/dt"],
] as const satisfies readonly (readonly [keyof SampleErrors, string])[];

/** Error bars of the main columns, a row a quantity and time: value, what cells and steps leave, what comes without. */
export function errorTable(samples: readonly Sample[], errors: readonly SampleErrors[]): string {
  const rows = errors.flatMap((at, k) =>
    shown.map(([key, name]) => errorRow(at.time, name, samples[k]![key], at[key])),
  );
  return table(["t", ...headings], rows);
}

/** The same of a run in physical units, in those. */
export function physicalErrorTable(
  samples: readonly Sample[],
  errors: readonly SampleErrors[],
  units: PlasmaUnits,
): string {
  const rows = samples.flatMap((sample, k) => {
    const values = physicalSample(sample, units);
    const bars = physicalErrors(sample, errors[k]!, units);
    return physicalColumns.map(([key, name]) => errorRow(values.time, name, values[key], bars[key]));
  });
  return table(["t / s", ...headings], rows);
}

const headings = ["", "value", "± cells", "± steps", "extrapolated"];

function errorRow(time: number, name: string, value: number, bar: ErrorBar): string[] {
  return [
    significant(time, 5),
    name,
    significant(value, 9),
    small(bar.spatial),
    small(bar.temporal),
    // below its error a value says nothing, least of all where it would go
    bar.spatial + bar.temporal < Math.abs(value) ? significant(bar.extrapolated, 11) : "–",
  ];
}
