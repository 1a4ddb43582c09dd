import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cases } from "./full3d/cases.mjs";
import { writeChart } from "./full3d/chart.mjs";
import { Collision } from "./full3d/collision.mjs";
import { compare, measure } from "./full3d/compare.mjs";
import { moment4Rate } from "./full3d/exact.mjs";
import { maxwellians } from "./full3d/initial.mjs";
import { diagnose } from "./full3d/moments.mjs";
import { evaluate, relax3d } from "./full3d/relax.mjs";
import { record } from "./results.mjs";
import { median, table } from "./tools.mjs";

const run = promisify(execFile);
const path = (name) => fileURLToPath(new URL(`full3d/${name}`, import.meta.url));
const short = (value) => value.toExponential(1);

/**
 * The full 3D spectral solver (bench/full3d) against the radial solver: errors against an extrapolated radial reference,
 * time, memory; the cost of a right-hand side against SciPy; exact rates; drifts; anisotropic data. Times are CPU seconds
 * of single-threaded processes: on an idle machine the same as wall time (also recorded), on a shared one what it
 * would be. About ten minutes of them.
 */
export default async function full3d() {
  await costs();
  exactRates();
  drifts();
  anisotropy();
  const compared = {};
  for (const name of Object.keys(cases)) {
    compared[name] = await compare(name);
    await record("full3d", { cases: compared });
  }
  await writeChart();
}

/** One right-hand side: ours and the same scheme in SciPy, taking turns. */
async function costs() {
  console.log(
    "\none right-hand side, ε = 1: this solver and the same scheme in SciPy (pocketfft, one worker), CPU seconds",
  );
  const rows = [];
  for (const n of [16, 24, 32, 48, 64]) {
    const repeats = n > 40 ? 5 : 15;
    const ours = [];
    const theirs = [];
    let difference = 0;
    for (let round = 0; round < 3; round++) {
      const own = await measure("rate", "-", n, repeats);
      ours.push(...own.seconds);
      let other;
      try {
        other = JSON.parse(
          (
            await run("python3", [path("scipy_rate.py"), String(n), "8", "1", String(repeats)], {
              env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
            })
          ).stdout,
        );
      } catch (error) {
        console.log(
          `SciPy: skipped (python3 with numpy and scipy is needed: ${String(error.message).split("\n")[0]})`,
        );
        return;
      }
      theirs.push(...other.seconds);
      difference = Math.max(
        difference,
        Math.abs(own.maximum / other.maximum - 1),
        Math.abs(own.moment4 / other.moment4 - 1),
      );
    }
    rows.push([
      String(n),
      median(ours).toPrecision(3),
      median(theirs).toPrecision(3),
      (median(ours) / median(theirs)).toFixed(2),
      short(difference),
    ]);
  }
  table(["n", "here, s", "SciPy, s", "ratio (at most 3 asked for)", "results differ by"], rows);
}

/** d/dt ∫|v|⁴f at t = 0 of a mixture against the exact value. */
function exactRates() {
  console.log(
    "\ndM₄/dt at t = 0 of Maxwellians (0.7, T = 1) and (0.3, T = 2), L = 9: relative error (at most 1e-6 asked for at the largest n)",
  );
  const mixture = [
    { density: 0.7, temperature: 1 },
    { density: 0.3, temperature: 2 },
  ];
  const rows = [16, 24, 32, 48, 64].map((n) => [
    String(n),
    ...[0, 8].map((epsilon) => {
      const collision = new Collision(n, 9, epsilon);
      const rate = new Float64Array(collision.points);
      collision.rate(evaluate(collision, maxwellians(mixture)), rate);
      return short(Math.abs(diagnose(collision, rate).moment4 / moment4Rate(mixture, epsilon) - 1));
    }),
  ]);
  table(["n", "ε = 0", "ε = 8"], rows);
}

const streams = maxwellians([
  { density: 0.5, velocity: [1, 0, 0], temperature: 1 },
  { density: 0.5, velocity: [-1, 0, 0], temperature: 1 },
]);

/** Mass, momentum and energy with and without moment projection, RK4 and RKC. */
function drifts() {
  console.log(
    "\ntwo displaced Maxwellians (u = ±1, T = 1, ε = 2) to t = 10: drift of mass and energy (relative), momentum (absolute)",
  );
  const rows = [];
  for (const [n, method, project] of [
    [16, "rk4", false],
    [24, "rk4", false],
    [32, "rk4", false],
    [32, "rkc", false],
    [32, "rk4", true],
    [32, "rkc", true],
  ]) {
    const { samples, work } = relax3d({
      n,
      halfWidth: 9,
      epsilon: 2,
      initial: streams,
      until: 10,
      method,
      project,
      tolerance: 1e-5,
    });
    const [first, last] = samples;
    rows.push([
      String(n),
      method,
      project ? "yes" : "no",
      short(Math.abs(last.mass / first.mass - 1)),
      short(Math.hypot(...last.momentum.map((value, i) => value - first.momentum[i]))),
      short(Math.abs(last.energy / first.energy - 1)),
      String(work.steps),
      String(work.evaluations),
    ]);
  }
  table(["n", "method", "projection", "mass", "momentum", "energy", "steps", "right-hand sides"], rows);
}

/** How fast data become isotropic, and how fast they reach equilibrium: what the radial solver gives up. */
function anisotropy() {
  console.log(
    "\nanisotropic data, ε = 0, n = 24: P₁/P₂ - 1 and the excess of entropy over its first value, against time",
  );
  const initial = {
    "displaced Maxwellians, u = ±1, T = 1": streams,
    "bi-Maxwellian, T = (1.5, 0.8, 0.8)": maxwellians([{ density: 1, temperature: [1.5, 0.8, 0.8] }]),
  };
  for (const [title, state] of Object.entries(initial)) {
    const at = Array.from({ length: 30 }, (_, k) => 4 * (k + 1));
    const { samples } = relax3d({
      n: 24,
      halfWidth: 9,
      initial: state,
      until: at.at(-1),
      at,
      tolerance: 1e-5,
      project: true,
    });
    const anisotropies = samples.map(({ pressure }) => pressure[0] / pressure[1] - 1);
    const { mass, energy } = samples[0];
    const theta = energy / mass / 3;
    const rest = mass * (Math.log(mass * (2 * Math.PI * theta) ** -1.5) - 1.5);
    const excess = samples.map(({ entropy }) => entropy - rest);
    const gauss = 15 * mass * theta * theta;
    const tails = samples.map(({ moment4 }) => Math.abs(1 - moment4 / gauss));
    const fall = (values) =>
      fallTime(
        samples.map(({ time }) => time),
        values,
      );
    console.log(
      `  ${title}: P₁/P₂ - 1 = ${anisotropies[0].toFixed(3)} falls to 1/e by t = ${fall(anisotropies)}, ` +
        `H - H[M] by t = ${fall(excess)}, |M₄/M₄[M] - 1| by t = ${fall(tails)}`,
    );
  }
}

/** When values have fallen to 1/e of the first, by linear interpolation. */
function fallTime(times, values) {
  const level = values[0] / Math.E;
  const k = values.findIndex((value) => value <= level);
  if (k < 0) return `more than ${times.at(-1)}`;
  const share = (values[k - 1] - level) / (values[k - 1] - values[k]);
  return (times[k - 1] + share * (times[k] - times[k - 1])).toFixed(1);
}
