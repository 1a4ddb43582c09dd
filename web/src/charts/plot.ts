import uPlot from "uplot";
import type { Frame } from "./axes.js";
import type { AxisGroup } from "./axis-group.js";
import { arrange, type Memo, prepare } from "./geometry.js";
import { plotOptions } from "./options.js";
import type { Picture } from "./picture.js";
import type { Theme } from "./theme.js";

export interface PlotEvents {
  /** The cursor is at this share of the plot's width, or gone. */
  cursor(share: number | undefined): void;
  /** Someone dragged from one share to another. */
  select(from: number, to: number): void;
}

/** Milliseconds of preparing before the browser has its turn. */
const budget = 8;

/** A picture on the screen: one uPlot, replaced only if lines come, go or change their looks. */
export class Plot {
  readonly #host: HTMLElement;
  readonly #group: AxisGroup;
  readonly #events: PlotEvents;
  readonly #memo: Memo = new Map();
  #uplot: uPlot | undefined;
  #looks = "";
  /** Prepared since something was drawn. */
  #pieces = 0;
  #frame: Frame | undefined;

  constructor(host: HTMLElement, group: AxisGroup, events: PlotEvents) {
    this.#host = host;
    this.#group = group;
    this.#events = events;
  }

  get uplot(): uPlot | undefined {
    return this.#uplot;
  }

  get frame(): Frame | undefined {
    return this.#frame;
  }

  /**
   * Does a piece of the work that `draw` would do at once; whether there may be more. A picture that changes with every
   * piece is not held back for ever.
   */
  prepare(picture: Picture): boolean {
    const width = this.#host.clientWidth;
    if (picture.empty !== undefined || width === 0 || this.#pieces >= picture.lines.length) return false;
    const { domain, range } = this.#group;
    const end = performance.now() + budget;
    while (prepare(picture, domain, range, columnsOf(width), this.#memo)) {
      if (performance.now() < end) continue;
      this.#pieces++;
      return true;
    }
    return false;
  }

  /** Draws at once, in the size of the host. */
  draw(picture: Picture, theme: Theme): void {
    const width = this.#host.clientWidth;
    const height = this.#host.clientHeight;
    this.#pieces = 0;
    if (picture.empty !== undefined || width === 0 || height === 0) {
      this.destroy();
      return;
    }
    const { domain, range } = this.#group;
    const geometry = arrange(picture, domain, range, columnsOf(width), this.#memo);
    this.#frame = { picture, domain, range, geometry };
    const looks = JSON.stringify([
      theme,
      picture.axes.length,
      geometry.lines.map((line) => [
        line.key,
        line.axis,
        line.colour,
        line.dash,
        line.width,
        line.kind,
        line.kind === "curve" && line.points,
      ]),
    ]);
    const uplot = this.#uplot;
    if (uplot === undefined || looks !== this.#looks) {
      this.#looks = looks;
      this.#replace(theme, width, height);
      return;
    }
    uplot.batch(() => {
      if (width !== uplot.width || height !== uplot.height) uplot.setSize({ width, height });
      uplot.setData(geometry.data, false);
      uplot.redraw(true, true);
    });
    // The scales stay 0 to 1, so uPlot does not see that the points under its cursor are others now.
    const { left = -1, top = -1 } = uplot.cursor;
    if (left >= 0) uplot.setCursor({ left, top }, false);
  }

  destroy(): void {
    this.#uplot?.destroy();
    this.#uplot = undefined;
    this.#frame = undefined;
  }

  #replace(theme: Theme, width: number, height: number): void {
    this.#uplot?.destroy();
    const options = plotOptions({
      frame: () => this.#frame!,
      theme,
      width,
      height,
      unit: 1,
      group: this.#group.key,
      hooks: {
        setCursor: [
          ({ cursor, over }) => {
            const { left = -1 } = cursor;
            this.#events.cursor(left < 0 ? undefined : left / over.clientWidth);
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width: selected } = plot.select;
            if (selected === 0) return;
            const whole = plot.over.clientWidth;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            this.#events.select(left / whole, (left + selected) / whole);
          },
        ],
      },
    });
    this.#uplot = new uPlot(options, this.#frame!.geometry.data, this.#host);
  }
}

/** Of pixels, in a plot that is so many CSS pixels wide. */
function columnsOf(width: number): number {
  return Math.round(width * (window.devicePixelRatio || 1));
}
