import { type Colour, colours } from "./picture.js";

/** What a canvas needs to know of charts.css. */
export interface Theme extends Record<Colour, string> {
  text: string;
  grid: string;
  background: string;
  fontFamily: string;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const property = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  const named = Object.fromEntries(colours.map((name) => [name, property(name)])) as Record<Colour, string>;
  return {
    ...named,
    text: property("text"),
    grid: property("grid"),
    background: property("background"),
    fontFamily: style.fontFamily,
  };
}

/** Calls `listener` when light turns to dark or back: data-theme on <html> says which (public/theme.js). */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
