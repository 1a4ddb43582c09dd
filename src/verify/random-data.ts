import { randomNumbers } from "./quadrature.js";

/** r ↦ f(r) for a number of random functions: shells, balls and plateaus, narrow and wide, `signed` or not. */
export function randomFunctions(count: number, seed: number, signed = false): ((r: number) => number)[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: 1 + Math.floor(4 * random()) }, () => {
      const height = 10 ** (-2 + 2 * random()) * (signed && random() < 0.5 ? -1 : 1);
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
