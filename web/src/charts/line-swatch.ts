import { dashes, type Line } from "./picture.js";

const svg = "http://www.w3.org/2000/svg";

/** A short piece of the line, for the legend; its colour is that of the class. */
export function lineSwatch({ colour, dash, width }: Line): SVGSVGElement {
  const swatch = document.createElementNS(svg, "svg");
  swatch.setAttribute("class", `chart-swatch chart-${colour}`);
  swatch.setAttribute("viewBox", "0 0 36 10");
  swatch.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg, "line");
  for (const [name, value] of Object.entries({ x1: 1, y1: 5, x2: 35, y2: 5 })) {
    line.setAttribute(name, String(value));
  }
  line.setAttribute("stroke", "currentColor");
  line.setAttribute("stroke-width", String(width));
  line.setAttribute("stroke-dasharray", dashes[dash].join(" "));
  swatch.append(line);
  return swatch;
}
