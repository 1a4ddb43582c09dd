import type { Run } from "../model/run.js";
import type { Session } from "../model/session.js";
import type { ViewStore } from "../model/view.js";
import { button, el, setAttributes, setText, svg } from "./dom.js";
import { significant } from "./format.js";
import { calm, onceAFrame } from "./frame.js";

const notches = 1000;
/** Share of the line between t = 0 and the first sample after it, where time is logarithmic. */
const lead = 0.04;

const playIcon = "M5 3.500v9l7.5-4.500z";
const pauseIcon = "M5.5 3.500v9M10.5 3.500v9";

/** The samples as a line of time: one of them is on show, chosen by hand, by playing, or always the newest. */
export function mountScrubber(root: HTMLElement, session: Session, view: ViewStore): void {
  const previous = button("Previous sample", "M10 3.500L5 8l5 4.500M3.5 3.500v9", { class: "icon-only" });
  const play = button("Play", playIcon, { class: "icon-only" });
  const next = button("Next sample", "M6 3.500L11 8l-5 4.500M12.5 3.500v9", { class: "icon-only" });
  const follow = button("Follow", undefined, { class: "toggle", "aria-pressed": "true" });
  follow.append(el("span", { class: "wide" }, " newest"));
  const range = el("input", {
    type: "range",
    min: 0,
    max: notches,
    step: "any",
    value: 0,
    id: "scrubber",
    class: "scrubber",
    "aria-describedby": "scrubber-hint",
  });
  const ticks = svg("path", { class: "ticks" });
  const pending = svg("path", { class: "ticks pending" });
  const line = svg(
    "svg",
    { viewBox: `0 0 ${notches} 8`, preserveAspectRatio: "none", class: "tick-line", "aria-hidden": "true" },
    pending,
    ticks,
  );
  const shown = el("output", { class: "shown-time", for: range.id });
  root.append(
    el("div", { class: "buttons tight" }, previous, play, next),
    el(
      "div",
      { class: "time-line" },
      el("label", { for: range.id, class: "visually-hidden" }, "Time shown"),
      el("p", { id: "scrubber-hint", class: "visually-hidden" }, "Arrow keys go from sample to sample."),
      range,
      line,
    ),
    shown,
    follow,
  );

  let ticked = "";
  const refresh = onceAFrame(() => {
    const { run } = session;
    const count = run?.samples.length ?? 0;
    for (const control of [previous, play, next, range]) control.disabled = count < 2;
    setAttributes(follow, { "aria-pressed": String(session.following) });
    if (!run || count === 0) {
      setText(shown, "t = –");
      return;
    }
    const sample = run.samples[session.shown]!;
    const place = placement(run, view.current.time);
    range.value = String(notches * place(sample.time));
    range.setAttribute(
      "aria-valuetext",
      `t = ${significant(sample.time, 4)}, sample ${session.shown + 1} of ${count}`,
    );
    setText(shown, `t = ${significant(sample.time, 4)}`);
    const mark = (times: readonly number[]) => {
      const places = new Set(times.map((time) => Math.round(notches * place(time))));
      return [...places].map((x) => `M${x} 0V8`).join("");
    };
    const planned = run.header.problem.samples.at;
    const state = `${count} ${planned.length} ${view.current.time} ${run.header.problem.until}`;
    if (state === ticked) return;
    ticked = state;
    ticks.setAttribute("d", mark(run.samples.map(({ time }) => time)));
    pending.setAttribute("d", run.status === "loaded" ? "" : mark(planned.slice(count)));
  });

  const show = (index: number) => {
    session.following = false;
    session.shown = index;
    refresh();
  };
  const last = () => (session.run?.samples.length ?? 1) - 1;

  range.addEventListener("input", () => {
    const { run } = session;
    if (!run) return;
    const place = placement(run, view.current.time);
    const wanted = Number(range.value) / notches;
    let nearest = 0;
    let distance = Infinity;
    run.samples.forEach(({ time }, i) => {
      const away = Math.abs(place(time) - wanted);
      if (away < distance) [nearest, distance] = [i, away];
    });
    stop();
    show(nearest);
  });
  range.addEventListener("keydown", (event) => {
    const index = {
      ArrowLeft: session.shown - 1,
      ArrowDown: session.shown - 1,
      ArrowRight: session.shown + 1,
      ArrowUp: session.shown + 1,
      PageDown: session.shown - 10,
      PageUp: session.shown + 10,
      Home: 0,
      End: last(),
    }[event.key];
    if (index === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    stop();
    show(index);
  });
  previous.addEventListener("click", () => {
    stop();
    show(session.shown - 1);
  });
  next.addEventListener("click", () => {
    stop();
    show(session.shown + 1);
  });
  follow.addEventListener("click", () => {
    stop();
    if (session.following) session.following = false;
    else {
      session.following = true;
      session.shown = last();
    }
    refresh();
  });

  let playing: ReturnType<typeof setInterval> | undefined;
  const stop = () => {
    clearInterval(playing);
    playing = undefined;
    setPlay("Play", playIcon);
  };
  const setPlay = (label: string, path: string) => {
    setText(play.querySelector(".button-text")!, label);
    play.querySelector("path")!.setAttribute("d", path);
  };
  play.addEventListener("click", () => {
    if (playing !== undefined) {
      stop();
      return;
    }
    if (session.shown >= last() && session.run?.status !== "computing") session.shown = 0;
    session.following = false;
    setPlay("Pause playing", pauseIcon);
    playing = setInterval(
      () => {
        if (session.shown < last()) show(session.shown + 1);
        else if (session.run?.status !== "computing") stop();
      },
      calm() ? 700 : 80,
    );
  });

  for (const event of ["run", "sample", "status", "shown"] as const) session.on(event, refresh);
  session.on("run", () => {
    ticked = "";
    if (session.following) stop();
  });
  view.addEventListener("change", refresh);
  refresh();
}

/** From a time to its place on the line, 0 … 1. */
function placement(run: Run, scale: "log" | "linear"): (time: number) => number {
  const { until, samples } = run.header.problem;
  const end = Math.max(until, run.samples.at(-1)?.time ?? 0);
  const first = samples.at.find((time) => time > 0) ?? end;
  if (scale === "linear" || first >= end) return (time) => time / end;
  const decades = Math.log(end / first);
  return (time) =>
    time <= 0 ? 0 : Math.max(lead / 2, lead + ((1 - lead) * Math.log(time / first)) / decades);
}
