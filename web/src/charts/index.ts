import "uplot/dist/uPlot.min.css";
import "./charts.css";
import type { Session } from "../model/session.js";
import type { ViewStore } from "../model/view.js";
import { AxisGroup } from "./axis-group.js";
import { Chart, type ChartHandle } from "./chart.js";
import { chartList } from "./chart-list.js";
import { radialDomain, timeDomain } from "./domain.js";
import { element } from "./element.js";
import { Frames } from "./frames.js";
import type { Scene } from "./scene.js";
import { Slowly } from "./slowly.js";
import { onThemeChange, readTheme } from "./theme.js";

export type { ChartHandle } from "./chart.js";

/** Milliseconds between two pictures of the charts over time while a run computes. */
const growth = 300;

/** Puts the charts of a session into `root` and keeps them up to date. */
export function mountCharts(root: HTMLElement, session: Session, view: ViewStore): ChartHandle[] {
  const frames = new Frames();
  const container = element("div", "charts");
  const grid = element("div", "charts-grid");
  container.append(grid);
  root.append(container);

  const scene = (): Scene => ({
    run: session.run,
    overlay: session.overlay,
    shown: session.shown,
    view: view.current,
  });
  let theme = readTheme(container);
  const groupOf = (over: "r" | "t", domain: typeof radialDomain) => {
    return new AxisGroup(
      `lfd-${over}`,
      () => domain(scene()),
      () => redraw(over),
    );
  };
  const groups = { r: groupOf("r", radialDomain), t: groupOf("t", timeDomain) };

  const charts = chartList(session, scene).map(({ over, ...definition }) => {
    const draw = () => chart.draw();
    const chart: Chart = new Chart(
      definition,
      groups[over],
      () => theme,
      () => frames.request(draw),
    );
    grid.append(chart.element);
    return { over, chart, draw };
  });

  /** In the next frame: the charts over r, over t, or all. */
  const redraw = (over?: "r" | "t") => {
    for (const each of charts) if (over === undefined || over === each.over) frames.request(each.draw);
  };
  // The charts over time are six of nine, and grow little by little: while the solver needs the processor they wait.
  const grown = new Slowly(() => redraw("t"), growth);
  const computing = () => session.run?.status === "computing";
  session.on("run", () => redraw());
  session.on("shown", () => {
    redraw("r");
    if (session.following && computing()) grown.request();
    else redraw("t");
  });
  session.on("sample", () => grown.request());
  let status = session.run?.status;
  session.on("status", () => {
    if (session.run?.status !== status) redraw("t"); // its progress changes nothing here
    status = session.run?.status;
  });
  view.addEventListener("change", () => redraw());
  onThemeChange(() => {
    theme = readTheme(container);
    redraw();
  });
  redraw();

  return charts.map(({ chart }) => chart);
}
