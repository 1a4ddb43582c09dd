import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

// What the documents say to type: found here, run by docs.test.ts.

export const root = fileURLToPath(new URL("..", import.meta.url));

export interface Document {
  name: string;
  text: string;
}

/** README, contributing guide, the pages of docs/ and the index of the examples. */
export const documents: Document[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...fs
    .readdirSync(path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  "examples/README.md",
].map((name) => ({ name, text: fs.readFileSync(path.join(root, name), "utf8") }));

/** Fenced blocks in a language. */
export const fenced = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, block]) => block!);

/** The block of a document that has `part` in it. */
export function blockOf(name: string, language: string, part: string): string {
  const { text } = documents.find((document) => document.name === name)!;
  const block = fenced(text, language).find((each) => each.includes(part));
  if (block === undefined) throw new Error(`${name}: no ${language} block with ${part}`);
  return block;
}

const program = "(?:lfd|npm|npx|node|python3) ";

/** Commands in the order of the text: of ```sh blocks, of indented ones, and between backticks in tables and paragraphs. */
export function commandsOf(text: string): string[] {
  const sources = [
    /^```sh\n(?<block>[\s\S]*?)^```/,
    new RegExp(`^ {4}(?<line>${program}.*)$`),
    new RegExp(`\`(?<span>${program}[^\`]*)\``),
  ];
  const all = new RegExp(sources.map(({ source }) => source).join("|"), "gm");
  return [...text.matchAll(all)]
    .flatMap(({ groups }) => (groups!.block ?? groups!.line ?? groups!.span)!.split("\n"))
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split(" && "))
    .map((line) => line.trim())
    .filter(Boolean);
}

/** A name with flags without values, as a paragraph calls a command: `lfd run --verify`, `lfd COMMAND --help`. */
export const isMention = (line: string): boolean =>
  /^lfd [\w-]+( --[\w-]+)*$/.test(line) && line !== "lfd problems" && line !== "lfd verify --list";
