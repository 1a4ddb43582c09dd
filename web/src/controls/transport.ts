import { stepsToGo } from "../../../dist/steps-to-go.js";
import { remarksOf } from "../model/remarks.js";
import type { Run } from "../model/run.js";
import type { Session } from "../model/session.js";
import type { ViewStore } from "../model/view.js";
import { button, el, setText } from "./dom.js";
import { duration, grouped, significant } from "./format.js";
import { onceAFrame } from "./frame.js";
import { mountScrubber } from "./scrubber.js";

const pauseIcon = "M5.5 3.500v9M10.5 3.500v9";
const resumeIcon = "M5 3.500v9l7.5-4.500z";

/** The solver's controls, where it stands, and the line of time. */
export function mountTransport(
  root: HTMLElement,
  session: Session,
  view: ViewStore,
  restart: () => void,
): void {
  const pause = button("Pause", pauseIcon);
  const step = button("Step", "M4 3.500v9L10 8zM12.5 3.500v9");
  const stop = button("Stop", "M4.5 4.500h7v7h-7z");
  const again = button("Restart", "M12.5 8a4.5 4.5 0 1 1-1.5-3.400M12.5 2v3h-3");
  const status = el("p", { class: "status", role: "status" });
  const label = el("p", { class: "run-label" });

  pause.addEventListener("click", () => {
    if (session.run?.status === "paused") session.resume();
    else session.pause();
  });
  step.addEventListener("click", () => session.step());
  stop.addEventListener("click", () => session.stop());
  again.addEventListener("click", restart);

  const readings = el("dl", { class: "readings" });
  const entries = new Map(
    [
      "Reached",
      "Step Δt",
      "To go",
      "Drift of mass",
      "Drift of energy",
      "Steps + retries",
      "Newton steps",
    ].map((name) => {
      const value = el("dd");
      readings.append(el("div", {}, el("dt", {}, name), value));
      return [name, value] as const;
    }),
  );
  const remarks = el("ul", { class: "remarks", "aria-label": "Remarks on the run" });
  let remarked = "";
  const write = (name: string, text: string) => setText(entries.get(name)!, text);

  const timeRow = el("div", { class: "time-row", role: "group", "aria-label": "Sample shown" });
  root.append(
    el(
      "div",
      { class: "solver-row" },
      el("div", { class: "run-state" }, label, status),
      el("div", { class: "buttons", role: "group", "aria-label": "Solver" }, pause, step, stop, again),
    ),
    timeRow,
    readings,
    remarks,
  );
  mountScrubber(timeRow, session, view);

  const refresh = onceAFrame(() => {
    const { run } = session;
    const state = session.starting ? "starting" : run?.status;
    const running = state === "computing" || state === "paused";
    setText(pause.querySelector(".button-text")!, state === "paused" ? "Resume" : "Pause");
    pause.querySelector("path")!.setAttribute("d", state === "paused" ? resumeIcon : pauseIcon);
    disable(pause, !running);
    disable(step, !running);
    disable(stop, !running && state !== "starting");
    root.dataset.state = state ?? "idle";
    setText(status, words(session));
    if (!run) return;
    setText(label, run.label);
    const { standing, header } = run;
    const time = standing?.time ?? run.samples.at(-1)?.time ?? 0;
    const { steps, newtonIterations, rejected, seconds } = standing?.work ?? {};
    const left = standing && steps ? (stepsToGo(standing, header.problem) * seconds!) / steps : Number.NaN;
    write("Reached", `${significant(time, 4)} of ${significant(header.problem.until, 4)}`);
    write("Step Δt", significant(standing?.step || undefined));
    write("To go", run.status === "computing" || run.status === "paused" ? duration(left) : "–");
    const drift = standing?.conservation ?? driftOfSamples(run);
    write("Drift of mass", significant(drift.mass, 2));
    write("Drift of energy", significant(drift.energy, 2));
    write("Steps + retries", steps === undefined ? "–" : `${grouped(steps)} + ${grouped(rejected!)}`);
    const said = remarksOf(run);
    if (said.join() !== remarked) {
      remarked = said.join();
      remarks.replaceChildren(...said.map((words) => el("li", {}, words)));
    }
    write("Newton steps", newtonIterations === undefined ? "–" : grouped(newtonIterations));
  });
  for (const event of ["run", "sample", "status", "refusal"] as const) session.on(event, refresh);
  refresh();
}

/** A button that is out of use keeps the focus it has: a reader on the keyboard is not thrown back to the start. */
function disable(control: HTMLButtonElement, disabled: boolean): void {
  control.disabled = disabled && document.activeElement !== control;
  control.setAttribute("aria-disabled", String(disabled));
}

function words(session: Session): string {
  const { run } = session;
  if (session.starting) return "Starting";
  if (session.refusal) return "Not started";
  switch (run?.status) {
    case "computing":
      return "Computing";
    case "paused":
      return "Paused";
    case "done": {
      const seconds = run.standing?.work.seconds;
      if (run.message !== "done") return `${run.message[0]?.toUpperCase() ?? ""}${run.message.slice(1)}`;
      return seconds === undefined ? "Done" : `Done in ${duration(seconds)}`;
    }
    case "failed":
      return "Failed";
    case "loaded":
      return "From a file";
    default:
      return "Nothing yet";
  }
}

/** Worst relative drift from the first sample: what a file can tell. */
function driftOfSamples({ samples }: Run): { mass: number; energy: number } {
  const [first] = samples;
  const worst = { mass: 0, energy: 0 };
  if (!first) return worst;
  for (const { mass, energy } of samples) {
    worst.mass = Math.max(worst.mass, Math.abs(mass - first.mass) / first.mass);
    worst.energy = Math.max(worst.energy, Math.abs(energy - first.energy) / first.energy);
  }
  return worst;
}
