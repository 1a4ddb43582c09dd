import fs from "node:fs";
import path from "node:path";
import { InputError, RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";

/** Whether an error says that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/**
 * The file that writing to `output` will replace: absolute, symbolic links followed, so that a rename onto it keeps
 * the link.
 *
 * @throws InputError naming `output`, if it exists and is no regular file or may not be written
 */
export function resolveOutput(output: string): string {
  const absolute = path.resolve(output);
  try {
    if (!fs.existsSync(absolute)) return absolute;
    if (!fs.statSync(absolute).isFile()) {
      const what = fs.statSync(absolute).isDirectory() ? "a directory" : "not a regular file";
      throw new InputError(output, `cannot be written: it is ${what}; give the path of a file`);
    }
    fs.accessSync(absolute, fs.constants.W_OK);
    return fs.realpathSync(absolute);
  } catch (error) {
    throw notWritable(output, error);
  }
}

/** `<target>.part`: where a file is written until it is worth replacing `target`. */
export function asidePath(target: string): string {
  return `${target}.part`;
}

/**
 * Creates the empty file `<target>.part`; the surest test that `target` can be written.
 *
 * @throws InputError naming `output` and the reason
 */
export function createAside(output: string, target: string): string {
  const aside = asidePath(target);
  try {
    fs.writeFileSync(aside, "");
  } catch (error) {
    throw notWritable(output, error);
  }
  return aside;
}

/** Puts a complete file in the place of `target`; afterwards one or the other is there, whatever happens. */
export function publish(aside: string, target: string): void {
  fs.renameSync(aside, target);
  syncDirectory(path.dirname(target));
}

/**
 * Writes a file so that it is there as a whole, through a power cut too, or as it was: `write` gets the path
 * `<target>.part` to write to.
 *
 * @throws what `write` throws, or the system's error; nothing is left beside `target` then
 */
export function writeWhole(target: string, write: (aside: string) => void): void {
  const aside = asidePath(target);
  try {
    write(aside);
    withFile(aside, "r+", fs.fsyncSync);
    publish(aside, target);
  } catch (error) {
    discard(aside);
    throw error;
  }
}

function discard(aside: string): void {
  // HDF5 may still hold the file: removed only, it would go on to take its space
  for (const step of [fs.truncateSync, fs.rmSync]) {
    try {
      step(aside);
    } catch {
      // it was never there, or the error before says it all
    }
  }
}

/** Opens, calls, closes. */
export function withFile<T>(file: string, flags: string, action: (fd: number) => T): T {
  const fd = fs.openSync(file, flags);
  try {
    return action(fd);
  } finally {
    fs.closeSync(fd);
  }
}

export function notWritable(output: string, error: unknown): Error {
  if (error instanceof InputError) return error;
  const directory = path.dirname(path.resolve(output));
  const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
  const reason = !missing
    ? fileReason(error)
    : isDirectory(directory)
      ? `no file can be made in ${directory}`
      : `there is no directory ${directory}`;
  return new InputError(output, `cannot be written: ${reason}`);
}

/** Bytes that an ordinary user can still write to the disk that holds `file`; Infinity where that is not known. */
export function freeBytes(file: string): number {
  const { bavail, blocks, bsize } = fs.statfsSync(path.dirname(file));
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}

/** The error for a disk that lacks room: names the file, the bytes, and what of the run is kept. */
export function diskFull(file: string, needed: number, free: number, kept: string): RunError {
  return new RunError(`${file}: the disk is full: ${needed} bytes are needed and ${free} are free; ${kept}`);
}

/**
 * Lengthens a file by `bytes` zeros, which take their space on the disk; as it was, if they do not fit.
 *
 * @throws the system's error
 */
export function reserve(fd: number, bytes: number): void {
  const length = fs.fstatSync(fd).size;
  const zeros = Buffer.alloc(Math.min(bytes, 1 << 20));
  try {
    for (let done = 0; done < bytes; ) {
      done += fs.writeSync(fd, zeros, 0, Math.min(zeros.length, bytes - done), length + done);
    }
  } catch (error) {
    fs.ftruncateSync(fd, length);
    throw error;
  }
}

/** Makes a rename, or a new file, last through a power cut; file systems that cannot sync a directory need not. */
export function syncDirectory(directory: string): void {
  try {
    withFile(directory, "r", fs.fsyncSync);
  } catch {
    // The name itself is there.
  }
}

/** With its parents; `recursive` of Node 20 never returns where the system makes no directories (/proc). */
export function makeDirectory(directory: string): void {
  if (isDirectory(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // a shard that was begun at the same moment may have made it
    if (!isDirectory(directory)) throw Object.assign(new Error(), { code: "ENOTDIR" });
  }
}

export function isDirectory(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
