/**
 * What the run on the page has come to, by name; without the drifts, which are the noise of rounding.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<Record<string, string>>}
 */
export function readings(page) {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".readings > div")]
        .map(({ children }) => [...children].map(({ textContent }) => textContent ?? ""))
        .filter(([name]) => !name?.startsWith("Drift")),
    ),
  );
}
