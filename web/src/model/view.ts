/** How things are shown; nothing of it changes what is computed. */
export interface View {
  /** Vertical axis of f(r). */
  scale: "linear" | "log";
  /** Horizontal axis of f(r) and the coefficients: r, or the energy r²/2. */
  axis: "radius" | "energy";
  /** Time axis of the charts over time, and of the scrubber. */
  time: "log" | "linear";
}

export const defaultView: View = { scale: "linear", axis: "radius", time: "log" };

/** The view with its listeners ("change"). */
export class ViewStore extends EventTarget {
  #view: View;

  constructor(view: View = defaultView) {
    super();
    this.#view = view;
  }

  get current(): View {
    return this.#view;
  }

  set(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    this.dispatchEvent(new Event("change"));
  }
}
