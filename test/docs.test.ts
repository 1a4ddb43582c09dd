import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { equations } from "../web/docs/equation.mjs";
import { folder, lfd, command as main } from "./cli.js";
import { blockOf, commandsOf, documents, fenced, isMention, root } from "./document-commands.js";

// Every command of the documents is run, in its document's order and folder; what is run with smaller numbers, and what is only
// looked at, is said here, with the reason, and is printed. A command that no line here has room for is run.

const run = promisify(execFile);
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const sharedPort = freePort();

/** Run with smaller numbers. */
const reduced: [RegExp, (line: string) => string][] = [
  [/^lfd spectrum .*--epsilon/, (line) => line.replace(/( --cells \d+)?$/, " --cells 1000 --sectors 3")],
  [/^lfd spectrum .*--along 48/, (line) => `${line.replace("--along 48", "--along 3")} --cells 600`],
];

const verifyQuickly =
  /^lfd verify (--list|rescaling|saturated|classical-limit|2\.1( --csv data)?|4\.1|convergence|decomposition)$/;

/** Not run: why, and how it is looked at instead. */
const lookedAt: [RegExp, string, (line: string) => void | Promise<void>][] = [
  [/^npm (ci|cit)$/, ".ci/run and check:fresh do", () => {}],
  [/^npm test$/, "is this", () => {}],
  [/^npm link$/, "would change this machine", () => {}],
  [/^npm (pack|install \S+\.tgz)$/, "test/package.test.ts does", isThisVersion],
  [/^npm install (?!\.)/, "installed here", isPackageWeKnow],
  [/^npm run (build|build:\w+)$/, "npm ci does; now it would take away what is tested", isScript],
  [/^npm run (check|check:package)$/, "npm test does", isScript],
  [/^npm run (check:fresh|screenshots -- \w+)$/, "a minute, or minutes", isScript],
  [/^npm run bench( --( \w+)+)?$/, "minutes", isBenchmark],
  [/^npx vitest run( test\/[\w-]+\.test\.ts)+$/, "part of npm test", filesExist],
  [/^npx lfd$/, "test/package.test.ts does", () => {}],
  [/^node bench\/charts\.mjs$/, "draws what benchmarks have stored", filesExist],
  [/^lfd verify( |$)/, "test/verify.test.ts runs every check", isStatement],
];

function isThisVersion(line: string): void {
  if (line.endsWith(".tgz")) expect(line).toContain(`/${manifest.name}-${manifest.version}.tgz`);
}

function isPackageWeKnow(line: string): void {
  const known = { ...manifest.peerDependencies, ...manifest.devDependencies };
  for (const name of line.split(" ").slice(2)) expect(Object.keys(known)).toContain(name);
}

function isScript(line: string): void {
  expect(Object.keys(manifest.scripts)).toContain(line.split(" ")[2]);
}

function isBenchmark(line: string): void {
  const known = fs.readdirSync(path.join(root, "bench")).map((file) => file.replace(/\.bench\.mjs$/, ""));
  for (const name of line.split(" ").slice(4)) expect(known).toContain(name);
}

function filesExist(line: string): void {
  for (const file of line.split(" ").filter((word) => word.includes("/"))) {
    expect(fs.existsSync(path.join(root, file)), file).toBe(true);
  }
}

let statements: ReturnType<typeof lfd> | undefined;
async function isStatement(line: string): Promise<void> {
  statements ??= lfd(["verify", "--list"]);
  const known = (await statements).stdout;
  for (const [, quoted, word] of line
    .replace(/ --\w+ \w+/g, "")
    .slice("lfd verify".length)
    .matchAll(/"([^"]*)"|(\S+)/g)) {
    const name = (quoted ?? word)!.replace(/[.]/g, "\\.");
    expect(known).toMatch(new RegExp(`(^|[\\s(])${name}($|[\\s),])`, "m"));
  }
}

/** The command is there, and so is each of its flags. */
async function knownFlags(line: string): Promise<void> {
  const [, name, ...flags] = line.split(" ");
  if (name!.startsWith("--") || name === "COMMAND") return expect((await lfd(["--help"])).status).toBe(0);
  const { stdout, status } = await lfd([name!, "--help"]);
  expect(status).toBe(0);
  expect(stdout, line).toContain(`Usage: lfd ${name} `);
  const known = stdout.match(/--[\w-]+/g);
  for (const flag of flags) expect(known).toContain(flag);
}

/** A folder with what the commands of a document name, the sweeps with fewer cells and runs; `lfd` on the path is the one built here. */
function folderOf(name: string): string {
  const cwd = folder({
    "bin/": "",
    "node_modules/": "",
    "docs/": "",
    "my-problem.yaml": problems["README.md"]!,
  });
  fs.mkdirSync(path.join(cwd, "docs/images"));
  fs.writeFileSync(path.join(cwd, "bin/lfd"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, {
    mode: 0o755,
  });
  fs.cpSync(path.join(root, "examples"), path.join(cwd, "examples"), { recursive: true });
  const sweep = path.join(cwd, "examples/relaxation-time/sweep.yaml"); // 200 runs of 1000 cells
  const smaller = fs
    .readFileSync(sweep, "utf8")
    .replace("0.999, 200", "0.999, 6")
    .replace("cells: 1000", "cells: 200");
  fs.writeFileSync(sweep, smaller);
  fs.symlinkSync(path.join(root, "dist"), path.join(cwd, "dist"));
  fs.symlinkSync(path.join(root, "node_modules/hyparquet"), path.join(cwd, "node_modules/hyparquet"));
  fs.symlinkSync(root.replace(/\/$/, ""), path.join(cwd, `node_modules/${manifest.name}`));
  fs.copyFileSync(path.join(root, "examples/own-data/measured.csv"), path.join(cwd, "measured.csv"));
  const own: Record<string, string> = {
    "docs/how-to.md": "own-data.yaml",
    "docs/units.md": "hot-electrons.yaml",
  };
  if (own[name]) fs.writeFileSync(path.join(cwd, own[name]), problems[name]!);
  if (sweeps[name]) fs.writeFileSync(path.join(cwd, "sweep.yaml"), sweeps[name]);
  return cwd;
}

const problems: Record<string, string> = {
  "README.md": blockOf("README.md", "yaml", "kind: maxwellians"),
  "docs/how-to.md": blockOf("docs/how-to.md", "yaml", "file: measured.csv"),
  "docs/units.md": blockOf("docs/units.md", "yaml", "units:"),
};
const sweeps: Record<string, string> = {
  "docs/how-to.md": blockOf("docs/how-to.md", "yaml", "vary:"),
  "docs/sweeps.md": blockOf("docs/sweeps.md", "yaml", "vary:").replace("cells: 2000", "cells: 200"),
};

const environment = (cwd: string) => ({
  ...process.env,
  PATH: `${path.join(cwd, "bin")}:${process.env.PATH}`,
});

async function shell(line: string, cwd: string): Promise<string> {
  const { stdout, stderr } = await run("sh", ["-c", line], { cwd, env: environment(cwd) });
  expect(stderr).toBe("");
  return stdout;
}

/** Starts what runs until it is stopped; `ready` takes its output, and says what to do then. */
async function served(
  line: string,
  cwd: string,
  ready: RegExp,
  then: (found: string) => Promise<void>,
): Promise<void> {
  const child = spawn("sh", ["-c", `exec ${line}`], { cwd, env: environment(cwd), detached: true });
  let said = "";
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  try {
    const found = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          said += text;
          const match = ready.exec(stripVTControlCharacters(said)); // coloured where CI is set
          if (match) resolve(match[0]);
        });
      }
      child.on("close", (status) => reject(new Error(`${line} ended with ${status}: ${said}`)));
    });
    await then(found);
  } finally {
    if (child.exitCode === null) process.kill(-child.pid!, "SIGINT");
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const python = [process.env.PYTHON, "python3", "/usr/bin/python3"].find(
  (name) => name && spawnSync(name, ["-c", "import h5py"]).status === 0,
);
const redisIsHere = spawnSync("redis-server", ["--version"]).status === 0;

/** Run in a way of its own. */
const special: [RegExp, (line: string, cwd: string, skip: (why: string) => never) => Promise<void>][] = [
  [
    /^npm start$/,
    async (_, cwd) => {
      const said = await shell(manifest.scripts.start.replace("node dist/cli/main.js", "lfd"), cwd);
      endsAsShown(said);
    },
  ],
  [
    /^npm run web$/,
    (line) =>
      served(
        `${line} -- --port 0 --host 127.0.0.1`,
        root,
        /http:\/\/127\.0\.0\.1:[1-9]\d*\//,
        async (url) => {
          expect(await (await fetch(url)).text()).toContain("<title>");
        },
      ),
  ],
  [
    /^lfd view \S+$/,
    (line, cwd) =>
      served(line, cwd, /http:\/\/127\.0\.0\.1:\d+\/\?result=result\.h5/, async (url) => {
        expect(await (await fetch(url)).text()).toContain("<title>");
        const result = Buffer.from(await (await fetch(new URL("result.h5", url))).arrayBuffer());
        expect(result.equals(fs.readFileSync(path.join(cwd, line.split(" ")[2]!)))).toBe(true);
      }),
  ],
  [
    /--redis redis:\/\/host:6379/,
    async (line, cwd, skip) => {
      if (!redisIsHere) return skip("no redis-server (apt-get install redis-server)");
      const port = await sharedPort;
      const here = line.replace("host:6379", `127.0.0.1:${port}`);
      // The worker is needed by the sweep of the next line, and ends with it.
      if (line.startsWith("lfd worker")) {
        workerLine = here.replace("--workers 8", "--workers 2");
        return;
      }
      const server = `redis-server --port ${port} --bind 127.0.0.1 --save "" --appendonly no`;
      await served(server, cwd, /Ready to accept/, () =>
        served(workerLine, cwd, /takes runs from/, async () => {
          await shell(here, cwd);
          expect(fs.existsSync(path.join(cwd, "large/runs.parquet"))).toBe(true);
        }),
      );
    },
  ],
  [
    /^python3 /,
    async (line, cwd, skip) => {
      if (!python) return skip("no Python with h5py (apt-get install python3-h5py)");
      await shell(line.replace(/^python3/, python), cwd);
    },
  ],
];
let workerLine = "";

/** The rows of the README's table are those of the run; the last digits may be another solver's. */
function endsAsShown(said: string): void {
  const shown = documents[0]!.text
    .match(/^ {5,}[\d.]+( +[-\d.e+]+){6}$/gm)!
    .map((row) => row.trim().split(/ +/));
  expect(shown.length).toBeGreaterThan(3);
  for (const [time, ...values] of shown) {
    const row = said.split("\n").find((line) => line.trim().startsWith(`${time} `));
    expect(row, `t = ${time}`).toBeDefined();
    const found = row!.trim().split(/ +/).slice(1).map(Number);
    values.forEach((value, k) => {
      expect(Math.abs(found[k]! - Number(value)), `t = ${time}`).toBeLessThan(
        1e-5 * Math.abs(Number(value)) + 1e-12,
      );
    });
  }
  const [, mass, energy] = /drift: mass ([\d.e-]+), energy ([\d.e-]+)/.exec(said)!;
  const bound = Number(/drifted by less than (\S+):/.exec(documents[0]!.text)![1]);
  expect(Math.max(Number(mass), Number(energy))).toBeLessThan(bound);
}

/** A program of a document with the problem that it speaks of, if it has none of its own. */
function withProblem(code: string): string {
  const given = /const problem|const \{ problem/.test(code) || !/\bproblem\b(?!:)/.test(code);
  if (given) return code;
  return `import { namedProblems } from "landau-fermi-dirac";\nconst { problem } = namedProblems.annulus;\n${code}`;
}

const onlyLookedAt = new Map<string, string>();
const madeSmaller: string[] = [];
afterAll(() => {
  const lines = [...onlyLookedAt].map(([line, why]) => `  ${line}  (${why})`);
  console.log(`run with smaller numbers:\n  ${madeSmaller.join("\n  ")}`);
  console.log(`looked at, not run:\n${lines.join("\n")}`);
});

const done = new Set<string>();
describe.each(documents)("commands of $name", ({ name, text }) => {
  let cwd = "";
  beforeAll(() => {
    cwd = folderOf(name);
  });
  // What does not depend on a file is run once, wherever it stands.
  const lines = [...new Set(commandsOf(text))].filter((line) => {
    const again = done.has(line);
    if (!/\.(h5|yaml)|results|redis|relaxation/.test(line)) done.add(line);
    return !again;
  });
  if (lines.length === 0) test("are those of other documents, or none", () => {});

  test.for(lines)("%s", async (line, { skip }) => {
    if (isMention(line) || /^lfd (COMMAND )?--\w+$/.test(line)) return knownFlags(line);
    if (line === "node dist/cli/main.js") return void (await shell(`${line} --version`, root));
    const own = special.find(([pattern]) => pattern.test(line));
    if (own) return own[1](line, cwd, (why) => skip(why));
    const look = verifyQuickly.test(line) ? undefined : lookedAt.find(([pattern]) => pattern.test(line));
    if (look) {
      onlyLookedAt.set(line, look[1]);
      return look[2](line);
    }
    const smaller = reduced.find(([pattern]) => pattern.test(line));
    if (smaller) madeSmaller.push(smaller[1](line));
    await shell(smaller ? smaller[1](line) : line, cwd);
  });
});

test("the commands are found: in blocks, indented, in tables and in paragraphs", () => {
  const text =
    "Say `npm ci && npm start`.\n\n```sh\nlfd a  # why\n```\n\n    lfd b\n\n| x | `npx c` |\n\n`node d` and `e f`\n";
  expect(commandsOf(text)).toEqual(["npm ci", "npm start", "lfd a", "lfd b", "npx c", "node d"]);
  const all = documents.flatMap((document) => commandsOf(document.text));
  for (const part of ["lfd units", "--verify", "lfd merge", "--shard", "--resume", "npm ci", "lfd worker"]) {
    expect(all.join("\n")).toContain(part);
  }
});

test("equations of the documents become MathML, line by line", () => {
  const rules = { fence: () => "code" };
  equations({ renderer: { rules } });
  const shown = rules.fence as unknown as (
    tokens: { info: string; content: string }[],
    index: number,
  ) => string;
  expect(shown([{ info: "js", content: "f()" }], 0)).toBe("code");
  const lines = (content: string) =>
    shown([{ info: "math", content }], 0)
      .split("\n")
      .map((line) => /^<div class="equation"><math displaystyle="true">(.*)<\/math><\/div>$/.exec(line)![1]);
  expect(lines("∫ᵣ^∞ s⁴\n(1/3) f*\nF_{i+1}\nΣⱼ")).toEqual([
    "<msubsup><mo>∫</mo><mrow><mi>r</mi></mrow><mrow><mo>∞</mo></mrow></msubsup><msup><mi>s</mi><mrow><mn>4</mn></mrow></msup>",
    "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>3</mn></mrow></mfrac><msub><mi>f</mi><mrow><mo>∗</mo></mrow></msub>",
    "<msub><mi>F</mi><mrow><mi>i</mi><mo>+</mo><mn>1</mn></mrow></msub>",
    "<munder><mo>∑</mo><mrow><mi>j</mi></mrow></munder>",
  ]);
  expect(() => lines("D(r")).toThrow("( is not closed: D(r");
  for (const { text } of documents) for (const block of fenced(text, "math")) lines(block);
});

test("a benchmark, a script, a statement or a flag that is not there is seen", async () => {
  expect(() => isBenchmark("npm run bench -- full3")).toThrow();
  expect(() => isScript("npm run tolerance")).toThrow();
  await expect(isStatement("lfd verify 9.9")).rejects.toThrow();
  await expect(knownFlags("lfd run --output-all")).rejects.toThrow();
  expect(() => isThisVersion("npm install ../landau-fermi-dirac-9.9.9.tgz")).toThrow();
});

describe("every file and program of the documents", () => {
  const cwd = folderOf("docs/how-to.md");
  test.each(Object.entries(problems))("the problem of %s runs", async (_, text) => {
    fs.writeFileSync(path.join(cwd, "given.yaml"), text);
    const { status, stderr, stdout } = await lfd(["run", "given.yaml", "--cells", "40", "--json"], { cwd });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("units are for"); // the note on units of another gas
  });

  const programs = documents.flatMap(({ name, text }) =>
    fenced(text, "js").map((code) => ({ name, code, program: withProblem(code) })),
  );
  test.each(programs)("$name: $code", async ({ program }) => {
    fs.writeFileSync(path.join(cwd, "program.mjs"), program.replace("[0.01, 1, 50]", "[0.01, 1, 3]"));
    const { stdout, stderr } = await run(process.execPath, ["program.mjs"], { cwd });
    expect(stderr).toBe("");
    expect(stdout.length).toBeGreaterThan(0);
  });

  test("the programs are what --strict takes", () => {
    const texts = new Map(programs.map(({ program }, k) => [path.join(root, `program-${k}.ts`), program]));
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
    };
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists } = host;
    host.readFile = (file) => texts.get(file) ?? readFile(file);
    host.fileExists = (file) => texts.has(file) || fileExists(file);
    const found = ts.getPreEmitDiagnostics(ts.createProgram([...texts.keys()], options, host));
    expect(ts.formatDiagnostics(found, host)).toBe("");
  });

  const pages = documents.flatMap(({ text }) => fenced(text, "html"));
  test.each(pages)("the page loads the package: %s", async (html) => {
    const [, names, from] = /import \{ (\w+) \} from "\.\/([^"]+)"/.exec(html)!;
    const module = await import(path.join(cwd, from!));
    expect(module[names!]).toBeTypeOf("function");
  });

  const scripts = documents.flatMap(({ text }) => fenced(text, "python"));
  test.skipIf(!python).each(scripts)("in Python: %s", async (code) => {
    await lfd(["run", "annulus", "--cells", "60", "--until", "1", "--output", "run.h5"], { cwd });
    const shapes = execFileSync(python!, ["-c", `${code}\nprint(f.shape, r.shape, t.shape, epsilon)`], {
      cwd,
      encoding: "utf8",
    });
    expect(shapes.trim()).toBe("(21, 60) (60,) (21,) 1.0");
  });

  test("links and pictures lead somewhere", () => {
    for (const { name, text } of documents) {
      for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(fs.existsSync(path.join(root, path.dirname(name), target!)), `${name}: ${target}`).toBe(true);
      }
    }
  });

  test("a Markdown file that is named anywhere is in the repository", () => {
    const folders = ["assembly", "bench", "docs", "examples", "src", "test", "web"];
    const below = (name: string) =>
      fs.readdirSync(path.join(root, name), { recursive: true, encoding: "utf8" });
    const files = [
      ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
      ...folders.flatMap((folder) => below(folder).map((file) => path.join(folder, file))),
    ];
    const there = new Set(files.map((file) => path.basename(file)));
    for (const file of files.filter((each) => /\.(md|ts|mjs|css|html|py|c|yaml)$/.test(each))) {
      for (const [name] of fs.readFileSync(path.join(root, file), "utf8").matchAll(/\b[\w-]+\.md\b/g)) {
        expect(there, `${file} names ${name}`).toContain(name);
      }
    }
  });

  test("every decision, document and example is listed", () => {
    const text = (name: string) => fs.readFileSync(path.join(root, name), "utf8");
    for (const name of fs.readdirSync(path.join(root, "docs/decisions"))) {
      expect(text("docs/decisions.md").split(`decisions/${name}`), name).toHaveLength(3); // among the children, and as a link
    }
    for (const { name } of documents.filter((each) => each.name.startsWith("docs/"))) {
      expect(text("typedoc.config.mjs"), name).toContain(`"${name}"`);
    }
    for (const each of fs.readdirSync(path.join(root, "examples"), { withFileTypes: true })) {
      if (each.isDirectory())
        expect(text("examples/README.md")).toMatch(new RegExp(`^\\| \\[?${each.name}[\\] ]`, "m"));
    }
  });
});
