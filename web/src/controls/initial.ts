import { button, el, setText, uniqueId } from "./dom.js";
import { type Field, type FieldText, frame, numberField } from "./field.js";
import { defaultsOf, type Kind, kindNames, kinds } from "./kinds.js";
import type { Initial } from "./physics.js";
import type { ProblemStore } from "./problem-store.js";
import { tableEditor } from "./table-editor.js";

const parameters: Readonly<
  Record<Exclude<Kind, "maxwellians" | "table">, readonly (FieldText & { key: string })[]>
> = {
  shell: [
    { key: "amplitude", label: "Amplitude", range: "> 0, ≤ 1/ε", hint: "f at the middle of the shell." },
    { key: "radius", label: "Radius", range: "≥ 0", hint: "Where the shell's middle lies, in r." },
    { key: "width", label: "Width", range: "> 0", hint: "f falls by e at this distance from the middle." },
  ],
  "fermi-dirac": [
    {
      key: "a",
      label: "Amplitude",
      symbol: "a",
      range: "> 0",
      hint: "f = a e^(−br²) / (1 + εa e^(−br²)): already at rest.",
    },
    { key: "b", label: "Inverse temperature", symbol: "b", range: "> 0", hint: "b = 1/(2T)." },
  ],
  annulus: [
    { key: "inner", label: "Inner radius", range: "≥ 0, < outer", hint: "0 makes it a ball." },
    { key: "outer", label: "Outer radius", range: "> inner", hint: "Nothing lies beyond." },
    { key: "height", label: "Height", range: "> 0, ≤ 1/ε", hint: "f between the two radii." },
  ],
  power: [
    { key: "height", label: "Height", range: "> 0, ≤ 1/ε", hint: "f at the origin." },
    { key: "scale", label: "Scale", range: "> 0", hint: "Where the power law takes over, in r." },
    {
      key: "exponent",
      label: "Exponent",
      range: "> 5",
      hint: "f falls as r to minus this; at 5 the energy is infinite.",
    },
  ],
};

/** The kind of initial data and the parameters of that kind. `fields` is asked anew after every change of kind. */
export function initialEditor(store: ProblemStore): { element: HTMLElement; fields: () => Field[] } {
  const kept = new Map<Kind, Initial>();
  const select = el(
    "select",
    { name: "initial.kind" },
    ...kinds.map((kind) => el("option", { value: kind }, kindNames[kind])),
  );
  const kindFrame = frame({ label: "Kind", range: "f(r, 0)", hint: "The shape to begin with." }, [select]);
  const body = el("div", { class: "group-body parameters" });
  let inner: Field[] = [];
  let shape = "";

  select.addEventListener("change", () => {
    const kind = select.value as Kind;
    const old = store.at("initial") as Initial;
    kept.set(old.kind, old);
    store.set("initial", kept.get(kind) ?? defaultsOf(kind, old, store.at("epsilon")));
  });

  const rebuild = () => {
    const initial = store.at("initial") as Initial;
    body.replaceChildren();
    if (initial.kind === "maxwellians") inner = components(store, body);
    else if (initial.kind === "table") {
      const editor = tableEditor(store);
      body.append(editor.element);
      inner = editor.fields;
    } else {
      inner = parameters[initial.kind].map((text) => numberField(store, `initial.${text.key}`, text));
      body.append(...inner.map(({ element }) => element));
    }
  };

  const kindField: Field = {
    ...kindFrame,
    key: "initial",
    refresh() {
      const initial = store.at("initial") as Initial;
      select.value = initial.kind;
      const now = `${initial.kind} ${initial.kind === "maxwellians" ? initial.components.length : ""}`;
      if (now === shape) return;
      shape = now;
      rebuild();
    },
  };
  return {
    element: el("div", { class: "group-body" }, kindFrame.element, body),
    fields: () => [kindField, ...inner],
  };
}

const mostComponents = 6;

/** One row of density and temperature for each Maxwellian, and the means to add and to remove one. */
function components(store: ProblemStore, body: HTMLElement): Field[] {
  const list = () => store.at("initial.components") as { density: unknown; temperature: unknown }[];
  const count = list().length;
  const fields: Field[] = [];
  const status = el("p", { class: "visually-hidden", role: "status" });
  for (let i = 0; i < count; i++) {
    const which = count > 1 ? "₁₂₃₄₅₆"[i]! : "";
    const row = [
      numberField(store, `initial.components.${i}.density`, {
        label: "Density",
        symbol: `n${which}`,
        range: "> 0",
        hint: "Its mass.",
      }),
      numberField(store, `initial.components.${i}.temperature`, {
        label: "Temperature",
        symbol: `T${which}`,
        range: "> 0",
        hint: "Energy 3nT.",
      }),
    ];
    fields.push(...row);
    const set = el(
      "fieldset",
      { class: "component" },
      el("legend", { id: uniqueId("component") }, `Maxwellian ${i + 1}`),
    );
    set.append(...row.map(({ element }) => element));
    if (count > 1) {
      const remove = button("Remove", "M3 8h10", {
        class: "quiet remove-component",
        "aria-label": `Remove Maxwellian ${i + 1}`,
      });
      remove.addEventListener("click", () => {
        store.set(
          "initial.components",
          list().filter((_, k) => k !== i),
        );
        // this button is gone with its row
        body.querySelector<HTMLInputElement>("input")?.focus();
      });
      set.append(remove);
    }
    body.append(set);
  }
  const add = button("Add a Maxwellian", "M8 3v10M3 8h10", { class: "quiet add-component" });
  add.disabled = count >= mostComponents;
  add.addEventListener("click", () => {
    const old = list();
    const last = old.at(-1)!;
    const temperature = typeof last.temperature === "number" ? last.temperature * 2 : 1;
    const density = typeof last.density === "number" ? Number((last.density / 4).toPrecision(2)) : 0.1;
    store.set("initial.components", [...old, { density, temperature }]);
    body.querySelector<HTMLButtonElement>(".add-component")?.focus();
    setText(status, `Maxwellian ${old.length + 1} added`);
  });
  body.append(add, status);
  return fields;
}
