import type { RunHeader } from "landau-fermi-dirac";
import { cutInWords, raisedInWords } from "../../../dist/output/adjustment-words.js";
import { rounded } from "../../../dist/rounded.js";
import { outlineOf } from "./outline.js";
import type { Run } from "./run.js";

/** So few cells show nothing of a state. */
const tooFew = 4;

/** What is wrong, or may be, with the radius of the run's grid, in sentences. */
export function radiusRemarks({ header, radius, profiles }: Run): string[] {
  const remarks: string[] = [];
  const cut = cutInWords(header);
  if (cut) remarks.push(`${cut}; a larger R takes more in.`);
  const [first] = profiles;
  if (first) {
    const { visible } = outlineOf(radius, first);
    const inside = radius.findIndex((r) => r >= visible) + 1;
    if (inside > 0 && inside < tooFew) {
      const where = inside === 1 ? "the first cell" : `the first ${inside} cells`;
      remarks.push(
        `R is so large that the initial state lies in ${where} of ${header.grid.cells}; a smaller R, or more cells, resolves it.`,
      );
    }
  }
  return remarks;
}

/** All that a reader should know: what the grid made of the initial data, and what the units of a physical run are. */
export function remarksOf(run: Run): string[] {
  const raised = raisedInWords(run.header);
  return [
    ...radiusRemarks(run),
    ...(raised ? [`${raised[0]!.toUpperCase()}${raised.slice(1)}.`] : []),
    ...unitsRemarks(run.header),
  ];
}

/** Of a run in physical units: what the numbers shown are multiples of. */
function unitsRemarks({ units }: Pick<RunHeader, "units">): string[] {
  if (!units) return [];
  const { velocity, time, energy } = units;
  return [
    `r is in v₀ = ${rounded(velocity)} m/s, t in t₀ = ${rounded(time)} s, T in m v₀² = ${rounded(energy)} eV; ` +
      "εf is the occupation of a state.",
  ];
}
