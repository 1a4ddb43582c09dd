import { InputError } from "../../../dist/errors.js";
import { samplesHeading } from "../../../dist/output/csv-rows.js";
import { decimalNumber } from "../../../dist/problem/decimal-number.js";
import { parseTable } from "../../../dist/problem/table.js";
import { diagnosed } from "./diagnose.js";
import { bytes, limits } from "./limits.js";
import { Profiles } from "./profiles.js";
import type { Parsed, ToParser } from "./protocol.js";

const piece = 4 << 20;

/**
 * A CSV result with columns time, r, f as `lfd run` writes it, or a table r, f. Throws InputError: what is wrong with it,
 * and in which line.
 */
export async function readCsv({ file, name, epsilon }: ToParser): Promise<Parsed> {
  const start = text(name, file, 0, Math.min(file.size, 4096), new TextDecoder("utf-8"));
  if (start.includes("\0")) throw new InputError(name, "is neither an HDF5 result nor a CSV table");
  const heading = start
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/, 1)[0]!
    .trim();
  // error bars may follow
  if (heading.startsWith(samplesHeading.trimEnd())) {
    throw new InputError(
      name,
      "holds the diagnostics only; open the file beside it that has the columns time,r,f",
    );
  }
  if (/^"?time"?\s*,\s*"?r"?\s*,\s*"?f"?$/i.test(heading)) return readResult(file, name, epsilon);
  if (file.size > limits.text) {
    throw new InputError(
      name,
      `is too large for a table r,f: ${bytes(file.size)}, at most ${bytes(limits.text)}`,
    );
  }
  return { kind: "table", ...parseTable(text(name, file, 0, file.size, decoder()), name) };
}

function decoder(): TextDecoder {
  return new TextDecoder("utf-8", { fatal: true });
}

const reader = new FileReaderSync();

function text(name: string, file: File, from: number, to: number, into: TextDecoder): string {
  try {
    return into.decode(reader.readAsArrayBuffer(file.slice(from, to)), { stream: to < file.size });
  } catch (error) {
    if (error instanceof TypeError) throw new InputError(name, "is a binary file; text in UTF-8 is expected");
    throw error;
  }
}

/** Calls with each line but the first and its number; the text is never in memory as a whole. */
function eachLine(name: string, file: File, call: (line: string, number: number) => void): void {
  const utf8 = decoder();
  let rest = "";
  let number = 0;
  for (let from = 0; from < file.size; from += piece) {
    const to = Math.min(from + piece, file.size);
    const whole = rest + text(name, file, from, to, utf8);
    let start = 0;
    for (let end = whole.indexOf("\n"); end >= 0; end = whole.indexOf("\n", start)) {
      if (++number > 1) call(whole.slice(start, end), number);
      start = end + 1;
    }
    rest = whole.slice(start);
    if (rest.length > 1000)
      throw new InputError(`${name}:${number + 1}`, "is no row time,r,f: it is too long");
  }
  if (number > 0) call(rest, number + 1);
}

async function readResult(file: File, name: string, epsilon: number): Promise<Parsed> {
  const profiles = new Profiles(name);
  let last = 1;
  let time = Number.NaN;
  let timeText = "";
  eachLine(name, file, (line, number) => {
    if (line === "" || line === "\r") return;
    const first = line.indexOf(",");
    const second = line.indexOf(",", first + 1);
    if (first < 0 || second < 0 || line.indexOf(",", second + 1) >= 0) {
      throw new InputError(
        `${name}:${number}`,
        `${JSON.stringify(line.slice(0, 60))} is not a row; three columns: time,r,f`,
      );
    }
    const text = line.slice(0, first);
    if (text !== timeText) {
      time = numberIn(text, "time", name, number);
      timeText = text;
    }
    const r = numberIn(line.slice(first + 1, second), "r", name, number);
    profiles.add(time, r, numberIn(line.slice(second + 1), "f", name, number), number);
    last = number;
  });
  profiles.end(last);
  const { kept, radius, count } = profiles;
  if (radius.length < 4) throw new InputError(name, "has too few rows: a profile has at least 4 cells");
  const { run, assumed } = await diagnosed(
    name,
    Float64Array.from(radius),
    kept.map(({ time }) => time),
    kept.map(({ values }) => values),
    epsilon,
  );
  const note =
    `${name}: a CSV does not tell ε; the equilibrium and the diagnostics are computed for ε = ${assumed}` +
    (assumed === epsilon ? ", as in the page." : ": f exceeds the 1/ε of the page.") +
    (kept.length < count ? ` ${kept.length} of its ${count} samples are shown; all would not fit.` : "");
  return { kind: "run", run, bare: true, note };
}

/** A number ≥ 0; f may also be NaN, where a computation went wrong. */
function numberIn(field: string, column: string, name: string, line: number): number {
  const value = decimalNumber(field);
  if (value >= 0 && value < Infinity) return value;
  if (column === "f" && /^\s*nan\s*$/i.test(field)) return Number.NaN;
  const shown = JSON.stringify(field.slice(0, 40));
  throw new InputError(
    `${name}:${line}`,
    `${column} = ${shown} is not valid; a finite number ≥ 0 with a decimal point`,
  );
}
