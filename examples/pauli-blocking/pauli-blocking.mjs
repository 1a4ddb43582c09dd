// Pauli blocking: the same gas, half hot and half cold, with collisions into states more and more forbidden as ε grows to what
// the data admit. node examples/pauli-blocking/pauli-blocking.mjs [PICTURE.svg]
import { equilibrium, equilibriumValue, saturation, simulate } from "landau-fermi-dirac";
import { chart } from "../svg.mjs";

// The mean of two Fermi–Dirac states of the same mass at 0.98 ε* of the mean energy, one near the ground state.
const mass = 1;
const energy = 3;
const largest = 0.98 * saturation(mass, energy);
const least = 0.6 * mass * ((3 * largest * mass) / (4 * Math.PI)) ** (2 / 3); // of a ball filled to 1/ε
const halves = [0.2, 1.8].map((share) =>
  equilibrium({ mass, energy: least + share * (energy - least), epsilon: largest }),
);
const initial = (r) => halves.reduce((sum, half) => sum + equilibriumValue(half, largest, r) / 2, 0);

const curves = [];
for (const share of [0, 0.5, 0.9, 1]) {
  const [times, moved] = [[], []];
  let start;
  await simulate(
    {
      epsilon: share * largest,
      initial,
      until: 30,
      samples: { count: 50, first: 0.01 },
      grid: { cells: 800 },
    },
    {
      profiles: false,
      onSample({ time }, f) {
        start ??= f;
        let [change, all] = [0, 0];
        start.forEach((before, i) => {
          const volume = (i + 1) ** 3 - i ** 3;
          change += (Math.abs(f[i] - before) * volume) / 2;
          all += before * volume;
        });
        times.push(time);
        moved.push((100 * change) / all);
      },
    },
  );
  curves.push({ label: share === 0 ? "ε = 0" : `ε = ${(0.98 * share).toFixed(2)} ε*`, x: times, y: moved });
  const k = moved.findIndex((percent) => percent > 0.5);
  console.log(`${curves.at(-1).label}: half a percent has moved by t = ${times[k].toPrecision(2)}`);
}
chart(process.argv[2] ?? "pauli-blocking.svg", {
  title: "Pauli blocking of a two-temperature gas",
  subtitle: "share of the particles that have changed their speed, from the same data",
  x: { label: "t", log: true, from: 0.01 },
  y: { label: "percent", log: true, from: 0.01 },
  curves,
});
