import { pow } from "../portable-math.js";
import type { Engine } from "./engine.js";
import type { Method } from "./methods.js";

/** Implicit Euler twice, over half a step and over a whole one: the rates K(Δt/2) and K(Δt), and how far they are apart. */
const probe: Pick<Method, "a" | "errorWeights" | "guesses"> = {
  a: [[1 / 2], [0, 1]],
  errorWeights: [-1, 1],
  guesses: [[], [0]],
};
/**
 * The first probe, and the longest step: this share of that over which the solution would change by (local error)^(1/order).
 * Longer ones meet the tolerance in L¹ where the data is smooth, but not at a centre that is nearly empty.
 */
const firstShare = 0.1;
const smallerProbe = 0.1;
/** A step no smaller than this share of the probe is one that the probe can speak of. */
const withinReach = 0.5;
const mostProbes = 20;

/**
 * A first step whose local error is no more than about `allowed`, of a method whose estimate is of order Δt^p: with the rate of
 * change K and its time scale T = ‖K‖/‖K'‖, the error is taken for ‖K‖ Δt^p / T^(p-1). Both come from implicit steps, so
 * that the rounding of a fine grid, which an explicit second derivative would multiply by 1/Δx⁴, has no part in it;
 * each takes one iteration. Where the data has jumps T is of the order of the step it is seen with: the probe is repeated with
 * the step that it has led to (docs/decisions/first-step.md). The accepted state is not touched.
 */
export function firstStep(engine: Engine, allowed: number, order: number, longest: number): number {
  engine.setMethod(probe);
  let size = Math.min(longest, (firstShare * pow(allowed, 1 / order)) / engine.changeRate);
  for (let k = 0; k < mostProbes; k++) {
    if (engine.attempt(size, Number.POSITIVE_INFINITY) !== "done") {
      size *= smallerProbe;
      continue;
    }
    const { candidateChange, errorNorm } = engine;
    if (errorNorm === 0 || candidateChange === 0) return longest; // nothing moves
    const steps = candidateChange / (2 * errorNorm); // to T
    const step = size * pow((allowed * pow(steps, order - 1)) / candidateChange, 1 / order);
    if (!(step < withinReach * size)) return Math.min(step, size);
    size = step;
  }
  return size;
}
