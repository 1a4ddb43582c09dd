import type { Domain, Range } from "./picture.js";

/** Of the limits: no zooming in any further. */
const narrowest = 1e-6;

/** The horizontal axis that several charts share: zoom and pan in one is zoom and pan in all. */
export class AxisGroup {
  /** Key of uPlot's cursor synchronisation. */
  readonly key: string;
  #domain: Domain;
  #zoom: Range | undefined;
  readonly #domainOf: () => Domain;
  readonly #changed: () => void;

  /** `domainOf` gives the domain as it should be; `changed` hears of every zoom. */
  constructor(key: string, domainOf: () => Domain, changed: () => void) {
    this.key = key;
    this.#domain = domainOf();
    this.#domainOf = domainOf;
    this.#changed = changed;
  }

  get domain(): Domain {
    return this.#domain;
  }

  /** What is shown, in coordinates of the domain's scale. */
  get range(): Range {
    return this.#zoom ?? this.domain.home;
  }

  get zoomed(): boolean {
    return this.#zoom !== undefined;
  }

  /** Takes the domain as it is now over; the zoom stays if it still makes sense. */
  refresh(): void {
    const { kind } = this.#domain;
    this.#domain = this.#domainOf();
    const zoom = this.#domain.kind === kind ? this.#zoom : undefined;
    this.#zoom = zoom && this.#within(zoom);
  }

  /** Shows the range from one share of the present one to another; shares outside 0…1 show more. */
  select(from: number, to: number): void {
    const [low, high] = this.range;
    this.#set([low + from * (high - low), low + to * (high - low)]);
  }

  /** Makes the range `factor` times as wide and keeps what is at `share` in place. */
  zoom(factor: number, share = 0.5): void {
    this.select(share * (1 - factor), share + (1 - share) * factor);
  }

  pan(share: number): void {
    const [low, high] = this.range;
    const [least, most] = this.domain.limits;
    const shift = Math.min(Math.max(share * (high - low), least - low), most - high);
    this.#set([low + shift, high + shift]);
  }

  reset(): void {
    this.#zoom = undefined;
    this.#changed();
  }

  #set(range: Range): void {
    const inside = this.#within(range);
    if (inside === undefined) return;
    const [low, high] = inside;
    const home = this.domain.home;
    const slack = 1e-9 * (home[1] - home[0]);
    const isHome = Math.abs(low - home[0]) < slack && Math.abs(high - home[1]) < slack;
    this.#zoom = isHome ? undefined : inside;
    this.#changed();
  }

  /** The range cut off at the limits; undefined if next to nothing is left. */
  #within([low, high]: Range): Range | undefined {
    const [least, most] = this.domain.limits;
    const from = Math.max(low, least);
    const to = Math.min(high, most);
    return to - from > narrowest * (most - least) ? [from, to] : undefined;
  }
}
