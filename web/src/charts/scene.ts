import type { Sample } from "landau-fermi-dirac";
import type { Run } from "../model/run.js";
import type { View } from "../model/view.js";

/** All that a chart depends on. */
export interface Scene {
  run: Run | undefined;
  overlay: Run | undefined;
  /** Index of the sample on show. */
  shown: number;
  view: View;
}

/** The sample on show; absent before the first one, and for a bare table of f(r). */
export function sampleShown({ run, shown }: Scene): Sample | undefined {
  return run?.samples[shown];
}

/** f on show. */
export function profileShown({ run, shown }: Scene): Float64Array | undefined {
  return run?.profiles[shown] ?? run?.profiles.at(-1);
}

/** Index of the sample of `run` nearest in time; the last one if no time is given. */
export function sampleNearest(run: Run, time: number | undefined): number {
  const last = Math.max(run.samples.length, run.profiles.length) - 1;
  if (time === undefined || run.samples.length === 0) return last;
  let nearest = 0;
  run.samples.forEach((sample, k) => {
    if (Math.abs(sample.time - time) < Math.abs(run.samples[nearest]!.time - time)) nearest = k;
  });
  return nearest;
}
