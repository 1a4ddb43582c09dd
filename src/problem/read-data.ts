import { readFile, stat } from "node:fs/promises";
import { parseDocument } from "yaml";
import { InputError } from "../errors.js";
import { fileReason } from "../file-reason.js";

const maxBytes = 64 * 2 ** 20;
const maxAliases = 100; // an alias bomb is refused, not expanded

/**
 * What a YAML or JSON file (which is YAML as well) holds.
 *
 * Throws InputError (its key is the path) for a file that cannot be read, is binary, empty, not well-formed (with line
 * and column), or holds duplicate keys, unknown tags, more than one document or aliases that multiply.
 */
export async function readData(path: string): Promise<unknown> {
  const text = await readText(path, path);
  const document = parseDocument(text, { logLevel: "error", stringKeys: true, uniqueKeys: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const multiple = problem.code === "MULTIPLE_DOCS";
    const { line, col } = problem.linePos?.[0] ?? { line: 1, col: 1 };
    const message = multiple ? "one document is expected, here begins another" : firstLine(problem.message);
    throw new InputError(`${path}:${line}:${col}`, message);
  }
  if (document.contents === null) throw new InputError(path, "is empty");
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw new InputError(path, firstLine((error as Error).message));
  }
}

/** The text of a file up to 64 MB; errors are reported under `key`. */
export async function readText(path: string, key: string): Promise<string> {
  const named = key === path ? "" : `${JSON.stringify(path)} `;
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new InputError(key, `${named}is too large: ${size} bytes; at most ${maxBytes}`);
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(key, `${named}cannot be read: ${fileReason(error)}`);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {}
  throw new InputError(key, `${named}is a binary file; text in UTF-8 is expected`);
}

/** yaml's messages go on with the position and the source. */
function firstLine(message: string): string {
  return message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "");
}
