import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { makeDirectory } from "../output/files.js";
import type { Check, DataTable, Row } from "../verify/check.js";
import { selectChecks } from "../verify/registry.js";
import { verify } from "../verify/verify.js";
import type { Verdict } from "../verify/worker.js";
import { duration, json, significant, small, table, wrap, wrapFacts } from "./format.js";
import { curvePicture } from "./picture.js";
import { StatusLine } from "./status-line.js";
import { requireWritable, writeText } from "./text-file.js";

interface Options {
  csv?: string;
  list?: boolean;
  json?: boolean;
}

/** lfd verify. Exit status 1 if a check fails. */
export async function runVerify(names: string[], options: Options): Promise<void> {
  const chosen = selectChecks(names);
  if (options.list) {
    if (options.csv !== undefined)
      throw new InputError("--csv", "cannot be given with --list, which tries nothing");
    const entries = chosen.map(({ name, statements, kind, claim }) => ({ name, statements, kind, claim }));
    process.stdout.write(options.json ? json({ checks: entries }) : listing(entries));
    return;
  }
  if (options.csv) requireDirectory(options.csv, chosen);
  const began = performance.now();
  const line = new StatusLine();
  const verdicts = await verify(
    chosen,
    (verdict, check) => {
      if (options.csv) writeTables(options.csv, verdict);
      line.clear();
      if (!options.json) process.stdout.write(report(verdict, check));
    },
    (running, done) => line.draw(`${done} of ${chosen.length} done; now ${running.join(", ")}`),
  );
  line.clear();
  const failed = verdicts.filter(({ passed }) => !passed);
  const seconds = (performance.now() - began) / 1e3;
  if (failed.length > 0) process.exitCode = 1;
  if (options.json) {
    const document = verdicts.map((verdict, k) => {
      const { statements, claim, kind } = chosen[k]!;
      return { statements, claim, kind, ...verdict };
    });
    process.stdout.write(json({ passed: failed.length === 0, seconds, checks: document }));
    return;
  }
  const asserted = verdicts.flatMap(({ rows }) => rows.filter(({ passed }) => passed !== null));
  process.stdout.write(
    `${verdicts.length - failed.length} of ${verdicts.length} checks pass (${asserted.length} figures asserted, ` +
      `${verdicts.flatMap(({ rows }) => rows).length - asserted.length} reported) in ${duration(seconds)}` +
      `${failed.length > 0 ? `; failed: ${failed.map(({ name }) => name).join(", ")}` : ""}\n`,
  );
}

function listing(entries: readonly Pick<Check, "name" | "statements">[]): string {
  const column = Math.max(...entries.map(({ name }) => name.length)) + 2;
  return [{ name: "name", statements: ["what of the paper"] }, ...entries]
    .map(({ name, statements }) =>
      wrapFacts(statements.join(", "), { indent: name.padEnd(column), hang: " ".repeat(column) }),
    )
    .join("");
}

function report(verdict: Verdict, { statements, claim, kind }: Check): string {
  const mark = verdict.passed ? "✓" : "✗";
  const facts = [...(statements.length > 0 ? [statements.join(", ")] : []), kind, duration(verdict.seconds)];
  const head =
    wrapFacts(`${mark} ${verdict.name} (${facts.join("; ")})`, { hang: "  " }) +
    wrap(claim, { indent: "  " });
  if (verdict.error !== undefined) return `${head}  not completed: ${verdict.error}\n\n`;
  const figures = table(
    ["computed", "", "bound or law", "margin", "less refined"],
    verdict.rows.map((row) => [
      figure(row.computed),
      row.relation === "reported" ? "" : row.relation,
      bound(row),
      margin(row),
      row.refinedIn === "" ? "" : `${row.refinedIn}: ${row.refinement.map(figure).join(" ")}`,
    ]),
    { left: [4] },
  );
  const [headings, ...lines] = figures.replace(/^/gm, "  ").trimEnd().split("\n");
  const rows = verdict.rows.map((row, k) => {
    const passed = row.passed === null ? "·" : row.passed ? "✓" : "✗";
    return `${wrap(row.quantity, { indent: `  ${passed} `, hang: "    " })}${lines[k]}\n`;
  });
  return `${head}${headings}\n${rows.join("")}\n`;
}

function bound({ bound: value, tolerance }: Row): string {
  if (value === null) return "open";
  return tolerance === undefined ? figure(value) : `${figure(value)} ± ${small(tolerance)}`;
}

function margin({ margin: factor }: Row): string {
  if (factor === null) return "";
  if (factor > 1e4) return factor === Infinity ? "∞" : `×${factor.toExponential(0)}`;
  // two digits, and next to 1 two of what it is off by
  const near = Math.abs(factor - 1);
  const digits = near > 0 && near < 0.1 ? 2 + Math.ceil(-Math.log10(near)) : 2;
  return `×${Number(factor.toPrecision(Math.min(digits, 12)))}`;
}

const figure = (value: number) => (Math.abs(value) < 1e-4 ? small(value) : significant(value, 5));

/** Makes the directory, and makes sure that what will be written there can be. Throws InputError naming it. */
function requireDirectory(directory: string, chosen: readonly Check[]): void {
  try {
    makeDirectory(path.resolve(directory));
    const there = fs.readdirSync(directory);
    for (const { name } of chosen) {
      requireWritable(path.join(directory, `${name}.csv`));
      // its data and their pictures, by whatever names
      for (const file of there) {
        if (file.startsWith(`${name}-`) && /\.(csv|svg)$/.test(file))
          requireWritable(path.join(directory, file));
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError("--csv", `${directory} cannot be made a directory: ${fileReason(error)}`);
  }
}

function writeTables(directory: string, { name, rows, tables }: Verdict): void {
  const quoted = (text: string) => `"${text.replace(/"/g, '""')}"`;
  const lines = rows.map(
    ({
      quantity,
      computed,
      relation,
      bound: value,
      tolerance,
      margin: factor,
      passed,
      refinement,
      refinedIn,
    }) =>
      [
        quoted(quantity),
        computed,
        relation,
        value ?? "",
        tolerance ?? "",
        factor ?? "",
        passed ?? "",
        refinement.join(" "),
        quoted(refinedIn),
      ].join(","),
  );
  const heading = "quantity,computed,relation,bound,tolerance,margin,passed,less_refined,refined_in";
  writeText(path.join(directory, `${name}.csv`), `${[heading, ...lines].join("\n")}\n`);
  for (const data of tables) {
    const text = [data.columns, ...data.rows].map((row) => row.join(",")).join("\n");
    const file = path.join(directory, `${name}-${data.name}`);
    writeText(`${file}.csv`, `${text}\n`);
    if (data.picture) writeText(`${file}.svg`, drawing(data, data.picture));
  }
}

function drawing(
  { columns, rows }: DataTable,
  { title, x, y, by, ...axes }: NonNullable<DataTable["picture"]>,
) {
  const column = (of: readonly number[][], key: string) => of.map((row) => row[columns.indexOf(key)]!);
  const groups = by === undefined ? [Number.NaN] : [...new Set(column(rows, by))];
  const curves = groups.flatMap((group) => {
    const part = by === undefined ? rows : rows.filter((row) => row[columns.indexOf(by)] === group);
    return y.map((key, k) => ({
      label: by === undefined ? key : y.length > 1 ? `${key}, ${by} ${group}` : `${by} = ${group}`,
      x: column(part, x),
      y: column(part, key),
      dashed: k > 0,
    }));
  });
  return curvePicture({ title, xLabel: x, yLabel: y.join(", "), curves, ...axes });
}
