import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { namedProblems, simulate } from "../dist/index.js";
import { sweep } from "../dist/sweep/index.js";
import { median, table } from "./tools.mjs";

const cells = 500;
const most = 10_000;

/**
 * What a sweep costs besides its runs. 10,000 runs of 500 cells on two threads: the share of the threads' time that goes
 * into `simulate` and, of that, into the implicit stages in WASM (the rest of a run: initial data, diagnostics, steps
 * accepted). Then 600 runs on one thread and on two, in turns; and, for what the machine itself has to give at that
 * time, bare `simulate` in one process and in two.
 */
export default async function sweepOverhead() {
  const all = await timed(most, 2);
  table(
    ["runs", "threads", "seconds", "runs/s", "in simulate", "in WASM stages", "tables and journal, MB"],
    [
      [
        String(most),
        "2",
        all.seconds.toFixed(1),
        (most / all.seconds).toFixed(0),
        percent(all.busy),
        percent(all.inSolver),
        (all.bytes / 1e6).toFixed(1),
      ],
    ],
  );
  console.log("at least 80 % inside the solver asked for");
  const ratios = [];
  const machine = [];
  for (let round = 0; round < 5; round++) {
    ratios.push((await timed(600, 1)).computing / (await timed(600, 2)).computing);
    const alone = await bare();
    const [one, other] = await Promise.all([bare(), bare()]);
    machine.push((2 * alone) / Math.max(one, other));
  }
  const line = (values) => `${median(values).toFixed(2)} × (${values.map((x) => x.toFixed(2)).join(", ")})`;
  console.log(`two threads against one: ${line(ratios)}; at least 1.8 asked for`);
  console.log(`two processes of bare simulate against one: ${line(machine)}`);
}

/** Milliseconds of a run in a process that does nothing else. */
function bare() {
  return new Promise((resolve) => fork(fileURLToPath(import.meta.url), ["bare"]).once("message", resolve));
}

if (process.argv[2] === "bare") {
  const problem = { ...namedProblems.annulus.problem, until: 20, grid: { cells } };
  const run = () => simulate(problem, { profiles: false });
  for (let k = 0; k < 20; k++) await run();
  const began = performance.now();
  for (let k = 0; k < 150; k++) await run();
  process.send((performance.now() - began) / 150);
  process.disconnect();
}

async function timed(runs, workers) {
  const output = fs.mkdtempSync(path.join(os.tmpdir(), "lfd-bench-"));
  try {
    const began = performance.now();
    let firstAt = 0;
    let lastAt = 0;
    const result = await sweep(
      {
        problem: "annulus",
        set: { grid: { cells }, until: 20 },
        vary: { epsilon: { linear: [0.5, 1, runs / 20] }, "initial.inner": { linear: [0.9, 1.1, 20] } },
      },
      {
        output,
        workers,
        onRun: () => {
          lastAt = performance.now();
          firstAt ||= lastAt;
        },
      },
    );
    const lines = fs.readFileSync(result.files.journal, "utf8").trimEnd().split("\n");
    const solver = lines.reduce((sum, line) => sum + JSON.parse(line).solverSeconds, 0);
    return {
      seconds: (performance.now() - began) / 1e3,
      computing: (lastAt - firstAt) / 1e3,
      busy: result.busy,
      inSolver: solver / (result.seconds * workers),
      bytes: fs.readdirSync(output).reduce((sum, name) => sum + fs.statSync(path.join(output, name)).size, 0),
    };
  } finally {
    fs.rmSync(output, { recursive: true });
  }
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
