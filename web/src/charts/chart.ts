import { turn } from "../turn.js";
import type { AxisGroup } from "./axis-group.js";
import { ChartElements } from "./chart-elements.js";
import { drawable } from "./drawable.js";
import { arrange, type Memo, prepare } from "./geometry.js";
import { attachGestures } from "./gestures.js";
import { attachKeys, type KeyTarget } from "./keys.js";
import { Legend } from "./legend.js";
import type { Picture } from "./picture.js";
import { Plot } from "./plot.js";
import { chartPNG } from "./png.js";
import { nearest, type Readings, readings, stopAfter } from "./reading.js";
import { Slowly } from "./slowly.js";
import { tableElement, tableSource, thinnedTable } from "./table.js";
import type { Theme } from "./theme.js";

/** A chart as far as its export is concerned. */
export interface ChartHandle {
  id: string;
  title: string;
  /** The chart as it is on the screen, with title and legend, `scale` pixels to the CSS pixel (default 2). */
  toPNG(scale?: number): Promise<Blob>;
}

export interface ChartDefinition {
  id: string;
  title: string;
  /** Over the full width. */
  tall?: boolean;
  /** Read out when it changes even if the focus is elsewhere. */
  live?: boolean;
  picture(): Picture;
  /** What an image of it says under the title. */
  subtitle(): string;
  /** Chooses the stop (index into the picture's stops) that was clicked. */
  pick?(stop: number): void;
  /** Takes the choice back. */
  unpick?(): void;
}

/** As many as are laid out between two pictures. */
const tableRows = 100;
const imageSize = { width: 800, height: 400 };
/** Of the plot's width, where the cursor moves freely. */
const cursorStep = 0.01;

/** One chart: heading, plot, legend, words, table. */
export class Chart implements ChartHandle, KeyTarget {
  readonly id: string;
  readonly title: string;
  readonly group: AxisGroup;
  readonly #definition: ChartDefinition;
  readonly #elements: ChartElements;
  readonly #legend: Legend;
  readonly #plot: Plot;
  readonly #words = new Slowly(() => this.#speak());
  readonly #reading = new Slowly(() => this.#read());
  readonly #theme: () => Theme;
  readonly #redraw: () => void;
  #picture: Picture;
  #cursor: number | undefined;
  #dragged = false;

  constructor(definition: ChartDefinition, group: AxisGroup, theme: () => Theme, redraw: () => void) {
    this.id = definition.id;
    this.title = definition.title;
    this.group = group;
    this.#definition = definition;
    this.#theme = theme;
    this.#redraw = redraw;
    this.#picture = definition.picture();
    this.#legend = new Legend(redraw);
    this.#elements = new ChartElements(definition, this.#legend);
    const { host, plot, reset, details } = this.#elements;
    this.#plot = new Plot(plot, group, {
      cursor: (share) => this.#cursorAt(share),
      select: (from, to) => {
        this.#dragged = true;
        group.select(from, to);
      },
    });
    host.addEventListener("pointerdown", () => (this.#dragged = false));
    attachGestures(host, this, () => this.#dragged);
    attachKeys(host, this, definition.pick !== undefined);
    reset.addEventListener("click", () => {
      group.reset();
      host.focus({ preventScroll: true }); // the button is about to go
    });
    details.addEventListener("toggle", () => this.#fillTable());
    new ResizeObserver(redraw).observe(plot);
  }

  get element(): HTMLElement {
    return this.#elements.root;
  }

  /** Draws the chart, or does a piece of that and asks for the next frame. */
  draw(): void {
    this.group.refresh();
    const picture = drawable(this.#definition.picture());
    if (this.#plot.prepare(this.#visible(picture))) {
      this.#redraw();
      return;
    }
    this.#picture = picture;
    this.#elements.say(picture.empty, picture.lines.length > 0);
    this.#elements.reset.hidden = !this.group.zoomed;
    this.#plot.draw(this.#visible(picture), this.#theme());
    const drawn = this.#plot.frame?.geometry.lines ?? picture.lines;
    this.#legend.update(picture.lines, new Set(drawn.map(({ key }) => key)));
    this.#showReadings();
    this.#words.request();
  }

  async toPNG(scale = 2): Promise<Blob> {
    this.group.refresh();
    const picture = this.#visible(drawable(this.#definition.picture()));
    if (picture.empty !== undefined) throw new Error(picture.empty);
    const { clientWidth, clientHeight } = this.#elements.plot;
    const width = clientWidth || imageSize.width; // none while the chart is not laid out
    const height = clientHeight || imageSize.height;
    const { domain, range } = this.group;
    const columns = Math.round(width * scale);
    const memo: Memo = new Map();
    while (prepare(picture, domain, range, columns, memo)) await turn();
    const geometry = arrange(picture, domain, range, columns, memo);
    await turn();
    return chartPNG({
      frame: { picture, domain, range, geometry },
      theme: this.#theme(),
      title: this.title,
      subtitle: this.#definition.subtitle(),
      width,
      height,
      scale,
    });
  }

  area(): HTMLElement | undefined {
    return this.#plot.uplot?.over;
  }

  cursor(): number | undefined {
    return this.#cursor;
  }

  moveCursor(share: number): void {
    const uplot = this.#plot.uplot;
    if (!uplot) return;
    const { clientWidth, clientHeight } = uplot.over;
    const left = Math.min(Math.max(share, 0), 1) * clientWidth;
    this.#setCursor(left, clientHeight / 2);
    this.#reading.request();
  }

  hint(): void {
    this.#elements.hint();
  }

  hideCursor(): void {
    this.#setCursor(-10, -10);
    this.#elements.reading.textContent = "";
  }

  next(direction: -1 | 1): number {
    const { marker, stops } = this.#picture;
    const start = this.#cursor ?? (marker === undefined ? 0.5 : this.#shareOf(marker));
    if (!stops) return this.#cursor === undefined ? start : start + direction * cursorStep;
    return stopAfter(
      stops.map((stop) => this.#shareOf(stop)),
      start,
      direction,
    );
  }

  pick(share: number): void {
    const { stops } = this.#picture;
    if (!stops?.length || !this.#definition.pick) return;
    this.#definition.pick(
      nearest(
        stops.map((stop) => this.#shareOf(stop)),
        share,
      ),
    );
  }

  unpick(): void {
    this.#definition.unpick?.();
  }

  /** The picture without the lines that were hidden. */
  #visible(picture: Picture): Picture {
    return { ...picture, lines: picture.lines.filter(({ key }) => !this.#legend.hidden.has(key)) };
  }

  #shareOf(x: number): number {
    const [low, high] = this.group.range;
    return (this.group.domain.scale.forward(x) - low) / (high - low);
  }

  /** Moves the cursor of all charts of the group; uPlot's types leave the third argument out. */
  #setCursor(left: number, top: number): void {
    const uplot = this.#plot.uplot;
    if (!uplot) return;
    const set = uplot.setCursor as (
      at: { left: number; top: number },
      fire: boolean,
      publish: boolean,
    ) => void;
    set({ left, top }, true, true);
  }

  #cursorAt(share: number | undefined): void {
    this.#cursor = share;
    this.#showReadings();
  }

  /** At the cursor; without one at the time on show. */
  #readings(): Readings | undefined {
    if (!this.#plot.frame) return undefined;
    const { domain, range } = this.group;
    const [low, high] = range;
    if (this.#cursor !== undefined) return readings(this.#picture, domain, low + this.#cursor * (high - low));
    const { marker } = this.#picture;
    return marker === undefined ? undefined : readings(this.#picture, domain, domain.scale.forward(marker));
  }

  #showReadings(): void {
    const read = this.#readings();
    this.#legend.read(read?.position, read?.values);
  }

  /** Reads the values at the cursor out. */
  #read(): void {
    this.#elements.reading.textContent = this.#readings()?.words ?? "";
  }

  #speak(): void {
    this.#elements.summarise([this.#picture.summary(), ...this.#cutInWords()].join(" "));
    this.#fillTable();
  }

  /** Where an axis ends although the lines go on. */
  #cutInWords(): string[] {
    const { geometry } = this.#plot.frame ?? {};
    return this.#picture.axes.flatMap(({ scale }, k) => {
      const below = geometry?.below[k];
      if (below === undefined) return [];
      const ends = scale.text(geometry!.ranges[k]![0]);
      return [
        `The axis ends at ${ends}; values go on below, down to ${scale.text(below)}: zoom in on them to see them.`,
      ];
    });
  }

  #fillTable(): void {
    const { details, table } = this.#elements;
    if (!details.open) {
      table.replaceChildren();
      return;
    }
    const { domain, range } = this.group;
    const thinned = thinnedTable(tableSource(this.#visible(this.#picture), domain), domain, range, tableRows);
    const { length } = thinned.rows;
    const share = length < thinned.available ? `${length} of ${thinned.available} rows` : `${length} rows`;
    const caption = `${this.title}: ${share} in view.`;
    table.replaceChildren(tableElement(thinned, caption));
  }
}
