import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { namedProblems, simulate } from "../dist/index.js";
import { record } from "./results.mjs";
import { scipyVersion, semiDiscrete } from "./scipy/python.mjs";
import { oneThread, relativeError, table } from "./tools.mjs";

const methods = ["BDF", "LSODA", "Radau"];
const sizes = [300, 600, 1200, 2400];
const tolerance = 1e-6;
const patience = 240; // seconds of processor time; a method that takes longer is not tried on finer grids
const script = fileURLToPath(new URL("scipy/relax.py", import.meta.url));

/**
 * What a user would take instead: SciPy's implicit solvers on the same semi-discrete system (`rosenbluth` to t = 900) at
 * the same tolerance, the right-hand side vectorised in NumPy. Processor seconds of one thread; errors are the relative
 * L¹ distance of f at t = 900 from a run at tolerance 1e-10. The operator is nonlocal, so its Jacobian is dense:
 * N evaluations to form it and N³ operations to factor it, where the block elimination takes O(N).
 */
export default async function scipy() {
  const version = scipyVersion();
  if (!version) return;
  console.log(
    `SciPy ${version}; to it the Jacobian is dense, N evaluations and N³ operations; here a pass of O(N)`,
  );
  const measured = [];
  const given_up = new Set();
  for (const cells of sizes) {
    const problem = {
      ...namedProblems.rosenbluth.problem,
      grid: { cells },
      samples: { at: [900] },
    };
    const reference = (await simulate({ ...problem, tolerance: 1e-10 })).profiles.at(-1);
    const system = await semiDiscrete(problem);
    const own = await ours(problem, reference);
    measured.push({ cells, method: "lfd", ...own });
    for (const method of methods) {
      if (given_up.has(method)) continue;
      const answer = await relax({
        ...system,
        times: [900],
        method,
        tolerance,
      });
      if (!answer) {
        given_up.add(method);
        console.log(`${method} at ${cells} cells: given up after ${patience} s`);
        continue;
      }
      const error = relativeError(answer.f.at(-1), reference, system.faces);
      const { seconds, evaluations } = answer;
      measured.push({ cells, method, seconds, evaluations, error, ratio: seconds / own.seconds });
    }
  }
  table(
    ["cells", "method", "seconds", "error", "times as long"],
    measured.map(({ cells, method, seconds, error, ratio }) => [
      String(cells),
      method,
      seconds.toPrecision(3),
      error.toExponential(1),
      ratio ? ratio.toFixed(0) : "",
    ]),
  );
  await record("scipy", { measured });
}

/** Processor seconds of the radial solver, warm. */
async function ours(problem, reference) {
  const repeats = 20;
  let run = await simulate(problem);
  const error = relativeError(run.profiles.at(-1), reference, run.grid.faces);
  const began = process.cpuUsage();
  for (let k = 0; k < repeats; k++) run = await simulate(problem);
  const { user, system } = process.cpuUsage(began);
  return { seconds: (user + system) / 1e6 / repeats, error };
}

/** The answer of relax.py, or undefined if it takes more than `patience`. */
function relax(given) {
  return new Promise((resolve, reject) => {
    // `ulimit -t` counts processor time, which a busy machine does not stretch
    const child = spawn("sh", ["-c", `ulimit -t ${patience}; exec python3 "$0"`, script], {
      env: oneThread,
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (piece) => {
      text += piece;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? JSON.parse(text) : undefined));
    child.stdin.end(JSON.stringify(given));
  });
}
