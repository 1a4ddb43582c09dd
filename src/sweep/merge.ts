import fs from "node:fs";
import { InputError } from "../errors.js";
import { canonicalJson } from "../problem/plain.js";
import { filesIn, type Manifest, openSweep, SweepDirectory } from "./directory.js";
import type { Entry, Journal } from "./journal.js";
import type { SweepResult } from "./options.js";
import { copyProfile, profileFile, profilesIn } from "./profiles.js";
import { withKept, writeResults } from "./results.js";

interface Source {
  directory: string;
  manifest: Manifest;
  journal: Journal;
  /** The runs whose profiles it has; absent: the sweep keeps none. */
  profiles?: Set<string>;
}

/**
 * Joins what several directories hold of one sweep (its shards, or copies of it) into one directory, which is then like
 * that of the whole sweep: to be merged again, or gone on with. A run that failed in one and is done in another is done;
 * of two failures the one that came further counts; one that is done in two must be the same in both.
 *
 * Throws InputError, before anything is written, if the directories do not belong together or contradict each other, or
 * lack profiles that they should have; RunError if the results cannot be written.
 */
export async function mergeSweeps(
  directories: readonly string[],
  { output }: { output: string },
): Promise<SweepResult> {
  const began = performance.now();
  const sources: Source[] = [];
  try {
    for (const directory of directories) sources.push(open(directory));
    const [first] = sources;
    if (!first) throw new InputError("DIR", "is missing; the directories to merge");
    for (const source of sources) requireSame(first, source);
    const own = fs.existsSync(filesIn(output).sweep) && !directories.some((each) => same(each, output));
    if (own) sources.push(open(output));
    const chosen = choose(sources);
    const manifest = { ...first.manifest, shard: { part: 1, of: 1 } };
    return await write(output, manifest, chosen, began);
  } finally {
    for (const { journal } of sources) journal.close();
  }
}

function open(directory: string): Source {
  const source = openSweep(directory);
  const { profiles } = filesIn(directory);
  return { directory, ...source, ...(source.manifest.profiles ? { profiles: profilesIn(profiles) } : {}) };
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

/** For each run the source to take it from: the same one, whatever the order of the sources, but for timings. */
function choose(sources: readonly Source[]): Map<number, Source> {
  const chosen = new Map<number, Source>();
  for (const source of sources) {
    for (const index of source.journal.places.keys()) {
      if (index >= source.manifest.runs) continue;
      const other = chosen.get(index);
      if (!other || isBetter(source, other, index)) chosen.set(index, source);
    }
  }
  for (const [index, source] of chosen) requireProfile(source, index);
  return chosen;
}

/** Throws InputError if both have the run done, and not the same. */
function isBetter(one: Source, other: Source, index: number): boolean {
  const [first, second] = [one, other].map(({ journal }) => journal.places.get(index)!);
  if (first!.status !== second!.status) return first!.status === "done";
  const [a, b] = [one, other].map(({ journal }) => resultOf(journal.entry(index)));
  if (first!.status === "failed") return isFurther(a!, b!);
  const key = keysOf(a!, b!).find(
    (name) => canonicalJson(a![name] ?? null) !== canonicalJson(b![name] ?? null),
  );
  if (key !== undefined) {
    throw new InputError(
      one.directory,
      `run ${index} is not the same as in ${other.directory} (its ${key}); they cannot be merged`,
    );
  }
  return hasProfile(one, first!.id) && !hasProfile(other, second!.id);
}

/** Of two failures the one that came further; of two that came as far, the first in the order of their texts. */
function isFurther(a: Result, b: Result): boolean {
  if (a.samples.length !== b.samples.length) return a.samples.length > b.samples.length;
  return canonicalJson(a) < canonicalJson(b);
}

type Result = Omit<Entry, "seconds" | "solverSeconds">;

/** What does not differ from one time to the next. */
function resultOf({ seconds: _seconds, solverSeconds: _solver, ...result }: Entry): Result {
  return result;
}

function keysOf(a: Result, b: Result): (keyof Result)[] {
  return Object.keys({ ...a, ...b }) as (keyof Result)[];
}

function hasProfile({ profiles }: Source, id: string): boolean {
  return profiles?.has(id) ?? true;
}

/** A run that failed early has none. */
function requireProfile(source: Source, index: number): void {
  const { id, status } = source.journal.places.get(index)!;
  if (status === "failed" || hasProfile(source, id)) return;
  throw new InputError(
    source.directory,
    `the profiles of run ${index} are gone (${profileFile("profiles", id)}); lfd sweep with this --output computes them again`,
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
    const { journal } = directory;
    const indices = [...chosen.keys()].sort((a, b) => a - b);
    try {
      const added = await copy(directory, chosen, indices);
      const results = await writeResults(directory, manifest, indices);
      const missing = manifest.runs - indices.length;
      return {
        ...results,
        status: missing > 0 ? "interrupted" : "done",
        runs: manifest.runs,
        missing,
        computed: added,
        seconds: (performance.now() - began) / 1e3,
        busy: Number.NaN,
        files: directory.results(manifest),
      };
    } catch (error) {
      throw withKept(error, journal.places.size, manifest.runs);
    }
  } finally {
    await directory.close();
  }
}

/** Returns how many runs were not there before. */
async function copy(
  { journal, files }: SweepDirectory,
  chosen: ReadonlyMap<number, Source>,
  indices: readonly number[],
): Promise<number> {
  let added = 0;
  const lines: Promise<void>[] = [];
  for (const index of indices) {
    const source = chosen.get(index)!;
    const { id } = source.journal.places.get(index)!;
    if (source.profiles?.has(id)) copyProfile(filesIn(source.directory).profiles, files.profiles, id);
    if (journal.places.has(index) && sameResult(journal.entry(index), source.journal.entry(index))) continue;
    const line = journal.appendLine(source.journal.line(index));
    line.catch(() => {}); // it is waited for below, unless a profile fails first
    lines.push(line);
    added++;
    if (lines.length >= 1000) await Promise.all(lines.splice(0));
  }
  await Promise.all(lines);
  return added;
}

function sameResult(one: Entry, other: Entry): boolean {
  return canonicalJson(resultOf(one)) === canonicalJson(resultOf(other));
}
