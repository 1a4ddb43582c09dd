import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { RunDocument } from "../src/types.js";

/** The command as it is installed; `npm run build` makes it. */
export const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** How a command ended, and all it printed. */
export interface Outcome {
  /** Exit status; null for a process ended by a signal. */
  status: number | null;
  stdout: string;
  stderr: string;
}

interface Options {
  cwd?: string;
  /** What the command reads from stdin; absent: nothing. */
  input?: string;
  /** Run under this program, which gets node and its arguments behind its own. */
  under?: string[];
}

/** Starts `lfd` with these arguments. */
export function start(
  args: string[],
  options: Options = {},
): { child: ChildProcess; ended: Promise<Outcome> } {
  const [program, ...rest] = [...(options.under ?? []), process.execPath, command, ...args];
  const child = spawn(program!, rest, { cwd: options.cwd, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}); // a command that reads no input may be gone before it is written
  child.stdin.end(options.input ?? "");
  const outcome: Outcome = { status: null, stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      outcome[name] += text;
    });
  }
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ ...outcome, status }));
  });
  return { child, ended };
}

/** Runs `lfd` with these arguments to its end. */
export function lfd(args: string[], options: Options = {}): Promise<Outcome> {
  return start(args, options).ended;
}

/** The document of `lfd run … --json`. Throws what the command has to say if it did not print one. */
export async function runJson(args: string[], options: Options = {}): Promise<RunDocument> {
  const { status, stdout, stderr } = await lfd(["run", ...args, "--json"], options);
  if (status !== 0 || stderr !== "")
    throw new Error(`lfd run ${args.join(" ")}: status ${status}, ${stderr}`);
  return JSON.parse(stdout);
}

const folders: string[] = [];
afterAll(() => {
  for (const used of folders) fs.rmSync(used, { recursive: true, force: true });
});

/**
 * A new directory with these files in it, until the tests of the file are over; a name that ends in / is an empty
 * directory.
 */
export function folder(files: Record<string, string | Uint8Array> = {}): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lfd-"));
  folders.push(directory);
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(directory, name);
    if (name.endsWith("/")) fs.mkdirSync(target);
    else fs.writeFileSync(target, content);
  }
  return directory;
}
