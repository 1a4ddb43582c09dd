import { typed } from "../model/state.js";
import { el, setAttributes, setText } from "./dom.js";
import { type Field, fill, frame, numberBox, placeSlider, type Slider, slideInput } from "./field.js";
import { epsilonAt, type Initial, type Radius, short } from "./physics.js";
import type { ProblemStore } from "./problem-store.js";

/** ε, as itself and as a fraction of saturation: two views of one number. */
export function quantumFields(store: ProblemStore): { element: HTMLElement; fields: Field[] } {
  const initial = () => store.at("initial") as Initial;
  // The facts are known, or this is not asked: the radius is valid then.
  const radius = () => (store.at("grid.radius") ?? "auto") as Radius;

  const box = numberBox((value) => store.set("epsilon", value));
  box.name = "epsilon";
  const direct = frame(
    {
      label: "Quantum parameter",
      symbol: "ε",
      range: "≥ 0",
      hint: "Pauli's principle as f ≤ 1/ε; 0 is the classical gas.",
    },
    [box],
  );

  const setFraction = (fraction: number | string | undefined) => {
    const usable = typeof fraction === "number" && fraction >= 0 && store.facts;
    store.set("epsilon", usable ? Number(epsilonAt(fraction, initial(), radius()).toPrecision(6)) : fraction);
  };
  const share = numberBox(setFraction);
  share.name = "saturation";
  const slider: Slider = {
    minimum: 0,
    maximum: 1,
    spacing: "linear",
    round: (value) => Number(value.toPrecision(3)),
  };
  const range = slideInput(slider, setFraction);
  const linked = frame(
    {
      label: "Share of saturation",
      symbol: "ε/ε*",
      range: "0 … 1",
      hint: "At ε* a full ball has this mass and energy, and nothing moves.",
    },
    [share, range],
  );

  const facts = el("dl", { class: "facts" });
  const entries = ["Mass ρ", "Energy E", "Saturation ε*", "Largest ε, f ≤ 1/ε"].map((name) => {
    const value = el("dd");
    facts.append(el("div", {}, el("dt", {}, name), value));
    return value;
  });

  const refresh = () => {
    const epsilon = store.at("epsilon");
    const known = store.facts;
    const fraction = typeof epsilon === "number" && known ? epsilon / known.saturation : undefined;
    const most = known ? Math.min(0.99, known.largestEpsilon / known.saturation) : 1;
    slider.maximum = Math.floor(most * 1000) / 1000;
    fill(box, epsilon === undefined ? "" : typed(epsilon));
    fill(share, fraction === undefined ? "" : short(fraction));
    placeSlider(
      range,
      slider,
      fraction,
      fraction === undefined ? "unknown" : `${short(fraction, 3)} of saturation`,
    );
    setText(linked.range, known ? `0 … ${short(most, 3)}` : "0 … 1");
    const { mass, energy, saturation, largestEpsilon } = known ?? {};
    [mass, energy, saturation, largestEpsilon].forEach((value, i) => {
      setText(entries[i]!, value === undefined ? "–" : value === Infinity ? "any" : short(value));
    });
  };
  // What is wrong with ε is written under ε; both ways to set it are marked.
  const mark = (message: string | undefined) => {
    for (const input of [share, range])
      setAttributes(input, { "aria-invalid": message ? "true" : undefined });
  };
  box.addEventListener("blur", refresh);
  share.addEventListener("blur", refresh);

  return {
    element: el("div", { class: "group-body" }, direct.element, linked.element, facts),
    fields: [
      { ...direct, key: "epsilon", refresh },
      { ...linked, key: "epsilon", refresh: () => undefined, complain: mark },
    ],
  };
}
