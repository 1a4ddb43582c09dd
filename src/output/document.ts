import { type PlasmaUnits, type RunDocument, type SampleErrors, sampleKeys } from "../types.js";
import { physicalDocument } from "../units/physical-result.js";
import { adjustmentKeys, conservationKeys, equilibriumKeys, pick, workKeys } from "./keys.js";

/** What a document may hold beyond the run itself. */
export interface Extras {
  /** Of a run in physical units: the key `physical` has its numbers in them. */
  units?: PlasmaUnits | undefined;
  /** Error bars, under `errors` and in physical units under `physical.errors`. */
  errors?: readonly SampleErrors[] | undefined;
}

/**
 * The text of `lfd run --json`: one JSON document in one line, without a final newline. Numbers have all digits of the
 * double; Infinity and NaN, which JSON lacks, are null. The keys of {@link RunDocument} in a fixed order, then `physical`
 * and `errors`, where there are units and error bars.
 */
export function documentJson(document: RunDocument, { units, errors }: Extras = {}): string {
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
    ...(units && { physical: physicalDocument(document, units, errors) }),
    ...(errors && { errors }),
  });
}
