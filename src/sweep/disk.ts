import { RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { isDiskFull } from "../output/files.js";

/** A RunError that names the file for what the system says of it; any other error is no fault of the disk, and stays. */
export function unwritable(file: string, error: unknown): unknown {
  return isSystemError(error) ? new RunError(`${file}: ${unwritableReason(error)}`) : error;
}

/** The same as words. */
export function unwritableReason(error: unknown): string {
  return isDiskFull(error) ? "the disk is full" : `cannot be written: ${fileReason(error)}`;
}

/** Whether an error comes from a call of the system. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && /^E[A-Z0-9]+$/.test((error as NodeJS.ErrnoException).code ?? "");
}
