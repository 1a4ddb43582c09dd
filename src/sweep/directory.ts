import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { isDiskFull, makeDirectory, writeWhole } from "../output/files.js";
import { canonicalJson, isMapping } from "../problem/plain.js";
import { isSystemError } from "./disk.js";
import { isId, type SolverVersion } from "./identity.js";
import { Journal, JournalWriter } from "./journal.js";
import { Lock } from "./lock.js";
import type { Column } from "./parameters.js";
import { removeUnfinished } from "./profiles.js";

/** sweep.json: what a directory holds the runs of. */
export interface Manifest {
  format: "landau-fermi-dirac sweep";
  formatVersion: 1;
  solver: SolverVersion;
  /** Equal for sweeps whose results are the same tables. */
  hash: string;
  /** Of the whole sweep. */
  runs: number;
  /** Which part of it this is. */
  shard: Shard;
  columns: Column[];
  profiles: boolean;
  /** The sweep with all defaults filled in and all files read: see `Plan.spec`. */
  spec: unknown;
}

/** The files that a sweep leaves. */
export interface SweepFiles {
  runs: string;
  samples: string;
  journal: string;
  sweep: string;
  /** A directory; absent if they are not kept. */
  profiles?: string;
}

/** Part `part` of `of`, from 1: the runs whose index is part - 1 modulo `of`. */
export interface Shard {
  part: number;
  of: number;
}

/** The files of a sweep. */
export function filesIn(directory: string) {
  return {
    runs: path.join(directory, "runs.parquet"),
    samples: path.join(directory, "samples.parquet"),
    journal: path.join(directory, "journal.jsonl"),
    sweep: path.join(directory, "sweep.json"),
    profiles: path.join(directory, "profiles"),
    lock: path.join(directory, "lock"),
  };
}

/** A directory that a sweep writes to. Nobody else does until it is closed. */
export class SweepDirectory {
  readonly files: ReturnType<typeof filesIn>;
  readonly journal: JournalWriter;
  readonly #lock: Lock;

  private constructor(directory: string, lock: Lock) {
    this.files = filesIn(directory);
    this.#lock = lock;
    this.journal = JournalWriter.open(this.files.journal, () => lock.require());
  }

  /** Rejects with RunError if another sweep has taken the directory for abandoned, and over. */
  get lost(): Promise<never> {
    return this.#lock.lost;
  }

  /** Throws that error at once. */
  requireOwn(): void {
    this.#lock.require();
  }

  /**
   * Begins a sweep, or goes on with one. Throws InputError naming `directory` if it holds something else, is in use or
   * cannot be written.
   */
  static open(directory: string, manifest: Manifest): SweepDirectory {
    const files = filesIn(directory);
    try {
      makeDirectory(directory);
      const lock = new Lock(files.lock, directory);
      try {
        checkSame(directory, manifest);
        if (manifest.profiles) {
          makeDirectory(files.profiles);
          removeUnfinished(files.profiles);
        }
        if (!fs.existsSync(files.sweep)) {
          const text = `${JSON.stringify(manifest, null, 2)}\n`;
          writeWhole(files.sweep, (aside) => fs.writeFileSync(aside, text));
        }
        return new SweepDirectory(directory, lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new InputError(
        directory,
        `cannot be written: ${isDiskFull(error) ? "the disk is full" : fileReason(error)}`,
      );
    }
  }

  /** What is for others to read. */
  results({ profiles }: { profiles: boolean }): SweepFiles {
    const { runs, samples, journal, sweep } = this.files;
    return { runs, samples, journal, sweep, ...(profiles ? { profiles: this.files.profiles } : {}) };
  }

  async close(): Promise<void> {
    await this.journal.end();
    this.#lock.release();
  }
}

/** The directory of a sweep to read from. Throws InputError naming it. */
export function openSweep(directory: string): { manifest: Manifest; journal: Journal } {
  const { sweep, journal } = filesIn(directory);
  const manifest = readManifest(directory);
  if (!manifest) throw new InputError(directory, `holds no sweep: there is no ${path.basename(sweep)} in it`);
  try {
    return { manifest, journal: Journal.read(journal) };
  } catch (error) {
    throw new InputError(journal, `cannot be read: ${fileReason(error)}`);
  }
}

function readManifest(directory: string): Manifest | undefined {
  const { sweep } = filesIn(directory);
  let text: string;
  try {
    text = fs.readFileSync(sweep, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new InputError(sweep, `cannot be read: ${fileReason(error)}`);
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    const { format, formatVersion, hash, runs, shard, columns, solver } = manifest;
    const sound =
      format === "landau-fermi-dirac sweep" &&
      formatVersion === 1 &&
      isId(hash) &&
      Number.isInteger(runs) &&
      Number.isInteger(shard.part) &&
      Number.isInteger(shard.of) &&
      Array.isArray(columns) &&
      isMapping(solver);
    if (sound) return manifest;
  } catch {}
  throw new InputError(sweep, "is not the record of a sweep that this version reads");
}

function checkSame(directory: string, { hash, shard, solver, spec }: Manifest): void {
  const found = readManifest(directory);
  if (!found) {
    const { journal, runs, samples } = filesIn(directory);
    const other = [journal, runs, samples].find((file) => fs.existsSync(file));
    if (other)
      throw new InputError(directory, `holds ${path.basename(other)} of something else; give another`);
    return;
  }
  if (found.hash !== hash) {
    const versions =
      canonicalJson(found.solver) === canonicalJson(solver)
        ? `another sweep: ${difference(found.spec, spec)} differs`
        : `a sweep of another solver: version ${found.solver.version} (${found.solver.wasm.slice(0, 8)}), this is ${solver.version} (${solver.wasm.slice(0, 8)})`;
    throw new InputError(directory, `holds ${versions}; give another directory`);
  }
  if (found.shard.part !== shard.part || found.shard.of !== shard.of) {
    throw new InputError(
      directory,
      `holds shard ${found.shard.part}/${found.shard.of} of this sweep; give each a directory, lfd merge joins them`,
    );
  }
}

function difference(one: unknown, other: unknown): string {
  const [a, b] = [one, other].map((spec) => (isMapping(spec) ? spec : {}));
  const keys = [...new Set([...Object.keys(a!), ...Object.keys(b!)])];
  return (
    keys.find((key) => canonicalJson(a![key] ?? null) !== canonicalJson(b![key] ?? null)) ??
    "the list of its runs"
  );
}
