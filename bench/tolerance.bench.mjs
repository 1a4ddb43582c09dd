import { namedProblems, simulate } from "../dist/index.js";
import { table } from "./tools.mjs";

/**
 * What a tolerance delivers: the relative L¹ error of f at the sample times (the largest of them) against a run at
 * 1e-10 on the same grid, over the tolerance. Near 1 and not far below is right for the error-controlled methods;
 * implicit Euler's tolerance is per step and its ratio grows as tolerance^-1/2.
 */
export default async function tolerance() {
  const tolerances = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
  const rows = [];
  for (const [name, { problem }] of Object.entries(namedProblems)) {
    const base = {
      ...problem,
      grid: { cells: 400 },
      samples: { count: 6, spacing: "log", first: problem.until * 1e-3 },
    };
    const reference = await simulate({ ...base, tolerance: 1e-10 });
    for (const method of ["sdirk4", "sdirk2", "implicit-euler"]) {
      const few = method === "sdirk4" ? tolerances : tolerances.slice(0, 3);
      for (const each of few) {
        const run = await simulate({ ...base, tolerance: each, method });
        const { steps, newtonIterations } = run.work;
        rows.push([
          name,
          method,
          each.toExponential(0),
          (worst(run, reference) / each).toPrecision(2),
          String(steps),
          String(newtonIterations),
        ]);
      }
    }
  }
  table(["problem", "method", "tolerance", "error / tolerance", "steps", "Newton iterations"], rows);
}

function worst(run, reference) {
  const { faces } = run.grid;
  let largest = 0;
  run.profiles.forEach((f, k) => {
    let error = 0;
    let mass = 0;
    f.forEach((value, i) => {
      const volume = faces[i + 1] ** 3 - faces[i] ** 3;
      error += Math.abs(value - reference.profiles[k][i]) * volume;
      mass += value * volume;
    });
    largest = Math.max(largest, error / mass);
  });
  return largest;
}
