import { log } from "./portable-math.js";

/**
 * Steps grow about as time does, so many of them for every factor e that is left, unless their size is given. NaN before
 * the first.
 */
export function stepsToGo(
  { time, step }: { time: number; step: number },
  { until, step: fixed }: { until: number; step?: number },
): number {
  if (!(time > 0 && step > 0)) return Number.NaN;
  return Math.ceil(fixed === undefined ? (time / step) * log(until / time) : (until - time) / fixed);
}
