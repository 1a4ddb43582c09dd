import type { PlasmaUnits, RunHeader, Sample } from "../types.js";
import { type PhysicalSample, physicalEquilibrium, physicalSample } from "../units/physical-result.js";
import { significant, table } from "./format.js";

/** What the units are, before the heading of the dimensionless run. */
export function unitsHeading(units: PlasmaUnits, { grid, problem, equilibrium }: RunHeader): string {
  const { temperature, chemicalPotential } = physicalEquilibrium(equilibrium, units);
  return (
    `v₀ = ${significant(units.velocity, 6)} m/s, t₀ = ${significant(units.time, 6)} s, ` +
    `m v₀² = ${significant(units.energy, 6)} eV, lnΛ = ${significant(units.coulombLogarithm, 4)}, ` +
    `T/T_F = ${significant(units.theta, 4)}\n` +
    `to ${significant(problem.until * units.time, 5)} s, R = ${significant(grid.radius * units.velocity, 5)} m/s; ` +
    `equilibrium T = ${significant(temperature, 6)} eV, μ = ${significant(chemicalPotential, 6)} eV\n` +
    units.notes.map((note) => `note: ${note}\n`).join("")
  );
}

/** What is shown of a sample beside its time. */
export const physicalColumns = [
  ["density", "n / m^-3", (value: number) => significant(value, 7)],
  ["energy", "⟨mv²/2⟩ / eV", (value: number) => significant(value, 7)],
  ["center", "εf(0)", (value: number) => significant(value, 6)],
  ["entropy", "S / k_B", (value: number) => significant(value, 7)],
  ["entropyProduction", "dS/dt / k_B s^-1", (value: number) => value.toExponential(3)],
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

/** How a run ended, with the time in seconds as well. */
export function physicalStatus(status: string, units: PlasmaUnits): string {
  const time = /^interrupted at t = (\S+)$/.exec(status)?.[1];
  return time ? `${status} t₀, ${significant(Number(time) * units.time, 5)} s` : status;
}
