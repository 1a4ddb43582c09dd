import { RunError } from "../errors.js";
import type { SweepDirectory } from "./directory.js";
import type { Entry } from "./journal.js";
import type { SweepResult } from "./options.js";
import type { Plan } from "./plan.js";
import { Summary } from "./summary.js";
import { writeTables } from "./tables.js";

type About = Pick<Plan, "columns" | "hash" | "solver">;

/** Writes the tables of these runs, in their order, from the journal; returns what is in them. Throws RunError. */
export async function writeResults(
  directory: SweepDirectory,
  { columns, hash, solver }: About,
  indices: Iterable<number>,
): Promise<Pick<SweepResult, "done" | "failed" | "failures" | "spreads" | "rows">> {
  const { journal, files } = directory;
  const summary = new Summary(columns);
  const about = { sweep: hash, version: solver.version, solver: solver.wasm };
  const entries = function* (): Generator<Entry> {
    for (const index of indices) {
      const entry = journal.entry(index);
      summary.add(entry);
      yield entry;
    }
  };
  directory.requireOwn();
  const rows = await writeTables(files, columns, entries(), about);
  const { done, failed, failures, spreads } = summary;
  return { done, failed, failures, spreads, rows };
}

/** An error that ends a sweep, with what it leaves behind: only what was bad input, or our own fault, says it all. */
export function withKept(error: unknown, kept: number, runs: number): unknown {
  if (!(error instanceof RunError)) return error;
  return new RunError(`${error.message}; ${kept} of ${runs} runs are kept, the same command goes on`);
}
