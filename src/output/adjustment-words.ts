import type { RunHeader } from "../types.js";

/** Share of the energy beyond R from which on the user is told. */
const worthTelling = 1e-12;

/** What R cuts off of the initial data; undefined if it is nothing to speak of. */
export function cutInWords({ adjustment }: Pick<RunHeader, "adjustment">): string | undefined {
  const { cutMass, cutEnergy } = adjustment;
  if (!(cutEnergy > worthTelling)) return undefined;
  return `R cuts off ${share(cutMass)} of the mass and ${share(cutEnergy)} of the energy of the initial data`;
}

/** Which zeros of f and 1 - εf were raised; undefined if none. */
export function raisedInWords({
  adjustment,
  problem,
}: Pick<RunHeader, "adjustment" | "problem">): string | undefined {
  const { floor, holeFloor, massFraction } = adjustment;
  if (!(massFraction > 0)) return undefined;
  const holes = problem.epsilon > 0 ? `, 1 - εf to ${share(holeFloor)}` : "";
  return `zeros raised to ${share(floor)}${holes}: ${share(massFraction)} of the mass`;
}

/** 3.1e-15 */
function share(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}
