import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "./errors.js";
import { namedProblems } from "./named-problems.js";
import { isMapping } from "./problem/plain.js";
import { readData, readText } from "./problem/read-data.js";
import { didYouMean } from "./problem/suggest.js";
import { parseTable, unreadTable } from "./problem/table.js";
import type { PlasmaUnits } from "./types.js";

/**
 * The raw problem of that name, or in that YAML or JSON file, with the table it refers to read into it; it goes to
 * resolveProblem from here (through `dimensionless` if it has a key `units`), `source` with it. A named problem wins over a
 * file (ask for ./rosenbluth to have the file) and is dimensionless; `units` is what its numbers are multiples of, if it
 * came from physical ones.
 *
 * Throws InputError if there is neither, if the file (or its table) cannot be read, or is something else of ours.
 */
export async function loadProblem(
  nameOrPath: string,
): Promise<{ input: unknown; source: string; units?: PlasmaUnits }> {
  if (Object.hasOwn(namedProblems, nameOrPath)) {
    const { problem, units } = namedProblems[nameOrPath]!;
    return { input: structuredClone(problem), source: nameOrPath, ...(units && { units }) };
  }
  await refuseOther(nameOrPath);
  const input = await readData(nameOrPath);
  if (isMapping(input) && isMapping(input.problem) && "samples" in input && "status" in input) {
    throw new InputError(nameOrPath, "is the result of a run, not a problem; its key problem is one");
  }
  if (isMapping(input) && "vary" in input) {
    throw new InputError(nameOrPath, "is a sweep, not a problem; lfd sweep runs it");
  }
  return { input: await withTable(input, dirname(nameOrPath)), source: nameOrPath };
}

/** What is not a problem by its name alone. */
async function refuseOther(path: string): Promise<void> {
  if (!(await exists(path))) {
    const names = Object.keys(namedProblems);
    throw new InputError(
      path || "problem",
      `there is no such file, and no problem of this name; named problems: ${names.join(", ")}${didYouMean(path, names)}`,
    );
  }
  if (/\.(h5|hdf5)$/i.test(path)) {
    throw new InputError(path, "is a result, not a problem; --resume goes on from it, lfd view shows it");
  }
  if (/\.csv$/i.test(path)) {
    throw new InputError(
      path,
      "is a table, not a problem; a YAML file with initial: {kind: table, file: …} uses it",
    );
  }
}

async function withTable(input: unknown, directory: string): Promise<unknown> {
  const file = unreadTable(input);
  if (file === undefined) return input;
  const table = parseTable(await readText(resolve(directory, file), "initial.file"), file);
  const { initial } = input as { initial: object };
  return { ...(input as object), initial: { ...initial, ...table } };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}
