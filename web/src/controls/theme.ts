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
  const present = document.documentElement.dataset.theme;
  show(present === "light" || present === "dark" ? present : "auto");
}

function apply(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
