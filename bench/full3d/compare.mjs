import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { table } from "../tools.mjs";
import { cases, problemRadial } from "./cases.mjs";
import { extrapolated, keys } from "./radial.mjs";

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

/** Both solvers on one case. */
export async function compare(name) {
  const problem = cases[name];
  console.log(`\n${problem.title}: relative errors (the largest over t = ${problem.at.join(", ")})`);
  const reference = await extrapolated(problemRadial(problem), 8000, 1e-12);
  const rows = [];
  const runs = [];
  const add = (solver, cells, method, measured) => {
    const errors = errorsOf(measured, reference);
    const { wall, cpu, memory, work } = measured;
    const each = work && {
      steps: work.steps,
      evaluations: work.evaluations,
      secondsPerEvaluation: cpu / work.evaluations,
    };
    runs.push({ solver, cells, method, errors, wall, cpu, memory, ...each });
    rows.push([
      solver === "3d" ? `3D ${method} n = ${cells}` : `radial N = ${cells}`,
      ...[...keys, "profile", "growth"].map((key) => short(errors[key])),
      cpu.toPrecision(3),
      wall.toPrecision(3),
      `${(memory / 2 ** 20).toFixed(0)} MiB`,
      work ? String(work.evaluations) : "",
      work ? (cpu / work.evaluations).toPrecision(3) : "",
    ]);
  };
  for (const cells of [1e2, 1e3, 1e4, 1e5])
    add("radial", cells, "sdirk4", await measure("radial", name, cells));
  for (const n of problem.cells) {
    for (const method of n === 32 ? ["rk4", "rkc"] : [problem.method]) {
      add("3d", n, method, await measure("3d", name, n, method));
    }
  }
  table(
    [
      "",
      "f(0,t)",
      "M₄",
      "∫f²",
      "H",
      "profile",
      "M₄-M₄(0)",
      "CPU s",
      "wall s",
      "memory",
      "right-hand sides",
      "s each",
    ],
    rows,
  );
  const needed = {};
  for (const key of ["profile", "moment4"]) {
    const { n, hours, kind } = needs(runs, key, problem.method);
    needed[key] = { n, hours, kind };
    console.log(
      `  the radial solver's error at 10⁴ cells in ${key === "profile" ? "the profile" : "M₄"} would take 3D n ≈ ${n.toFixed(0)} and ${hours.toPrecision(2)} h (${kind})`,
    );
  }
  return { title: problem.title, method: problem.method, runs, needed };
}

/** Errors of a run against the reference, the largest over the samples after the first. */
export function errorsOf({ samples, profiles }, reference) {
  const errors = { profile: 0, growth: 0, ...Object.fromEntries(keys.map((key) => [key, 0])) };
  for (let k = 1; k < samples.length; k++) {
    const exact = reference.samples[k];
    for (const key of keys) errors[key] = Math.max(errors[key], Math.abs(samples[k][key] / exact[key] - 1));
    const growth = exact.moment4 - reference.samples[0].moment4;
    errors.growth = Math.max(errors.growth, Math.abs((samples[k].moment4 - samples[0].moment4) / growth - 1));
    let height = 0;
    let difference = 0;
    for (const { radius, mean } of profiles[k]) {
      const value = reference.profile(k, radius);
      height = Math.max(height, value);
      difference = Math.max(difference, Math.abs(mean - value));
    }
    errors.profile = Math.max(errors.profile, difference / height);
  }
  return errors;
}

/**
 * n and hours at which 3D would reach the error of the radial solver at 10⁴ cells: ln error linear in n and ln time
 * linear in ln n, least squares over the three largest n.
 */
function needs(runs, key, method) {
  const goal = Math.log(runs.find(({ solver, cells }) => solver === "radial" && cells === 1e4).errors[key]);
  const ours = runs.filter((each) => each.method === method).slice(-3);
  const [a, b] = line(ours.map(({ cells, errors }) => [cells, Math.log(errors[key])]));
  const n = (goal - a) / b;
  const [c, d] = line(ours.map(({ cells, cpu }) => [Math.log(cells), Math.log(cpu)]));
  const largest = Math.max(...ours.map(({ cells }) => cells));
  return {
    n,
    hours: Math.exp(c + d * Math.log(n)) / 3600,
    kind: n > largest ? "extrapolated" : "within what was measured",
  };
}

/** Intercept and slope. */
function line(points) {
  const n = points.length;
  const mx = points.reduce((sum, [x]) => sum + x / n, 0);
  const my = points.reduce((sum, [, y]) => sum + y / n, 0);
  const slope =
    points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) /
    points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return [my - slope * mx, slope];
}
