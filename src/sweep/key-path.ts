import { InputError } from "../errors.js";
import { isMapping, show } from "../problem/plain.js";

/** `initial.components.1.temperature` as its parts. Throws InputError for what cannot be a path of keys. */
export function parsePath(key: string, where: string): string[] {
  const parts = key.split(".");
  if (parts.includes("__proto__")) throw new InputError(where, "is not a valid key");
  if (!parts.every((part) => /^[^\s/\\]+$/.test(part))) {
    throw new InputError(
      where,
      "is not a key of the problem; valid: as in epsilon or initial.components.1.temperature",
    );
  }
  return parts;
}

/** Whether one path is the other, or leads to it: what they set would overwrite each other. */
export function overlap(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((part, k) => part === other[k]);
}

/**
 * A copy of `data` with `value` at `path`; what the path does not lead through is shared. Missing mappings are made,
 * missing elements of lists are an InputError (key `where`), and so is a path that leads into a number.
 */
export function withValue(data: unknown, path: readonly string[], value: unknown, where: string): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(data)) {
    if (!/^(0|[1-9]\d*)$/.test(part) || Number(part) >= data.length) {
      const valid = data.length === 1 ? "0" : `0 to ${data.length - 1}`;
      throw new InputError(where, `${JSON.stringify(part)} is not an element of the list; valid: ${valid}`);
    }
    return data.with(Number(part), withValue(data[Number(part)], rest, value, where));
  }
  if (data !== undefined && !isMapping(data)) {
    throw new InputError(where, `leads into ${show(data)}, which has no key ${JSON.stringify(part)}`);
  }
  const inner = data !== undefined && Object.hasOwn(data, part) ? data[part] : undefined;
  return { ...data, [part]: withValue(inner, rest, value, where) };
}

/** A copy of `data` without what is at `path`; an element of a list becomes null, so that the others keep their place. */
export function without(data: unknown, path: readonly string[]): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return undefined;
  if (Array.isArray(data)) {
    const inner = without(data[Number(part)], rest);
    return data.with(Number(part), inner === undefined ? null : inner);
  }
  if (!isMapping(data) || !Object.hasOwn(data, part)) return data;
  const { [part]: inner, ...others } = data;
  const left = without(inner, rest);
  return left === undefined ? others : { ...others, [part]: left };
}
