import { svg } from "./dom.js";
import { curves, type Initial } from "./physics.js";

const width = 96;
const height = 40;

/** A small picture of f(r, 0) as a line over the equilibrium it goes to. */
export function thumbnail(initial: Initial, epsilon: number): SVGSVGElement {
  const { r, f, m } = curves(initial, epsilon, 160);
  const end = r.at(-1)!;
  const top = Math.max(...f, ...m) * 1.08;
  const path = (values: number[]) =>
    values
      .map(
        (value, k) =>
          `${k ? "L" : "M"}${((width * r[k]!) / end).toFixed(1)} ${(height * (1 - value / top)).toFixed(1)}`,
      )
      .join("");
  return svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      class: "thumbnail",
      preserveAspectRatio: "none",
      "aria-hidden": "true",
      focusable: "false",
    },
    svg("path", { class: "thumbnail-after", d: `${path(m)}V${height}H0Z` }),
    svg("path", { class: "thumbnail-before", d: path(f) }),
  );
}
