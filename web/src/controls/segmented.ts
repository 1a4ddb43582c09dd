import { el, uniqueId } from "./dom.js";

/** A few words to choose one from, side by side: radio buttons in a fieldset. */
export function segmented<Value extends string>(
  legend: string,
  options: readonly (readonly [value: Value, label: string, explanation: string])[],
  choose: (value: Value) => void,
): { element: HTMLFieldSetElement; show(value: Value): void } {
  const name = uniqueId("choice");
  const inputs = new Map<Value, HTMLInputElement>();
  const element = el("fieldset", { class: "segmented" }, el("legend", {}, legend));
  const row = el("div", { class: "segments" });
  for (const [value, label, explanation] of options) {
    const input = el("input", { type: "radio", name, value });
    input.addEventListener("change", () => choose(value));
    inputs.set(value, input);
    row.append(el("label", { title: explanation }, input, el("span", {}, label)));
  }
  element.append(row);
  return {
    element,
    show(value) {
      const input = inputs.get(value);
      if (input) input.checked = true;
    },
  };
}
