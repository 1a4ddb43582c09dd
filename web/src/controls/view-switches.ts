import type { ViewStore } from "../model/view.js";
import { el } from "./dom.js";
import { segmented } from "./segmented.js";

/** How the charts are drawn. */
export function mountViewSwitches(root: HTMLElement, view: ViewStore): void {
  const scale = segmented(
    "f",
    [
      ["linear", "Linear", "f on a linear axis"],
      ["log", "Log", "f on a logarithmic axis: the tails"],
    ],
    (value) => view.set({ scale: value }),
  );
  const axis = segmented(
    "Over",
    [
      ["radius", "r", "f over the radius r = |v|"],
      ["energy", "r²/2", "f over the energy r²/2: a Maxwellian is straight on a log axis"],
    ],
    (value) => view.set({ axis: value }),
  );
  const time = segmented(
    "Time",
    [
      ["log", "Log", "Logarithmic time: the first instants"],
      ["linear", "Linear", "Linear time"],
    ],
    (value) => view.set({ time: value }),
  );
  // Where the controls are below nine charts; on a wide screen they are beside them, and this is not shown.
  const controls = el(
    "a",
    { href: "#problem", "data-skip": true, class: "to-problem" },
    "Change the problem",
  );
  root.append(scale.element, axis.element, time.element, controls);
  const refresh = () => {
    scale.show(view.current.scale);
    axis.show(view.current.axis);
    time.show(view.current.time);
  };
  view.addEventListener("change", refresh);
  refresh();
}
