// Runs before the first paint: data-theme on <html> is "light" or "dark", whatever the choice (src/controls/theme.ts).
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let theme = null;
    try {
      theme = localStorage.getItem("lfd-theme");
    } catch {
      // storage is off: the theme of the system it is
    }
    if (theme !== "light" && theme !== "dark") theme = dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
  };
  apply();
  dark.addEventListener("change", apply);
})();
