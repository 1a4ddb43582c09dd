// A diagnostic of one's own through an observer: the share of particles faster than 3 thermal speeds fills up only slowly.
// node examples/own-diagnostic/own-diagnostic.mjs [PICTURE.svg]
import { equilibriumValue, simulate } from "landau-fermi-dirac";
import { chart } from "../svg.mjs";

const epsilon = 1;
const times = [];
const shares = [];
let tail; // f ↦ share of the mass beyond the speed
let settled = 0;

await simulate(
  {
    epsilon,
    initial: { kind: "annulus", inner: 0.5, outer: 1.4, height: 0.6 },
    until: 100,
    samples: { count: 60, first: 1e-2 },
    grid: { cells: 800 },
  },
  {
    profiles: false,
    onStart({ grid: { faces }, equilibrium }) {
      const beyond = 3 * Math.sqrt(equilibrium.temperature);
      const first = faces.findIndex((r) => r >= beyond);
      const volume = (i) => faces[i + 1] ** 3 - faces[i] ** 3;
      tail = (f) => {
        let [all, fast] = [0, 0];
        f.forEach((value, i) => {
          all += value * volume(i);
          if (i >= first) fast += value * volume(i);
        });
        return fast / all;
      };
      settled = tail(
        Float64Array.from({ length: faces.length - 1 }, (_, i) =>
          equilibriumValue(equilibrium, epsilon, (faces[i] + faces[i + 1]) / 2),
        ),
      );
    },
    onSample({ time }, f) {
      times.push(time);
      shares.push(tail(f) / settled);
    },
  },
);
chart(process.argv[2] ?? "own-diagnostic.svg", {
  title: "The tail fills last",
  subtitle: "particles beyond 3 √T, over their number in equilibrium",
  x: { label: "t", log: true, from: 1e-2 },
  y: { label: "share of equilibrium", from: 0, to: 1.05 },
  curves: [
    { label: "tail", x: times, y: shares },
    { label: "equilibrium", x: times, y: times.map(() => 1), dashed: true },
  ],
});
console.log(
  `half filled by t = ${times[shares.findIndex((share) => share > 0.5)].toPrecision(3)}; at the end ${shares.at(-1).toPrecision(5)}`,
);
