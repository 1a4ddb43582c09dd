import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { namedProblems, simulate } from "../dist/index.js";
import { sweep } from "../dist/sweep/index.js";
import { record } from "./results.mjs";
import { median, table } from "./tools.mjs";

const cells = 500;
const most = 10_000;

/**
 * What a sweep costs besides its runs. 10,000 runs of 500 cells on two threads: the share of the threads' time (threads ×
 * time by the clock, from before the first is started to the last result on the disk; the looking through of the sweep before
 * it, and the tables after it, are in `seconds` but not in the shares) that goes into `simulate` and its
 * packing, and into implicit steps in WASM alone (the rest of a run: initial data, equilibrium, diagnostics, samples).
 *
 * Then runs on one thread and on two, in turns, from the hundredth result to the last; and, for what the machine itself has
 * to give at that time, bare `simulate` in one process and in two. Others on the machine make every one of these slower, and
 * two threads more than one: beside the medians there is the best of each, and how many cores others had.
 */
export default async function sweepOverhead() {
  const all = await timed(most, 2);
  table(
    ["runs", "threads", "seconds", "runs/s", "in simulate", "in WASM steps", "tables and journal, MB"],
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
  console.log(`at least 80 % inside the solver asked for; others had ${all.others.toFixed(2)} cores\n`);
  const rounds = [];
  for (let round = 0; round < 7; round++) {
    const one = await timed(500, 1);
    const two = await timed(500, 2);
    const single = await bare();
    const pair = Math.max(...(await Promise.all([bare(), bare()])));
    rounds.push({ one, two, single, pair });
  }
  table(
    ["ms a run: one thread", "two", "ratio", "others' cores", "simulate: one process", "two", "ratio"],
    rounds.map(({ one, two, single, pair }) => [
      one.each.toFixed(2),
      two.each.toFixed(2),
      (one.each / two.each).toFixed(2),
      `${one.others.toFixed(2)}, ${two.others.toFixed(2)}`,
      single.toFixed(2),
      (pair / 2).toFixed(2),
      ((2 * single) / pair).toFixed(2),
    ]),
  );
  const best = (pick) => Math.min(...rounds.map(pick));
  const ratios = (one, two) =>
    `median ${median(rounds.map((round) => one(round) / two(round))).toFixed(2)}, best of each ${(best(one) / best(two)).toFixed(2)}`;
  console.log(
    `two threads against one: ${ratios(
      ({ one }) => one.each,
      ({ two }) => two.each,
    )}; at least 1.8 asked for`,
  );
  console.log(
    `two processes of bare simulate against one: ${ratios(
      ({ single }) => single,
      ({ pair }) => pair / 2,
    )}`,
  );
  await record("sweep", { all, rounds });
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
    const load = busyCores();
    const times = [];
    const result = await sweep(
      {
        problem: "annulus",
        set: { grid: { cells }, until: 20 },
        vary: { epsilon: { linear: [0.5, 1, runs / 20] }, "initial.inner": { linear: [0.9, 1.1, 20] } },
      },
      {
        output,
        workers,
        onRun: () => times.push(performance.now()),
      },
    );
    const lines = fs.readFileSync(result.files.journal, "utf8").trimEnd().split("\n");
    const solver = lines.reduce((sum, line) => sum + JSON.parse(line).solverSeconds, 0);
    return {
      seconds: (performance.now() - began) / 1e3,
      each: (times.at(-1) - times[100]) / (times.length - 101),
      others: load(),
      busy: result.busy,
      inSolver: solver / (result.seconds * workers),
      bytes: fs.readdirSync(output).reduce((sum, name) => sum + fs.statSync(path.join(output, name)).size, 0),
    };
  } finally {
    fs.rmSync(output, { recursive: true });
  }
}

/** Begins to look; called again, it says how many cores other processes had since, on average. */
function busyCores() {
  const busy = () =>
    os.cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
  const began = performance.now();
  const before = busy();
  const own = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(own);
    return Math.max(0, (busy() - before - (user + system) / 1e3) / (performance.now() - began));
  };
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
