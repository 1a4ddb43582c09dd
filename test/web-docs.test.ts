import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { site as built, missing } from "./web-page.js";
import { page, serveAndLaunch, site, visitSite } from "./web-visit.js";

// The documents as TypeDoc makes them, beside the page.

const documents = path.join(built, "docs/documents");
const names = fs.existsSync(documents) ? fs.readdirSync(documents) : [];

/** What of the page, and of its code and tables, is wider than there is room for; pixels. */
const tooWide = () =>
  page.evaluate(() => {
    const over = (element: Element) => element.scrollWidth - element.clientWidth;
    const of = (selector: string) =>
      [...document.querySelectorAll(selector)]
        .filter((element) => over(element) > 0)
        .map((element) => `${over(element)}: ${element.textContent!.slice(0, 40)}`);
    return { page: over(document.documentElement), code: of("pre"), tables: of("table") };
  });

describe.skipIf(missing !== undefined || names.length === 0)("the documents", () => {
  serveAndLaunch();

  it.each([
    [1280, names],
    [1440, ["Sweeps.html"]],
    [1560, ["Sweeps.html"]],
  ])("show all of code and tables at %i pixels", async (width, shown) => {
    await visitSite(`${site.url}docs/index.html`, { viewport: { width, height: 800 } });
    for (const name of shown) {
      await page.goto(`${site.url}docs/documents/${name}`);
      expect(await tooWide(), name).toEqual({ page: 0, code: [], tables: [] });
    }
  });

  it("on a phone, how results are checked with its commands; code scrolls in its own frame", async () => {
    const viewport = { width: 390, height: 800 };
    await visitSite(`${site.url}docs/documents/How_results_are_checked.html`, { viewport });
    const { page: overflow, code, tables } = await tooWide();
    expect({ overflow, tables }).toEqual({ overflow: 0, tables: [] });
    expect(code.length).toBeGreaterThan(0);
    const styles = await page.evaluate(() =>
      [...document.querySelectorAll("pre")].map((block) => getComputedStyle(block).overflowX),
    );
    expect(new Set(styles)).toEqual(new Set(["auto"]));
  });
});
