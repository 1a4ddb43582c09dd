import { element } from "./element.js";
import { lineSwatch } from "./line-swatch.js";
import { numberText } from "./number-text.js";
import type { Line } from "./picture.js";

interface Entry {
  looks: string;
  item: HTMLLIElement;
  button: HTMLButtonElement;
  label: HTMLElement;
  value: HTMLElement;
}

/** The lines of a chart by name, each a button that hides it, with their values at the cursor. */
export class Legend {
  readonly element = element("ul", "chart-legend");
  readonly hidden = new Set<string>();
  /** Where the values are read: "r = 1.2". */
  readonly position = element("span", "chart-position");
  readonly #entries = new Map<string, Entry>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** `drawn`: keys of the lines in view. */
  update(lines: readonly Line[], drawn: ReadonlySet<string>): void {
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, { item }] of this.#entries) {
      if (keys.has(key)) continue;
      item.remove();
      this.#entries.delete(key);
    }
    for (const line of lines) {
      const entry = this.#entryOf(line);
      const outside = line.kind === "level" && !this.hidden.has(line.key) && !drawn.has(line.key);
      const text = outside ? `${line.label} (outside)` : line.label;
      if (entry.label.textContent !== text) {
        entry.label.textContent = text;
        entry.button.title = `Show or hide: ${text}`; // all of it, should it be cut off
      }
      entry.button.setAttribute("aria-pressed", String(!this.hidden.has(line.key)));
    }
    lines.forEach((line, k) => {
      const { item } = this.#entries.get(line.key)!;
      const place = this.element.children[k] ?? null;
      if (place !== item) this.element.insertBefore(item, place);
    });
  }

  /** Shows values by key, and where they are read. */
  read(position?: string, values?: ReadonlyMap<string, number>): void {
    this.position.textContent = position ?? "";
    for (const [key, { value }] of this.#entries) {
      const read = values?.get(key);
      value.textContent = read === undefined ? "" : Number.isNaN(read) ? "–" : numberText(read, 4);
    }
  }

  #entryOf(line: Line): Entry {
    const looks = `${line.colour} ${line.dash} ${line.width}`;
    const known = this.#entries.get(line.key);
    if (known?.looks === looks) return known;
    known?.item.remove();
    const item = element("li", "");
    const button = element("button", "chart-line");
    button.type = "button";
    const label = element("span", "chart-label");
    const value = element("span", "chart-value");
    value.setAttribute("aria-hidden", "true");
    button.append(lineSwatch(line), label);
    item.append(button);
    if (line.kind === "curve") item.append(value);
    button.addEventListener("click", () => {
      if (!this.hidden.delete(line.key)) this.hidden.add(line.key);
      this.#changed();
    });
    const entry = { looks, item, button, label, value };
    this.#entries.set(line.key, entry);
    return entry;
  }
}
