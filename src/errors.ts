/**
 * Bad input: a key of the problem, an option or a file that cannot be used as given. The command line answers
 * with exit status 2. The message is complete in itself: which key, which value, what would be valid.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Path of the offending key (`initial.components.1.temperature`), option (`--at`) or file. */
  readonly key: string;
  /** What is wrong with `key`. */
  readonly reason: string;
  /** Whatever else was found to be wrong, each with its own key. */
  readonly further: readonly string[];

  constructor(key: string, reason: string, further: readonly string[] = []) {
    super([`${key}: ${reason}`, ...further].join("\n"));
    this.key = key;
    this.reason = reason;
    this.further = further;
  }

  /** Of the message: a line for each thing that is wrong. */
  get lines(): readonly string[] {
    return [`${this.key}: ${this.reason}`, ...this.further];
  }
}

/** A run that was well posed but could not be completed; the command line answers with exit status 1. */
export class RunError extends Error {
  override readonly name = "RunError";
}
