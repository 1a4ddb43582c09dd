import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cases } from "./full3d/cases.mjs";
import { writeChart } from "./full3d/chart.mjs";
import { Collision } from "./full3d/collision.mjs";
import { compare, measure } from "./full3d/compare.mjs";
import { moment4Rate } from "./full3d/exact.mjs";
import { evaluate, maxwellians } from "./full3d/initial.mjs";
import { diagnose } from "./full3d/moments.mjs";
import { relax3d } from "./full3d/relax.mjs";
import { record } from "./results.mjs";
import { scipyVersion } from "./scipy/python.mjs";
import { median, oneThread, table } from "./tools.mjs";

const run = promisify(execFile);
const path = (name) => fileURLToPath(new URL(`full3d/${name}`, import.meta.url));
const short = (value) => value.toExponential(1);
const verdict = (holds) => (holds ? "pass" : "FAIL");

/**
 * The full 3D spectral solver (bench/full3d) against the radial solver: errors against an extrapolated radial reference,
 * time, memory; the cost of a right-hand side against SciPy; exact rates; drifts; anisotropic data. Times are CPU seconds
 * of single-threaded processes: on an idle machine the same as wall time (also recorded), on a shared one about what it
 * would be. About ten minutes of them.
 */
export default async function full3d() {
  const found = {
    costs: await costs(),
    rates: exactRates(),
    drifts: drifts(),
    anisotropy: anisotropy(),
    cases: {},
  };
  for (const name of Object.keys(cases)) {
    found.cases[name] = await compare(name);
    await record("full3d", found);
  }
  await writeChart();
}

/** One right-hand side: ours and the same scheme in SciPy, taking turns; without SciPy ours alone. */
async function costs() {
  console.log(
    "\none right-hand side, ε = 1, CPU seconds: this solver, and the same scheme in SciPy (pocketfft, one worker)",
  );
  const scipy = scipyVersion();
  const measured = [];
  for (const n of [16, 24, 32, 48, 64]) {
    const repeats = n > 40 ? 5 : 15;
    const ours = [];
    const theirs = [];
    let difference = 0;
    for (let round = 0; round < 3; round++) {
      const own = await measure("rate", "-", n, repeats);
      ours.push(...own.seconds);
      if (!scipy) continue;
      const { stdout } = await run("python3", [path("scipy_rate.py"), `${n}`, "8", "1", `${repeats}`], {
        env: oneThread,
      });
      const other = JSON.parse(stdout);
      theirs.push(...other.seconds);
      difference = Math.max(
        difference,
        Math.abs(own.maximum / other.maximum - 1),
        Math.abs(own.moment4 / other.moment4 - 1),
      );
    }
    const own = median(ours);
    measured.push(scipy ? { n, own, scipy: median(theirs), difference } : { n, own });
  }
  const headings = ["n", "here, s"];
  if (scipy) headings.push("SciPy, s", "ratio", "at most 3", "results differ by");
  table(
    headings,
    measured.map(({ n, own, scipy: other, difference }) => [
      String(n),
      own.toPrecision(3),
      ...(other
        ? [other.toPrecision(3), (own / other).toFixed(2), verdict(own / other <= 3), short(difference)]
        : []),
    ]),
  );
  return measured;
}

/** d/dt ∫|v|⁴f at t = 0 of a mixture against the exact value. */
function exactRates() {
  console.log(
    "\ndM₄/dt at t = 0 of Maxwellians (0.7, T = 1) and (0.3, T = 2), L = 9 (n/64)^{1/3}: relative error",
  );
  const mixture = [
    { density: 0.7, temperature: 1 },
    { density: 0.3, temperature: 2 },
  ];
  const errors = [16, 24, 32, 48, 64].map((n) => {
    const [classical, degenerate] = [0, 8].map((epsilon) => {
      const collision = new Collision(n, 9 * (n / 64) ** (1 / 3), epsilon);
      const rate = new Float64Array(collision.points);
      collision.rate(evaluate(collision, maxwellians(mixture)), rate);
      return Math.abs(diagnose(collision, rate).moment4 / moment4Rate(mixture, epsilon) - 1);
    });
    return { n, classical, degenerate };
  });
  const largest = errors.at(-1);
  table(
    ["n", "ε = 0", "ε = 8"],
    [
      ...errors.map(({ n, classical, degenerate }) => [String(n), short(classical), short(degenerate)]),
      [
        `n = ${largest.n}: at most 1e-6`,
        verdict(largest.classical <= 1e-6),
        verdict(largest.degenerate <= 1e-6),
      ],
    ],
  );
  return errors;
}

const streams = maxwellians([
  { density: 0.5, velocity: [1, 0, 0], temperature: 1 },
  { density: 0.5, velocity: [-1, 0, 0], temperature: 1 },
]);
/** Box of the anisotropic states: chosen as those of the cases. */
const box = (n) => ({ n, halfWidth: 7 * (n / 32) ** (1 / 3), cut: 1e-4 });

/** Mass, momentum and energy with and without moment projection, RK4 and RKC. */
function drifts() {
  console.log(
    "\ntwo displaced Maxwellians (u = ±1, T = 1, ε = 2) to t = 10: drift of mass and energy (relative), momentum (absolute)",
  );
  const measured = [
    [16, "rk4", false],
    [24, "rk4", false],
    [32, "rk4", false],
    [32, "rkc", false],
    [32, "rk4", true],
    [32, "rkc", true],
  ].map(([n, method, project]) => {
    const { samples, work } = relax3d({
      ...box(n),
      epsilon: 2,
      initial: streams,
      until: 10,
      method,
      project,
      tolerance: 1e-5,
    });
    const [first, last] = samples;
    return {
      n,
      method,
      project,
      mass: Math.abs(last.mass / first.mass - 1),
      momentum: Math.hypot(...last.momentum.map((value, i) => value - first.momentum[i])),
      energy: Math.abs(last.energy / first.energy - 1),
      steps: work.steps,
      evaluations: work.evaluations,
    };
  });
  table(
    ["n", "method", "projection", "mass", "momentum", "energy", "steps", "right-hand sides"],
    measured.map(({ n, method, project, mass, momentum, energy, steps, evaluations }) => [
      String(n),
      method,
      project ? "yes" : "no",
      short(mass),
      short(momentum),
      short(energy),
      String(steps),
      String(evaluations),
    ]),
  );
  return measured;
}

/**
 * How fast data become isotropic, and how fast they reach equilibrium: what the radial solver gives up. The excess of
 * entropy is quadratic in the distance from equilibrium, so that its root is what compares with the other two.
 */
function anisotropy() {
  console.log("\nanisotropic data, ε = 0: t at which each has fallen to 1/e of its first value (at two n)");
  const initial = {
    "displaced Maxwellians, u = ±1, T = 1": streams,
    "bi-Maxwellian, T = (1.5, 0.8, 0.8)": maxwellians([{ density: 1, temperature: [1.5, 0.8, 0.8] }]),
  };
  const measured = Object.entries(initial).flatMap(([title, state]) =>
    [24, 32].map((n) => {
      const at = Array.from({ length: 60 }, (_, k) => 4 * (k + 1));
      const { samples } = relax3d({
        ...box(n),
        initial: state,
        until: at.at(-1),
        at,
        method: "rkc",
        tolerance: 1e-5,
        project: true,
      });
      const { mass, energy } = samples[0];
      const theta = energy / mass / 3;
      const rest = mass * (Math.log(mass * (2 * Math.PI * theta) ** -1.5) - 1.5);
      const gauss = 15 * mass * theta * theta;
      const time = (value) =>
        fallTime(
          samples.map((sample) => sample.time),
          samples.map(value),
        );
      return {
        title,
        n,
        pressure: time(({ pressure }) => pressure[0] / pressure[1] - 1),
        rootEntropy: time(({ entropy }) => Math.sqrt(Math.max(0, entropy - rest))),
        moment4: time(({ moment4 }) => Math.abs(1 - moment4 / gauss)),
      };
    }),
  );
  const shown = (value) => value?.toFixed(1) ?? "later than 240";
  table(
    ["", "n", "P₁/P₂ - 1", "√(H - H[M])", "|M₄/M₄[M] - 1|"],
    measured.map(({ title, n, pressure, rootEntropy, moment4 }) => [
      title,
      String(n),
      shown(pressure),
      shown(rootEntropy),
      shown(moment4),
    ]),
  );
  return measured;
}

/** When values have fallen to 1/e of the first, by linear interpolation; undefined if they have not. */
function fallTime(times, values) {
  const level = values[0] / Math.E;
  const k = values.findIndex((value) => value <= level);
  if (k < 0) return undefined;
  const share = (values[k - 1] - level) / (values[k - 1] - values[k]);
  return times[k - 1] + share * (times[k] - times[k - 1]);
}
