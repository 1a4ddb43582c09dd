/** Σ f V and the mean of x of the state that a step starts from. */
export let content: f64 = 0;
export let meanNode: f64 = 0;

/** What rounding has taken from Σ f V and Σ f V x in the steps before, as far as it is to be given back. */
export let owedContent: f64 = 0;
export let owedEnergy: f64 = 0;

/** Σ f V x of the state that a step starts from. */
export function scaleOfEnergy(): f64 {
  return content * meanNode;
}

export function setScales(mass: f64, node: f64, owedMass: f64 = 0, owed: f64 = 0): void {
  content = mass;
  meanNode = node;
  owedContent = owedMass;
  owedEnergy = owed;
}
