import fs from "node:fs";
import { RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { createAside, resolveOutput, writeWhole } from "../output/files.js";

/**
 * The file that `writeText` will replace, tried before anything is computed: `<target>.part` is made and taken away.
 *
 * @throws InputError naming `output` and the reason why it cannot be written
 */
export function requireWritable(output: string): string {
  const target = resolveOutput(output);
  fs.rmSync(createAside(output, target));
  return target;
}

/** Writes a file so that it is there as a whole or not at all. Throws RunError. */
export function writeText(target: string, text: string): void {
  try {
    writeWhole(target, (aside) => fs.writeFileSync(aside, text));
  } catch (error) {
    throw new RunError(`${target}: cannot be written: ${fileReason(error)}`);
  }
}
