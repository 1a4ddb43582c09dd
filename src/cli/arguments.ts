import type { Command } from "commander";
import { InputError } from "../errors.js";
import { decimalNumber } from "../problem/decimal-number.js";

// What commander hands over is text; these turn it into values or say what would be one.

export function numberArgument(option: string) {
  return (text: string): number => {
    const value = decimalNumber(text);
    if (Number.isNaN(value)) {
      throw new InputError(option, `${JSON.stringify(text)} is not a number; valid: as in 20, 0.5 or 1e-6`);
    }
    return value;
  };
}

export function radiusArgument(text: string): number | "auto" {
  if (text === "auto") return "auto";
  const value = decimalNumber(text);
  if (Number.isNaN(value)) {
    throw new InputError("--radius", `${JSON.stringify(text)} is not a number; valid: auto or a number > 0`);
  }
  return value;
}

export function timesArgument(text: string): number[] {
  return text.split(",").map((part) => {
    const value = decimalNumber(part);
    if (Number.isNaN(value)) {
      throw new InputError(
        "--at",
        `${JSON.stringify(part)} is not a number; valid: times separated by commas, as in 1,2,5`,
      );
    }
    return value;
  });
}

/** A path; an empty one is a shell variable that was not set. */
export function fileArgument(option: string, valid: string) {
  return (text: string): string => {
    if (text === "") throw new InputError(option, `"" is not a file; valid: ${valid}`);
    return text;
  };
}

/** Commander's complaint as one line like all the others: what is wrong, then what would be valid. */
export function usageError(command: Command, text: string): string {
  const surplus = command.args[command.registeredArguments.length];
  const [complaint = "", suggestion = ""] = text
    .replace(/^error: too many arguments.*/, `unexpected argument '${surplus}'`)
    .replace(/^error: /, "")
    .split("\n");
  const meant = /Did you mean (.*)\?/.exec(suggestion)?.[1];
  const said = complaint + (meant ? `; did you mean ${meant}?` : "");
  const option = command.options.find(({ flags }) => complaint.includes(`'${flags}'`));
  if (option) return `${said}; valid: ${option.description}`;
  const valid = complaint.startsWith("unknown command")
    ? command.commands.map((known) => known.name()).join(", ")
    : complaint.startsWith("unknown option")
      ? [...command.options.map(({ long }) => long), "--help"].join(", ")
      : `lfd ${command.name()} ${command.usage()}`;
  return `${said}; valid: ${valid}`;
}
