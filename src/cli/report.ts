import { cutInWords, raisedInWords } from "../output/adjustment-words.js";
import { equilibriumProfile, radialNodes } from "../output/nodes.js";
import { rounded } from "../rounded.js";
import type { PlasmaUnits, RunDocument, RunHeader, Sample } from "../types.js";
import { physicalEquilibrium } from "../units/physical-result.js";
import { duration, significant, small, table, wrapFacts } from "./format.js";
import { plot } from "./plot.js";

/** What is being run, in physical units if it has them, and what the grid made of the initial data. */
export function heading({ problem, grid, equilibrium, adjustment, units }: RunHeader): string {
  const { name, epsilon, initial, until, tolerance, method, step } = problem;
  const time = (t: number) => (units ? `${rounded(t * units.time)} s` : rounded(t));
  const share = epsilon > 0 ? ` = ${significant(epsilon / equilibrium.saturation, 4)} ε*` : "";
  const auto = problem.grid.radius === "auto" ? " (auto)" : "";
  const cutShort = step !== undefined && isCutShort(step, problem.samples.at) ? ", cut short at samples" : "";
  const control =
    step === undefined ? `tolerance ${rounded(tolerance)}` : `fixed step ${time(step)}${cutShort}`;
  const radius = units ? `${significant(grid.radius * units.velocity, 5)} m/s` : significant(grid.radius, 5);
  const lines = [
    `${name ?? initial.kind}: ε = ${rounded(epsilon)}${share}, ${grid.cells} cells to R = ${radius}${auto}`,
    `to t = ${time(until)} with ${method}, ${control}; equilibrium ${temperature({ equilibrium, units })}`,
  ];
  const cut = cutInWords({ adjustment });
  if (cut) lines.push(`${cut}; --radius takes more in`);
  const raised = raisedInWords({ adjustment, problem });
  if (raised) lines.push(raised);
  return lines.map((line) => wrapFacts(line)).join("");
}

/** Whether a sample comes at another time than after whole steps of this size from the one before it. */
function isCutShort(step: number, at: readonly number[]): boolean {
  return at.some((time, k) => {
    const steps = (time - (at[k - 1] ?? 0)) / step;
    return Math.abs(steps - Math.round(steps)) > 1e-6;
  });
}

function temperature({
  equilibrium,
  units,
}: Pick<RunHeader, "equilibrium"> & { units: PlasmaUnits | undefined }): string {
  if (!units) return `T = ${significant(equilibrium.temperature, 7)}`;
  const { temperature, chemicalPotential } = physicalEquilibrium(equilibrium, units);
  return `T = ${significant(temperature, 6)} eV, μ = ${significant(chemicalPotential, 6)} eV`;
}

const columns: [string, (sample: Sample) => string][] = [
  ["t", ({ time }) => significant(time, 5)],
  ["f(0,t)", ({ center }) => significant(center, 7)],
  ["∫|v|⁴f", ({ moment4 }) => significant(moment4, 8)],
  ["H_ε[f]", ({ entropy }) => significant(entropy, 9)],
  ["H_ε[f|M]", ({ relativeEntropy }) => relativeEntropy.toExponential(3)],
  ["-dH/dt", ({ entropyProduction }) => entropyProduction.toExponential(3)],
  ["∫|f-M|", ({ l1Distance }) => l1Distance.toExponential(3)],
];

/** The samples as a table. */
export function samplesTable(samples: readonly Sample[]): string {
  return table(
    columns.map(([heading]) => heading),
    samples.map((sample) => columns.map(([, show]) => show(sample))),
  );
}

/** How well the run kept what it must keep, and what it cost. */
export function summary({ conservation, work }: Pick<RunDocument, "conservation" | "work">): string {
  const given = [
    [work.rejectedError, "for the error"],
    [work.rejectedNewton, "for Newton"],
    [work.rejectedEntropy, "for the entropy"],
  ].filter(([count]) => count);
  const rejected =
    given.length > 0
      ? `, ${work.rejected} given up (${given.map(([n, why]) => `${n} ${why}`).join(", ")})`
      : "";
  const lines = [
    `worst drift: mass ${small(conservation.mass)}, energy ${small(conservation.energy)} (relative); ` +
      `largest rise of H in a step: ${small(conservation.entropyIncrease)}`,
    `${work.steps} steps${rejected}, ${work.newtonIterations} Newton iterations, ` +
      `${duration(work.seconds)} all included`,
  ];
  if (work.repairedStages > 0 || work.fallbackSteps > 0) {
    lines.push(
      `${work.repairedStages} stages repaired to 0 ≤ f ≤ 1/ε keeping mass and energy; ` +
        `${work.fallbackSteps} steps fell back to implicit Euler`,
    );
  }
  return lines.map((line) => wrapFacts(line)).join("");
}

/** f at a time, one value a cell. */
export interface Profile {
  time: number;
  f: Float64Array;
}

/** f at the start, in the middle and at the end over the equilibrium; of a physical run εf over v in m/s. */
export function profilesPlot(header: RunHeader, chosen: readonly Profile[]): string {
  const { grid, units } = header;
  const r = radialNodes(grid.faces);
  const m = equilibriumProfile(header, r);
  const x = units ? r.map((radius) => radius * units.velocity) : r;
  const shown = (f: Float64Array) => (units ? f.map((value) => value * units.epsilon) : f);
  const marks = [
    { mark: "o", colour: 33 },
    { mark: "+", colour: 36 },
    { mark: "•", colour: 35 },
  ];
  return plot(
    [
      ...chosen.map(({ time, f }, k) => ({
        ...marks[k % 3]!,
        label: units ? `t = ${significant(time * units.time, 4)} s` : `t = ${significant(time, 4)}`,
        x,
        y: shown(f),
      })),
      { label: "equilibrium M", mark: "·", colour: 37, x, y: shown(m) },
    ],
    {
      colours: process.stdout.isTTY === true,
      ...(units ? { xLabel: "v / m/s", yLabel: "occupation εf" } : { xLabel: "r = |v|", yLabel: "f" }),
    },
  );
}
