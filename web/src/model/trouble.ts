import type { InputError } from "landau-fermi-dirac";

/** What is wrong with a problem, in a form that workers can send. */
export type Trouble = Pick<InputError, "key" | "reason" | "further">;

export function troubleOf({ key, reason, further }: InputError): Trouble {
  return { key, reason, further };
}
