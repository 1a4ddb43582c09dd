import { z } from "zod";
import { InputError } from "../errors.js";
import { keyPath, show } from "./plain.js";
import { didYouMean } from "./suggest.js";

// In every schema made of these parts the message of an issue is the text that says what would be valid;
// `firstError` puts the key and the value before it.

/** One value; `valid` completes "… is not valid; ". */
export function leaf<T>(valid: string, ok: (value: unknown) => boolean) {
  return z.custom<T>(ok, { error: valid });
}

/** A mapping with exactly these keys. `elsewhere`: keys that have been taken out before, and may have been misspelt. */
export function record<Shape extends z.core.$ZodLooseShape>(shape: Shape, elsewhere: readonly string[] = []) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a valid key; valid: ${keys.join(", ")}${didYouMean((issue.keys as string[])[0]!, [...keys, ...elsewhere])}`
        : `a mapping with keys ${keys.join(", ")}`,
  });
}

/** One of these words. */
export function choice<const T extends string>(words: readonly T[]) {
  return z.custom<T>((value) => (words as readonly unknown[]).includes(value), {
    error: (issue) => oneOf(words, issue.input),
  });
}

/** `one of a, b, c; did you mean "b"?` */
export function oneOf(words: readonly string[], given?: unknown): string {
  return `one of ${words.join(", ")}${typeof given === "string" ? didYouMean(given, words) : ""}`;
}

/**
 * A list of numbers, checked as a whole: it may have millions of entries, and the first bad one is what is reported.
 * `ok` sees an entry and the one before it (undefined for the first).
 */
export function numbers(
  valid: string,
  minimum: number,
  ok: (x: number, previous: number | undefined) => boolean,
) {
  return z.custom<number[]>().superRefine((value: unknown, context) => {
    const issue = (path: number[]) => context.addIssue({ code: "custom", message: valid, path });
    if (!Array.isArray(value) || value.length < minimum) return issue([]);
    const bad = value.findIndex((x, i) => !isNumber(x) || !ok(x, i === 0 ? undefined : value[i - 1]));
    if (bad >= 0) issue([bad]);
  });
}

/** Whether `value` is a finite number; text that looks like one is not. */
export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export const positive = leaf<number>("a number > 0", (v) => isNumber(v) && v > 0);
export const nonNegative = leaf<number>("a number ≥ 0", (v) => isNumber(v) && v >= 0);

/** What is wrong with one key, found by zod or by a check across keys. */
export interface Issue {
  path: readonly PropertyKey[];
  message: string;
  code?: string;
  keys?: readonly string[];
}

/**
 * The error that reports the first of `issues` (keys that do not exist, the outermost first, before values that are not
 * valid: a misspelt key is also a missing one), with the number of further ones and the file or name the problem came from.
 */
export function firstError(input: unknown, issues: readonly Issue[], source?: string): InputError {
  const unknownKeys = issues.filter((issue) => issue.code === "unrecognized_keys");
  const outermost = unknownKeys.toSorted((a, b) => a.path.length - b.path.length)[0];
  const first = outermost ?? issues[0]!;
  const count = issues.length + unknownKeys.reduce((sum, issue) => sum + issue.keys!.length - 1, 0);
  const more = count > 1 ? ` (and ${count - 1} more ${count > 2 ? "problems" : "problem"})` : "";
  const where = source === undefined ? "" : ` [${source}]`;
  if (first.code === "unrecognized_keys") {
    return new InputError(keyPath([...first.path, first.keys![0]!]), first.message + more + where);
  }
  const value = valueAt(input, first.path);
  const what = value === undefined ? "is missing" : `${show(value)} is not valid`;
  return new InputError(keyPath(first.path), `${what}; ${first.message}${more}${where}`);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
}
