import { rounded } from "../rounded.js";
import type { PlasmaUnits, RunHeader, Sample } from "../types.js";
import { type PhysicalSample, physicalSample } from "../units/physical-result.js";
import { significant, table, wrap, wrapFacts } from "./format.js";

/** What the units are, and the run in multiples of them, below its heading. */
export function unitsHeading(units: PlasmaUnits, { grid, problem }: RunHeader): string {
  return (
    wrapFacts(
      `v₀ = ${significant(units.velocity, 6)} m/s, t₀ = ${significant(units.time, 6)} s, ` +
        `m v₀² = ${significant(units.energy, 6)} eV, lnΛ = ${significant(units.coulombLogarithm, 4)}, ` +
        `T/T_F = ${significant(units.theta, 4)}; ` +
        `until is ${rounded(problem.until)} t₀, R ${significant(grid.radius, 5)} v₀`,
    ) + units.notes.map((note) => wrap(`note: ${note}`)).join("")
  );
}

/** What is shown of a sample beside its time. */
export const physicalColumns = [
  ["density", "n / m^-3", (value: number) => significant(value, 5)],
  ["energy", "⟨mv²/2⟩ / eV", (value: number) => significant(value, 7)],
  ["center", "εf(0)", (value: number) => significant(value, 6)],
  ["entropy", "S / k_B", (value: number) => significant(value, 6)],
  ["entropyProduction", "dS/dt·s/k_B", (value: number) => value.toExponential(3)],
  ["distance", "∫|f-M|/n", (value: number) => value.toExponential(3)],
] as const satisfies readonly (readonly [keyof PhysicalSample, string, (value: number) => string])[];

/** The samples in s, eV and k_B, a particle each. */
export function physicalTable(samples: readonly Sample[], units: PlasmaUnits): string {
  const rows = samples.map((sample) => physicalSample(sample, units));
  return table(
    ["t / s", ...physicalColumns.map(([, heading]) => heading)],
    rows.map((row) => [significant(row.time, 5), ...physicalColumns.map(([key, , show]) => show(row[key]))]),
  );
}

/** What ended a run, for people: where it was interrupted in a few digits, and in seconds as well. */
export function shownStatus(status: string, units?: PlasmaUnits): string {
  return status.replace(/(?<=interrupted at t = )\S+$/, (time) => {
    const seconds = units ? ` t₀, ${significant(Number(time) * units.time, 6)} s` : "";
    return significant(Number(time), 6) + seconds;
  });
}
