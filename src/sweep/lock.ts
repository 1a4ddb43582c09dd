import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { InputError, RunError } from "../errors.js";
import { isMapping } from "../problem/plain.js";
import { identityOf, isRunning, type ProcessIdentity } from "./process.js";

/** Milliseconds between two signs of life, and without one after which a process elsewhere is taken for dead. */
const signs = { beat: 5_000, silence: 30_000 };
/** A lock in which there is nothing yet is being written, or its process was killed just then. */
const writing = 1_000;

interface Holder extends ProcessIdentity {
  token: string;
}

/** Tokens of the locks that this process holds: where the system does not tell when a process began, these tell. */
const held = new Set<string>();

/**
 * Keeps a second sweep out of a directory. A lock left by a process that was killed does not: on this machine the
 * process is looked for, however long it has been silent (it may be stopped); elsewhere (a node of a cluster, another
 * container) the file's age tells. Whoever was silent for too long, or lost a race for the lock of a dead process, finds
 * it in other hands and stops.
 */
export class Lock {
  readonly #file: string;
  readonly #directory: string;
  readonly #token = randomUUID();
  readonly #timer: NodeJS.Timeout;
  #lose!: (error: RunError) => void;
  /** Rejects with RunError if the lock is in other hands. */
  readonly lost: Promise<never>;

  /** Throws InputError naming `directory` if another process holds it, the system's error if it cannot be written. */
  constructor(file: string, directory: string, { beat, silence } = signs) {
    this.#file = file;
    this.#directory = directory;
    const own: Holder = { ...identityOf(), token: this.#token };
    for (let attempt = 0; !create(file, JSON.stringify(own)); attempt++) {
      const holder = read(file);
      if (attempt > 3 || alive(holder, file, silence)) {
        const after =
          holder && isRunning(holder) === undefined
            ? `; ${silence / 1e3} s after its last sign it counts as killed`
            : "";
        throw new InputError(
          directory,
          `is in use by another sweep${named(holder)}; wait, or give another directory${after}`,
        );
      }
      if (read(file)?.token === holder?.token) fs.rmSync(file, { force: true });
    }
    held.add(this.#token);
    this.lost = new Promise((_, reject) => {
      this.#lose = reject;
    });
    this.lost.catch(() => {}); // whoever waits for it is told; perhaps nobody does
    this.#timer = setInterval(() => this.#beat(), beat);
    this.#timer.unref();
  }

  release(): void {
    clearInterval(this.#timer);
    if (read(this.#file)?.token === this.#token) fs.rmSync(this.#file, { force: true });
    held.delete(this.#token);
  }

  /** Throws RunError if the lock is in other hands, or was removed. */
  require(): void {
    const holder = read(this.#file);
    if (holder?.token === this.#token || (!holder && unreadable(this.#file))) return;
    const how = holder ? `was taken over by another sweep${named(holder)}` : "is no longer locked";
    throw new RunError(`${this.#directory}: ${how}; this one stops`);
  }

  #beat(): void {
    try {
      this.require();
      const now = new Date();
      fs.utimesSync(this.#file, now, now);
    } catch (error) {
      if (error instanceof RunError) this.#lose(error);
      // else a full disk, or a file server that does not answer: nothing to be done about it here
    }
  }
}

/** False if the file is there already. */
function create(file: string, text: string): boolean {
  try {
    fs.writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    fs.rmSync(file, { force: true }); // on a full disk it is there, and empty
    throw error;
  }
}

function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(fs.readFileSync(file, "utf8"));
    const sound = isMapping(holder) && Number.isInteger(holder.pid) && typeof holder.token === "string";
    return sound ? (holder as unknown as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file may be there all the same: a file server may be away for a moment. */
function unreadable(file: string): boolean {
  try {
    fs.readFileSync(file);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

function named(holder: Holder | undefined): string {
  return holder ? ` (process ${holder.pid} on ${holder.host})` : "";
}

function alive(holder: Holder | undefined, file: string, silence: number): boolean {
  const here = holder && isRunning(holder);
  if (here !== undefined) {
    const own = holder!.pid === process.pid && holder!.started === undefined;
    return own ? held.has(holder!.token) : here;
  }
  const found = fs.statSync(file, { throwIfNoEntry: false });
  // clocks may differ between machines: a file time ahead of ours counts as recent
  return found !== undefined && Date.now() - found.mtimeMs < (holder ? silence : writing);
}
