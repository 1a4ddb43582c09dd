import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import { InputError } from "../errors.js";

/** Milliseconds between two signs of life, and without one after which a process elsewhere is taken for dead. */
const beat = 5_000;
const silence = 30_000;

interface Holder {
  host: string;
  pid: number;
  token: string;
}

/**
 * Keeps a second sweep out of a directory. A lock left by a process that was killed does not: on this machine the
 * process is looked for, elsewhere (a node of a cluster, another container) the file's age tells.
 */
export class Lock {
  readonly #file: string;
  readonly #own: Holder = { host: os.hostname(), pid: process.pid, token: randomUUID() };
  readonly #timer: NodeJS.Timeout;

  /** Throws InputError naming `directory` if another process holds it, the system's error if it cannot be written. */
  constructor(file: string, directory: string) {
    this.#file = file;
    const aside = `${file}.${this.#own.token}`;
    fs.writeFileSync(aside, JSON.stringify(this.#own));
    try {
      for (let attempt = 0; !linked(aside, file); attempt++) {
        const holder = read(file);
        if (holder && (attempt > 3 || alive(holder, file))) {
          throw new InputError(
            directory,
            `is in use by another sweep (process ${holder.pid} on ${holder.host}); give another directory, or wait`,
          );
        }
        if (holder) bury(holder, file, aside);
      }
    } finally {
      fs.rmSync(aside, { force: true });
    }
    this.#timer = setInterval(() => this.#beat(), beat);
    this.#timer.unref();
  }

  release(): void {
    clearInterval(this.#timer);
    if (read(this.#file)?.token === this.#own.token) fs.rmSync(this.#file, { force: true });
  }

  #beat(): void {
    try {
      const now = new Date();
      fs.utimesSync(this.#file, now, now);
    } catch {
      // a full disk or a file that was removed: nothing to be done about it here
    }
  }
}

/** Removes the lock of a dead process, unless another has done so and taken the lock in the meantime. */
function bury(holder: Holder, file: string, aside: string): void {
  const grave = `${aside}.old`;
  try {
    fs.renameSync(file, grave);
    if (read(grave)?.token !== holder.token) linked(grave, file);
    fs.rmSync(grave, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** A link is made by one process only, and with the file's content at once. */
function linked(aside: string, file: string): boolean {
  try {
    fs.linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function alive({ host, pid }: Holder, file: string): boolean {
  try {
    // clocks may differ between machines: a file time ahead of ours counts as recent
    if (Date.now() - fs.statSync(file).mtimeMs > silence) return false;
    if (host !== os.hostname()) return true;
    if (pid === process.pid) return false; // a container begins with the same number each time
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
