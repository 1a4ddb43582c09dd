import fs from "node:fs";
import { RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import type { RunDocument, RunHeader, Sample, SampleErrors } from "../types.js";
import {
  barredHeading,
  barredRow,
  profileHeading,
  profileRows,
  sampleRow,
  samplesHeading,
} from "./csv-rows.js";
import {
  asidePath,
  createAside,
  diskFull,
  freeBytes,
  isDiskFull,
  publish,
  resolveOutput,
  writeWhole,
} from "./files.js";
import { radialNodes } from "./nodes.js";
import { Tally } from "./tally.js";
import type { ResultWriter } from "./writer.js";

/** `result.csv` → `result.samples.csv` */
export function samplesPath(output: string): string {
  return output.replace(/\.csv$/i, ".samples.csv");
}

/**
 * Writes a result as two tables for any tool: `<output>` with the columns time, r, f and a row for each sample and
 * cell; beside it `<name>.samples.csv` with the diagnostics, a row for each sample. Numbers have all digits of the
 * double. Streamed: nothing is held in memory. The problem, conservation and work are not in them; `lfd run --json`
 * prints those. `addErrors` writes the second anew, with the columns of the error bars at its end.
 *
 * @throws InputError naming the file that cannot be written
 */
export async function openCsv(output: string, header: RunHeader): Promise<ResultWriter> {
  return new CsvWriter(output, radialNodes(header.grid.faces));
}

class CsvWriter implements ResultWriter {
  readonly #tally: Tally;
  readonly #targets: [profiles: string, samples: string];
  /** Open files, in the order of #targets. */
  readonly #fds: [number, number];
  /** Their lengths with all samples added so far. */
  #lengths: [number, number] = [0, 0];
  readonly #nodes: Float64Array;

  constructor(output: string, nodes: Float64Array) {
    this.#tally = new Tally(output, nodes.length);
    this.#nodes = nodes;
    const names = [output, samplesPath(output)] as const;
    this.#targets = [resolveOutput(names[0]), resolveOutput(names[1])];
    const created: string[] = [];
    try {
      for (const [i, name] of names.entries()) created.push(createAside(name, this.#targets[i]!));
    } catch (error) {
      for (const aside of created) fs.rmSync(aside, { force: true });
      throw error;
    }
    this.#fds = [fs.openSync(created[0]!, "w"), fs.openSync(created[1]!, "w")];
  }

  sample(sample: Sample, profile: Float64Array): void {
    this.#tally.check(sample, profile);
    let needed = 0;
    const write = (fd: number, text: string) => {
      needed += text.length;
      fs.writeFileSync(fd, text);
    };
    try {
      if (this.#tally.count === 0) {
        write(this.#fds[0], profileHeading);
        write(this.#fds[1], samplesHeading);
      }
      for (const rows of profileRows(sample.time, this.#nodes, profile)) write(this.#fds[0], rows);
      write(this.#fds[1], sampleRow(sample));
      for (const fd of this.#fds) fs.fsyncSync(fd);
      if (this.#tally.count === 0) for (const target of this.#targets) publish(asidePath(target), target);
    } catch (error) {
      this.#rollBack(error, needed);
    }
    this.#lengths = [fs.fstatSync(this.#fds[0]).size, fs.fstatSync(this.#fds[1]).size];
    this.#tally.add(sample);
  }

  finish(): void {
    this.abort();
  }

  async addErrors({ samples }: RunDocument, errors: readonly SampleErrors[]): Promise<void> {
    const { output } = this.#tally;
    const target = this.#targets[1];
    const text = [barredHeading, ...samples.map((sample, k) => barredRow(sample, errors[k]!))].join("");
    createAside(samplesPath(output), target);
    try {
      writeWhole(target, (aside) => fs.writeFileSync(aside, text));
    } catch (error) {
      const kept = `${this.#tally.kept()} without error bars`;
      if (isDiskFull(error)) throw diskFull(output, text.length, freeBytes(target), kept);
      throw new RunError(`${samplesPath(output)}: cannot be written: ${fileReason(error)}; ${kept}`);
    }
  }

  abort(): void {
    if (this.#tally.closed) return;
    this.#tally.closed = true;
    for (const fd of this.#fds) fs.closeSync(fd);
    if (this.#tally.count === 0)
      for (const target of this.#targets) fs.rmSync(asidePath(target), { force: true });
  }

  /** Cuts off a sample that was written in part. */
  #rollBack(error: unknown, needed: number): never {
    for (const [i, fd] of this.#fds.entries()) fs.ftruncateSync(fd, this.#lengths[i]);
    this.abort();
    const { output } = this.#tally;
    const kept = this.#tally.kept();
    if (isDiskFull(error)) throw diskFull(output, needed, freeBytes(this.#targets[0]), kept);
    throw new RunError(`${output}: cannot be written: ${fileReason(error)}; ${kept}`);
  }
}
