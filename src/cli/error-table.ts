import type { ErrorBar, SampleErrors } from "../error-estimate.js";
import type { Sample } from "../types.js";
import { significant, small, table } from "./format.js";

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
    shown.map(([key, name]) => {
      const { spatial, temporal, extrapolated }: ErrorBar = at[key];
      return [
        significant(at.time, 5),
        name,
        significant(samples[k]![key], 9),
        small(spatial),
        small(temporal),
        significant(extrapolated, 11),
      ];
    }),
  );
  return table(["t", "", "value", "± cells", "± steps", "extrapolated"], rows);
}
