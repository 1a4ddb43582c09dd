import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import { InputError } from "../errors.js";

/** Milliseconds between two signs of life, and without one after which a process elsewhere is taken for dead. */
const beat = 5_000;
const silence = 30_000;
/** A lock in which there is nothing yet is being written, or its process was killed just then. */
const writing = 1_000;

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
  readonly #token = randomUUID();
  readonly #timer: NodeJS.Timeout;

  /** Throws InputError naming `directory` if another process holds it, the system's error if it cannot be written. */
  constructor(file: string, directory: string) {
    this.#file = file;
    const own: Holder = { host: os.hostname(), pid: process.pid, token: this.#token };
    for (let attempt = 0; !create(file, JSON.stringify(own)); attempt++) {
      const holder = read(file);
      if (attempt > 3 || alive(holder, file)) {
        const who = holder ? ` (process ${holder.pid} on ${holder.host})` : "";
        throw new InputError(directory, `is in use by another sweep${who}; wait, or give another directory`);
      }
      if (read(file)?.token === holder?.token) fs.rmSync(file, { force: true });
    }
    this.#timer = setInterval(() => this.#beat(), beat);
    this.#timer.unref();
  }

  release(): void {
    clearInterval(this.#timer);
    if (read(this.#file)?.token === this.#token) fs.rmSync(this.#file, { force: true });
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
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function alive(holder: Holder | undefined, file: string): boolean {
  try {
    // clocks may differ between machines: a file time ahead of ours counts as recent
    const age = Date.now() - fs.statSync(file).mtimeMs;
    if (!holder) return age < writing;
    if (age > silence) return false;
    if (holder.host !== os.hostname()) return true;
    if (holder.pid === process.pid) return false; // a container begins with the same number each time
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
