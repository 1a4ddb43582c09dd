import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { RunError } from "../errors.js";
import { syncDirectory } from "../output/files.js";
import { isMapping } from "../problem/plain.js";
import { unwritable } from "./disk.js";
import { isOutcome, type Outcome } from "./outcome.js";

/** A line of the journal: a finished run. */
export interface Entry extends Outcome {
  parameters: Record<string, unknown>;
}

/** Where in the file an entry is, and what has to be known of it without reading it again. */
interface Place {
  id: string;
  status: Entry["status"];
  offset: number;
  length: number;
}

const chunkBytes = 1 << 20;
const appendFile = promisify(fs.appendFile);
const fdatasync = promisify(fs.fdatasync);

/**
 * The finished runs of a sweep, one JSON line each, in the order in which they finished. A line is there when its
 * newline is: what a killed process left of one is dropped. Of several lines for a run the last counts.
 */
export class Journal {
  readonly file: string;
  /** By the run's index. */
  readonly places = new Map<number, Place>();
  /** Lines that are no entry; their runs are computed again. */
  damaged = 0;
  /** Length of what is whole. */
  #length = 0;
  #fd: number;

  protected constructor(file: string, flags: string) {
    this.file = file;
    this.#fd = fs.openSync(file, flags);
    try {
      this.#scan();
    } catch (error) {
      fs.closeSync(this.#fd);
      throw error;
    }
  }

  /** Opens a journal to read; one that a sweep is writing may go on growing. Throws the system's error. */
  static read(file: string): Journal {
    return new Journal(file, "r");
  }

  /** The entry of a run that is in `places`. Throws RunError if it is no longer where it was. */
  entry(index: number): Entry {
    const entry = parse(this.line(index));
    if (entry?.index === index && entry.id === this.places.get(index)!.id) return entry;
    throw new RunError(`${this.file}: was changed by something else in the meantime (run ${index})`);
  }

  /** The same as it stands in the file, without the newline. */
  line(index: number): string {
    const { offset, length } = this.places.get(index)!;
    const bytes = Buffer.alloc(length);
    fs.readSync(this.#fd, bytes, 0, length, offset);
    return bytes.toString("utf8");
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  protected get length(): number {
    return this.#length;
  }

  protected get descriptor(): number {
    return this.#fd;
  }

  /** Takes note of a line that stands at the end of what was known. */
  protected note(line: Buffer): void {
    const entry = parse(line.toString("utf8", 0, line.length - 1));
    if (entry) {
      const { id, status } = entry;
      this.places.set(entry.index, { id, status, offset: this.#length, length: line.length - 1 });
    } else {
      this.damaged++;
    }
    this.#length += line.length;
  }

  #scan(): void {
    const chunk = Buffer.alloc(chunkBytes);
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const count = fs.readSync(this.#fd, chunk, 0, chunkBytes, this.#length + rest.length);
      if (count === 0) return;
      const text = Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, start)) {
        this.note(text.subarray(start, end + 1));
        start = end + 1;
      }
      rest = text.subarray(start);
    }
  }
}

/** A journal that grows. */
export class JournalWriter extends Journal {
  #waiting: { line: Buffer; resolve(): void; reject(error: unknown): void }[] = [];
  #writing: Promise<void> | undefined;
  #failure: unknown;
  readonly #requireOwn: () => void;

  private constructor(file: string, requireOwn: () => void) {
    super(file, "a+");
    this.#requireOwn = requireOwn;
  }

  /**
   * Opens or creates the journal, and cuts off a torn last line. Throws the system's error. `requireOwn` is called
   * before each write; what it throws ends the writing.
   */
  static open(file: string, requireOwn: () => void = () => {}): JournalWriter {
    const journal = new JournalWriter(file, requireOwn);
    syncDirectory(path.dirname(file));
    if (fs.fstatSync(journal.descriptor).size > journal.length) {
      fs.ftruncateSync(journal.descriptor, journal.length);
      fs.fsyncSync(journal.descriptor);
    }
    return journal;
  }

  /**
   * Adds entries; resolves when they are on the disk. Those that come while the disk is busy are written and synced
   * together. Rejects with RunError if they cannot be written; the journal is then as it was, and stays so.
   */
  append(entry: Entry): Promise<void> {
    return this.appendLine(JSON.stringify(entry));
  }

  /** The same for an entry as another journal has it. */
  appendLine(text: string): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ line: Buffer.from(`${text}\n`), resolve, reject });
    });
    this.#writing ??= this.#write();
    return written;
  }

  /** Waits for what is being written, then closes. */
  async end(): Promise<void> {
    await this.#writing;
    this.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        this.#requireUnchanged();
      } catch (error) {
        this.#failure ??= unwritable(this.file, error);
        for (const { reject } of batch) reject(this.#failure);
        continue;
      }
      try {
        await appendFile(this.descriptor, Buffer.concat(batch.map(({ line }) => line)));
        await fdatasync(this.descriptor);
        for (const { line } of batch) this.note(line);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.#fail(error);
        for (const { reject } of batch) reject(this.#failure);
      }
    }
    // at once: who waited for the last entry may add another before this promise is settled
    this.#writing = undefined;
  }

  /** What another process has added is not to be cut off, and would shift what follows. */
  #requireUnchanged(): void {
    this.#requireOwn();
    if (fs.fstatSync(this.descriptor).size === this.length) return;
    throw new RunError(`${this.file}: was changed by something else in the meantime`);
  }

  #fail(error: unknown): void {
    this.#failure ??= unwritable(this.file, error);
    try {
      fs.ftruncateSync(this.descriptor, this.length);
    } catch {
      // a torn line is dropped when the journal is opened again
    }
  }
}

/** The entry on a line; undefined for anything else, the remains of one among them. */
function parse(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text);
    return isOutcome(entry) && isMapping((entry as Partial<Entry>).parameters) ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}
