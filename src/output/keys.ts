import type { Adjustment, Conservation, Equilibrium, Work } from "../types.js";

// The keys of the contract's parts, in the order in which they are printed and stored. `satisfies` makes a key added to
// the type and forgotten here a compile error, so that no output silently lacks it.

export const equilibriumKeys = keys<Equilibrium>({
  a: 1,
  b: 1,
  temperature: 1,
  saturation: 1,
  logA: 1,
  chemicalPotential: 1,
  entropy: 1,
});

export const adjustmentKeys = keys<Adjustment>({
  cutMass: 1,
  cutEnergy: 1,
  floor: 1,
  holeFloor: 1,
  massFraction: 1,
});

export const conservationKeys = keys<Conservation>({ mass: 1, energy: 1, entropyIncrease: 1 });

export const workKeys = keys<Work>({
  steps: 1,
  rejected: 1,
  newtonIterations: 1,
  seconds: 1,
  rejectedError: 1,
  rejectedNewton: 1,
  rejectedEntropy: 1,
  fallbackSteps: 1,
  repairedStages: 1,
});

/** The part of `value` under `keys`, in their order. */
export function pick<T, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, K>;
}

function keys<T>(all: Record<keyof T, 1>): readonly (keyof T & string)[] {
  return Object.keys(all) as (keyof T & string)[];
}
