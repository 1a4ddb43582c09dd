import { InputError } from "../errors.js";
import { isMapping, plainCopy, show } from "../problem/plain.js";
import type { Problem } from "../problem/schema.js";
import { oneOf } from "../problem/schema-parts.js";
import { didYouMean } from "../problem/suggest.js";
import { overlap, parsePath } from "./key-path.js";
import type { Combination } from "./rows.js";
import { type Axis, maxRuns, parseAxis, type Values } from "./values.js";

/** A sweep as it is given: a plain object from YAML, JSON or code. */
export interface SweepSpec {
  /** A named problem, a YAML or JSON file, or the problem itself. */
  problem: string | (Omit<Problem, "epsilon"> & { epsilon: number | OfSaturation });
  /**
   * Overrides for every run, by key or key path. `grid`, and `initial` without a `kind`, are merged key by key; the rest
   * is replaced.
   */
  set?: Record<string, unknown>;
  /** Key path → the values it takes. */
  vary: Record<string, Values | { ofSaturation: number | Values }>;
  /** Default "grid": every value with every other. "zip": first with first. Or samples of intervals. */
  combine?: "grid" | "zip" | { random: Samples } | { latinHypercube: Samples } | { sobol: Samples };
  /** Keep f at the samples too, one HDF5 file a run (default false). */
  profiles?: boolean;
}

/** ε as a fraction of the saturation ε* of the initial data's mass and energy. */
export interface OfSaturation {
  ofSaturation: number;
}

interface Samples {
  count: number;
  seed?: number;
}

/** A sweep that has been looked at by itself: what it varies is known, not yet whether the problem has such keys. */
export interface ParsedSpec {
  /** All of it as plain data. */
  data: Record<string, unknown>;
  problem: string | Record<string, unknown>;
  set: Record<string, unknown>;
  axes: Axis[];
  combination: Combination;
  profiles: boolean;
}

const keys = ["problem", "set", "vary", "combine", "profiles"];
const samplers = ["random", "latinHypercube", "sobol"] as const;

/** Throws InputError for the first thing that is wrong, naming key, value and what would be valid. */
export function parseSpec(input: unknown): ParsedSpec {
  if (!isMapping(input)) {
    throw new InputError("sweep", `${show(input)} is not valid; a mapping with keys ${keys.join(", ")}`);
  }
  if (isMapping(input.problem) && typeof input.problem.initial === "function") {
    throw new InputError("problem.initial", "a function has no place in a sweep; a table of r and f has");
  }
  const data = plainCopy(input) as Record<string, unknown>;
  const unknown = Object.keys(data).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new InputError(
      unknown,
      `is not a valid key; valid: ${keys.join(", ")}${didYouMean(unknown, keys)}`,
    );
  }
  const { problem, set = {}, vary, combine = "grid", profiles = false } = data;
  if (!(isMapping(problem) || (typeof problem === "string" && problem !== ""))) {
    throw wrong("problem", problem, "a name that lfd problems lists, a file, or a problem");
  }
  if (!isMapping(set)) throw wrong("set", set, "a mapping of keys of the problem");
  if (!isMapping(vary) || Object.keys(vary).length === 0) {
    throw wrong("vary", vary, "a mapping of at least one key of the problem to its values");
  }
  if (typeof profiles !== "boolean") throw wrong("profiles", profiles, "true or false");
  const axes = Object.entries(vary).map(([key, values]) => parseAxis(key, values));
  refuseOverlaps(axes);
  refuseContradictions(set, axes);
  return { data, problem, set, axes, combination: parseCombination(combine), profiles };
}

function refuseOverlaps(axes: readonly Axis[]): void {
  for (const [k, axis] of axes.entries()) {
    const other = axes.slice(0, k).find(({ path }) => overlap(path, axis.path));
    if (other) throw new InputError(`vary.${axis.key}`, `varies what vary.${other.key} varies; one of them`);
  }
}

/** What `set` gives and `vary` then replaces in every run has no effect: one of them is a mistake. */
function refuseContradictions(set: Record<string, unknown>, axes: readonly Axis[]): void {
  for (const [key, value] of Object.entries(set)) {
    // a mapping is merged into these: its keys are set one by one
    const merged = isMapping(value) && (key === "grid" || (key === "initial" && !("kind" in value)));
    for (const inner of merged ? Object.keys(value).map((each) => `${key}.${each}`) : [key]) {
      const path = parsePath(inner, `set.${inner}`);
      const axis = axes.find((each) => each.path.length <= path.length && overlap(each.path, path));
      if (axis) throw new InputError(`set.${inner}`, `is varied by vary.${axis.key}; one of them`);
    }
  }
}

function parseCombination(given: unknown): Combination {
  if (given === "grid" || given === "zip") return { kind: given };
  const words = ["grid", "zip", ...samplers.map((name) => `{${name}: {count, seed}}`)];
  const [kind, ...others] = isMapping(given) ? Object.keys(given) : [];
  const sampler = samplers.find((name) => name === kind);
  if (!isMapping(given) || !sampler || others.length > 0) throw wrong("combine", given, oneOf(words, given));
  const where = `combine.${sampler}`;
  const options = given[sampler];
  if (!isMapping(options)) throw wrong(where, options, "a mapping with keys count, seed");
  const unknown = Object.keys(options).find((key) => key !== "count" && key !== "seed");
  if (unknown !== undefined) {
    throw new InputError(`${where}.${unknown}`, "is not a valid key; valid: count, seed");
  }
  const { count, seed } = options;
  if (!isCount(count, 1, maxRuns)) throw wrong(`${where}.count`, count, `an integer from 1 to ${maxRuns}`);
  if (seed === undefined) return { kind: sampler, count };
  if (!isCount(seed, 0, Number.MAX_SAFE_INTEGER)) {
    throw wrong(`${where}.seed`, seed, `an integer from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return { kind: sampler, count, seed };
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function wrong(key: string, value: unknown, valid: string): InputError {
  return new InputError(
    key,
    value === undefined ? `is missing; ${valid}` : `${show(value)} is not valid; ${valid}`,
  );
}
