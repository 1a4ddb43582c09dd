import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { loadProblem } from "../load-problem.js";
import { namedProblems } from "../named-problems.js";
import { canonicalJson, isMapping, show } from "../problem/plain.js";
import { readText } from "../problem/read-data.js";
import { dropBeyond } from "../problem/samples.js";
import { parseTable, type Table, unreadTable } from "../problem/table.js";
import type { ResolvedProblem } from "../types.js";
import { sha256 } from "./identity.js";
import { parsePath, without, withValue } from "./key-path.js";
import type { ParsedSpec } from "./spec.js";
import type { Axis } from "./values.js";

type Raw = Record<string, unknown>;

/** What the runs of a sweep have in common, and what makes the problem of one of them. */
export interface Base {
  /** SHA-256 of the tables that varied keys name, by file. */
  tables: Record<string, string>;
  /** What the runs have in common, given one of them: all defaults filled in, without the keys that vary. */
  resolved(run: ResolvedProblem): unknown;
  /** The raw problem with one value for each axis. Throws InputError. */
  withValues(values: unknown[]): unknown;
}

/**
 * Files are found from `directory`; all tables are read here, so that nothing refers to a file afterwards.
 *
 * Throws InputError.
 */
export async function loadBase(spec: ParsedSpec, directory: string): Promise<Base> {
  const given =
    typeof spec.problem === "string" ? await named(spec.problem, directory) : (spec.problem as unknown);
  refuseUnits(spec, given);
  const tables = new Map<string, Table>();
  const base = applySet(given, spec.set);
  const file = unreadTable(base);
  if (file !== undefined) tables.set(file, await readTable(file, directory, "problem.initial.file"));
  const varied: Record<string, string> = {};
  for (const axis of spec.axes) {
    if (axis.path[0] !== "initial" || axis.count === undefined) continue;
    for (let k = 0; k < axis.count; k++) {
      const name = fileIn(axis.path, axis.at(k));
      if (name === undefined || tables.has(name)) continue;
      requireInside(`vary.${axis.key}`, name);
      const table = await readTable(name, directory, `vary.${axis.key}`);
      tables.set(name, table);
      varied[name] = sha256(canonicalJson(table));
    }
  }

  const read = (raw: unknown) => {
    const wanted = unreadTable(raw);
    const table = wanted === undefined ? undefined : tables.get(wanted);
    return table ? withTable(raw as Raw, table) : raw;
  };
  const withValues = (values: unknown[]) => {
    let raw: unknown = base;
    for (const [k, { key, path: keys, ofSaturation }] of spec.axes.entries()) {
      const value = ofSaturation ? { ofSaturation: values[k] } : values[k];
      raw = withValue(raw, keys, value, `vary.${key}`);
      if (keys.join(".") === "initial.file") raw = withoutColumns(raw);
      if (key === "until") raw = untilSet(raw as Raw);
    }
    return read(raw);
  };
  return { tables: varied, resolved: (run) => commonOf(run, base, spec.axes), withValues };
}

function commonOf(run: ResolvedProblem, base: unknown, axes: readonly Axis[]): unknown {
  const raw = base as Raw;
  const { epsilon: _epsilon, samples: _samples, ...rest } = run;
  // the default times follow from the end: where that varies, or they do, no run speaks for all
  const at = axes.some(({ path: [key] }) => key === "until" || key === "samples");
  let common: unknown = { ...rest, epsilon: raw.epsilon, samples: at ? (raw.samples ?? {}) : run.samples };
  for (const { path: keys } of axes) {
    common = without(common, keys);
    if (keys.join(".") === "initial.file") common = withoutColumns(common);
  }
  return common;
}

/** A sweep varies ε and counts in t₀: one ε stands for many densities and temperatures. */
function refuseUnits(spec: ParsedSpec, given: unknown): void {
  const axis = spec.axes.find(({ path: keys }) => keys[0] === "units");
  const set = Object.keys(spec.set).find((key) => key.split(".")[0] === "units");
  const inProblem = isMapping(given) && "units" in given;
  if (!axis && set === undefined && !inProblem) return;
  throw new InputError(
    axis ? `vary.${axis.key}` : set !== undefined ? `set.${set}` : "problem.units",
    "a sweep is dimensionless; vary epsilon, which lfd units --density … --temperature … tells with the units, and multiply times by its t₀",
  );
}

async function named(name: string, directory: string): Promise<unknown> {
  const file = path.resolve(directory, name);
  const isFile = !Object.hasOwn(namedProblems, name) && fs.existsSync(file);
  const { input } = await loadProblem(isFile ? path.relative("", file) : name);
  if (isMapping(input)) return input;
  // what is in it may be no business of whoever reads the message
  throw new InputError("problem", `the file ${show(name)} holds no problem; a mapping of keys is expected`);
}

function applySet(given: unknown, set: Raw): unknown {
  let raw = given;
  for (const [key, value] of Object.entries(set)) {
    const keys = parsePath(key, `set.${key}`);
    const merged = key === "grid" || (key === "initial" && isMapping(value) && !("kind" in value));
    const old = isMapping(raw) ? raw[key] : undefined;
    const both = merged && isMapping(value) && isMapping(old) ? { ...old, ...value } : value;
    raw = withValue(raw, keys, both, `set.${key}`);
    const file = key === "initial.file" || (merged && isMapping(value) && "file" in value);
    if (file) raw = withoutColumns(raw);
  }
  return "until" in set && !("samples" in set) && isMapping(raw) ? untilSet(raw) : raw;
}

/** Sample times beyond an end that was changed are left out, as `lfd run --until` does. */
function untilSet(raw: Raw): Raw {
  return raw.samples === undefined ? raw : { ...raw, samples: dropBeyond(raw.samples, raw.until) };
}

/** The file that a varied value names: of the key `initial.file`, or of `initial` as a whole. */
function fileIn(keys: readonly string[], value: unknown): string | undefined {
  const file = keys.length === 1 && isMapping(value) && !("r" in value) ? value.file : value;
  const named = keys.length === 1 || keys.join(".") === "initial.file";
  return named && typeof file === "string" ? file : undefined;
}

/** Many names, perhaps from elsewhere, are not trusted as far as the one in a problem that the user wrote. */
function requireInside(where: string, name: string): void {
  if (path.isAbsolute(name) || name.split(/[/\\]/).includes("..") || name === "") {
    throw new InputError(where, `${show(name)} is not valid; a file in the sweep's directory or below it`);
  }
}

async function readTable(file: string, directory: string, key: string): Promise<Table> {
  return parseTable(await readText(path.resolve(directory, file), key), file);
}

function withoutColumns(raw: unknown): unknown {
  if (!isMapping(raw) || !isMapping(raw.initial)) return raw;
  const { r: _r, f: _f, ...initial } = raw.initial;
  return { ...raw, initial };
}

function withTable(raw: Raw, table: Table): Raw {
  return { ...raw, initial: { ...(raw.initial as Raw), ...table } };
}
