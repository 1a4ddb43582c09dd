import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { namedProblems, simulate } from "../dist/index.js";
import { record } from "./results.mjs";
import { scipyVersion, semiDiscrete } from "./scipy/python.mjs";
import { oneThread, table } from "./tools.mjs";

const script = fileURLToPath(new URL("scipy/methods.py", import.meta.url));
const problems = ["rosenbluth", "near-saturation"];
const cells = 100;

/**
 * What the solver's method was chosen among: work and precision of other implicit methods, as prototypes in NumPy with dense
 * Jacobians and one step-size controller for all, on small grids; minutes. Work is counted in solves with the Jacobian
 * (bench/scipy/methods.py says of what), for their time is that of the prototype only.
 */
export default async function methods() {
  if (!scipyVersion()) return;
  const measured = [];
  for (const name of problems) {
    for (const each of tryAll(await given(name))) measured.push({ problem: name, ...each });
  }
  table(
    ["problem", "method", "tolerance", "error", "steps", "factorisations", "solves"],
    measured.map(({ problem, method, tolerance, error, steps, factorisations, solves }) => [
      problem,
      method,
      tolerance.toExponential(0),
      error === null ? "fails" : error.toExponential(1),
      String(steps),
      String(factorisations),
      String(solves),
    ]),
  );
  await record("methods", { measured });
}

/** The semi-discrete problem, and its solution at the sample times to a temporal tolerance of 1e-10. */
async function given(name) {
  const { problem } = namedProblems[name];
  const small = {
    ...problem,
    grid: { cells },
    samples: { count: 6, spacing: "log", first: problem.until * 1e-3 },
  };
  const { samples, profiles } = await simulate({ ...small, tolerance: 1e-10 });
  return {
    ...(await semiDiscrete(small)),
    times: samples.slice(1).map(({ time }) => time),
    reference: profiles.slice(1).map((profile) => [...profile]),
  };
}

function tryAll(input) {
  const { status, stdout } = spawnSync("python3", [script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: oneThread,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`methods.py ended with ${status}`);
  return JSON.parse(stdout);
}
