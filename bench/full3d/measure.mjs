// node measure.mjs radial CASE CELLS, 3d CASE CELLS METHOD [HALF_WIDTH], or rate - CELLS REPEATS: one run of one solver, or right-hand sides, in a
// process of its own (so that neither memory nor what the compiler has learnt leaks into the next); JSON on stdout.

import { boxOf, cases, problem3d, problemRadial } from "./cases.mjs";
import { Collision } from "./collision.mjs";
import { evaluate, maxwellians } from "./initial.mjs";
import { angleAverage, diagnose } from "./moments.mjs";
import { radialRun } from "./radial.mjs";
import { relax3d } from "./relax.mjs";

const [solver, name, cellsText, method, widthText] = process.argv.slice(2);
const cells = Number(cellsText);

/** CPU seconds and wall seconds of a computation. */
async function timed(compute) {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const result = await compute();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6 };
}

/** Radii at which the radial solver's profiles are compared; 3D's are those of its grid points. */
const comb = (limit) => Array.from({ length: 200 }, (_, i) => ((i + 0.5) * limit) / 200);

async function measure() {
  if (solver === "rate") {
    const collision = new Collision(cells, 8, 1);
    const f = evaluate(
      collision,
      maxwellians([
        { density: 0.6, velocity: [0.7, 0, 0], temperature: 1 },
        { density: 0.4, velocity: [-1.05, 0, 0], temperature: 0.8 },
      ]),
    );
    const rate = new Float64Array(f.length);
    const seconds = [];
    const repeats = Number(method);
    for (let k = -repeats; k < repeats; k++) {
      const began = process.cpuUsage();
      collision.rate(f, rate);
      const { user, system } = process.cpuUsage(began);
      if (k >= 0) seconds.push((user + system) / 1e6);
    }
    let maximum = 0;
    for (const value of rate) maximum = Math.max(maximum, Math.abs(value));
    return { seconds, maximum, moment4: diagnose(collision, rate).moment4 };
  }
  const problem = cases[name];
  if (solver === "radial") {
    const tolerance = problem.tolerancesRadial[cells];
    await radialRun(problemRadial(problem), 100, 1e-3); // compiles
    const { result, wall, cpu } = await timed(() => radialRun(problemRadial(problem), cells, tolerance));
    return {
      wall,
      cpu,
      memory: process.resourceUsage().maxRSS * 1024,
      samples: result.samples,
      profiles: result.samples.map((_, k) =>
        comb(boxOf(problem, 64)).map((radius) => ({ radius, mean: result.profile(k, radius) })),
      ),
    };
  }
  const halfWidth = widthText ? Number(widthText) : boxOf(problem, cells);
  const { result, wall, cpu } = await timed(() => relax3d(problem3d(problem, cells, method, halfWidth)));
  return {
    wall,
    cpu,
    memory: process.resourceUsage().maxRSS * 1024,
    work: result.work,
    samples: result.samples,
    profiles: result.profiles.map((profile) => angleAverage(result, profile, halfWidth)),
  };
}

console.log(JSON.stringify(await measure()));
