import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { namedProblems, simulate } from "../dist/index.js";
import { record } from "./results.mjs";
import { scipyVersion, semiDiscrete } from "./scipy/python.mjs";
import { median, oneThread, relativeError, spread, table } from "./tools.mjs";

const methods = ["BDF", "LSODA", "Radau"];
const sizes = [300, 600, 1200, 2400];
const tolerance = 1e-6;
const turns = 5;
const slow = 20; // seconds; of a method that takes longer one turn is enough
const patience = 240; // seconds of processor time; a method that takes longer is not tried on finer grids
const script = fileURLToPath(new URL("scipy/relax.py", import.meta.url));

/**
 * What a user would take instead: SciPy's implicit solvers on the same semi-discrete system (`rosenbluth` to t = 900) at
 * the same tolerance, the right-hand side vectorised in NumPy. All take one thread, and turns; errors are the relative
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
  const givenUp = [];
  let trying = methods;
  for (const cells of sizes) {
    const found = await compare(cells, trying);
    for (const { method, seconds } of found) {
      if (seconds.length > 0) continue;
      trying = trying.filter((each) => each !== method);
      givenUp.push({ method, cells, patience });
      console.log(`${method} at ${cells} cells: given up after ${patience} s of processor time`);
    }
    measured.push(...found.filter(({ seconds }) => seconds.length > 0));
  }
  console.log("median (min–max); the ratios are of turns");
  table(
    ["cells", "method", "turns", "seconds", "of the processor", "error", "times as long"],
    measured.map(({ cells, method, seconds, processorSeconds, error, ratios }) => [
      String(cells),
      method,
      String(seconds.length),
      ...[seconds, processorSeconds].map((values) => spread(values, (value) => value.toPrecision(3))),
      error.toExponential(1),
      ratios ? spread(ratios, (value) => value.toPrecision(3)) : "",
    ]),
  );
  await record("scipy", { measured, givenUp });
}

/** Every method's turns on a grid: { cells, method, seconds, processorSeconds, error, ratios }; none where it gave up. */
async function compare(cells, trying) {
  const problem = { ...namedProblems.rosenbluth.problem, grid: { cells }, samples: { at: [900] } };
  const reference = (await simulate({ ...problem, tolerance: 1e-10 })).profiles.at(-1);
  const system = await semiDiscrete(problem);
  const own = { cells, method: "lfd", seconds: [], processorSeconds: [] };
  const others = trying.map((method) => ({ cells, method, seconds: [], processorSeconds: [], ratios: [] }));
  const warm = performance.now() + 1000;
  while (performance.now() < warm) await simulate(problem);
  for (let turn = 0; turn < turns; turn++) {
    const mine = await ours(problem);
    own.seconds.push(mine.seconds);
    own.processorSeconds.push(mine.processorSeconds);
    own.error = relativeError(mine.f, reference, system.faces);
    for (const other of others) {
      if (turn > 0 && (other.seconds.length < turn || median(other.seconds) > slow)) continue;
      const answer = await relax({ ...system, times: [900], method: other.method, tolerance });
      if (!answer) continue;
      other.seconds.push(answer.seconds);
      other.processorSeconds.push(answer.processorSeconds);
      other.ratios.push(answer.seconds / mine.seconds);
      other.error = relativeError(answer.f.at(-1), reference, system.faces);
    }
  }
  return [own, ...others];
}

/** A relaxation's last profile and its seconds, the mean of twenty: one takes milliseconds. */
async function ours(problem) {
  const repeats = 20;
  const began = performance.now();
  const processorBegan = process.cpuUsage();
  let run;
  for (let k = 0; k < repeats; k++) run = await simulate(problem);
  const { user, system } = process.cpuUsage(processorBegan);
  return {
    f: run.profiles.at(-1),
    seconds: (performance.now() - began) / 1e3 / repeats,
    processorSeconds: (user + system) / 1e6 / repeats,
  };
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
    child.on("close", (code, signal) => {
      if (code === 0) resolve(JSON.parse(text));
      else if (signal) resolve(undefined);
      else reject(new Error(`${script}: exit code ${code}`));
    });
    child.stdin.end(JSON.stringify(given));
  });
}
