import fs from "node:fs";
import type { File } from "h5wasm/node";
import { RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import type { RunDocument, RunHeader, Sample, SampleErrors } from "../types.js";
import { removeCheckpoint } from "./checkpoint.js";
import {
  asidePath,
  createAside,
  diskFull,
  freeBytes,
  isDiskFull,
  notWritable,
  publish,
  reserve,
  resolveOutput,
} from "./files.js";
import { loadHdf5, openHdf5, trim } from "./h5.js";
import { fileOptions, getText, hdf5Reason, setText } from "./h5-content.js";
import { createErrors, errorsBytes } from "./h5-errors.js";
import { appendSample, createLayout, setEnd, setScheme, unfinished } from "./layout.js";
import { Tally } from "./tally.js";
import type { ResultWriter } from "./writer.js";

/** More than HDF5's own bookkeeping grows by before the samples, or with one of them. */
const margin = 64 * 1024;

/** The same for the end: so little that it still fits when the disk was too full for a sample. */
const finishMargin = 8 * 1024;

/** Milliseconds between two waits for the disk itself; against the process being killed, none is needed. */
const syncInterval = 1000;

/**
 * Creates an HDF5 result; see {@link openResult}. One row of /f a sample, nothing held in memory.
 *
 * @throws InputError naming `output`, if it cannot be written or the disk does not hold what precedes the samples
 */
export async function createHdf5(output: string, header: RunHeader, version: string): Promise<ResultWriter> {
  const target = resolveOutput(output);
  const h5 = await loadHdf5();
  const aside = createAside(output, target);
  try {
    const needed = 3 * 8 * header.grid.cells + JSON.stringify(header.problem).length + margin;
    const free = freeBytes(aside);
    if (free < needed) throw new Error(`the disk is full: ${needed} bytes are needed and ${free} are free`);
    const file = new h5.File(aside, "w", fileOptions);
    createLayout(file, header, version);
    file.flush();
    return new Hdf5Writer(file, output, target, header.grid.cells, []);
  } catch (error) {
    fs.rmSync(aside, { force: true });
    throw notWritable(output, new Error(hdf5Reason(error)));
  }
}

/**
 * Opens an HDF5 result of {@link createHdf5} to add samples after those at `times`.
 *
 * @throws InputError naming `output`, if it cannot be written
 */
export async function reopenHdf5(
  output: string,
  cells: number,
  times: readonly number[],
): Promise<Hdf5Writer> {
  const target = resolveOutput(output);
  const file = await openHdf5(target, "a");
  return new Hdf5Writer(file, output, target, cells, times);
}

/**
 * Adds samples to an HDF5 result so that every sample added stays readable, whenever the process is killed and
 * whatever happens to the disk:
 *
 * - The number of samples is written last (appendSample). One that was only half written is a surplus row of the other
 *   datasets, which readers ignore and a resumed run overwrites.
 * - Space is taken before HDF5 gets to write: the file is lengthened with zeros and, if that fails, cut back. HDF5
 *   itself would give up in the middle of its tables and cannot be relied on to leave them whole (seen with cells: 100).
 * - If HDF5 fails all the same (an I/O error), the file is left as it is and not closed, for closing would write out
 *   tables that point at what is missing.
 *
 * What remains: with 1 × cells chunks, the node of the tree that finds them splits at the 65th sample and about every
 * sixtieth after it. A process killed within the few microseconds of those three writes loses rows.
 */
class Hdf5Writer implements ResultWriter {
  readonly #file: File;
  readonly #target: string;
  readonly #cells: number;
  readonly #tally: Tally;
  /** The file under whichever name: to take space and to sync. */
  readonly #fd: number;
  /** Whether the file has its final name. */
  #published: boolean;
  /** When the file was last synced. */
  #synced = 0;

  constructor(file: File, output: string, target: string, cells: number, times: readonly number[]) {
    this.#file = file;
    this.#target = target;
    this.#cells = cells;
    this.#tally = new Tally(output, cells, times);
    this.#published = times.length > 0;
    this.#fd = fs.openSync(this.#published ? target : asidePath(target), "r+");
  }

  sample(sample: Sample, profile: Float64Array): void {
    this.#tally.check(sample, profile);
    const k = this.#tally.count;
    this.#write(8 * this.#cells + margin, () => {
      if (this.#published && getText(this.#file, "status", "") !== unfinished) {
        setText(this.#file, "status", unfinished);
      }
      appendSample(this.#file, k, sample, profile);
    });
    if (!this.#published) this.#publish();
    this.#tally.add(sample);
  }

  finish(document: RunDocument): void {
    const text = JSON.stringify(document.problem);
    try {
      // A resumed run may have been given a later end, or another method.
      const changed = !this.#tally.closed && getText(this.#file, "problem", "") !== text;
      this.#write(finishMargin + (changed ? 2 * text.length : 0), () => {
        if (changed) {
          setText(this.#file, "problem", text);
          setScheme(this.#file, document.problem.method);
        }
        setEnd(this.#file, document);
      });
    } finally {
      this.abort();
    }
  }

  async addErrors(_document: RunDocument, errors: readonly SampleErrors[]): Promise<void> {
    const times = errors.map(({ time }) => time);
    const again = await reopenHdf5(this.#tally.output, this.#cells, times);
    try {
      again.#write(errorsBytes(errors.length), () => createErrors(again.#file, errors));
    } finally {
      again.abort();
    }
  }

  abort(): void {
    if (!this.#tally.closed) {
      try {
        this.#file.close();
        trim(this.#fd);
        fs.fsyncSync(this.#fd);
      } catch (error) {
        throw this.#failure("closed", error);
      } finally {
        this.#close();
      }
    }
    if (!this.#published) fs.rmSync(asidePath(this.#target), { force: true });
  }

  #publish(): void {
    try {
      // The checkpoint belongs to the result that goes; without one, that result can still be resumed.
      removeCheckpoint(this.#tally.output);
      publish(asidePath(this.#target), this.#target);
      this.#published = true;
    } catch (error) {
      throw this.#failure("written", error);
    }
  }

  /** Takes space for `bytes` of data, lets `action` write them, and sees them onto the disk. */
  #write(bytes: number, action: () => void): void {
    this.#tally.requireOpen();
    this.#reserve(bytes);
    try {
      action();
      this.#file.flush();
      trim(this.#fd);
      this.#sync();
    } catch (error) {
      this.#close();
      throw this.#failure("written", error);
    }
  }

  #reserve(bytes: number): void {
    const { output } = this.#tally;
    const free = freeBytes(this.#target);
    if (free < bytes) throw diskFull(output, bytes, free, this.#tally.kept());
    try {
      reserve(this.#fd, bytes);
    } catch (error) {
      if (isDiskFull(error)) throw diskFull(output, bytes, freeBytes(this.#target), this.#tally.kept());
      throw this.#failure("written", error);
    }
  }

  /** Sees the file through a power cut: at the first sample, at the end, and now and then between. */
  #sync(): void {
    if (this.#published && performance.now() - this.#synced < syncInterval) return;
    fs.fsyncSync(this.#fd);
    this.#synced = performance.now();
  }

  #failure(what: "written" | "closed", error: unknown): RunError {
    const reason = (error as NodeJS.ErrnoException).code ? fileReason(error) : hdf5Reason(error);
    return new RunError(`${this.#tally.output}: cannot be ${what}: ${reason}; ${this.#tally.kept()}`);
  }

  #close(): void {
    fs.closeSync(this.#fd);
    this.#tally.closed = true;
  }
}
