import { InputError } from "../errors.js";
import { decimalNumber } from "./decimal-number.js";
import { isMapping } from "./plain.js";

/** The columns of a table, as `initial: {kind: table, r, f}` takes them. */
export interface Table {
  r: number[];
  f: number[];
}

/**
 * Reads a table of r, f from text: one row a line; comma, semicolon, tab or blanks between columns; `#` begins a
 * comment. Without a header there are exactly two columns, r and f; a header names columns and has r and f among them.
 * r ≥ 0 is strictly increasing, f ≥ 0, both finite.
 *
 * Throws InputError whose key is `source:line` and which quotes the offending text.
 */
export function parseTable(text: string, source: string): Table {
  const r: number[] = [];
  const f: number[] = [];
  let layout: Layout | undefined;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const row = text.slice(start, end).replace(/#.*/, "").replace("\uFEFF", "").trim();
    start = end + 1;
    line++;
    if (row === "") continue;
    const key = `${source}:${line}`;
    if (layout === undefined) {
      const { header, ...found } = detectLayout(row, key);
      layout = found;
      if (header) continue;
    }
    const fields = row.split(layout.separator);
    if (fields.length !== layout.columns) {
      throw new InputError(key, `${quote(row)} has ${count(fields.length)}; ${layout.columns} expected`);
    }
    const radius = parseNumber(fields[layout.r]!, key);
    const value = parseNumber(fields[layout.f]!, key);
    const previous = r.at(-1);
    if (radius < 0) throw new InputError(key, `r = ${radius} is not valid; a radius ≥ 0`);
    if (previous !== undefined && radius <= previous) {
      throw new InputError(key, `r = ${radius} is not valid; a radius > ${previous}, the one before it`);
    }
    if (value < 0) throw new InputError(key, `f = ${value} is not valid; a number ≥ 0`);
    r.push(radius);
    f.push(value);
  }
  if (r.length < 2) {
    throw new InputError(
      source,
      `${r.length === 0 ? "no row" : "one row only"}; at least two rows r,f are needed`,
    );
  }
  return { r, f };
}

/** The file of the table that a problem as it is given names, unless its columns are there; they are read from it. */
export function unreadTable(problem: unknown): string | undefined {
  if (!isMapping(problem) || !isMapping(problem.initial)) return undefined;
  const { kind, file, r, f } = problem.initial;
  const unread = kind === "table" && typeof file === "string" && r === undefined && f === undefined;
  return unread ? file : undefined;
}

interface Layout {
  separator: string | RegExp;
  columns: number;
  /** Index of each column. */
  r: number;
  f: number;
}

function detectLayout(row: string, key: string): Layout & { header: boolean } {
  const separator = [";", ",", "\t"].find((s) => row.includes(s)) ?? /\s+/;
  const fields = row.split(separator).map((field) => field.trim());
  const header = fields.every(
    (field) => field !== "" && Number.isNaN(Number(field)) && !/^[-+.\d]/.test(field),
  );
  if (!header) {
    if (fields.length !== 2) throw new InputError(key, `${quote(row)} has ${count(fields.length)}; two: r,f`);
    return { separator, columns: 2, r: 0, f: 1, header };
  }
  const names = fields.map((field) => field.replace(/^"(.*)"$/, "$1").toLowerCase());
  const r = names.indexOf("r");
  const f = names.indexOf("f");
  if (r < 0 || f < 0 || names.lastIndexOf("r") !== r || names.lastIndexOf("f") !== f) {
    throw new InputError(key, `${quote(row)} is not a valid header; one with a column r and a column f`);
  }
  return { separator, columns: fields.length, r, f, header };
}

function parseNumber(field: string, key: string): number {
  const value = decimalNumber(field);
  if (!Number.isFinite(value)) {
    throw new InputError(key, `${quote(field.trim())} is not valid; a finite number with a decimal point`);
  }
  return value;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function count(columns: number): string {
  return columns === 1 ? "1 column" : `${columns} columns`;
}
