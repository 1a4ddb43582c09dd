import { parseNumber, typed } from "../model/state.js";
import { el, setAttributes, setText, uniqueId } from "./dom.js";
import type { ProblemStore } from "./problem-store.js";

/** A labelled control bound to one key of the problem. */
export interface Field {
  element: HTMLElement;
  /** Key path whose troubles are shown here. */
  key: string;
  label: string;
  /** Shows what the store has. */
  refresh(): void;
  /** Shows what is wrong, or that nothing is. */
  complain(message: string | undefined): void;
  focus(): void;
}

export interface FieldText {
  label: string;
  /** The symbol of the quantity, after the label. */
  symbol?: string;
  /** Unit or range, at the end of the label's line. */
  range: string;
  /** One line that says what it is. */
  hint: string;
}

/** The frame around a control: label, range, the control itself, explanation, what is wrong. */
export function frame(
  text: FieldText,
  controls: (HTMLInputElement | HTMLSelectElement)[],
  extra: Node[] = [],
) {
  const [first, ...others] = controls as [HTMLInputElement | HTMLSelectElement];
  first.id ||= uniqueId("field");
  const labelId = `${first.id}-label`;
  const rangeId = `${first.id}-range`;
  const hintId = `${first.id}-hint`;
  const errorId = `${first.id}-error`;
  const label = el("label", { for: first.id, id: labelId, class: "field-label" }, text.label);
  if (text.symbol) label.append(" ", el("var", {}, text.symbol));
  const error = el("p", { class: "error", id: errorId, hidden: true });
  for (const control of controls) {
    setAttributes(control, {
      "aria-describedby": `${rangeId} ${hintId} ${errorId}`,
      ...(control === first ? {} : { "aria-labelledby": labelId }),
    });
  }
  const range = el("span", { class: "range", id: rangeId }, text.range);
  const hint = el("span", { id: hintId }, text.hint);
  const element = el(
    "div",
    { class: "field" },
    label,
    first,
    ...(others.length + extra.length > 0 ? [el("div", { class: "field-more" }, ...others, ...extra)] : []),
    el("p", { class: "hint" }, range, " ", hint),
    error,
  );
  return {
    element,
    label: text.label,
    range,
    hint,
    complain(message: string | undefined) {
      for (const control of controls)
        setAttributes(control, { "aria-invalid": message ? "true" : undefined });
      error.hidden = !message;
      setText(error, message ?? "");
    },
    focus: () => first.focus(),
  };
}

/** A box for a number; what is no number goes to the store as it is, to be refused there. */
export function numberBox(commit: (value: number | string | undefined) => void): HTMLInputElement {
  const box = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    class: "number",
  });
  box.addEventListener("input", () => {
    const value = parseNumber(box.value);
    commit(value === "" ? undefined : value);
  });
  return box;
}

/** As many characters as fit into a box beside its label. */
const beside = 10;

/** Writes into a box unless someone is typing in it; what is long gets the whole line. */
export function fill(box: HTMLInputElement, text: string): void {
  if (document.activeElement === box) return;
  if (box.value !== text) box.value = text;
  box.closest(".field")?.classList.toggle("long-number", text.length > beside);
}

export interface Slider {
  minimum: number;
  maximum: number;
  spacing: "log" | "linear";
  /** What becomes of a value picked with the slider: fewer digits. */
  round(value: number): number;
}

const notches = 1000;

/** A range input over `slider`, whose maximum may change. */
export function slideInput(slider: Slider, pick: (value: number) => void): HTMLInputElement {
  const input = el("input", { type: "range", min: 0, max: notches, step: 1, class: "slider" });
  input.addEventListener("input", () => {
    const { minimum, maximum, spacing, round } = slider;
    const part = Number(input.value) / notches;
    const value =
      spacing === "log" ? minimum * (maximum / minimum) ** part : minimum + (maximum - minimum) * part;
    pick(Math.min(maximum, Math.max(minimum, round(value))));
  });
  return input;
}

export function placeSlider(input: HTMLInputElement, slider: Slider, value: unknown, words: string): void {
  const { minimum, maximum, spacing } = slider;
  if (typeof value === "number" && Number.isFinite(value)) {
    const part =
      spacing === "log"
        ? Math.log(value / minimum) / Math.log(maximum / minimum)
        : (value - minimum) / (maximum - minimum);
    const position = String(Math.round(notches * Math.min(1, Math.max(0, part || 0))));
    if (input.value !== position) input.value = position;
  }
  setAttributes(input, { "aria-valuetext": words });
}

/** A number of the problem, with a slider beside it if one is given. */
export function numberField(store: ProblemStore, key: string, text: FieldText & { slider?: Slider }): Field {
  const box = numberBox((value) => store.set(key, value));
  box.name = key;
  const { slider } = text;
  const range = slider && slideInput(slider, (value) => store.set(key, value));
  const { element, label, complain, focus } = frame(text, range ? [box, range] : [box]);
  const refresh = () => {
    const value = store.at(key);
    fill(box, value === undefined ? "" : typed(value));
    if (range) placeSlider(range, slider, value, typed(value));
  };
  box.addEventListener("blur", refresh);
  return { element, key, label, refresh, complain, focus };
}

/** One of several words of the problem; `absent` is shown where the key is not given. */
export function choiceField(
  store: ProblemStore,
  key: string,
  text: FieldText & { absent?: string },
  options: readonly (readonly [value: string, label: string])[],
  choose: (value: string) => void = (value) => store.set(key, value),
): Field {
  const none = el("option", { value: "" }, text.absent ?? "");
  const select = el(
    "select",
    { name: key },
    ...options.map(([value, label]) => el("option", { value }, label)),
  );
  select.addEventListener("change", () => {
    if (select.value !== "") choose(select.value);
  });
  const { element, label, complain, focus } = frame(text, [select]);
  return {
    element,
    key,
    label,
    refresh() {
      const value = store.at(key);
      if (value !== undefined || !text.absent) none.remove();
      else select.prepend(none);
      select.value = value === undefined ? "" : String(value);
    },
    complain,
    focus,
  };
}

/** To two significant digits: what a hand on a slider means. */
export const twoDigits = (value: number): number => Number(value.toPrecision(2));
