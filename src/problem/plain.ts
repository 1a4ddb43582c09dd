import { InputError } from "../errors.js";

/** Far deeper than any problem; a cyclic object ends here instead of in a stack overflow. */
const maxDepth = 16;

/**
 * A deep copy of plain data: mappings, lists (typed arrays become lists), text, numbers, booleans, null. Keys whose
 * value is undefined are left out, -0 becomes 0 as JSON would have it. Functions are passed along, for the schema to refuse where they do not belong.
 *
 * Throws InputError for anything that has no place in YAML or JSON (a Date, a Map, an instance of a class), for data
 * nested too deeply, and for the key `__proto__`, which would not stay data.
 */
export function plainCopy(value: unknown, path: readonly PropertyKey[] = []): unknown {
  if (typeof value === "bigint" || typeof value === "symbol") throw notPlain(path, `a ${typeof value}`);
  if (typeof value === "number") return value + 0;
  if (typeof value !== "object" || value === null) return value;
  if (path.length > maxDepth) throw new InputError(keyPath(path.slice(0, 2)), "is nested too deeply");
  if (Array.isArray(value)) return Array.from(value, (element, i) => copyElement(element, path, i));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as Float64Array, (x, i) => copyElement(x, path, i));
  if (!isMapping(value)) throw notPlain(path, `a ${value.constructor?.name || "non-plain object"}`);
  const copy: Record<string, unknown> = {};
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === "symbol") throw notPlain([...path, key], "a key that is a symbol");
    if (key === "__proto__") throw new InputError(keyPath([...path, key]), "is not a valid key");
    const element = (value as Record<string, unknown>)[key];
    if (element !== undefined) copy[key] = plainCopy(element, [...path, key]);
  }
  return copy;
}

/** Whether `value` is a mapping as YAML, JSON or an object literal make them (of this realm or another). */
export function isMapping(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** JSON with keys in alphabetical order: the same text for the same data, however it was put together. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    // long tables of numbers need no second look
    if (value.every((element) => typeof element !== "object")) return JSON.stringify(value);
    return `[${value.map(canonicalJson).join(",")}]`;
  }
  if (!isMapping(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${entries.join(",")}}`;
}

/** `initial.components.1.temperature` */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "problem" : path.map(String).join(".");
}

/** A value as it appears in a message: short, on one line. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return "a mapping";
  return String(value);
}

// Lists may be long tables: no path is built for an element that needs none.
function copyElement(element: unknown, path: readonly PropertyKey[], i: number): unknown {
  return typeof element === "number" ? element + 0 : plainCopy(element, [...path, i]);
}

function notPlain(path: readonly PropertyKey[], what: string): InputError {
  return new InputError(keyPath(path), `${what} is not valid; plain data: mappings, lists, numbers, text`);
}
