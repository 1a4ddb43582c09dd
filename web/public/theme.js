// Runs before the first paint; the rest of it is in src/controls/theme.ts.
try {
  const theme = localStorage.getItem("lfd-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage is off: the theme of the system it is
}
