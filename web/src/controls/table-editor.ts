import { InputError } from "landau-fermi-dirac";
import { parseTable } from "../../../dist/problem/table.js";
import { fitsLink } from "../model/state.js";
import { defaultView } from "../model/view.js";
import { button, el, setText } from "./dom.js";
import { DrawPad } from "./draw-pad.js";
import { type Field, fill, frame, numberBox } from "./field.js";
import { drawnPoints, evenTable } from "./kinds.js";
import { short } from "./physics.js";
import type { ProblemStore } from "./problem-store.js";

/** Rows that the page can judge between two pictures. */
const mostRows = 10_000;
/** Points that can be moved one by one. */
const mostHandles = 64;

/** Rows that a link always has room for. */
const alwaysFit = 1000;
const outOfAddress =
  "too many for the address, which holds all but the table: a reload or a link would be without it. Export the YAML to keep it.";

interface Table {
  kind: "table";
  r: number[];
  f: number[];
}

/** Makes a table the initial data. Throws InputError if it is too long for the page. */
export function useTable(store: ProblemStore, r: number[], f: number[]): void {
  if (r.length > mostRows) {
    throw new InputError(
      "rows",
      `${r.length} are too many for the page, at most ${mostRows}; lfd run takes them`,
    );
  }
  store.set("initial", { kind: "table", r, f });
}

/** f(r, 0) as a table: drawn on a pad, or pasted. */
export function tableEditor(store: ProblemStore): { element: HTMLElement; fields: Field[] } {
  const table = () => store.at("initial") as Table;
  let top = 0;

  const pad = new DrawPad((f) => put(table().r, f));
  const put = (r: readonly number[], f: readonly number[]) => {
    store.set("initial", r.length > mostHandles ? resampled(r, f) : { kind: "table", r, f: f.map(floored) });
  };

  const topBox = numberBox((value) => {
    if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
      topFrame.complain("a number > 0");
      return;
    }
    topFrame.complain(undefined);
    top = value;
    show();
  });
  const topFrame = frame(
    {
      label: "Top of the pad",
      symbol: "f",
      range: "> 0",
      hint: "f at the upper edge; nothing is drawn above 1/ε.",
    },
    [topBox],
  );
  const endBox = numberBox((value) => {
    if (typeof value !== "number" || !(value > 0 && value < 1e6)) {
      endFrame.complain("a number > 0 and < 1e6");
      return;
    }
    endFrame.complain(undefined);
    const { r, f } = table();
    const stretch = value / r.at(-1)!;
    store.set("initial", {
      kind: "table",
      r: r.map((x) => Number((x * stretch).toPrecision(6))),
      f,
    });
  });
  const endFrame = frame(
    { label: "Right edge", symbol: "r", range: "> 0", hint: "The drawing is stretched to it; f = 0 beyond." },
    [endBox],
  );

  const tooLong = el("p", { class: "remark", role: "status" });

  const even = button(`${drawnPoints} even points`);
  even.addEventListener("click", () => {
    const { r, f } = table();
    store.set("initial", resampled(r, f));
  });
  const smooth = button("Smooth");
  smooth.addEventListener("click", () => {
    const { r, f } = table();
    put(
      r,
      f.map((x, i) => (f[Math.max(0, i - 1)]! + 2 * x + f[Math.min(f.length - 1, i + 1)]!) / 4),
    );
  });

  const text = el("textarea", { id: "table-text", rows: 8, spellcheck: "false", autocomplete: "off" });
  const textHint = el(
    "p",
    { class: "hint", id: "table-text-hint" },
    `Columns r, f, one row a line, r ascending, at most ${mostRows} rows; f is linear between the rows.`,
  );
  const textError = el("p", { class: "error", id: "table-text-error", role: "alert" });
  text.setAttribute("aria-describedby", `${textHint.id} ${textError.id}`);
  const use = button("Use this table");
  use.addEventListener("click", () => {
    try {
      const { r, f } = parseTable(text.value, "row");
      useTable(store, r, f);
      complain(undefined);
      top = 0;
      show();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      complain(error.message);
    }
  });
  const complain = (message: string | undefined) => {
    setText(textError, message ?? "");
    if (message) text.setAttribute("aria-invalid", "true");
    else text.removeAttribute("aria-invalid");
  };
  const paste = el(
    "details",
    { class: "paste" },
    el("summary", {}, "Paste or edit as CSV"),
    el("label", { for: text.id, class: "field-label" }, "Table of r, f"),
    text,
    textHint,
    textError,
    use,
  );
  paste.addEventListener("toggle", () => {
    if (paste.open) writeText();
  });
  const writeText = () => {
    const { r, f } = table();
    text.value = `r,f\n${r.map((x, i) => `${x},${f[i]}`).join("\n")}\n`;
  };

  const show = () => {
    const { r, f } = table();
    const epsilon = store.at("epsilon");
    const bound = typeof epsilon === "number" && epsilon > 0 ? 1 / epsilon : Infinity;
    const highest = f.reduce((a, b) => Math.max(a, b), 0);
    if (top === 0 || highest > top)
      top = Math.max(highest, Math.min(bound, Number((1.3 * highest).toPrecision(2))));
    pad.show({ r, f, top, bound });
    fill(topBox, short(top));
    fill(endBox, short(r.at(-1)!));
    const fits = r.length < alwaysFit || fitsLink({ problem: store.draft, view: defaultView });
    setText(tooLong, fits ? "" : `${r.length} rows are ${outOfAddress}`);
    if (paste.open && document.activeElement !== text && !text.hasAttribute("aria-invalid")) writeText();
  };

  const element = el(
    "div",
    { class: "table-editor" },
    pad.element,
    tooLong,
    el("div", { class: "buttons" }, even, smooth),
    el("div", { class: "pair" }, endFrame.element, topFrame.element),
    paste,
  );
  const field: Field = {
    element,
    key: "initial.f",
    label: "Table",
    refresh: show,
    complain: (message) => pad.complain(message),
    focus: () => pad.element.querySelector<HTMLElement>("[tabindex]")?.focus(),
  };
  return { element, fields: [field] };
}

/** Four digits, never up. */
function floored(x: number): number {
  return Math.min(x, Number(x.toPrecision(4)));
}

/** The table at as many even radii as can be moved one by one. */
function resampled(r: readonly number[], f: readonly number[]) {
  const end = r.at(-1)!;
  const radii = Array.from({ length: drawnPoints }, (_, k) => (end * k) / (drawnPoints - 1));
  return evenTable(
    end,
    radii.map((x) => interpolated(r, f, Math.min(x, end))),
  );
}

function interpolated(r: readonly number[], f: readonly number[], x: number): number {
  const next = r.findIndex((radius) => radius >= x);
  if (next <= 0) return f[0]!;
  const t = (x - r[next - 1]!) / (r[next]! - r[next - 1]!);
  return (1 - t) * f[next - 1]! + t * f[next]!;
}
