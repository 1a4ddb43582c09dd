import { InputError } from "../errors.js";
import { pow } from "../portable-math.js";
import { isMapping, show } from "../problem/plain.js";
import { isNumber } from "../problem/schema-parts.js";
import { parsePath } from "./key-path.js";

/** The most runs a sweep may have, and the most values an axis. */
export const maxRuns = 1e6;

/** What a key of the problem takes: these values, evenly spaced ones, or (in a sample) any between two bounds. */
export type Values =
  | readonly unknown[]
  | { linear: readonly [from: number, to: number, count: number] }
  | { log: readonly [from: number, to: number, count: number] }
  | { between: readonly [lower: number, upper: number]; spacing?: "linear" | "log" };

/** One key that varies. */
export interface Axis {
  key: string;
  path: readonly string[];
  /** The values are fractions of the saturation ε* of the run's mass and energy. */
  ofSaturation: boolean;
  /** How many values there are; absent: an interval to sample. */
  count?: number;
  /** Value k < count, or the value at the share 0 ≤ k < 1 of the interval. */
  at(k: number): unknown;
}

/** Keys that take integers only: values between are rounded. */
const integerKeys = ["grid.cells", "samples.count"];

/** Reads an axis of `vary`. Throws InputError. */
export function parseAxis(key: string, given: unknown): Axis {
  const where = `vary.${key}`;
  const path = parsePath(key, where);
  const saturated = isMapping(given) && "ofSaturation" in given;
  if (saturated && key !== "epsilon") {
    throw new InputError(where, "ofSaturation is a way to give epsilon; no other key has a saturation");
  }
  if (saturated && Object.keys(given).length > 1) {
    throw new InputError(
      where,
      `${show(given)} is not valid; ofSaturation alone, as in {ofSaturation: [0.1, 0.9]}`,
    );
  }
  const inner = saturated ? given.ofSaturation : given;
  const values = saturated && typeof inner === "number" ? [inner] : inner;
  const axis = parseValues(saturated ? `${where}.ofSaturation` : where, values, integerKeys.includes(key));
  if (saturated) checkFractions(`${where}.ofSaturation`, axis);
  return { key, path, ofSaturation: saturated, ...axis };
}

function parseValues(where: string, given: unknown, integer: boolean): Pick<Axis, "count" | "at"> {
  if (Array.isArray(given)) return parseList(where, given);
  const forms = "a list of values, {linear: [from, to, count]}, {log: …} or {between: [lower, upper]}";
  if (!isMapping(given)) throw new InputError(where, `${show(given)} is not valid; ${forms}`);
  const { spacing, ...form } = given;
  const [kind, ...others] = Object.keys(form);
  if (kind === undefined || others.length > 0 || !["linear", "log", "between"].includes(kind)) {
    throw new InputError(where, `${show(given)} is not valid; ${forms}`);
  }
  if (spacing !== undefined && !(kind === "between" && (spacing === "linear" || spacing === "log"))) {
    throw new InputError(
      `${where}.spacing`,
      `${show(spacing)} is not valid; linear or log, beside between only`,
    );
  }
  const log = kind === "log" || spacing === "log";
  const bounds = form[kind];
  const between = kind === "between";
  if (!Array.isArray(bounds) || bounds.length !== (between ? 2 : 3) || !bounds.every(isNumber)) {
    const valid = between ? "[lower, upper], two numbers" : "[from, to, count], three numbers";
    throw new InputError(`${where}.${kind}`, `${show(bounds)} is not valid; ${valid}`);
  }
  const [from, to, count] = bounds as [number, number, number];
  const range = { where: `${where}.${kind}`, from, to, log };
  checkBounds(range, between);
  const value = (share: number) => {
    const x = at(range, share);
    return integer ? Math.round(x) : x;
  };
  if (between) return { at: value };
  if (!(Number.isInteger(count) && count >= 2 && count <= maxRuns)) {
    throw new InputError(range.where, `count ${count} is not valid; an integer from 2 to ${maxRuns}`);
  }
  return { count, at: (k) => value(k / (count - 1)) };
}

interface Range {
  where: string;
  from: number;
  to: number;
  log: boolean;
}

function checkBounds({ where, from, to, log }: Range, between: boolean): void {
  if (log && !(from > 0 && to > 0)) {
    throw new InputError(where, `${from} to ${to} is not valid; a logarithmic range lies above 0`);
  }
  if (from === to || (between && from > to)) {
    throw new InputError(
      where,
      `${from} to ${to} is an empty range; ${between ? "lower < upper" : "two different ends"}`,
    );
  }
}

/** The ends come out exactly. */
function at({ from, to, log }: Range, share: number): number {
  if (share === 0) return from;
  if (share === 1) return to;
  return log ? from * pow(to / from, share) : from + (to - from) * share;
}

function parseList(where: string, list: readonly unknown[]): Pick<Axis, "count" | "at"> {
  if (list.length === 0) throw new InputError(where, "an empty list is not valid; at least one value");
  if (list.length > maxRuns) {
    throw new InputError(where, `a list of ${list.length} is not valid; at most ${maxRuns} values`);
  }
  const seen = new Set<string>();
  for (const value of list) {
    if (isMapping(value) && "ofSaturation" in value) {
      throw new InputError(
        where,
        "a fraction among other values is not valid; the list goes inside: {ofSaturation: [0.1, 0.9]}",
      );
    }
    const text = JSON.stringify(value, exactly) ?? String(value);
    if (seen.has(text)) throw new InputError(where, `${show(value)} is there twice; each value once`);
    seen.add(text);
  }
  return { count: list.length, at: (k) => list[k] };
}

/** JSON has null for all numbers that are not finite; here they differ. */
function exactly(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;
}

function checkFractions(where: string, { count, at }: Pick<Axis, "count" | "at">): void {
  // what lies between is within the ends; lists are looked through
  const ends = count === undefined ? [at(0), at(1)] : Array.from({ length: count }, (_, k) => at(k));
  for (const value of ends) checkFraction(where, value);
}

/** Throws InputError unless `value` is a fraction of saturation that an equilibrium has: 0 ≤ value < 1. */
export function checkFraction(where: string, value: unknown): asserts value is number {
  if (!(isNumber(value) && value >= 0 && value < 1)) {
    throw new InputError(where, `${show(value)} is not valid; fractions of ε*, 0 ≤ fraction < 1`);
  }
}
