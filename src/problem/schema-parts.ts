import { z } from "zod";
import { InputError } from "../errors.js";
import { keyPath, show } from "./plain.js";
import { didYouMean } from "./suggest.js";

// In every schema made of these parts the message of an issue is the text that says what would be valid;
// `errorOf` puts the key and the value before it.

/** One value; `valid` completes "… is not valid; ". */
export function leaf<T>(valid: string, ok: (value: unknown) => boolean) {
  return z.custom<T>(ok, { error: valid });
}

/** A mapping with exactly these keys. `elsewhere`: keys that have been taken out before, and may have been misspelt. */
export function record<Shape extends z.core.$ZodLooseShape>(shape: Shape, elsewhere: readonly string[] = []) {
  const keys = Object.keys(shape);
  const unknown = (key: string) =>
    `is not a valid key; valid: ${keys.join(", ")}${didYouMean(key, [...keys, ...elsewhere])}`;
  return z.strictObject(shape, {
    // of several unknown keys a line each
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? (issue.keys as string[]).map(unknown).join("\n")
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

/** Lines of an error at most. */
const mostLines = 10;

/**
 * The error that reports `issues`, a line each: keys that do not exist, the outermost first, before values that are not
 * valid (a misspelt key is also a missing one). The first line ends with the file or name the problem came from.
 */
export function errorOf(input: unknown, issues: readonly Issue[], source?: string): InputError {
  const depth = ({ code, path }: Issue) => (code === "unrecognized_keys" ? path.length : Number.MAX_VALUE);
  const mistakes = issues
    .toSorted((a, b) => depth(a) - depth(b))
    .flatMap((issue) => mistakesOf(input, issue));
  const [[key, message], ...others] = mistakes as [Mistake, ...Mistake[]];
  const further = others.slice(0, mostLines - 1).map((mistake) => mistake.join(": "));
  const more = others.length - further.length;
  return new InputError(key, source === undefined ? message : `${message} [${source}]`, [
    ...further,
    ...(more > 0 ? [`and ${more} more`] : []),
  ]);
}

/** A key, and what is wrong with it. */
type Mistake = [key: string, message: string];

function mistakesOf(input: unknown, { code, path, keys, message }: Issue): Mistake[] {
  if (code === "unrecognized_keys") {
    const messages = message.split("\n");
    return keys!.map((key, k) => [keyPath([...path, key]), messages[k]!]);
  }
  const value = valueAt(input, path);
  const what = value === undefined ? "is missing" : `${show(value)} is not valid`;
  return [[keyPath(path), `${what}; ${message}`]];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
}
