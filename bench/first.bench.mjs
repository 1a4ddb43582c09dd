import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { record } from "./results.mjs";
import { median, spread, table } from "./tools.mjs";

/** The first version that solved everything it was asked to, and had its tests. */
const firstCommit = "d6cf95d";
const root = fileURLToPath(new URL("..", import.meta.url));
const runs = [
  { cells: 1e4, turns: 5 },
  { cells: 1e5, turns: 5 },
  { cells: 1e6, turns: 3 },
];

/**
 * `rosenbluth` to t = 900 at 1e-6, now and in the first version that passed its tests (built from the repository's
 * history), in turns: processor seconds of a whole run in a process of its own, after one to warm up.
 */
export default async function first() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "lfd-first-"));
  try {
    if (!build(folder)) return;
    const measured = runs.map(({ cells, turns }) => {
      const times = { first: [], now: [] };
      for (let turn = 0; turn < turns; turn++) {
        times.first.push(run(folder, cells));
        times.now.push(run(root, cells));
      }
      return { cells, ...times };
    });
    table(
      ["cells", "first version: s", "iterations", "now: s", "iterations", "ratio of pairs: median (min–max)"],
      measured.map(({ cells, first: before, now }) => {
        const ratios = before.map(({ seconds }, k) => seconds / now[k].seconds);
        return [
          cells.toExponential(0),
          median(before.map(({ seconds }) => seconds)).toPrecision(3),
          String(before[0].iterations),
          median(now.map(({ seconds }) => seconds)).toPrecision(3),
          String(now[0].iterations),
          spread(ratios, (ratio) => ratio.toFixed(2)),
        ];
      }),
    );
    await record("first", { measured });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first version, built in `folder`; false, with a line that says why, where it cannot be had. */
function build(folder) {
  const quiet = { cwd: folder, stdio: ["ignore", "pipe", "pipe"] };
  try {
    const archive = execFileSync("git", ["archive", firstCommit], { cwd: root, maxBuffer: 2 ** 28 });
    execFileSync("tar", ["x"], { cwd: folder, input: archive });
  } catch {
    console.log(`skipped: needs git and a clone with its history (commit ${firstCommit})`);
    return false;
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  execFileSync("npm", ["run", "build:wasm"], quiet);
  execFileSync("npm", ["run", "build:host"], quiet);
  return true;
}

function run(folder, cells) {
  const script = path.join(os.tmpdir(), `lfd-first-${process.pid}.mjs`);
  writeFileSync(
    script,
    `import { namedProblems, simulate } from ${JSON.stringify(path.join(folder, "dist/index.js"))};
const { problem } = namedProblems.rosenbluth;
const once = (cells) =>
  simulate({ ...problem, grid: { cells }, samples: { at: [problem.until] } }, { profiles: false });
await once(2000);
const began = process.cpuUsage();
const { work } = await once(${cells});
const { user, system } = process.cpuUsage(began);
console.log(JSON.stringify({ seconds: (user + system) / 1e6, iterations: work.newtonIterations }));
`,
  );
  try {
    return JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" }));
  } finally {
    rmSync(script);
  }
}
