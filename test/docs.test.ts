import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { folder, lfd, command as main } from "./cli.js";

// Every command of the documents: run for real where it is cheap, and otherwise looked at. One that is neither cheap nor in
// the list below fails.

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...fs
    .readdirSync(path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((name) => ({ name, text: fs.readFileSync(path.join(root, name), "utf8") }));

/** Fenced blocks in a language. */
const fenced = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, block]) => block!);

/** Commands of ```sh blocks, of indented ones, and of `…` in a table (the README's figures). */
function commandsOf(text: string): string[] {
  const lines = [
    ...fenced(text, "sh").flatMap((block) => block.split("\n")),
    ...[...text.matchAll(/^ {4}(?=lfd |npm |npx |node )(.*)$/gm)].map(([, line]) => line!),
    ...[...text.matchAll(/^\|.*\| `((?:npx|npm|lfd|node) [^`]*)` \|$/gm)].map(([, line]) => line!),
  ];
  return lines.map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter(Boolean);
}

const commands = [
  ...new Set(documents.flatMap(({ text }) => commandsOf(text).flatMap((line) => line.split(" && ")))),
];

// A folder with what the commands name; `lfd` on the path is the one built here.
const cwd = folder({ "bin/": "" });
fs.writeFileSync(path.join(cwd, "bin/lfd"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, {
  mode: 0o755,
});
fs.symlinkSync(path.join(root, "examples"), path.join(cwd, "examples"));
fs.mkdirSync(path.join(cwd, "node_modules"));
fs.symlinkSync(root.replace(/\/$/, ""), path.join(cwd, "node_modules/landau-fermi-dirac"));
fs.copyFileSync(path.join(root, "examples/own-data/measured.csv"), path.join(cwd, "measured.csv"));
const blockWith = (name: string, part: string) =>
  fenced(documents.find((document) => document.name === name)!.text, "yaml").find((block) =>
    block.includes(part),
  )!;
const files = {
  "my-problem.yaml": blockWith("README.md", "kind: maxwellians"),
  "own-data.yaml": blockWith("docs/how-to.md", "file: measured.csv"),
  "sweep.yaml": blockWith("docs/how-to.md", "vary:"),
  "hot-electrons.yaml": blockWith("docs/units.md", "units:"),
};
for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(cwd, name), text);

/** Not run, because it takes long, needs a network or never ends: how it is looked at instead. */
const lookedAt: [RegExp, (line: string) => void | Promise<void>][] = [
  [/^npm (ci|cit)$/, () => {}], // .ci/run is this
  [/^npm (start|test)$/, (line) => expect(manifest.scripts).toHaveProperty(line.slice(4))],
  [
    /^npm run bench( |$)/,
    (line) => {
      const name = / -- ([\w-]+)/.exec(line)?.[1];
      const known = fs.readdirSync(path.join(root, "bench")).join(" ");
      if (name) expect(known).toContain(name);
    },
  ],
  [
    /^npm run [\w:]+/,
    (line) => expect(Object.keys(manifest.scripts)).toContain(/^npm run ([\w:]+)/.exec(line)![1]),
  ],
  [
    /^npx vitest run /,
    (line) => {
      for (const file of line.split(" ").slice(3))
        expect(fs.existsSync(path.join(root, file)), file).toBe(true);
    },
  ],
  [
    /^npm install /,
    (line) => {
      const known = { ...manifest.peerDependencies, [manifest.name]: "" };
      for (const name of line.split(" ").slice(2)) expect(Object.keys(known)).toContain(name);
    },
  ],
  [/^node \S+/, (line) => expect(fs.existsSync(path.join(root, line.split(" ")[1]!)), line).toBe(true)],
  [/^lfd (view|worker|merge|verify|spectrum)( |$)|--engine|--shard|--dry-run/, knownFlags],
  [/^lfd sweep examples\//, knownFlags],
];

/** The command is there, and so is each of its flags. */
async function knownFlags(line: string): Promise<void> {
  const [, name, ...rest] = line.split(" ");
  const { stdout, status } = await lfd([name!, "--help"]);
  expect(status).toBe(0);
  expect(stdout, line).toContain(`lfd ${name}`);
  for (const flag of rest.filter((word) => word.startsWith("--"))) expect(stdout).toContain(flag);
}

describe("every command of the documents", () => {
  test("there are some", () => {
    expect(commands.length).toBeGreaterThan(25);
    for (const part of ["lfd units", "--verify", "lfd sweep", "--resume", "npm ci"]) {
      expect(commands.join("\n")).toContain(part);
    }
  });

  test.each(commands)("%s", async (line) => {
    const look = lookedAt.find(([pattern]) => pattern.test(line));
    if (look) return look[1](line);
    expect(line).toMatch(/^lfd (run|problems|equilibrium|units|sweep) ?/);
    const env = { ...process.env, PATH: `${path.join(cwd, "bin")}:${process.env.PATH}` };
    const { stderr } = await run("sh", ["-c", line], { cwd, env });
    expect(stderr).toBe("");
  });
});

describe("every file and program of the documents", () => {
  test.each(Object.keys(files))("%s resolves", async (name) => {
    const args =
      name === "sweep.yaml" ? ["sweep", name, "--dry-run"] : ["run", name, "--cells", "40", "--json"];
    const { status, stderr } = await lfd(args, { cwd });
    expect([status, stderr]).toEqual([0, ""]);
  });

  const programs = documents
    .flatMap(({ name, text }) => fenced(text, "js").map((code) => ({ name, code })))
    .filter(({ code }) => !code.includes('landau-fermi-dirac/sweep"')); // 50 runs
  test.each(programs)("$name", async ({ code }) => {
    const given = /const problem|const \{ problem/.test(code) || !/\bproblem\b/.test(code);
    const before = given
      ? ""
      : "const problem = { epsilon: 1, initial: (r) => Math.exp(-r * r), until: 1 };\n";
    fs.writeFileSync(path.join(cwd, "program.mjs"), before + code);
    const { stdout, stderr } = await run(process.execPath, ["program.mjs"], { cwd });
    expect(stderr).toBe("");
    expect(stdout.length).toBeGreaterThan(0);
  });

  test("links between documents lead somewhere", () => {
    for (const { name, text } of documents) {
      for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(fs.existsSync(path.join(root, path.dirname(name), target!)), `${name}: ${target}`).toBe(true);
      }
    }
  });
});
