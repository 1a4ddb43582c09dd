import { InputError } from "../errors.js";
import { namedProblems } from "../named-problems.js";
import { didYouMean } from "../problem/suggest.js";
import { json, wrap } from "./format.js";

/** lfd problems */
export async function printProblems(name: string | undefined, options: { json?: boolean }): Promise<void> {
  if (name === undefined) {
    process.stdout.write(options.json ? json(namedProblems) : listing());
    return;
  }
  const found = Object.hasOwn(namedProblems, name) ? namedProblems[name] : undefined;
  if (!found) {
    const names = Object.keys(namedProblems);
    throw new InputError(
      name || "problem",
      `no such problem${didYouMean(name, names)}; valid: ${names.join(", ")}`,
    );
  }
  const problem = found.physical ?? found.problem;
  if (options.json) process.stdout.write(json(problem));
  else
    process.stdout.write(
      `# ${found.title}\n# ${found.citation}\n${(await import("yaml")).stringify(problem)}`,
    );
}

function listing(): string {
  const entries = Object.entries(namedProblems).map(
    ([name, { title, citation }]) =>
      `${name}\n${wrap(title, { indent: "  " })}${wrap(citation, { indent: "    " })}`,
  );
  return `${entries.join("\n")}\nlfd run NAME runs one; lfd problems NAME prints it as YAML.\n`;
}
