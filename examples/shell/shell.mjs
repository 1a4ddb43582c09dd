// A shell of classical particles fills its centre and becomes a Maxwellian (Rosenbluth, MacDonald and Chuck, 1957):
// node examples/shell/shell.mjs [PICTURE.svg]
import { equilibriumValue, namedProblems, radialNodes, simulate } from "landau-fermi-dirac";
import { chart } from "../svg.mjs";

const problem = { ...namedProblems.rosenbluth.problem, grid: { cells: 1000, radius: 1 } };
const { grid, equilibrium, profiles, samples, conservation } = await simulate(problem);

const r = radialNodes(grid.faces);
const shown = [0, 1, 2, 4, 8];
chart(process.argv[2] ?? "shell.svg", {
  title: "A shell relaxes",
  subtitle: "f(r) of the Rosenbluth–MacDonald–Chuck problem, ε = 0",
  x: { label: "r = |v|", from: 0, to: 0.7 },
  y: { label: "f", from: 0 },
  curves: [
    ...shown.map((k) => ({ label: `t = ${samples[k].time}`, x: r, y: profiles[k] })),
    { label: "Maxwellian", x: r, y: r.map((v) => equilibriumValue(equilibrium, 0, v)), dashed: true },
  ],
});
console.log(
  `f(0) at the end: ${samples.at(-1).center.toPrecision(6)}; energy kept to ${conservation.energy.toExponential(0)}`,
);
