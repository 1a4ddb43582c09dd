import type * as H5wasm from "h5wasm/node";

// What is in an open HDF5 file: attributes and datasets. The same in Node and in the browser; who opens the file gives the
// library to `adopt` before.

/** A file, group or dataset: whatever bears attributes. */
type Attributed = Pick<
  H5wasm.Group,
  "file_id" | "path" | "create_attribute" | "delete_attribute" | "get_attribute"
>;

let module: typeof H5wasm.Module;

/** Takes a copy of the library into use; there is one for each process or worker. */
export async function adopt(h5: typeof H5wasm): Promise<typeof H5wasm> {
  module = await h5.ready;
  // Without it, failures are return values that h5wasm ignores: a missing file opens as number -1.
  module.activate_throwing_error_handler();
  return h5;
}

/**
 * Format bounds of every file written here: the oldest. All tools in use read it, and it alone stays readable whenever
 * the process is killed. From 1.10 on a file carries an "open for writing" mark, and one that a killed process left is
 * refused by every reader until `h5clear` removes it; from 1.8 on, many attributes live in a tree of their own, which
 * is broken while it is being written. (Both seen by replaying a run's writes one by one.)
 */
export const fileOptions: H5wasm.FileOptions = { libver: ["earliest", "v108"] };

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where the superblock of each version keeps the length of the file, as the library last wrote it. */
const lengthOffset = [40, 44, 28, 28];

/** Bytes at the beginning of a file that {@link isHdf5} and {@link statedLength} look at. */
export const headBytes = 52;

/** Whether a file that begins with `head` is HDF5. */
export function isHdf5(head: Uint8Array): boolean {
  return signature.every((byte, i) => head[i] === byte);
}

/** The length that the superblock at the beginning of an HDF5 file states; undefined if that cannot be told. */
export function statedLength(head: Uint8Array): number | undefined {
  const offset = lengthOffset[head[8]!];
  if (head.length < headBytes || offset === undefined) return undefined;
  return Number(new DataView(head.buffer, head.byteOffset).getBigUint64(offset, true));
}

/** What keeps a file of `size` bytes that begins with `head` from being a whole HDF5 file; undefined if nothing does. */
export function incomplete(head: Uint8Array, size: number): string | undefined {
  if (!isHdf5(head)) return "is not an HDF5 file";
  const length = statedLength(head);
  if (length !== undefined && length <= size) return undefined;
  return `is truncated: ${size}${length === undefined ? "" : ` of ${length}`} bytes are left`;
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
  const wrong = () => new Error(`the dataset ${name} does not hold ${length} doubles`);
  // Before it is read: a few bytes of a file can state any size.
  if (!ranges && source.shape?.reduce((product, n) => product * n, 1) !== length) throw wrong();
  const values = ranges ? source.slice(ranges) : source.value;
  if (!(values instanceof Float64Array) || values.length !== length) throw wrong();
  return values;
}
