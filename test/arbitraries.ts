import fc from "fast-check";

/** Uniform between two numbers; fc.double would be uniform in the bits, almost always next to 0 where 0 lies between. */
export function uniform(low: number, high: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((n) => low + (high - low) * (n / (2 ** 31 - 1)));
}

/** A positive number whose logarithm is uniform. */
export function logarithmic(low: number, high: number): fc.Arbitrary<number> {
  return uniform(Math.log(low), Math.log(high)).map(Math.exp);
}
