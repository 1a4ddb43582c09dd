import { equilibriumValue } from "../equilibrium/equilibrium.js";
import { cutInWords, raisedInWords } from "../output/adjustment-words.js";
import { rounded } from "../rounded.js";
import type { RunDocument, RunHeader, Sample } from "../types.js";
import { duration, significant, small, table } from "./format.js";
import { plot } from "./plot.js";

/** What is being run, and what the grid made of the initial data. */
export function heading({ problem, grid, equilibrium, adjustment }: RunHeader): string {
  const { name, epsilon, initial, until, tolerance, method, step } = problem;
  const share = epsilon > 0 ? ` = ${significant(epsilon / equilibrium.saturation, 4)} ε*` : "";
  const auto = problem.grid.radius === "auto" ? " (auto)" : "";
  const control =
    step === undefined ? `tolerance ${significant(tolerance, 1)}` : `fixed step ${rounded(step)}`;
  const lines = [
    `${name ?? initial.kind}: ε = ${rounded(epsilon)}${share}, ${grid.cells} cells to R = ${significant(grid.radius, 5)}${auto}`,
    `to t = ${rounded(until)} with ${method}, ${control}; equilibrium T = ${significant(equilibrium.temperature, 7)}`,
  ];
  const cut = cutInWords({ adjustment });
  if (cut) lines.push(`${cut}; --radius takes more in`);
  const raised = raisedInWords({ adjustment, problem });
  if (raised) lines.push(raised);
  return `${lines.join("\n")}\n`;
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
export function summary({ conservation, work, grid, status }: RunDocument): string {
  const perCell = (work.seconds * 1e9) / Math.max(1, work.newtonIterations * grid.cells);
  const given = [
    [work.rejectedError, "for the error"],
    [work.rejectedNewton, "for Newton"],
    [work.rejectedEntropy, "for the entropy"],
  ].filter(([count]) => count);
  const rejected =
    given.length > 0
      ? `, ${work.rejected} given up (${given.map(([n, why]) => `${n} ${why}`).join(", ")})`
      : "";
  return (
    `worst drift: mass ${small(conservation.mass)}, energy ${small(conservation.energy)} (relative); ` +
    `largest rise of H in a step: ${small(conservation.entropyIncrease)}\n` +
    `${work.steps} steps${rejected}, ${work.newtonIterations} Newton iterations in ${duration(work.seconds)}: ` +
    `${perCell.toFixed(1)} ns a cell and iteration\n` +
    (work.repairedStages > 0 || work.fallbackSteps > 0
      ? `${work.repairedStages} stages repaired to 0 ≤ f ≤ 1/ε keeping mass and energy; ` +
        `${work.fallbackSteps} steps fell back to implicit Euler\n`
      : "") +
    (status === "done" ? "" : `${status}\n`)
  );
}

/** f at the start, in the middle and at the end over the equilibrium. */
export function profilesPlot(
  header: RunHeader,
  chosen: readonly { time: number; f: Float64Array }[],
): string {
  const { faces } = header.grid;
  const x = Float64Array.from({ length: faces.length - 1 }, (_, i) => (faces[i]! + faces[i + 1]!) / 2);
  const m = x.map((r) => equilibriumValue(header.equilibrium, header.problem.epsilon, r));
  const marks = [
    { mark: "o", colour: 33 },
    { mark: "+", colour: 36 },
    { mark: "•", colour: 35 },
  ];
  return plot(
    [
      ...chosen.map(({ time, f }, k) => ({
        ...marks[k % 3]!,
        label: `t = ${significant(time, 4)}`,
        x,
        y: f,
      })),
      { label: "equilibrium M", mark: "·", colour: 37, x, y: m },
    ],
    { colours: process.stdout.isTTY === true, xLabel: "r = |v|" },
  );
}
