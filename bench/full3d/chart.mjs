// node bench/full3d/chart.mjs: docs/images/full3d.svg from bench/results.json (what `npm run bench -- full3d petsc` stored).
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { chart, machine } from "../chart.mjs";
import { results } from "../results.mjs";

const axes = { x: "CPU seconds", y: "relative error", legend: "bottom" };
const file = new URL("../../docs/images/full3d.svg", import.meta.url);

/** Draws error against time: one panel a case. */
export async function writeChart() {
  const { full3d, petsc } = await results();
  if (!full3d) throw new Error("bench/results.json has no full3d results: npm run bench -- full3d");
  const beside = petsc && {
    name: "PETSc 2V, by unknowns",
    line: false,
    points: [
      ...petsc.runs.map(({ cpu, error }) => ({ x: cpu, y: error })),
      ...petsc.extrapolations.map(({ cpu, error, dofs }) => ({
        x: cpu,
        y: error,
        open: true,
        label: String(dofs),
      })),
    ],
  };
  const panels = [
    { name: "shell", title: "smooth shell, ε = 0: profile f(r)", key: "profile" },
    { name: "degenerate", title: "the same, ε = 76, half of saturation: profile", key: "profile" },
    { name: "mixture", title: "two temperatures, ε = 0, t = 100: M₄(t) - M₄(0)", key: "growth" },
  ]
    .filter(({ name }) => full3d.cases[name])
    .map(({ name, title, key }) => ({
      ...axes,
      title,
      series: [...both(full3d.cases[name], key), ...(name === "mixture" && beside ? [beside] : [])],
    }));
  await writeFile(
    file,
    chart(
      panels,
      `CPU seconds of one thread; open marks are extrapolated (3D in n, PETSc in its step). ${machine(full3d, "npm run bench -- full3d petsc")}`,
    ),
  );
}

/** The two solvers of a case, and where 3D would have the radial solver's error at 10⁴ cells. */
function both({ runs, method, needed }, key) {
  const points = (solver, name, letter) =>
    runs
      .filter((run) => run.solver === solver && run.method === name)
      .map(({ cpu, errors, cells }) => ({
        x: cpu,
        y: errors[key],
        label: `${letter} = ${cells >= 100 ? `10${superscript(Math.log10(cells))}` : cells}`,
      }));
  const { n, hours, goal, extrapolated } = needed[key];
  const beyond = { x: 3600 * hours, y: goal, label: `n ≈ ${n.toFixed(0)}`, open: true };
  return [
    { name: "radial", points: points("radial", "sdirk4", "N") },
    { name: "3D", points: [...points("3d", method, "n"), ...(extrapolated ? [beyond] : [])] },
  ];
}

const superscript = (power) => [..."⁰¹²³⁴⁵⁶⁷⁸⁹"][power];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await writeChart();
