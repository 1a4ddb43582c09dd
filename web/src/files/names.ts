import type { Run } from "../model/run.js";
import { isBare } from "./open.js";

/** What a run is about: `two-temperature-eps1`, or the name of the file it came from if that is all there is. */
function about(run: Run): string {
  const { label, header } = run;
  if (isBare(run)) return slug(label.replace(/\.\w+$/, ""));
  const { name, initial, epsilon } = header.problem;
  return `${slug(name ?? initial.kind)}-eps${short(epsilon)}`;
}

/** The name of a file with one sample, `two-temperature-eps1-t0.5.csv`, or with all: `two-temperature-eps1-t0-200.h5`. */
export function fileName(run: Run, extension: string, part: "all" | number, what = ""): string {
  const times = run.samples.map(({ time }) => short(time));
  const time = part === "all" ? `${times[0]}-${times.at(-1)}` : times[part];
  return `${about(run)}${what && `-${slug(what)}`}-t${time}.${extension}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Letters, digits, points and hyphens, which every file system takes. */
function slug(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replaceAll("ε", "eps")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9.]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return plain || "run";
}
