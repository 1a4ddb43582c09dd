import fs from "node:fs";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { breathe } from "#platform";
import { asidePath, publish, withFile } from "../output/files.js";
import { type Sample, sampleKeys } from "../types.js";
import { unwritable } from "./disk.js";
import type { Entry } from "./journal.js";
import { figureNames, unpackSamples } from "./outcome.js";
import type { Column } from "./parameters.js";

/** Runs that share a row group: a number that has nothing to do with how or when they were computed. */
const runsPerGroup = 4096;

type Value = number | string | null;

/** A column of a table: its type, and its value for a row. */
interface TableColumn<Row> {
  name: string;
  type: "DOUBLE" | "INT32" | "STRING";
  value(row: Row): Value;
}

interface RunRow {
  entry: Entry;
  samples: Sample[];
}

interface SampleRow {
  entry: Entry;
  sample: Sample;
}

const diagnostics = sampleKeys.filter((key) => key !== "time");
const counted = (name: string) => name === "cells" || name.startsWith("work_");

function runColumns(parameters: readonly Column[]): TableColumn<RunRow>[] {
  const extreme = (name: string, pick: (a: number, b: number) => number): TableColumn<RunRow>[] =>
    diagnostics.map((key) => ({
      name: `${name}_${key}`,
      type: "DOUBLE",
      value: ({ samples }) =>
        samples.length > 0 ? samples.map((sample) => sample[key]).reduce((a, b) => pick(a, b)) : null,
    }));
  return [
    { name: "run", type: "INT32", value: ({ entry }) => entry.index },
    { name: "id", type: "STRING", value: ({ entry }) => entry.id },
    ...parameters.map(
      ({ name, type }): TableColumn<RunRow> => ({
        name,
        type: type === "number" ? "DOUBLE" : "STRING",
        value: ({ entry }) => parameter(entry.parameters[name], type),
      }),
    ),
    { name: "status", type: "STRING", value: ({ entry }) => entry.status },
    { name: "error", type: "STRING", value: ({ entry }) => entry.error ?? null },
    ...sampleKeys.map(
      (key): TableColumn<RunRow> => ({
        name: `final_${key}`,
        type: "DOUBLE",
        value: ({ samples }) => samples.at(-1)?.[key] ?? null,
      }),
    ),
    ...extreme("min", Math.min),
    ...extreme("max", Math.max),
    ...figureNames.map(
      (name): TableColumn<RunRow> => ({
        name,
        type: counted(name) ? "INT32" : "DOUBLE",
        value: ({ entry }) => number(entry.figures?.[name]),
      }),
    ),
  ];
}

const sampleColumns: TableColumn<SampleRow>[] = [
  { name: "run", type: "INT32", value: ({ entry }) => entry.index },
  { name: "id", type: "STRING", value: ({ entry }) => entry.id },
  ...sampleKeys.map(
    (key): TableColumn<SampleRow> => ({ name: key, type: "DOUBLE", value: ({ sample }) => sample[key] }),
  ),
];

/**
 * Writes runs.parquet and samples.parquet from entries in the order of the runs: the same bytes for the same results,
 * however they came about. Each file is written aside, synced and renamed. Throws RunError naming the file if that fails.
 */
export async function writeTables(
  files: { runs: string; samples: string },
  parameters: readonly Column[],
  entries: Iterable<Entry>,
  about: Record<string, string>,
): Promise<{ runs: number; samples: number }> {
  const tables: { abandon(): void }[] = [];
  try {
    const runs = new Table(files.runs, runColumns(parameters), about);
    tables.push(runs);
    const samples = new Table(files.samples, sampleColumns, about);
    tables.push(samples);
    let waiting = 0;
    for (const entry of entries) {
      const unpacked = unpackSamples(entry.samples);
      runs.add({ entry, samples: unpacked });
      for (const sample of unpacked) samples.add({ entry, sample });
      if (++waiting < runsPerGroup) continue;
      runs.flush();
      samples.flush();
      waiting = 0;
      await breathe(); // a million runs take a while: the lock has to be kept up
    }
    return { samples: samples.finish(), runs: runs.finish() };
  } catch (error) {
    for (const table of tables) table.abandon();
    throw error;
  }
}

/** A Parquet file, one row group at a time in memory. */
class Table<Row> {
  readonly #file: string;
  readonly #columns: readonly TableColumn<Row>[];
  readonly #writer: ParquetWriter;
  #data: Value[][];
  #rows = 0;

  constructor(file: string, columns: readonly TableColumn<Row>[], about: Record<string, string>) {
    this.#file = file;
    this.#columns = columns;
    this.#data = columns.map(() => []);
    this.#writer = this.#named(
      () =>
        new ParquetWriter({
          writer: fileWriter(asidePath(file)),
          schema: schemaFromColumnData({ columnData: this.#columnData() }),
          kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
          createdBy: "landau-fermi-dirac",
        }),
    );
  }

  add(row: Row): void {
    for (const [k, column] of this.#columns.entries()) this.#data[k]!.push(column.value(row));
    this.#rows++;
  }

  flush(): void {
    if (this.#data[0]!.length === 0) return;
    const rowGroupSize = this.#data[0]!.length;
    this.#named(() => this.#writer.write({ columnData: this.#columnData(), rowGroupSize }));
    this.#data = this.#columns.map(() => []);
  }

  /** Number of rows written. */
  finish(): number {
    this.flush();
    this.#named(() => {
      this.#writer.finish();
      withFile(asidePath(this.#file), "r+", fs.fsyncSync);
      publish(asidePath(this.#file), this.#file);
    });
    return this.#rows;
  }

  abandon(): void {
    fs.rmSync(asidePath(this.#file), { force: true });
  }

  /** A fault of the disk with the name of the file. */
  #named<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw unwritable(this.#file, error);
    }
  }

  #columnData() {
    return this.#columns.map(({ name, type }, k) => ({ name, type, data: this.#data[k]! }));
  }
}

function parameter(value: unknown, type: Column["type"]): Value {
  if (value === undefined) return null;
  return type === "json" ? JSON.stringify(value) : (value as Value);
}

/** Text stands for what JSON has no number for. */
function number(value: number | string | undefined): number | null {
  return value === undefined ? null : Number(value);
}
