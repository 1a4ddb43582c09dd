import { execFile } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { folder } from "./cli.js";

// The package as others get it: packed, installed into an empty project, used from there.

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
const project = folder({
  "package.json": JSON.stringify({ name: "empty", private: true, type: "module" }),
  "use.mjs": `
    import { simulate, validate, estimateErrors } from "landau-fermi-dirac";
    import { plasmaUnits } from "landau-fermi-dirac/units";
    import { planSweep } from "landau-fermi-dirac/sweep";
    const problem = { epsilon: 1, initial: (r) => 0.5 * Math.exp(-r * r), until: 1, grid: { cells: 50 } };
    const result = await simulate(problem);
    const errors = await estimateErrors(problem, result);
    console.log(JSON.stringify({
      node: process.versions.node, violations: validate(result), errors: errors.length,
      epsilon: plasmaUnits({ density: 1e29, temperature: "10 eV" }).epsilon, sweep: typeof planSweep,
      center: result.samples.at(-1).center,
    }));`,
});
const modules = "(cli|equilibrium|output|platform|problem|solver|spectrum|sweep|units|verify)";
const installed = path.join(project, "node_modules/landau-fermi-dirac");
let tarball = "";

beforeAll(async () => {
  const { stdout } = await run(
    "npm",
    ["pack", "--ignore-scripts", "--silent", "--pack-destination", project],
    {
      cwd: root,
    },
  );
  tarball = path.join(project, stdout.trim().split("\n").at(-1)!);
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], { cwd: project });
}, 300_000);

describe("installed from the tarball", () => {
  test("has what is promised and no more", () => {
    expect(fs.readdirSync(installed).sort()).toEqual([
      ...["CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md"],
      ...["dist", "docs", "examples", "package.json"],
    ]);
    const below = fs
      .readdirSync(installed, { recursive: true, encoding: "utf8" })
      .filter((name) => fs.statSync(path.join(installed, name)).isFile() && name.includes("/"));
    const allowed = [
      ...["js", "d.ts", "js.map"].map((end) => new RegExp(`^dist/(${modules}/)?[\\w/-]+\\.${end}$`)),
      /^dist\/wasm\/solver(\.debug)?\.wasm$/,
      /^dist\/web\/((index|theme|service-worker|favicon|manifest)\.(html|js|svg|webmanifest)|assets\/[\w.-]+\.(js|css|wasm))$/,
      /^dist\/web\/docs\//,
      /^docs\/([\w-]+\/)?[\w-]+\.(md|svg|png)$/,
      /^examples\/([\w-]+\/)?[\w-]+\.(mjs|svg|md|yaml|csv|html|py)$/,
    ];
    expect(below.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
    // Each module is there with its types and map, and comes from a source: nothing is left of one that was removed.
    const compiled = below.filter((name) => new RegExp(`^dist/(${modules}/.*|[\\w-]+)\\.js$`).test(name));
    expect(compiled.length).toBeGreaterThan(50);
    for (const name of compiled) {
      for (const end of [".d.ts", ".js.map"]) expect(below).toContain(name.replace(/\.js$/, end));
      const source = name.replace(/^dist/, "src").replace(/\.js$/, ".ts");
      expect(fs.existsSync(path.join(root, source)), source).toBe(true);
    }
    const links = fs.readFileSync(path.join(installed, "README.md"), "utf8").matchAll(/\]\(([^)#]+)\)/g);
    for (const [, target] of links) expect(fs.existsSync(path.join(installed, target!)), target).toBe(true);
    for (const file of [
      "index.js",
      "index.d.ts",
      "wasm/solver.wasm",
      "web/index.html",
      "web/docs/index.html",
    ]) {
      expect(fs.existsSync(path.join(installed, "dist", file)), file).toBe(true);
    }
    expect(fs.existsSync(path.join(project, "node_modules/bullmq"))).toBe(false); // optional peers stay away
  });

  let here: string | undefined;
  test.for(["this", "20", "22", "24", "26"])("works in Node: %s", async (version, { skip }) => {
    const command: [string, string[]] =
      version === "this" ? [process.execPath, []] : ["npx", ["-y", `node@${version}`]];
    if (version !== "this") {
      const got = await run("npx", ["-y", `node@${version}`, "--version"], {
        cwd: project,
        timeout: 90_000,
      }).catch(() => undefined);
      if (!got) return skip(`Node ${version} cannot be fetched here`);
      expect(got.stdout).toMatch(new RegExp(`^v${version}\\.`));
    }
    const [program, args] = command;
    const { stdout, stderr } = await run(program, [...args, "use.mjs"], { cwd: project });
    expect(stderr.replace(/^npm warn .*\n/gm, "")).toBe("");
    const { node, center, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ violations: [], errors: 21, epsilon: expect.any(Number), sweep: "function" });
    here ??= String(center);
    expect(String(center), `Node ${node}`).toBe(here); // to the last bit in every version
    const lfd = path.join(installed, "dist/cli/main.js");
    const cli = await run(
      program,
      [...args, lfd, "run", "annulus", "--cells", "50", "--until", "0.1", "--json"],
      {
        cwd: project,
      },
    );
    expect(JSON.parse(cli.stdout).status).toBe("done");
  });

  test("CITATION.cff and CHANGELOG.md name this version, with one date", () => {
    const text = (name: string) => fs.readFileSync(path.join(installed, name), "utf8");
    const { version } = JSON.parse(text("package.json"));
    const [, latest, date] = /^## (\S+) \((\d{4}-\d\d-\d\d)\)$/m.exec(text("CHANGELOG.md"))!;
    expect(latest).toBe(version);
    expect(text("CITATION.cff")).toContain(`\nversion: ${version}\ndate-released: ${date}\n`);
  });

  test("npx lfd is the command", async () => {
    const { stdout } = await run("npx", ["lfd", "--version"], { cwd: project });
    expect(stdout.trim()).toBe(JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).version);
  });
});

/** The title of a page of `directory`, once it is no longer `waiting`. */
async function titleOf(
  directory: string,
  page: string,
  waiting: string,
): Promise<{ title: string; errors: string[] }> {
  const types: Record<string, string> = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
  };
  const server = http.createServer((request, response) => {
    const file = path.join(directory, decodeURIComponent(new URL(request.url!, "http://x").pathname));
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream" });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on("pageerror", (error) => errors.push(String(error)));
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${page}`);
    await tab.waitForFunction((title) => document.title !== title, waiting, { timeout: 30_000 });
    return { title: await tab.title(), errors };
  } finally {
    await browser.close();
    server.close();
  }
}

const noBrowser = !fs.existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium");
if (noBrowser) console.log("skipped: no chromium for the pages (apt-get install chromium)");

describe.skipIf(noBrowser)("in a browser", () => {
  test("a Vite page", async () => {
    fs.mkdirSync(path.join(project, "page"));
    fs.writeFileSync(
      path.join(project, "page/index.html"),
      '<!doctype html><title>Wait</title><script type="module" src="./main.js"></script>',
    );
    fs.writeFileSync(
      path.join(project, "page/main.js"),
      `import { simulate, namedProblems } from "landau-fermi-dirac";
       const { status, samples } = await simulate({ ...namedProblems.annulus.problem, until: 0.5, grid: { cells: 60 } });
       document.title = status + " " + samples.length;`,
    );
    await build({
      root: path.join(project, "page"),
      configFile: false,
      logLevel: "error",
      base: "./",
      build: { outDir: path.join(project, "built"), emptyOutDir: true, target: "es2022" },
    });
    expect(await titleOf(path.join(project, "built"), "index.html", "Wait")).toEqual({
      title: "done 21",
      errors: [],
    });
  });

  test("a plain <script type=module>, as in examples/static-page", async () => {
    const page = fs.readFileSync(path.join(root, "examples/static-page/index.html"), "utf8");
    const lines = page.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(130);
    fs.writeFileSync(
      path.join(project, "plain.html"),
      page.replace("../../dist/", "./node_modules/landau-fermi-dirac/dist/"),
    );
    const { title, errors } = await titleOf(project, "plain.html", "Relaxing…");
    expect(errors).toEqual([]);
    expect(title).toMatch(/^done: energy kept to \de-1[4-9]$/);
  });
});

describe("clean", () => {
  const bin = (name: string) => path.join(root, "node_modules/.bin", name);
  test("publint", async () => {
    expect((await run(bin("publint"), [tarball, "--strict"], { cwd: root })).stdout).toContain("All good");
  });
  test("arethetypeswrong: each entry resolves for ESM and for bundlers", async () => {
    const args = [tarball, "--profile", "esm-only", "--no-emoji", "--no-color", "--format", "ascii"];
    // Its exit status is 1 for the old node10 resolution too, which knows neither `exports` nor `#platform`.
    const { stdout } = await run(bin("attw"), args, { cwd: root }).catch((error) => error);
    const judged = [...(stdout as string).matchAll(/^(node16 \(from ESM\)|bundler): *(.*?) *$/gm)];
    expect(judged.map(([, , verdict]) => verdict)).toEqual([
      ...Array(4).fill(["OK (ESM)", "OK"]).flat(),
      ...["OK (JSON)", "OK (JSON)"],
    ]);
  });
  test("knip", async () => {
    const failed = await run(bin("knip"), ["--no-config-hints"], { cwd: root }).then(
      () => "",
      (error) => error.stdout as string,
    );
    expect(failed).toBe("");
  });
  test("npm audit", async (context) => {
    const { stdout } = await run("npm", ["audit", "--json"], { cwd: root }).catch((error) => error);
    const report = JSON.parse(stdout || "{}");
    if (!report.metadata) context.skip("the registry that npm uses here answers no audits");
    expect(report.metadata.vulnerabilities.total).toBe(0);
  });
});
