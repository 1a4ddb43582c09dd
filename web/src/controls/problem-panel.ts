import type { MethodName } from "landau-fermi-dirac";
import { defaults } from "../../../dist/problem/defaults.js";
import { radiusRemarks } from "../model/remarks.js";
import type { Session } from "../model/session.js";
import { pageLimits, typed } from "../model/state.js";
import type { Trouble } from "../model/trouble.js";
import { el, setText, uniqueId } from "./dom.js";
import { choiceField, type Field, fill, frame, numberBox, numberField, twoDigits } from "./field.js";
import { grouped } from "./format.js";
import { initialEditor } from "./initial.js";
import { short } from "./physics.js";
import type { ProblemStore } from "./problem-store.js";
import { quantumFields } from "./quantum.js";

const methodLabels: Readonly<Record<MethodName, string>> = {
  sdirk4: "SDIRK4, order 4",
  sdirk2: "SDIRK2, order 2",
  "implicit-euler": "Implicit Euler, order 1",
};

/** Every control of the problem, in four groups, each with its troubles beside it. */
export function mountProblemPanel(
  root: HTMLElement,
  store: ProblemStore,
  session: Session,
): { focusTrouble(): void } {
  const trouble = el("p", { class: "trouble", role: "alert" });
  const initial = initialEditor(store);
  const quantum = quantumFields(store);
  const domain = [
    numberField(store, "grid.cells", {
      label: "Cells",
      symbol: "N",
      range: "10² … 10⁶",
      hint: "Finite volumes in r; 20 000 take about a second.",
      slider: { minimum: 100, maximum: 1e6, spacing: "log", round: twoDigits },
    }),
    radiusField(store, session),
    numberField(store, "until", {
      label: "Until",
      symbol: "t",
      range: "> 0",
      hint: "Where the run ends, in collision times.",
      slider: { minimum: 0.01, maximum: 1e5, spacing: "log", round: twoDigits },
    }),
    samplesField(store),
    choiceField(
      store,
      "samples.spacing",
      {
        label: "Spacing",
        range: "log or linear",
        hint: "How samples follow in time; log sees the first instants.",
        absent: "As listed",
      },
      [
        ["log", "Logarithmic"],
        ["linear", "Linear"],
      ],
      (spacing) => {
        const { at, count = at?.length } = store.at("samples") as { at?: number[]; count?: unknown };
        store.set("samples", { count, spacing });
      },
    ),
  ];
  const numerics = [
    numberField(store, "tolerance", {
      label: "Tolerance",
      range: "1e-12 … 0.1",
      hint: "Relative L¹ error in time of f over the run.",
      slider: {
        minimum: 1e-12,
        maximum: 0.1,
        spacing: "log",
        round: (value) => Number(value.toPrecision(1)),
      },
    }),
    choiceField(
      store,
      "method",
      { label: "Method", range: "order 4, 2 or 1", hint: "How time is stepped; all keep mass and energy." },
      Object.entries(methodLabels),
    ),
    numberField(store, "step", {
      label: "Fixed step",
      symbol: "Δt",
      range: "> 0, or empty",
      hint: "Empty: as the tolerance asks for.",
    }),
  ];

  root.append(
    trouble,
    group("Initial state", initial.element),
    group("Pauli blocking", quantum.element),
    group("Grid and time", body(domain)),
    group("Numerics", body(numerics)),
  );

  const always = [...quantum.fields, ...domain, ...numerics];
  const fields = () => [...initial.fields(), ...always];
  const refresh = () => {
    initial.fields()[0]!.refresh(); // the kind; may make other fields
    for (const field of fields()) field.refresh();
    complain();
  };
  const complain = () => {
    const all = fields();
    const found = store.trouble && fieldFor(all, store.trouble);
    for (const field of all) {
      field.complain(field.key === found?.key ? store.trouble!.reason : undefined);
    }
    setText(trouble, store.trouble ? sentence(store.trouble, found?.label) : "");
  };
  store.addEventListener("change", refresh);
  store.addEventListener("refuse", complain);
  session.on("run", () => {
    for (const field of domain) field.refresh();
  });
  refresh();
  return {
    focusTrouble() {
      if (store.trouble) fieldFor(fields(), store.trouble)?.focus();
    },
  };
}

/** The field whose key is the trouble's, or the nearest above or beside it. */
function fieldFor(fields: Field[], { key }: Trouble): Field | undefined {
  return (
    fields.find((field) => field.key === key) ??
    fields.find((field) => key.startsWith(`${field.key}.`)) ??
    fields.find((field) => field.key.startsWith(`${key.split(".")[0]}.`))
  );
}

function sentence({ key, reason, further }: Trouble, label = key): string {
  return ["Not started.", ...[`${label}: ${reason}`, ...further].map((line) => `${line}.`)].join(" ");
}

function group(title: string, content: HTMLElement): HTMLElement {
  const heading = el("h3", { id: uniqueId("group") }, title);
  return el("div", { class: "group", role: "group", "aria-labelledby": heading.id }, heading, content);
}

function body(fields: Field[]): HTMLElement {
  return el("div", { class: "group-body" }, ...fields.map(({ element }) => element));
}

/** R: found from the data, or given. */
function radiusField(store: ProblemStore, session: Session): Field {
  const key = "grid.radius";
  const box = numberBox((value) => store.set(key, value));
  box.name = key;
  const automatic = el("input", { type: "checkbox", id: uniqueId("automatic") });
  const check = el("label", { class: "check", for: automatic.id }, automatic, "automatic");
  const chosen = () => session.run?.header.grid.radius;
  const { element, label, complain, focus, hint } = frame(
    { label: "Radius", symbol: "R", range: "> 0", hint: "Where the grid ends." },
    [box],
    [check],
  );
  const remark = el("p", { class: "remark", role: "status" });
  element.append(remark);
  automatic.addEventListener("change", () => {
    store.set(key, automatic.checked ? "auto" : Number(short(chosen() ?? 5)));
  });
  const refresh = () => {
    const value = store.at(key);
    automatic.checked = value === "auto";
    box.disabled = automatic.checked;
    const radius = chosen();
    if (value === "auto") box.value = radius === undefined ? "" : short(radius);
    else fill(box, value === undefined ? "" : typed(value));
    setText(
      hint,
      value === "auto"
        ? "Where the grid ends: beyond, nothing is left that counts."
        : "Where the grid ends; what lies beyond is left out.",
    );
    const own = session.run?.source === store.valid && !store.trouble ? session.run : undefined;
    setText(remark, own ? radiusRemarks(own).join(" ") : "");
  };
  box.addEventListener("blur", refresh);
  return { element, key, label, refresh, complain, focus };
}

/** How many samples; a list of times, from a file or a link, stays until a number is entered. */
function samplesField(store: ProblemStore): Field {
  const key = "samples.count";
  const [least, most] = pageLimits.samples;
  const box = numberBox((value) => {
    const { spacing = defaults.samples.spacing, first } = (store.at("samples") ?? {}) as {
      spacing?: string;
      first?: number;
    };
    store.set("samples", { count: value, spacing, ...(first === undefined ? {} : { first }) });
  });
  box.name = key;
  const { element, label, complain, focus, hint } = frame(
    { label: "Samples", range: `${least} … ${grouped(most)}`, hint: "" },
    [box],
  );
  const refresh = () => {
    const samples = (store.at("samples") ?? {}) as { at?: unknown[]; count?: unknown };
    fill(box, samples.at ? String(samples.at.length) : String(samples.count ?? ""));
    setText(
      hint,
      samples.at
        ? "Times from a file or link; a number here replaces them."
        : "States kept and shown between 0 and the end.",
    );
  };
  box.addEventListener("blur", refresh);
  return { element, key, label, refresh, complain, focus };
}
