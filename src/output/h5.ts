import fs from "node:fs";
import type * as H5wasm from "h5wasm/node";
import { InputError } from "../errors.js";
import { fileReason, withFile } from "./files.js";

/** A file, group or dataset: whatever bears attributes. */
type Attributed = Pick<
  H5wasm.Group,
  "file_id" | "path" | "create_attribute" | "delete_attribute" | "get_attribute"
>;

let library: Promise<typeof H5wasm> | undefined;
let module: typeof H5wasm.Module;

/** The HDF5 library, loaded when first needed: it is 4 MB of code and takes half a second. */
export function loadHdf5(): Promise<typeof H5wasm> {
  library ??= load();
  return library;
}

async function load(): Promise<typeof H5wasm> {
  // h5wasm takes hold of console.error while it loads, and later prints there what it throws as well.
  const print = console.error;
  console.error = (...args: unknown[]) => {
    if (!/^(Aborted|Cannot enlarge memory|warning: Invalid)/.test(String(args[0]))) print(...args);
  };
  try {
    const h5 = await import("h5wasm/node");
    module = await h5.ready;
    // Without it, failures are return values that h5wasm ignores: a missing file opens as number -1.
    module.activate_throwing_error_handler();
    return h5;
  } finally {
    console.error = print;
  }
}

/**
 * Format bounds of every file written here: the oldest. All tools in use read it, and it alone stays readable whenever
 * the process is killed. From 1.10 on a file carries an "open for writing" mark, and one that a killed process left is
 * refused by every reader until `h5clear` removes it; from 1.8 on, many attributes live in a tree of their own, which
 * is broken while it is being written. (Both seen by replaying a run's writes one by one.)
 */
export const fileOptions: H5wasm.FileOptions = { libver: ["earliest", "v108"] };

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Where the superblock of each version keeps the length of the file, as the library last wrote it. */
const lengthOffset = [40, 44, 28, 28];

/** The length that the superblock of an open HDF5 file states; undefined if that cannot be told. */
export function statedLength(fd: number): number | undefined {
  const head = Buffer.alloc(52);
  const read = fs.readSync(fd, head, 0, head.length, 0);
  const offset = lengthOffset[head[8]!];
  return read < head.length || offset === undefined ? undefined : Number(head.readBigUInt64LE(offset));
}

/** Cuts off what lies beyond the length that the superblock states: reserved space that HDF5 did not use. */
export function trim(fd: number): void {
  const length = statedLength(fd);
  if (length !== undefined && length < fs.fstatSync(fd).size) fs.ftruncateSync(fd, length);
}

/**
 * Opens an HDF5 file that some other program may have damaged.
 *
 * The checks before the library's own give plainer messages, and spare it: each failed H5Fopen leaves memory behind.
 *
 * @throws InputError naming the file and what is wrong with it
 */
export async function openHdf5(file: string, mode: "r" | "a"): Promise<H5wasm.File> {
  const h5 = await loadHdf5();
  checkSignature(file);
  try {
    return mode === "r" ? new h5.File(file, "r") : new h5.File(file, "a", fileOptions);
  } catch (error) {
    throw new InputError(file, `cannot be opened as HDF5: ${hdf5Reason(error)}`);
  }
}

function checkSignature(file: string): void {
  try {
    withFile(file, "r", (fd) => {
      const stat = fs.fstatSync(fd);
      if (!stat.isFile()) throw new InputError(file, "cannot be read: it is not a file");
      const head = Buffer.alloc(signature.length);
      fs.readSync(fd, head, 0, head.length, 0);
      if (!head.equals(signature)) throw new InputError(file, "is not an HDF5 file");
      const length = statedLength(fd);
      if (length === undefined || length > stat.size) {
        const whole = length === undefined ? "" : ` of ${length}`;
        throw new InputError(file, `is truncated: ${stat.size}${whole} bytes are left`);
      }
    });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(file, `cannot be read: ${fileReason(error)}`);
  }
}

/** The one informative line of an HDF5 error stack: the system's message, or the innermost complaint. */
export function hdf5Reason(error: unknown): string {
  if (error instanceof WebAssembly.RuntimeError) return "it misleads the HDF5 library";
  const text = error instanceof Error ? error.message : String(error);
  const system = /error message = '([^']*)'/.exec(text)?.[1];
  const innermost = [...text.matchAll(/#\d+: .*? in \w+\(\): (.*)/g)].at(-1)?.[1];
  return system?.toLowerCase() ?? innermost ?? text.split("\n", 1)[0]!;
}

export function setText(node: Attributed, name: string, value: string): void {
  remove(node, name);
  node.create_attribute(name, value);
}

export function setNumber(node: Attributed, name: string, value: number): void {
  remove(node, name);
  // h5wasm would store an integer in 32 bits.
  node.create_attribute(name, value, null, "<d");
}

function remove(node: Attributed, name: string): void {
  // A process killed while it replaced an attribute may have left the old one beside the new.
  while (has(node, name)) node.delete_attribute(name);
}

/** Not by h5wasm's `attrs`, which fails for all when one is there twice. */
function has(node: Attributed, name: string): boolean {
  return module.get_attribute_names(node.file_id, node.path).includes(name);
}

function get(node: Attributed, name: string): unknown {
  return has(node, name) ? node.get_attribute(name, false) : undefined;
}

/** Stores `<prefix>_<key>` for each key: numbers that h5py and others read without parsing anything. */
export function setNumbers<T extends object>(node: Attributed, prefix: string, value: T): void {
  for (const [key, number] of Object.entries(value)) setNumber(node, `${prefix}_${key}`, number);
}

/** @throws Error if there is no such text and no other is given for that case */
export function getText(node: Attributed, name: string, otherwise?: string): string {
  const value = get(node, name) ?? otherwise;
  if (typeof value !== "string") throw new Error(`the attribute ${name} is missing`);
  return value;
}

/** @throws Error if there is no such number */
export function getNumber(node: Attributed, name: string): number {
  const value = get(node, name);
  if (typeof value !== "number") throw new Error(`the attribute ${name} is missing`);
  return value;
}

/** What {@link setNumbers} stored; undefined if a number is missing or NaN, which stands for not yet known. */
export function getNumbers<K extends string>(
  node: Attributed,
  prefix: string,
  keys: readonly K[],
): Record<K, number> | undefined {
  const names = keys.map((key) => `${prefix}_${key}`);
  const values = names.map((name) => get(node, name));
  if (!values.every((value) => typeof value === "number" && !Number.isNaN(value))) return undefined;
  return Object.fromEntries(keys.map((key, i) => [key, values[i]])) as Record<K, number>;
}

/** A dataset of the file. @throws Error if there is none of that name */
export function dataset(file: H5wasm.Group, name: string): H5wasm.Dataset {
  const found = file.get(name);
  if (!found || !("write_slice" in found)) throw new Error(`the dataset ${name} is missing`);
  return found;
}

/** All values of a dataset of doubles, or those of `ranges`. @throws Error unless there are `length` */
export function doubles(
  file: H5wasm.Group,
  name: string,
  length: number,
  ranges?: [number, number][],
): Float64Array {
  const source = dataset(file, name);
  const values = ranges ? source.slice(ranges) : source.value;
  if (!(values instanceof Float64Array) || values.length !== length) {
    throw new Error(`the dataset ${name} does not hold ${length} doubles`);
  }
  return values;
}
