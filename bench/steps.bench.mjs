import { namedProblems } from "../dist/index.js";
import { methods } from "../dist/solver/methods.js";
import { prepare } from "../dist/solver/prepare.js";
import { localError } from "../dist/solver/step-size.js";
import { Stepper } from "../dist/solver/stepper.js";
import { record } from "./results.mjs";
import { median, relativeError, table } from "./tools.mjs";

const tolerances = [1e-5, 1e-6, 1e-7];
const cells = 400;
const { sdirk4 } = methods;

/**
 * What the step-size control knows of the error of a step of SDIRK4, and what the two-step correction takes from it: the
 * true local error (relative L¹; against the same step at a tolerance of 1e-10) of the steps that runs of the named
 * problems take, without the correction, divided by the distance e to the embedded solution and by `localError`; with the
 * correction divided by that without; and divided by `localError`. Medians, and between which two values nine of ten lie;
 * steps that are wrong by less than a twentieth of the tolerance are left out.
 */
export default async function steps() {
  const measured = [];
  for (const tolerance of tolerances) {
    for (const [name, { problem }] of Object.entries(namedProblems)) {
      measured.push({ name, tolerance, steps: await follow(problem, tolerance) });
    }
  }
  const columns = [
    ["error / e", ({ error, plain }) => error / plain.errorNorm],
    ["error / localError", ({ error, plain }) => error / localError(plain, sdirk4)],
    ["corrected / not", ({ error, corrected }) => corrected / error],
    ["corrected / localError", ({ corrected, run }) => corrected / localError(run, sdirk4)],
  ];
  const row = (name, tolerance, all) => [
    name,
    tolerance,
    String(all.length),
    ...columns.map(([, of]) => nineOfTen(all.map(of))),
  ];
  table(
    ["problem", "tolerance", "steps", ...columns.map(([title]) => title)],
    [
      ...measured.map(({ name, tolerance, steps }) => row(name, tolerance.toExponential(0), steps)),
      row(
        "all",
        "",
        measured.flatMap((each) => each.steps),
      ),
    ],
  );
  await record("steps", { measured });
}

/** Every step of a run: what it leaves, and the local error, without and with the correction. */
async function follow(problem, tolerance) {
  const at = { ...problem, grid: { cells }, tolerance, samples: { at: [problem.until] } };
  const prepared = await Promise.all([0, 1, 2].map(() => prepare(at)));
  const [run, plain, exact] = prepared.map(({ engine }) => engine);
  const { faces } = prepared[0].header.grid;
  const stepper = new Stepper(run, { method: "sdirk4", tolerance, until: problem.until });
  const found = [];
  while (stepper.time < problem.until) {
    const [f, holes, before] = [run.state, run.holes, stepper.work.fallbackSteps];
    const size = stepper.advance(problem.until);
    plain.setState(f, holes);
    plain.setMethod({ ...sdirk4, correction: undefined });
    if (stepper.work.fallbackSteps > before || plain.attempt(size, 1e-13) !== "done") continue;
    const traces = { run: tracesOf(run), plain: tracesOf(plain) };
    plain.accept();
    exact.setState(f, holes);
    const reference = new Stepper(exact, { method: "sdirk4", tolerance: 1e-10, until: size });
    while (reference.time < size) reference.advance(size);
    const [error, corrected] = [plain, run].map(({ state }) => relativeError(state, exact.state, faces));
    if (error > tolerance / 20) found.push({ ...traces, error, corrected });
  }
  return found;
}

function tracesOf({ errorNorm, guessNorm, correctionNorm }) {
  return { errorNorm, guessNorm, correctionNorm };
}

/** The median, and where nine of ten lie. */
function nineOfTen(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (share) => sorted[Math.round(share * (sorted.length - 1))].toPrecision(2);
  return `${median(values).toPrecision(2)} (${place(0.05)}–${place(0.95)})`;
}
