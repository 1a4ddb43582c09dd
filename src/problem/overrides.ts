import { isMapping } from "./plain.js";
import { dropBeyond } from "./samples.js";

/** What the command line may set on top of a problem. */
export interface Overrides {
  epsilon?: number | undefined;
  cells?: number | undefined;
  radius?: number | "auto" | undefined;
  until?: number | undefined;
  /** Replaces `samples` as a whole. */
  at?: readonly number[] | undefined;
  tolerance?: number | undefined;
  method?: string | undefined;
  step?: number | undefined;
}

/**
 * A copy of the raw problem `input` with `overrides` on top, to be given to resolveProblem, which does all the
 * checking: what is not a mapping is left as it is. Times of `samples.at` beyond an overridden `until` are dropped.
 */
export function applyOverrides(input: unknown, overrides: Overrides): unknown {
  if (!isMapping(input)) return input;
  const result: Record<string, unknown> = { ...input };
  for (const key of ["epsilon", "until", "tolerance", "method", "step"] as const) {
    if (overrides[key] !== undefined) result[key] = overrides[key];
  }
  for (const key of ["cells", "radius"] as const) {
    if (overrides[key] === undefined) continue;
    if (result.grid === undefined) result.grid = {};
    if (isMapping(result.grid)) result.grid = { ...result.grid, [key]: overrides[key] };
  }
  if (overrides.at !== undefined) result.samples = { at: [...overrides.at] };
  else if (overrides.until !== undefined && result.samples !== undefined) {
    result.samples = dropBeyond(result.samples, overrides.until);
  }
  return result;
}
