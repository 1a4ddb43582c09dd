/**
 * Bad input: a key of the problem, an option or a file that cannot be used as given. The command line answers
 * with exit status 2. The message is complete in itself: which key, which value, what would be valid.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Path of the offending key (`initial.components.1.temperature`), option (`--at`) or file. */
  readonly key: string;

  constructor(key: string, message: string) {
    super(`${key}: ${message}`);
    this.key = key;
  }
}

/** A run that was well posed but could not be completed; the command line answers with exit status 1. */
export class RunError extends Error {
  override readonly name = "RunError";
}
