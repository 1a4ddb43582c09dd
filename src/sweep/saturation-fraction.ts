import { saturation } from "../equilibrium/equilibrium.js";
import { InputError } from "../errors.js";
import { massAndEnergy } from "../problem/cell-averages.js";
import { initialFunction } from "../problem/initial.js";
import { isMapping } from "../problem/plain.js";
import { resolveProblem } from "../problem/schema.js";
import { checkFraction } from "./values.js";

/** ε* for the mass and energy of initial data, computed once for each. */
export class Saturations {
  readonly #known = new Map<string, number>();

  /** `raw` with an `epsilon: {ofSaturation}` turned into the number. Throws InputError. */
  resolve(raw: unknown, source: string): { raw: unknown; fraction?: number } {
    if (!isMapping(raw) || !isMapping(raw.epsilon) || !("ofSaturation" in raw.epsilon)) return { raw };
    const fraction = raw.epsilon.ofSaturation;
    checkFraction("epsilon.ofSaturation", fraction);
    return { raw: { ...raw, epsilon: fraction * this.#of(raw, source) }, fraction };
  }

  /** Of the data itself, over all radii: the grid of a run may cut off a tail. */
  #of(raw: Record<string, unknown>, source: string): number {
    const key = JSON.stringify(raw.initial);
    let value = this.#known.get(key);
    if (value === undefined) {
      // ε = 0: whether the data lies below 1/ε is for the run to find out
      const { initial } = resolveProblem({ ...raw, epsilon: 0 }, source).problem;
      if (initial.kind === "fermi-dirac") {
        throw new InputError(
          "epsilon.ofSaturation",
          "initial data of kind fermi-dirac has a mass and energy that depend on epsilon; give epsilon itself",
        );
      }
      const { mass, energy } = massAndEnergy(initialFunction(initial, 0));
      value = saturation(mass, energy);
      this.#known.set(key, value);
    }
    return value;
  }
}
