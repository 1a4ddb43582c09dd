import { randomNumbers } from "./quadrature.js";
import { type RadialCoefficients, type RadialGrid, radialGrid } from "./radial.js";
import type { Subject } from "./subject.js";

/** r ↦ f(r) ≥ 0 for a number of random functions: shells, balls and plateaus, narrow and wide. */
export function randomFunctions(count: number, seed: number): ((r: number) => number)[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: 1 + Math.floor(4 * random()) }, () => {
      const height = 10 ** (-2 + 2 * random());
      const centre = 4 * random() ** 2;
      const width = 10 ** (-1.2 + 1.5 * random());
      const sharp = random() < 0.4;
      return (r: number) => {
        const q = (r - centre) / width;
        return sharp ? (Math.abs(q) < 1 ? height : 0) : height * Math.exp(-q * q);
      };
    });
    return (r: number) => parts.reduce((sum, part) => sum + part(r), 0);
  });
}

/** A function and its coefficients (1.5) as the solver has them, at the faces 0 … cells - 1. */
export interface Evaluated {
  grid: RadialGrid;
  f: Float64Array;
  coefficients: RadialCoefficients;
}

/** A[f] and ∇a[f] of the solver: of the equation with ε = 0, where f(1 - εf) is f. */
export async function evaluate(
  { collide }: Subject,
  initial: (r: number) => number,
  cells: number,
  radius: number,
): Promise<Evaluated> {
  const result = await collide({ epsilon: 0, initial, grid: { cells, radius }, until: 1 });
  return { grid: radialGrid(result.grid.faces), f: result.f, coefficients: result };
}
