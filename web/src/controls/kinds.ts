import { curves, type Initial } from "./physics.js";

export type Kind = Initial["kind"];

export const kindNames: Readonly<Record<Kind, string>> = {
  maxwellians: "Sum of Maxwellians",
  shell: "Gaussian shell",
  "fermi-dirac": "Fermi–Dirac state",
  annulus: "Annulus or ball",
  power: "Power law",
  table: "Drawn by hand or pasted",
};

export const kinds = Object.keys(kindNames) as Kind[];

/** Points of a table that is drawn by hand. */
export const drawnPoints = 48;

/** Something to start from when a kind is chosen: admissible at this ε, and for a table what was there before. */
export function defaultsOf(kind: Kind, before: Initial, epsilon: unknown): Initial {
  const most = typeof epsilon === "number" && epsilon > 1 ? 1 / epsilon : 1;
  const part = (share: number) => Number((share * most).toPrecision(3));
  switch (kind) {
    case "maxwellians":
      return {
        kind,
        components: [
          { density: part(0.7), temperature: 0.5 },
          { density: part(0.3), temperature: 2 },
        ],
      };
    case "shell":
      return { kind, amplitude: part(0.8), radius: 1, width: 0.3 };
    case "fermi-dirac":
      return { kind, a: 5, b: 1 };
    case "annulus":
      return { kind, inner: 1, outer: 1.5, height: part(0.9) };
    case "power":
      return { kind, height: part(0.5), scale: 1, exponent: 9 };
    case "table":
      return tableOf(before, typeof epsilon === "number" ? epsilon : 0);
  }
}

/** `initial` at even radii, as a table to draw on. */
function tableOf(initial: Initial, epsilon: number): Initial {
  try {
    const { r, f } = curves(initial, epsilon, drawnPoints);
    return evenTable(r.at(-1)!, [...f.slice(0, -1), 0]);
  } catch {
    return evenTable(
      2,
      Array.from({ length: drawnPoints }, (_, k) => 0.5 * Math.exp(-((k / 12) ** 2))),
    );
  }
}

/** A table of `f` at even radii from 0 to `end`, in numbers short enough for a link. */
export function evenTable(end: number, f: readonly number[]): Initial {
  const spacing = end / (f.length - 1);
  return {
    kind: "table",
    r: f.map((_, k) => Number((k * spacing).toPrecision(4))),
    f: f.map(roundedDown),
  };
}

/** To three significant digits, never up: f ≤ 1/ε stays true. */
function roundedDown(value: number): number {
  const rounded = Number(value.toPrecision(3));
  if (rounded <= value) return rounded;
  return Number((value - 0.5 * 10 ** (Math.floor(Math.log10(value)) - 2)).toPrecision(3));
}
