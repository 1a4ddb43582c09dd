import { namedProblems, simulate } from "../dist/index.js";
import { record } from "./results.mjs";
import { leastSquaresLine, median, relativeError, spread, table } from "./tools.mjs";

/**
 * Whole relaxations. Work–precision: the relative L¹ error of f at the sample times (the largest of them) against a run
 * at 1e-10 on the same grid, over work, for every method on every named problem. Scaling: `rosenbluth` to t = 900 at the
 * default tolerance from 10³ to 10⁶ cells, in processor seconds with preparation and diagnostics; sizes take turns.
 * Growth: the exponent p of cost ~ N^p, least squares in the logarithms.
 */
export default async function relaxation() {
  const precision = await workPrecision();
  const scaling = await scale();
  await record("relaxation", { precision, scaling });
}

const tolerances = {
  sdirk4: [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8],
  sdirk2: [1e-3, 1e-4, 1e-5, 1e-6],
  "implicit-euler": [1e-3, 1e-4, 1e-5],
};

async function workPrecision() {
  const measured = [];
  for (const [name, { problem }] of Object.entries(namedProblems)) {
    const base = {
      ...problem,
      grid: { cells: 400 },
      samples: { count: 6, spacing: "log", first: problem.until * 1e-3 },
    };
    const reference = await simulate({ ...base, tolerance: 1e-10 });
    for (const [method, each] of Object.entries(tolerances)) {
      for (const tolerance of each) {
        const run = await simulate({ ...base, tolerance, method });
        const error = Math.max(
          ...run.profiles.map((f, k) => relativeError(f, reference.profiles[k], run.grid.faces)),
        );
        const { steps, newtonIterations, seconds } = run.work;
        measured.push({ name, method, tolerance, error, steps, newtonIterations, seconds });
      }
    }
  }
  console.log("work and precision at 400 cells");
  table(
    ["problem", "method", "tolerance", "error", "error / tolerance", "steps", "Newton iterations"],
    measured.map(({ name, method, tolerance, error, steps, newtonIterations }) => [
      name,
      method,
      tolerance.toExponential(0),
      error.toExponential(1),
      (error / tolerance).toPrecision(2),
      String(steps),
      String(newtonIterations),
    ]),
  );
  return measured;
}

async function scale() {
  const sizes = [1e3, 1e4, 1e5, 1e6];
  const { problem } = namedProblems.rosenbluth;
  const measured = sizes.map((cells) => ({ cells, seconds: [], iterations: 0 }));
  for (let round = -1; round < 3; round++) {
    for (const each of measured) {
      const repeats = Math.max(1, Math.round(2e5 / each.cells));
      let seconds = 0;
      for (let k = 0; k < repeats; k++) {
        const began = process.cpuUsage();
        const { work } = await simulate(
          { ...problem, grid: { cells: each.cells }, samples: { at: [problem.until] } },
          { profiles: false },
        );
        const { user, system } = process.cpuUsage(began);
        seconds += (user + system) / 1e6 / repeats;
        each.iterations = work.newtonIterations;
      }
      if (round >= 0) each.seconds.push(seconds);
    }
  }
  console.log("\nrosenbluth to t = 900, tolerance 1e-6: processor seconds, median of three (min–max)");
  table(
    ["cells", "seconds", "Newton iterations", "ns a cell and iteration, all told"],
    measured.map(({ cells, seconds, iterations }) => [
      cells.toExponential(0),
      spread(seconds, (value) => value.toPrecision(3)),
      String(iterations),
      ((median(seconds) * 1e9) / iterations / cells).toFixed(1),
    ]),
  );
  const [, exponent] = leastSquaresLine(
    measured.map(({ cells, seconds }) => [Math.log(cells), Math.log(median(seconds))]),
  );
  console.log(`growth with the number of cells: exponent ${exponent.toFixed(3)}`);
  return { measured, exponent };
}
