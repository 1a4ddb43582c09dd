import { cellPairs, pair, total, V, x } from "./memory";

/** Σ f V and the mean of x of the state that a step starts from. */
export let content: f64 = 0;
export let meanNode: f64 = 0;

/** Σ f V x of the state that a step starts from. */
export function scaleOfEnergy(): f64 {
  return content * meanNode;
}

/** Takes the scales of a state. */
export function surveyState(f: usize): void {
  let mass = f64x2.splat(0);
  let energy = f64x2.splat(0);
  for (let i = 0; i < cellPairs; i++) {
    const v = f64x2.mul(pair(f, i), pair(V, i));
    mass = f64x2.add(mass, v);
    energy = f64x2.add(energy, f64x2.mul(v, pair(x, i)));
  }
  content = total(mass);
  meanNode = total(energy) / content;
}
