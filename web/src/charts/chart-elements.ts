import { element } from "./element.js";
import { keysInWords, pickInWords } from "./keys.js";
import type { Legend } from "./legend.js";

/** Milliseconds for which a hint stays. */
const hinting = 1500;

interface ChartNames {
  id: string;
  title: string;
  tall?: boolean;
  live?: boolean;
  pick?: unknown;
}

/** The elements of a chart and how they are named for those who do not see them. */
export class ChartElements {
  readonly root = element("figure", "chart");
  /** Takes the focus, the keys and the pointer. */
  readonly host = element("div", "chart-host");
  /** uPlot's parent. */
  readonly plot = element("div", "chart-plot");
  readonly reset = element("button", "chart-reset", "Reset zoom");
  readonly details = element("details", "chart-details");
  readonly table = element("div", "chart-scroll");
  /** The values at the cursor, for those who move it by keys. */
  readonly reading = element("p", "chart-reading");
  readonly #summary = element("p", "chart-summary");
  readonly #hint = element("p", "chart-hint", "Click the chart first, or hold Ctrl, to zoom with the wheel");
  #hinting: ReturnType<typeof setTimeout> | undefined;
  readonly #empty = element("p", "chart-empty");

  constructor({ id, title, tall = false, live = false, pick }: ChartNames, legend: Legend) {
    const { root, host, plot, reset, details, table, reading } = this;
    root.id = `chart-${id}`;
    root.classList.toggle("chart-tall", tall);
    const heading = element("h2", "chart-title", title);
    heading.id = `chart-${id}-title`;
    root.setAttribute("aria-labelledby", heading.id);
    const keys = element("p", "chart-keys", keysInWords + (pick ? pickInWords : ""));
    keys.id = `chart-${id}-keys`;
    host.tabIndex = 0;
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", `${title}: plot`);
    host.setAttribute("aria-describedby", keys.id);
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", title);
    reset.type = "button";
    reset.hidden = true;
    this.#empty.hidden = true;
    this.#hint.hidden = true;
    this.#hint.setAttribute("aria-hidden", "true"); // pointers only; the keys are told otherwise
    host.append(plot, this.#empty, this.#hint);
    reading.setAttribute("aria-live", "polite");

    // Nine charts change at once; only one of them should speak.
    const summary = this.#summary;
    summary.setAttribute("aria-live", live ? "polite" : "off");
    if (!live) {
      root.addEventListener("focusin", () => summary.setAttribute("aria-live", "polite"));
      root.addEventListener("focusout", () => summary.setAttribute("aria-live", "off"));
    }

    table.tabIndex = 0;
    table.setAttribute("role", "region");
    table.setAttribute("aria-label", `${title}: data table`);
    details.append(element("summary", "", "Data table"), table);
    const head = element("div", "chart-head");
    legend.position.setAttribute("aria-hidden", "true");
    head.append(heading, legend.position, reset);
    root.append(head, host, keys, legend.element, summary, reading, details);
  }

  /** Words in place of the plot; without, the plot. */
  say(empty: string | undefined, hasData: boolean): void {
    this.details.hidden = !hasData;
    if ((this.#empty.textContent ?? "") !== (empty ?? "")) this.#empty.textContent = empty ?? "";
    this.#empty.hidden = empty === undefined;
    this.root.classList.toggle("chart-is-empty", empty !== undefined);
  }

  /** Says for a while how the wheel zooms. */
  hint(): void {
    clearTimeout(this.#hinting);
    this.#hint.hidden = false;
    this.#hinting = setTimeout(() => (this.#hint.hidden = true), hinting);
  }

  summarise(words: string): void {
    if (this.#summary.textContent === words) return;
    this.#summary.textContent = words;
    this.plot.setAttribute("aria-label", words);
  }
}
