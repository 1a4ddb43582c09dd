import type { ResolvedProblem } from "landau-fermi-dirac";
import type { Standing } from "../solver/protocol.js";

/** Steps grow about as time does, so many of them for every factor e that is left, unless their size is given. */
export function stepsToGo(
  { time, step }: Pick<Standing, "time" | "step">,
  { until, step: fixed }: Pick<ResolvedProblem, "until" | "step">,
): number {
  if (!(time > 0 && step > 0)) return Number.NaN;
  return Math.ceil(fixed === undefined ? (time / step) * Math.log(until / time) : (until - time) / fixed);
}
