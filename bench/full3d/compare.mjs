import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { table } from "../tools.mjs";
import { boxOf, cases, problemRadial } from "./cases.mjs";
import { errorsOf, needs } from "./errors.mjs";
import { extrapolated } from "./radial.mjs";

const run = promisify(execFile);
const short = (value) => value.toExponential(1);

/** One measurement in a process of its own: measure.mjs with these parameters. */
export async function measure(...parameters) {
  const { stdout } = await run(
    process.execPath,
    [fileURLToPath(new URL("measure.mjs", import.meta.url)), ...parameters.map(String)],
    {
      maxBuffer: 2 ** 28,
    },
  );
  return JSON.parse(stdout);
}

/** What is compared, with its name in tables and sentences. */
const shown = {
  center: "f(0,t)",
  moment4: "M₄",
  squared: "∫f²",
  entropy: "H",
  profile: "the profile",
  growth: "M₄ - M₄(0)",
};

/**
 * Both solvers on one case. 3D also with narrower and wider boxes at n = 32, and there with both methods.
 */
export async function compare(name) {
  const problem = cases[name];
  console.log(`\n${problem.title}: relative errors (the largest over t = ${problem.at.join(", ")})`);
  const reference = await extrapolated(problemRadial(problem), 8000, 1e-12);
  const runs = [];
  for (const cells of [1e2, 1e3, 1e4, 1e5]) {
    runs.push(
      summary({ solver: "radial", cells, method: "sdirk4" }, await measure("radial", name, cells), reference),
    );
  }
  for (const n of problem.cells) {
    for (const method of n === 32 ? ["rk4", "rkc"] : [problem.method]) {
      const what = { solver: "3d", cells: n, method, halfWidth: boxOf(problem, n) };
      runs.push(summary(what, await measure("3d", name, n, method), reference));
    }
  }
  const boxes = [];
  for (const halfWidth of problem.widths.filter((width) => width !== boxOf(problem, 32))) {
    const what = { solver: "3d", cells: 32, method: problem.method, halfWidth };
    boxes.push(summary(what, await measure("3d", name, 32, problem.method, halfWidth), reference));
  }
  print([...runs, ...boxes]);
  const ours = runs.filter(({ solver, method }) => solver === "3d" && method === problem.method);
  const radial = runs.find(({ solver, cells }) => solver === "radial" && cells === 1e4);
  const needed = {};
  for (const key of ["profile", "moment4", "growth"]) {
    const goal = radial.errors[key];
    needed[key] = {
      goal,
      ...needs(
        ours.map(({ cells, errors, cpu }) => ({ cells, error: errors[key], cpu })),
        goal,
      ),
    };
    const { n, hours, extrapolated: beyond } = needed[key];
    console.log(
      `  the radial solver's error of ${shown[key]} at 10⁴ cells, ${short(goal)} in ${radial.cpu.toPrecision(2)} CPU s, ` +
        `would take 3D n ≈ ${n.toFixed(0)} and ${hours.toPrecision(2)} h = ${(hours * 3600).toPrecision(2)} s ` +
        `(${beyond ? "extrapolated" : "within what was measured"})`,
    );
  }
  return { title: problem.title, method: problem.method, runs, boxes, needed };
}

function summary(what, { samples, profiles, wall, cpu, memory, work }, reference) {
  const each = work && {
    steps: work.steps,
    evaluations: work.evaluations,
    secondsPerEvaluation: cpu / work.evaluations,
  };
  const negative = Math.min(0, ...samples.map(({ minimum, maximum }) => minimum / maximum));
  return {
    ...what,
    errors: errorsOf({ samples, profiles }, reference),
    negative,
    wall,
    cpu,
    memory,
    ...each,
  };
}

function print(runs) {
  const names = Object.keys(shown);
  table(
    [
      "",
      ...names.map((key) => shown[key]),
      "f_min/f_max",
      "CPU s",
      "wall s",
      "memory",
      "right-hand sides",
      "s each",
    ],
    runs.map(({ solver, cells, method, halfWidth, errors, negative, cpu, wall, memory, ...each }) => [
      solver === "3d" ? `3D ${method} n = ${cells}, L = ${halfWidth.toPrecision(3)}` : `radial N = ${cells}`,
      ...names.map((key) => short(errors[key])),
      negative < 0 ? short(negative) : "≥ 0",
      cpu.toPrecision(3),
      wall.toPrecision(3),
      `${(memory / 2 ** 20).toFixed(0)} MiB`,
      each.evaluations ? String(each.evaluations) : "",
      each.evaluations ? each.secondsPerEvaluation.toPrecision(3) : "",
    ]),
  );
}
