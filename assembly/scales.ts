/** Σ f V and the mean of x of the state that a step starts from. */
export let content: f64 = 0;
export let meanNode: f64 = 0;

/** Σ f V x of the state that a step starts from. */
export function scaleOfEnergy(): f64 {
  return content * meanNode;
}

export function setScales(mass: f64, node: f64): void {
  content = mass;
  meanNode = node;
}
