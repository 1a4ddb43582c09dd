/**
 * Bad input: a key of the problem, an option or a file that cannot be used as given. The command line answers
 * with exit status 2. The message is complete in itself: which key, which value, what would be valid.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Path of the offending key (`initial.components.1.temperature`), option (`--at`) or file. */
  readonly key: string;
  /** The lines of the message: what is wrong with `key`, and whatever else was found to be wrong. */
  readonly lines: readonly string[];

  constructor(key: string, message: string, further: readonly string[] = []) {
    const lines = [`${key}: ${message}`, ...further];
    super(lines.join("\n"));
    this.key = key;
    this.lines = lines;
  }
}

/** A run that was well posed but could not be completed; the command line answers with exit status 1. */
export class RunError extends Error {
  override readonly name = "RunError";
}
