import { equilibrium } from "../equilibrium/equilibrium.js";
import { json, significant } from "./format.js";

interface Options {
  mass: number;
  energy: number;
  epsilon: number;
  json?: boolean;
}

/** lfd equilibrium */
export function printEquilibrium({ mass, energy, epsilon, json: asJson }: Options): void {
  const { a, b, temperature, chemicalPotential, saturation, entropy, logA } = equilibrium({
    mass,
    energy,
    epsilon,
  });
  if (asJson) {
    process.stdout.write(json({ a, b, temperature, chemicalPotential, saturation, entropy, logA }));
    return;
  }
  const rows: [string, number, string][] = [
    ["a", a, "M = a e^{-br²} / (1 + ε a e^{-br²})"],
    ["b", b, ""],
    ["temperature", temperature, "1/(2b)"],
    ["chemical potential", chemicalPotential, "T ln(εa)"],
    ["saturation ε*", saturation, `ε/ε* = ${significant(epsilon / saturation, 6)}`],
    ["entropy H_ε[M]", entropy, ""],
  ];
  for (const [name, value, note] of rows) {
    process.stdout.write(
      `${name.padEnd(20)}${significant(value, 14).padEnd(24)}${note}`.trimEnd().concat("\n"),
    );
  }
}
