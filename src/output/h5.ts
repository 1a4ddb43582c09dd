import fs from "node:fs";
import type * as H5wasm from "h5wasm/node";
import { InputError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { withFile } from "./files.js";
import { adopt, fileOptions, hdf5Reason, headBytes, incomplete, statedLength } from "./h5-content.js";

export { setNumber, setText } from "./h5-content.js";

let library: Promise<typeof H5wasm> | undefined;

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
    return await adopt(await import("h5wasm/node"));
  } finally {
    console.error = print;
  }
}

/** The first bytes of a file, as many as tell whether it is a whole HDF5 file. */
function head(fd: number): Uint8Array {
  const bytes = Buffer.alloc(headBytes);
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, 0));
}

/** Cuts off what lies beyond the length that the superblock states: reserved space that HDF5 did not use. */
export function trim(fd: number): void {
  const length = statedLength(head(fd));
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
  check(file);
  try {
    return mode === "r" ? new h5.File(file, "r") : new h5.File(file, "a", fileOptions);
  } catch (error) {
    throw new InputError(file, `cannot be opened as HDF5: ${hdf5Reason(error)}`);
  }
}

function check(file: string): void {
  try {
    withFile(file, "r", (fd) => {
      const stat = fs.fstatSync(fd);
      const wrong = stat.isFile() ? incomplete(head(fd), stat.size) : "cannot be read: it is not a file";
      if (wrong) throw new InputError(file, wrong);
    });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(file, `cannot be read: ${fileReason(error)}`);
  }
}
