import { pow } from "../portable-math.js";
import { defaults } from "./defaults.js";
import { isMapping } from "./plain.js";
import { choice, type Issue, isNumber, leaf, numbers, positive, record } from "./schema-parts.js";

/** When to sample: at given times, or `count` times from `first` to `until`. t = 0 comes on top of these. */
export type SamplesInput =
  | { at: readonly number[] }
  | { count?: number; spacing?: "log" | "linear"; first?: number };

export const samplesSchema = record({
  at: numbers("a list of times ≥ 0 in strictly increasing order", 0, (t, previous) =>
    previous === undefined ? t >= 0 : t > previous,
  ).optional(),
  count: leaf<number>(
    "an integer from 1 to 1000000",
    (v) => Number.isInteger(v) && (v as number) >= 1 && (v as number) <= 1e6,
  ).optional(),
  spacing: choice(["log", "linear"]).optional(),
  first: positive.optional(),
});

interface ParsedSamples {
  at?: number[] | undefined;
  count?: number | undefined;
  spacing?: "log" | "linear" | undefined;
  first?: number | undefined;
}

/** The times 0 = t₀ < t₁ < … = until; what is not valid goes to `report`. */
export function sampleTimes(samples: ParsedSamples, until: number, report: (issue: Issue) => void): number[] {
  const path = ["samples"];
  if (samples.at !== undefined) {
    for (const key of ["count", "spacing", "first"] as const) {
      if (samples[key] !== undefined) {
        report({ path: [...path, key], message: "either samples.at or count, spacing and first" });
      }
    }
    const beyond = samples.at.findIndex((t) => t > until);
    if (beyond >= 0) {
      report({ path: [...path, "at", beyond], message: `a time ≤ until = ${until}` });
    }
    return [0, ...samples.at.filter((t) => t > 0 && t < until), until];
  }
  const { count = defaults.samples.count, spacing = defaults.samples.spacing } = samples;
  const first = samples.first ?? (spacing === "log" ? until * defaults.firstSample : until / count);
  if (first > until) {
    report({ path: [...path, "first"], message: `a time > 0 and ≤ until = ${until}` });
    return [0, until];
  }
  const times = [0];
  for (let k = 0; k < count - 1; k++) {
    const part = k / (count - 1);
    const time = spacing === "log" ? first * pow(until / first, part) : first + (until - first) * part;
    // Round-off, or `first` next to `until`: times that coincide are one time.
    if (time > times.at(-1)! && time < until) times.push(time);
  }
  times.push(until);
  return times;
}

/** `samples` without the times beyond `until`. */
export function dropBeyond(samples: unknown, until: unknown): unknown {
  if (!isMapping(samples) || !Array.isArray(samples.at) || !isNumber(until)) return samples;
  return { ...samples, at: samples.at.filter((t) => !(typeof t === "number" && t > until)) };
}
