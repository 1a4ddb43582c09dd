import { decimalNumber } from "../problem/decimal-number.js";
import { rounded } from "../rounded.js";
import type { PlasmaUnits } from "../types.js";
import { type PlasmaUnitsInput, plasmaUnits } from "../units/plasma-units.js";
import { json, significant, wrap } from "./format.js";

interface Options extends Omit<PlasmaUnitsInput, "coulombLogarithm"> {
  coulombLogarithm?: string;
  json?: boolean;
}

/** lfd units */
export function printUnits({ json: asJson, coulombLogarithm, ...given }: Options): void {
  const logarithm = coulombLogarithm === undefined ? Number.NaN : decimalNumber(coulombLogarithm);
  const units = plasmaUnits({
    ...given,
    ...(coulombLogarithm === undefined
      ? {}
      : {
          coulombLogarithm: (Number.isNaN(logarithm) ? coulombLogarithm : logarithm) as NonNullable<
            PlasmaUnitsInput["coulombLogarithm"]
          >,
        }),
  });
  process.stdout.write(asJson ? json(units) : unitsTable(units));
}

function unitsTable(units: PlasmaUnits): string {
  const rows: [string, number, string][] = [
    ["density n", units.density, "m^-3, the unit of ∫ f dv"],
    ["temperature", units.temperature, `eV = ${significant(units.kelvin, 6)} K`],
    ["ε", units.epsilon, "n h³/(g m³ v₀³): εf is a state's occupation"],
    ["velocity v₀", units.velocity, "m/s, the unit of r"],
    ["time t₀", units.time, "s, v₀³/(4πΓn) with Γ = e⁴ lnΛ/(4πε₀²m²)"],
    ["energy m v₀²", units.energy, "eV, the unit of r²/2 and of T"],
    ["Coulomb logarithm", units.coulombLogarithm, logarithmNote(units)],
    ["Fermi energy", units.fermiEnergy, `eV; T_F = ${significant(units.fermiTemperature, 5)} K`],
    ["Fermi velocity", units.fermiVelocity, "m/s"],
    ["Θ = T/T_F", units.theta, ""],
    ["chemical potential", units.chemicalPotential, "eV, of the ideal Fermi gas"],
    ["r_s", units.wignerSeitz, "Wigner–Seitz radius in Bohr radii"],
    ["Spitzer's time t_c", units.spitzerTime, "s, self-collision time of a classical gas"],
  ];
  return [
    ...rows.map(([name, value, note]) =>
      wrap(note, { indent: name.padEnd(20) + significant(value, 6).padEnd(14), hang: " ".repeat(34) }),
    ),
    ...units.notes.map((note) => wrap(`note: ${note}`)),
  ].join("");
}

function logarithmNote({ coulombLogarithm, formulaLogarithm = coulombLogarithm }: PlasmaUnits): string {
  if (formulaLogarithm === coulombLogarithm) return "lnΛ";
  return `lnΛ, floor; the formula gives ${rounded(formulaLogarithm, 2)}`;
}
