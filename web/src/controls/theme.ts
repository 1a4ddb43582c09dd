import { segmented } from "./segmented.js";

type Theme = "auto" | "light" | "dark";

const key = "lfd-theme"; // also in public/theme.js

/** Light, dark, or as the system has it. A matter of the reader, not of the link: kept in the browser. */
export function mountTheme(root: HTMLElement): void {
  const { element, show } = segmented<Theme>(
    "Theme",
    [
      ["auto", "Auto", "As the system has it"],
      ["light", "Light", "Dark on light"],
      ["dark", "Dark", "Light on dark"],
    ],
    (theme) => {
      apply(theme);
      try {
        if (theme === "auto") localStorage.removeItem(key);
        else localStorage.setItem(key, theme);
      } catch {
        // storage is off: it holds for this visit
      }
    },
  );
  root.append(element);
  show(chosen());
}

function chosen(): Theme {
  try {
    const theme = localStorage.getItem(key);
    return theme === "light" || theme === "dark" ? theme : "auto";
  } catch {
    return "auto";
  }
}

function apply(theme: Theme): void {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = theme === "auto" ? (dark ? "dark" : "light") : theme;
}
