import { type RunDocument, sampleKeys } from "../types.js";
import { adjustmentKeys, conservationKeys, equilibriumKeys, pick, workKeys } from "./keys.js";

/**
 * The text of `lfd run --json`: one JSON document in one line, without a final newline. Numbers have all digits of the
 * double; Infinity and NaN, which JSON lacks, are null. The keys of {@link RunDocument} in a fixed order, then those of `more`.
 */
export function documentJson(document: RunDocument, more: object = {}): string {
  const { problem, grid, status } = document;
  return JSON.stringify({
    problem,
    grid: { cells: grid.cells, radius: grid.radius },
    equilibrium: pick(document.equilibrium, equilibriumKeys),
    adjustment: pick(document.adjustment, adjustmentKeys),
    samples: document.samples.map((sample) => pick(sample, sampleKeys)),
    conservation: pick(document.conservation, conservationKeys),
    work: pick(document.work, workKeys),
    status,
    ...more,
  });
}
