import { InputError } from "../errors.js";

// What commander hands over is text; these turn it into values or say what would be one.

export function numberArgument(option: string) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isNaN(value)) throw new InputError(option, `"${text}" is not a number`);
    return value;
  };
}

export function radiusArgument(text: string): number | "auto" {
  if (text === "auto") return "auto";
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) {
    throw new InputError("--radius", `"${text}" is not a number; valid: auto or a number > 0`);
  }
  return value;
}

export function timesArgument(text: string): number[] {
  return text.split(",").map((part) => {
    const value = Number(part);
    if (part.trim() === "" || Number.isNaN(value)) {
      throw new InputError(
        "--at",
        `"${part}" is not a number; valid: times separated by commas, as in 1,2,5`,
      );
    }
    return value;
  });
}
