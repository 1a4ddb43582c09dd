import { el, setAttributes, setText, svg, uniqueId } from "./dom.js";
import { short } from "./physics.js";

/** The points on the pad, and how far it reaches. */
export interface Drawing {
  r: readonly number[];
  f: readonly number[];
  /** f at the upper edge. */
  top: number;
  /** 1/ε; Infinity without. */
  bound: number;
}

const width = 300;
const height = 150;
const margin = 6;
/** Points that the line of a long table is drawn with. */
const finest = 1000;

/**
 * A pad on which f(r) is drawn: with pointer or finger, the points swept over follow; with the keyboard, left and right
 * choose a point, up and down move it. `draw` gets the new values at the same radii.
 */
export class DrawPad {
  readonly element: HTMLElement;
  readonly #curve = svg("path", { class: "pad-curve" });
  readonly #area = svg("path", { class: "pad-area" });
  readonly #bound = svg("path", { class: "pad-bound" });
  readonly #dots = svg("path", { class: "pad-dots" });
  readonly #chosenDot = svg("circle", { r: 5, class: "pad-chosen" });
  readonly #pad: HTMLElement;
  readonly #error = el("p", { class: "error", id: uniqueId("pad-error"), hidden: true });
  readonly #topLabel = el("span", { class: "pad-top" });
  readonly #endLabel = el("span", { class: "pad-end" });
  readonly #draw: (f: number[]) => void;
  #drawing: Drawing = { r: [0, 1], f: [0, 0], top: 1, bound: Infinity };
  #chosen = 0;
  #last: { r: number; f: number } | undefined;

  constructor(draw: (f: number[]) => void) {
    this.#draw = draw;
    const hint = el(
      "p",
      { class: "hint", id: uniqueId("pad-hint") },
      "Draw with pointer or finger. Keys: ← → choose a point, ↑ ↓ move it, Page Up and Down by more.",
    );
    const label = el("span", { id: uniqueId("pad"), class: "pad-label" }, "f(r, 0), drawn by hand");
    this.#pad = el(
      "div",
      {
        class: "pad",
        role: "slider",
        tabindex: 0,
        "aria-labelledby": label.id,
        "aria-describedby": `${hint.id} ${this.#error.id}`,
        "aria-orientation": "vertical",
        "aria-valuemin": 0,
      },
      svg(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", focusable: "false" },
        this.#area,
        this.#bound,
        this.#curve,
        this.#dots,
        this.#chosenDot,
      ),
    );
    this.element = el(
      "div",
      { class: "pad-frame" },
      el("div", { class: "pad-head" }, label, this.#topLabel),
      this.#pad,
      this.#endLabel,
      hint,
      this.#error,
    );
    this.#pad.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.#pad.setPointerCapture(event.pointerId);
      this.#last = undefined;
      this.#sweep([event]);
    });
    this.#pad.addEventListener("pointermove", (event) => {
      if (!this.#pad.hasPointerCapture(event.pointerId)) return;
      this.#sweep(event.getCoalescedEvents().length > 0 ? event.getCoalescedEvents() : [event]);
    });
    this.#pad.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Says what is wrong with the drawing, or that nothing is. */
  complain(message: string | undefined): void {
    setAttributes(this.#pad, { "aria-invalid": message ? "true" : undefined });
    this.#error.hidden = !message;
    setText(this.#error, message ?? "");
  }

  show(drawing: Drawing): void {
    this.#drawing = drawing;
    this.#chosen = Math.min(this.#chosen, drawing.r.length - 1);
    const { r, f, top, bound } = drawing;
    const end = r.at(-1)!;
    const x = (radius: number) => short(margin + ((width - 2 * margin) * radius) / end, 5);
    const y = (value: number) =>
      short(height - margin - (height - 2 * margin) * Math.min(1.02, value / top), 5);
    const stride = Math.ceil(r.length / finest);
    const drawn = r.flatMap((radius, i) =>
      i % stride === 0 || radius === end ? [`${x(radius)} ${y(f[i]!)}`] : [],
    );
    const whole = `M${x(0)} ${y(f[0]!)}L${drawn.join("L")}`;
    this.#curve.setAttribute("d", whole);
    this.#area.setAttribute("d", `${whole}V${y(0)}H${x(0)}Z`);
    this.#dots.setAttribute(
      "d",
      r.length <= 64 ? r.map((radius, i) => `M${x(radius)} ${y(f[i]!)}h0`).join("") : "",
    );
    this.#bound.setAttribute("d", bound <= top * 1.02 ? `M${margin} ${y(bound)}H${width - margin}` : "");
    const radius = r[this.#chosen]!;
    const value = f[this.#chosen]!;
    setAttributes(this.#chosenDot, { cx: x(radius), cy: y(value) });
    setText(this.#topLabel, bound === top ? `top: 1/ε = ${short(top, 3)}` : `top: ${short(top, 3)}`);
    setText(this.#endLabel, `r = 0 … ${short(end, 3)}`);
    setAttributes(this.#pad, {
      "aria-valuemax": short(top),
      "aria-valuenow": short(value),
      "aria-valuetext": `f = ${short(value, 3)} at r = ${short(radius, 3)}, point ${this.#chosen + 1} of ${r.length}`,
    });
  }

  /** The points between two places of the pointer get the heights between them. */
  #sweep(events: readonly PointerEvent[]): void {
    const box = this.#pad.getBoundingClientRect();
    const scale = box.width / width;
    const { r, top, bound } = this.#drawing;
    const end = r.at(-1)!;
    const f = [...this.#drawing.f];
    for (const { clientX, clientY } of events) {
      const place = {
        r: Math.min(1, Math.max(0, ((clientX - box.left) / scale - margin) / (width - 2 * margin))) * end,
        f:
          Math.min(1, Math.max(0, (height - margin - (clientY - box.top) / scale) / (height - 2 * margin))) *
          top,
      };
      const from = this.#last ?? place;
      const [a, b] = from.r <= place.r ? [from, place] : [place, from];
      const nearest = nearestTo(r, place.r);
      for (let i = 0; i < r.length; i++) {
        const radius = r[i]!;
        if (i !== nearest && !(radius >= a.r && radius <= b.r)) continue;
        const part = b.r > a.r ? Math.min(1, Math.max(0, (radius - a.r) / (b.r - a.r))) : 1;
        f[i] = Math.min(bound, i === nearest ? place.f : a.f + (b.f - a.f) * part);
      }
      this.#chosen = nearest;
      this.#last = place;
    }
    this.#draw(f);
  }

  #key(event: KeyboardEvent): void {
    const { r, top, bound } = this.#drawing;
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const lift = { ArrowUp: 0.02, ArrowDown: -0.02, PageUp: 0.2, PageDown: -0.2 }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (move !== undefined || event.key === "Home" || event.key === "End") {
      if (event.key === "Home") this.#chosen = 0;
      else if (event.key === "End") this.#chosen = r.length - 1;
      else this.#chosen = Math.min(r.length - 1, Math.max(0, this.#chosen + move!));
      this.show(this.#drawing);
    } else if (lift !== undefined) {
      const f = [...this.#drawing.f];
      f[this.#chosen] = Math.min(top, bound, Math.max(0, f[this.#chosen]! + lift * top));
      this.#draw(f);
    } else return;
    event.preventDefault();
  }
}

function nearestTo(r: readonly number[], radius: number): number {
  let nearest = 0;
  for (let i = 1; i < r.length; i++) {
    if (Math.abs(r[i]! - radius) < Math.abs(r[nearest]! - radius)) nearest = i;
  }
  return nearest;
}
