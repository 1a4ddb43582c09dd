import type { RunHeader, Sample } from "../types.js";
import { type PhysicalSample, physicalEquilibrium, physicalSample } from "../units/physical-problem.js";
import type { PlasmaUnits } from "../units/plasma-units.js";
import { significant, table } from "./format.js";

/** What the units are, before the heading of the dimensionless run. */
export function unitsHeading(units: PlasmaUnits, { grid, problem, equilibrium }: RunHeader): string {
  const { temperature, chemicalPotential } = physicalEquilibrium(equilibrium, units);
  return (
    `v₀ = ${significant(units.velocity, 6)} m/s, t₀ = ${significant(units.time, 6)} s, ` +
    `m v₀² = ${significant(units.energy, 6)} eV, lnΛ = ${significant(units.coulombLogarithm, 4)}, ` +
    `T/T_F = ${significant(units.theta, 4)}\n` +
    `to ${significant(problem.until * units.time, 5)} s, R = ${significant(grid.radius * units.velocity, 5)} m/s; ` +
    `equilibrium T = ${significant(temperature, 6)} eV, μ = ${significant(chemicalPotential, 6)} eV\n`
  );
}

const columns: [string, (sample: PhysicalSample) => string][] = [
  ["t / s", ({ time }) => significant(time, 5)],
  ["n / m^-3", ({ density }) => significant(density, 7)],
  ["⟨mv²/2⟩ / eV", ({ energy }) => significant(energy, 7)],
  ["εf(0)", ({ center }) => significant(center, 6)],
  ["S / k_B", ({ entropy }) => significant(entropy, 7)],
  ["dS/dt / k_B s^-1", ({ entropyProduction }) => entropyProduction.toExponential(3)],
  ["∫|f-M|/n", ({ distance }) => distance.toExponential(3)],
];

/** The samples in s, eV and k_B, a particle each. */
export function physicalTable(samples: readonly Sample[], units: PlasmaUnits): string {
  const rows = samples.map((sample) => physicalSample(sample, units));
  return table(
    columns.map(([heading]) => heading),
    rows.map((row) => columns.map(([, show]) => show(row))),
  );
}
