import { saturation } from "../equilibrium/equilibrium.js";
import { InputError } from "../errors.js";
import type { SectorSpectrum, Spectrum } from "../spectrum/spectrum.js";
import { spectrum } from "../spectrum/spectrum.js";
import { json, significant, small, table, wrap } from "./format.js";
import { curvePicture } from "./picture.js";
import { StatusLine } from "./status-line.js";
import { requireWritable, writeText } from "./text-file.js";

interface Options {
  mass: number;
  energy: number;
  epsilon?: number;
  cells?: number;
  sectors: number;
  along?: number;
  csv?: string;
  svg?: string;
  json?: boolean;
}

/** lfd spectrum */
export function printSpectrum(options: Options): void {
  const { mass, energy, epsilon, cells, sectors, along } = options;
  if (along !== undefined) {
    if (epsilon !== undefined) {
      throw new InputError(
        "--epsilon",
        "cannot be given with --along, which tries values from 0 to 0.995 ε*",
      );
    }
    printCurve(options, along);
    return;
  }
  for (const key of ["csv", "svg"] as const) {
    if (options[key] !== undefined) throw new InputError(`--${key}`, "needs --along");
  }
  if (epsilon === undefined) {
    throw new InputError("--epsilon", "missing; valid: 0 ≤ ε < ε*, or --along <n> for the range of ε");
  }
  const line = new StatusLine();
  const given = { mass, energy, epsilon, sectors, ...(cells === undefined ? {} : { cells }) };
  const result = spectrum(given, (ell) => line.draw(`sector ℓ = ${ell} of 0 … ${sectors - 1}`));
  line.clear();
  if (options.json) {
    process.stdout.write(json({ mass, energy, epsilon, ...result }));
    return;
  }
  process.stdout.write(
    wrap(
      `C_L ${result.upperBoundOnly ? "<" : "="} ${digits(result.constant, result.error)} ± ${small(result.error)}  ` +
        `(${where(result)}; ε/ε* = ${significant(result.filling, 6)})`,
    ) +
      wrap(higher(result)) +
      `essential spectrum from b²c/(b²c+1), c = ⅓∫s⁴M(1-εM)ds: ${significant(result.essentialEdge, 12)}\n\n` +
      table(
        ["ℓ", "bottom", "±", "what it is", "eigenvalues below the edge"],
        result.sectors.map((s) => [
          String(s.ell),
          digits(s.bottom, s.error),
          small(s.error),
          s.kind,
          String(s.below),
        ]),
      ),
  );
}

function where({ kind, ell, upperBoundOnly, sectors }: Spectrum): string {
  const what =
    kind === "isolated" ? `isolated eigenvalue, sector ℓ = ${ell}` : "edge of the essential spectrum";
  return upperBoundOnly ? `smallest of ℓ = 0 … ${sectors.length - 1}, an upper bound only: ${what}` : what;
}

/** What was counted beyond the sectors computed. */
function higher({ higherSectors: { from, to, found } }: Spectrum): string {
  if (found.length === 0) return `ℓ = ${from} … ${to}: no eigenvalue below it`;
  const list = found.map(({ ell, below }) => `${below} at ℓ = ${ell}`).join(", ");
  return `eigenvalues below it: ${list}; give --sectors ${found.at(-1)!.ell + 1} or more`;
}

/** As many digits as the error leaves, and two more. */
function digits(value: number, error: number): string {
  const known = Math.ceil(Math.log10(value / Math.max(error, 1e-15 * value)));
  return significant(value, Math.min(12, Math.max(4, known + 1)));
}

/** C_L and the bottoms of the sectors at values of ε/ε* spread over (0, 1). */
function printCurve(
  { mass, energy, cells = 4000, sectors, csv, svg, json: asJson }: Options,
  count: number,
): void {
  if (!(Number.isInteger(count) && count >= 2 && count <= 1000)) {
    throw new InputError("--along", `must be an integer from 2 to 1000, got ${count}`);
  }
  const limit = saturation(mass, energy);
  const [csvFile, svgFile] = [csv, svg].map((file) => (file === undefined ? file : requireWritable(file)));
  const line = new StatusLine();
  const points = Array.from({ length: count }, (_, k) => {
    const share = k === 0 ? 0 : (0.995 * k) / (count - 1);
    const epsilon = share * limit;
    line.draw(`ε/ε* = ${significant(share, 3)}, ${k + 1} of ${count}`);
    return { epsilon, ...spectrum({ mass, energy, epsilon, cells, sectors }) };
  });
  line.clear();
  const bottoms = (list: SectorSpectrum[]) => list.map(({ bottom }) => bottom);
  const headings = [
    "filling",
    "constant",
    "error",
    "upper_bound_only",
    "edge",
    ...points[0]!.sectors.map(({ ell }) => `l${ell}`),
  ];
  const rows = points.map((p) => [
    p.filling,
    p.constant,
    p.error,
    Number(p.upperBoundOnly),
    p.essentialEdge,
    ...bottoms(p.sectors),
  ]);
  if (csvFile)
    writeText(csvFile, `${headings.join(",")}\n${rows.map((row) => `${row.join(",")}\n`).join("")}`);
  if (svgFile) {
    const x = points.map((p) => p.filling);
    writeText(
      svgFile,
      curvePicture({
        title: `C_L of Theorem 5.4 against ε/ε*, ρ = ${mass}, E = ${energy}`,
        xLabel: "ε/ε*",
        yLabel: "smallest generalised eigenvalue",
        logY: true,
        curves: [
          { label: "essential edge", x, y: points.map((p) => p.essentialEdge), dashed: true },
          ...points[0]!.sectors.map(({ ell }, k) => ({
            label: `ℓ = ${ell}`,
            x,
            y: points.map((p) => p.sectors[k]!.bottom),
          })),
        ],
      }),
    );
  }
  if (asJson) {
    process.stdout.write(json({ mass, energy, points }));
    return;
  }
  process.stdout.write(
    table(
      ["ε/ε*", "C_L", "±", "edge", "found in"],
      points.map((p) => [
        significant(p.filling, 4),
        significant(p.constant, 6),
        small(p.error),
        significant(p.essentialEdge, 6),
        (p.kind === "isolated" ? `ℓ = ${p.ell}` : "edge") + (p.upperBoundOnly ? ", an upper bound only" : ""),
      ]),
    ),
  );
  const bounds = points.filter(({ upperBoundOnly }) => upperBoundOnly).length;
  if (bounds > 0) {
    process.stdout.write(
      `${bounds} of ${count} are the smallest of ℓ = 0 … ${sectors - 1} only: higher sectors have eigenvalues below\n`,
    );
  }
}
