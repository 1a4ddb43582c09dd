import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { asidePath, fileReason, publish } from "../output/files.js";
import { profileFile } from "./compute.js";
import { filesIn, type Manifest, openSweep, SweepDirectory } from "./directory.js";
import { canonicalJson } from "./identity.js";
import type { Entry, Journal } from "./journal.js";
import type { SweepResult } from "./options.js";
import { Summary } from "./summary.js";
import { summarised } from "./sweep.js";
import { writeTables } from "./tables.js";

interface Source {
  directory: string;
  manifest: Manifest;
  journal: Journal;
}

/**
 * Joins what several directories hold of one sweep (its shards, or copies of it) into one directory, which is then like
 * that of the whole sweep: to be merged again, or gone on with. A run that failed in one and is done in another is done;
 * one that is done in two must be the same in both.
 *
 * Throws InputError, before anything is written, if the directories do not belong together or contradict each other.
 */
export async function mergeSweeps(
  directories: readonly string[],
  { output }: { output: string },
): Promise<SweepResult> {
  const began = performance.now();
  const sources: Source[] = [];
  try {
    for (const directory of directories) sources.push({ directory, ...openSweep(directory) });
    const [first] = sources;
    if (!first) throw new InputError("DIR", "is missing; the directories to merge");
    for (const source of sources) requireSame(first, source);
    const own = fs.existsSync(filesIn(output).sweep) && !directories.some((each) => same(each, output));
    if (own) sources.push({ directory: output, ...openSweep(output) });
    const chosen = choose(sources);
    const manifest = { ...first.manifest, shard: { part: 1, of: 1 } };
    return await write(output, manifest, chosen, began);
  } finally {
    for (const { journal } of sources) journal.close();
  }
}

function requireSame(first: Source, { directory, manifest }: Source): void {
  if (manifest.hash === first.manifest.hash && manifest.runs === first.manifest.runs) return;
  const [one, other] = [first.manifest.solver, manifest.solver];
  const what =
    canonicalJson(one) === canonicalJson(other)
      ? "another sweep"
      : `a sweep of another solver (${other.version}, ${other.wasm.slice(0, 8)})`;
  throw new InputError(directory, `holds ${what} than ${first.directory}; shards of one sweep can be merged`);
}

function same(one: string, other: string): boolean {
  return fs.existsSync(one) && fs.existsSync(other) && fs.realpathSync(one) === fs.realpathSync(other);
}

/** For each run the source to take it from. */
function choose(sources: readonly Source[]): Map<number, Source> {
  const chosen = new Map<number, Source>();
  for (const source of sources) {
    for (const [index, { status }] of source.journal.places) {
      if (index >= source.manifest.runs) continue;
      const other = chosen.get(index);
      const before = other?.journal.places.get(index)?.status;
      if (other && before === "done" && status === "done") requireEqual(other, source, index);
      if (!other || (before === "failed" && status === "done")) chosen.set(index, source);
    }
  }
  return chosen;
}

function requireEqual(one: Source, other: Source, index: number): void {
  const [a, b] = [one.journal.entry(index), other.journal.entry(index)];
  const { seconds: _s, solverSeconds: _t, ...first } = a;
  const { seconds: _u, solverSeconds: _v, ...second } = b;
  const key = (Object.keys(first) as (keyof typeof first)[]).find(
    (name) => canonicalJson(first[name] ?? null) !== canonicalJson(second[name] ?? null),
  );
  if (key === undefined) return;
  throw new InputError(
    other.directory,
    `run ${index} is not the same as in ${one.directory} (its ${key}); they cannot be merged`,
  );
}

async function write(
  output: string,
  manifest: Manifest,
  chosen: ReadonlyMap<number, Source>,
  began: number,
): Promise<SweepResult> {
  const directory = SweepDirectory.open(output, manifest);
  try {
    const { journal, files } = directory;
    const indices = [...chosen.keys()].sort((a, b) => a - b);
    let copied = 0;
    const lines: Promise<void>[] = [];
    for (const index of indices) {
      const source = chosen.get(index)!;
      const place = journal.places.get(index);
      if (place && place.status === source.journal.places.get(index)!.status) continue;
      const entry = source.journal.entry(index);
      if (manifest.profiles) copyProfile(source.directory, files.profiles, entry);
      lines.push(journal.appendLine(source.journal.line(index)));
      copied++;
      if (lines.length >= 1000) await Promise.all(lines.splice(0));
    }
    await Promise.all(lines);
    const { columns, hash, solver, profiles } = manifest;
    const summary = new Summary(columns);
    const about = { sweep: hash, version: solver.version, solver: solver.wasm };
    const rows = await writeTables(files, columns, summarised(journal, indices, summary), about);
    const missing = manifest.runs - indices.length;
    return {
      status: missing > 0 ? "interrupted" : "done",
      runs: manifest.runs,
      done: summary.done,
      failed: summary.failed,
      missing,
      computed: copied,
      seconds: (performance.now() - began) / 1e3,
      busy: Number.NaN,
      failures: summary.failures,
      spreads: summary.spreads,
      rows,
      files: {
        runs: files.runs,
        samples: files.samples,
        journal: files.journal,
        sweep: files.sweep,
        ...(profiles ? { profiles: files.profiles } : {}),
      },
    };
  } finally {
    await directory.close();
  }
}

/** A run that failed early has none. */
function copyProfile(from: string, to: string, { id }: Entry): void {
  const source = profileFile(filesIn(from).profiles, id);
  const target = profileFile(to, id);
  if (!fs.existsSync(source) || path.resolve(source) === path.resolve(target)) return;
  try {
    fs.copyFileSync(source, asidePath(target));
    publish(asidePath(target), target);
  } catch (error) {
    throw new InputError(target, `cannot be written: ${fileReason(error)}`);
  }
}
