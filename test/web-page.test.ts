import fs from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { simulate } from "../src/index.js";
import { readResult } from "../src/output/read.js";
import { openResult } from "../src/output/writer.js";
import { sampleKeys } from "../src/types.js";
import { readings } from "../web/readings.mjs";
import { encodeState, namedDraft } from "../web/src/model/state.js";
import { folder, lfd } from "./cli.js";
import { colouredPixels, missing, serveSite, solverOfSite } from "./web-page.js";
import {
  box,
  choice,
  done,
  exported,
  opened,
  page,
  place,
  scrubber,
  segment,
  serveAndLaunch,
  shortly,
  site,
  small,
  state,
  status,
  told,
  trouble,
  type,
  visit,
  visitSite,
} from "./web-visit.js";

// The whole page in a real browser: its numbers, links, files, keys, screens, and what it does without a network. Its
// controls, and how soon it does what, have their own tests beside.

describe.skipIf(missing)("the page", () => {
  serveAndLaunch();

  it("computes the same as Node, bit for bit", async () => {
    const inNode = fs.readFileSync(new URL("../dist/wasm/solver.wasm", import.meta.url));
    expect(
      solverOfSite().equals(inNode),
      "dist/web has another WASM build than dist/wasm: npm run build",
    ).toBe(true);
    const draft = { ...namedDraft("annulus", 500), until: 5, samples: { at: [0.001, 0.1, 1 / 3, 5] } };
    await visit(draft);
    await done();
    const [csv, profiles] = [await exported("CSV: diagnostics"), await exported("CSV: f(r) at all times")];
    const run = await simulate(draft as never);
    const rows = fs.readFileSync(csv, "utf8").trim().split("\n");
    expect(rows[0]).toBe(sampleKeys.join(","));
    // Object.is, NaN included: all bits but those of a NaN
    expect(rows.slice(1).map((row) => row.split(",").map(Number))).toEqual(
      run.samples.map((sample) => sampleKeys.map((key) => sample[key])),
    );
    const f = fs
      .readFileSync(profiles, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => Number(row.split(",")[2]));
    const expected = run.profiles.flatMap((profile) => [...profile]);
    expect(f.length).toBe(5 * 500);
    expect(f.filter((value, k) => !Object.is(value, expected[k]))).toEqual([]);
  });

  it("comes to what the pictures in the documents show", async () => {
    const shown = JSON.parse(fs.readFileSync(new URL("../docs/images/viewer.json", import.meta.url), "utf8"));
    await visitSite(site.url);
    await done();
    const redo =
      "npm run screenshots -- pictures; then viewer-light.png, viewer-dark.png, viewer.json to docs/images";
    await expect.poll(() => readings(page), { message: redo }).toEqual(shown);
  });

  describe("links", () => {
    it("a link shows what was shared", async () => {
      await visit({}, { permissions: ["clipboard-read", "clipboard-write"] });
      await done();
      await type("epsilon", "0.75");
      await type("grid.cells", "150");
      await segment("f", "Log").check();
      await shortly(() => told("grid.cells")).toBe(150);
      await page.getByRole("button", { name: "Copy link" }).click();
      await shortly(() => page.locator(".share-status").textContent()).toBe("Copied");
      const link = await page.evaluate(() => navigator.clipboard.readText());
      expect(link.startsWith(`${site.url}#`)).toBe(true);
      await shortly(async () => (await state()).view.scale).toBe("log"); // the address follows a moment later
      const before = await state();
      await visit(link.slice(site.url.length));
      await done();
      expect(await box("epsilon").inputValue()).toBe("0.75");
      expect(await box("grid.cells").inputValue()).toBe("150");
      await type("until", "1.0");
      await shortly(state).toEqual({ ...before, problem: { ...before.problem, until: 1 } });
      // another address in the same tab
      const other = encodeState({ ...small, problem: { ...small.problem, epsilon: 0.5 } });
      await page.evaluate((hash) => (location.hash = hash), other);
      await shortly(() => box("epsilon").inputValue()).toBe("0.5");
      await done();
      expect(opened.trouble).toEqual([]);
    });

    it.each([
      "name=<img src=x onerror=alert(1)>",
      "name=%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E&epsilon=1",
      "epsilon=<script>window.hacked=1</script>",
      "epsilon=1&__proto__.hacked=1",
      "constructor.prototype.hacked=1&epsilon=1",
      "view.scale=javascript:alert(1)",
      "epsilon=%E0%A4%A",
      `${encodeState(small).replace("200", "1e99")}`,
      `${encodeState(small)}&epsilon=2`,
      `epsilon=1&x=${"a".repeat(100_000)}`,
    ])("a hostile link does nothing: %.60s", async (hash) => {
      await visit(`#${hash}`);
      const notice = page.locator("#notice");
      await shortly(() => notice.textContent()).toContain("This link cannot be used");
      expect((await notice.textContent())!.length).toBeLessThan(500);
      await page.waitForFunction(() => window.firstChart !== undefined);
      await shortly(() => page.locator(".run-label").textContent()).toContain("annulus, ε = 1,");
      expect(await page.evaluate(() => "hacked" in window || "hacked" in {})).toBe(false);
      expect(await page.locator("img, script:not([src]), iframe").count()).toBe(0);
      expect(opened.trouble).toEqual([]);
    });

    it("a name is text, whatever it is", async () => {
      const name = '<img src=x onerror="window.hacked=1">';
      await visit({ name });
      await done();
      expect(await page.locator(".run-label").textContent()).toContain(name);
      expect(await page.title()).toContain(name);
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
      expect(await page.locator("img").count()).toBe(0);
      expect(opened.trouble).toEqual([]);
    });
  });

  it("files go in and out", async () => {
    const directory = folder();
    const at = (name: string) => path.join(directory, name);
    const hostile = '<img src=x onerror="window.hacked=1">';
    const run = await simulate({ ...(small.problem as object), name: hostile, until: 0.5 } as never);
    const writer = await openResult(at("good.h5"), run, { version: "1.2.3" });
    for (const [k, sample] of run.samples.entries()) writer.sample(sample, run.profiles[k]!);
    writer.finish(run);
    const bytes = fs.readFileSync(at("good.h5"));
    fs.writeFileSync(at("short.h5"), bytes.subarray(0, bytes.length >> 1));
    fs.writeFileSync(at("noise.h5"), Buffer.alloc(5000, "<script>alert(1)</script>"));
    fs.writeFileSync(at("wrong.csv"), "a,b,c\n1,2,<b>x</b>\n");

    await visit({});
    await done();
    const picker = page.getByLabel("Result or table to open", { exact: true });
    const alert = page.locator(".files-notice [role=alert]");
    await picker.waitFor({ state: "attached" });
    const before = await page.locator(".run-label").textContent();
    for (const name of ["short.h5", "noise.h5", "wrong.csv"]) {
      await picker.setInputFiles(at(name));
      await shortly(() => alert.textContent()).toContain(name);
      expect(await page.locator(".run-label").textContent()).toBe(before);
    }
    await picker.setInputFiles(at("good.h5"));
    await shortly(() => page.locator(".run-label").textContent()).toBe("good.h5");
    expect(await status()).toBe("From a file");
    await shortly(place).toContain("sample 13 of 13");
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("img").count()).toBe(0);

    const again = await readResult(await exported("HDF5: the whole run"));
    try {
      expect(again.samples).toEqual(run.samples);
      expect(again.problem).toEqual(run.problem);
      for (const k of run.samples.keys()) expect(again.profile(k)).toEqual(run.profiles[k]);
    } finally {
      again.close();
    }
    const rows = fs
      .readFileSync(await exported("CSV: f(r) at all times"), "utf8")
      .trim()
      .split("\n");
    expect(rows.slice(1).map((row) => Number(row.split(",")[2]))).toEqual(
      run.profiles.flatMap((profile) => [...profile]),
    );
    const png = fs.readFileSync(await exported("PNG: Distribution"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(5000);
    expect(fs.readFileSync(await exported("YAML"), "utf8")).toContain("epsilon: 1");

    // compared with a run computed here
    await page.locator("#files").getByRole("button", { name: "Compare" }).click();
    await page.getByRole("menuitem", { name: "Keep this run" }).click();
    await type("epsilon", "0");
    await done();
    await shortly(() => page.locator("#chart-profile .chart-legend").textContent()).toContain("good.h5");
    expect(opened.trouble).toEqual([]);
  });

  it("opens the files that a sweep wrote, one over the other", async () => {
    const cwd = folder({
      "sweep.yaml":
        "problem: two-temperature\nset: {grid: {cells: 100, radius: auto}, until: 1, samples: {count: 5, spacing: log}}\n" +
        "vary: {epsilon: [0, 5]}\nprofiles: true\n",
    });
    const { status: code, stderr } = await lfd(["sweep", "sweep.yaml", "--output", "out", "--quiet"], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    const profiles = path.join(cwd, "out", "profiles");
    const files = fs.readdirSync(profiles).map((name) => path.join(profiles, name));
    expect(files.length).toBe(2);
    await visit({});
    await done();
    await page.getByLabel("Result or table to open", { exact: true }).setInputFiles(files[0]!);
    await shortly(status).toBe("From a file");
    await shortly(place).toContain("sample 6 of 6");
    await page.getByLabel("Result to compare with", { exact: true }).setInputFiles(files[1]!);
    await shortly(() => page.locator("#chart-profile .chart-legend").textContent()).toContain(
      path.basename(files[1]!).slice(0, 20), // a longer name is shortened in its middle
    );
    const one = await readResult(files[0]!);
    await shortly(() => told("epsilon")).toBe(one.problem.epsilon);
    one.close();
    expect(await told("grid.cells")).toBe(100);
    expect(opened.trouble).toEqual([]);
  });

  it("works with the keyboard alone, and shows where the focus is", async () => {
    await visit({});
    await done();
    await page.locator("#files").getByRole("button", { name: "Open…" }).waitFor(); // comes after the first chart
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement & { name?: string };
        const { outlineStyle, boxShadow, outlineWidth } = getComputedStyle(element);
        const visible =
          (outlineStyle !== "none" && outlineWidth !== "0px") ||
          boxShadow !== "none" ||
          // a radio button shows it on its label's text
          [...(element.parentElement?.querySelectorAll("span") ?? [])].some(
            (span) => getComputedStyle(span).outlineStyle !== "none",
          );
        // where it is, it is on top: nothing that stays in place while the page scrolls covers it
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const [from, to] = [Math.max(0, top), Math.min(innerHeight, bottom)];
        const onTop = document.elementFromPoint((left + right) / 2, (from + to) / 2);
        const covered = !(from < to && onTop && (element.contains(onTop) || onTop.contains(element)));
        return {
          covered,
          tag: element.tagName,
          name: element.name || element.id || element.textContent!.trim().slice(0, 40),
          visible,
        };
      });
    const seen: string[] = [];
    let unseen = "";
    let hidden = "";
    for (let k = 0; k < 200; k++) {
      await page.keyboard.press("Tab");
      const { tag, name, visible, covered } = await focused();
      if (tag === "BODY") break;
      if (!visible) unseen += `${tag} ${name}; `;
      if (covered) hidden += `${tag} ${name}; `;
      seen.push(name);
      if (name === "epsilon") {
        await page.keyboard.press("ControlOrMeta+A");
        await page.keyboard.type("0.5");
      } else if (name === "method") {
        await page.keyboard.press("ArrowDown");
      } else if (name === "scrubber") {
        await page.keyboard.press("ArrowLeft");
        await shortly(place).toContain("sample 12 of 13");
      }
    }
    expect(seen.slice(0, 2)).toEqual(["Skip to the charts", "Skip to the problem"]);
    for (const name of [
      "epsilon",
      "saturation",
      "grid.cells",
      "until",
      "samples.count",
      "samples.spacing",
      "tolerance",
      "method",
      "step",
      "scrubber",
      "initial.kind",
      "Open…",
      "Compare",
      "Export",
      "Copy link",
      "Restart",
      "Data table",
    ]) {
      expect(seen, name).toContain(name);
    }
    expect(unseen).toBe("");
    expect(hidden).toBe("");
    await shortly(() => told("epsilon")).toBe(0.5);
    await shortly(() => told("method")).toBe("sdirk2");
    await done();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.locator("nav.skips a").nth(1).focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("problem");
    expect(opened.trouble).toEqual([]);
  });

  it("works without a network after the first visit, files included", async () => {
    const own = await serveSite("/another/sub/path/");
    await visitSite(own.url, { serviceWorkers: "allow" });
    try {
      await page.waitForFunction(() => window.firstChart !== undefined);
      // waitForFunction would take the promise for the answer
      await shortly(() =>
        page.evaluate(async () => {
          const [name] = await caches.keys();
          if (name === undefined) return false;
          const kept = (await (await caches.open(name)).keys()).map(({ url }) => url);
          return [/hdf5_hl/, /solver-.*\.wasm$/, /docs\/index\.html$/].every((name) =>
            kept.some((url) => name.test(url)),
          );
        }),
      ).toBe(true);
      await own.stop();
      await page.goto("about:blank");
      await page.goto(`${own.url}#${encodeState(small)}`);
      await page.waitForFunction(() => window.firstChart !== undefined);
      await done();
      const again = await readResult(await exported("HDF5: the whole run"));
      expect(again.samples.length).toBe(13);
      again.close();
      // the documents: the first page is kept, another says that it is not
      await page.goto(`${own.url}docs/index.html`);
      expect(await page.title()).toContain("landau-fermi-dirac");
      await page.goto(`${own.url}docs/documents/never-read.html`);
      expect(await page.locator("body").textContent()).toContain("has not been read on this device");
      await page.getByRole("link", { name: "Back to the viewer" }).click();
      await page.waitForFunction(() => window.firstChart !== undefined);
    } finally {
      await own.stop().catch(() => {});
    }
  });

  it.each([360, 768, 1920])("fits a screen %i pixels wide, dark and light", async (width) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await visit({}, { viewport: { width, height: 800 }, colorScheme });
      await done();
      await choice("initial.kind").selectOption("table");
      await shortly(() => page.locator(".table-editor").count()).toBe(1);
      await type("epsilon", "1000");
      await shortly(() => trouble().textContent()).not.toBe("");
      const { inner, scroll, outside } = await page.evaluate(() => ({
        inner: document.documentElement.clientWidth,
        scroll: document.documentElement.scrollWidth,
        outside: [
          ...document.querySelectorAll<HTMLElement>("button, input, select, label, h1, h2, h3, canvas"),
        ]
          .filter((element) => {
            const box = element.getBoundingClientRect();
            const scrolls = element.closest(".gallery-list, .visually-hidden, .skips, .chart-scroll");
            return box.width > 1 && !scrolls && (box.right > innerWidth + 1 || box.left < -1);
          })
          .map((element) => `${element.tagName} ${element.textContent!.slice(0, 30)}`),
      }));
      expect(scroll).toBeLessThanOrEqual(inner);
      expect(outside).toEqual([]);
      const luminance = await page.evaluate(() => {
        const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number);
        return (r! + g! + b!) / 3;
      });
      if (colorScheme === "dark") expect(luminance).toBeLessThan(60);
      else expect(luminance).toBeGreaterThan(200);
      expect(await colouredPixels(page, "profile")).toBeGreaterThan(100);
      expect(opened.trouble).toEqual([]);
    }
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)("axe finds nothing: %s, %i pixels", async (colorScheme, width) => {
    await visit({}, { viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
    await done();
    await page.locator("#files").getByRole("button", { name: "Export" }).waitFor();
    const check = async (where: string) => {
      await page.waitForTimeout(300); // transitions
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      });
      expect(found, where).toEqual([]);
    };
    await check("as it opens");
    await page.locator("#chart-profile summary").click();
    await page.locator("#chart-profile .chart-host").focus();
    await page.keyboard.press("+");
    await choice("initial.kind").selectOption("table");
    await shortly(() => page.locator(".table-editor").count()).toBe(1);
    await page.getByText("Paste or edit as CSV").click();
    await check("table behind the chart, table editor");
    await type("epsilon", "1000");
    await shortly(() => trouble().textContent()).not.toBe("");
    await check("with something wrong");
  });

  it("a log axis with zeros and values down to 1e-300 neither hangs nor blanks", async () => {
    const r = Array.from({ length: 30 }, (_, k) => k / 10);
    const f = r.map((_, k) =>
      k % 7 === 3 || k === 29 ? 0 : k < 12 ? 0.5 : 10 ** (-25 * (k - 11)) || 1e-300,
    );
    f[28] = 1e-300;
    for (const epsilon of [0, 1]) {
      await visit(
        { name: undefined, epsilon, initial: { kind: "table", r, f }, until: 1e-3 },
        {},
        { scale: "log" },
      );
      await page.waitForFunction(() => window.firstChart !== undefined, undefined, { timeout: 60_000 });
      await done();
      await scrubber().focus();
      await page.keyboard.press("Home");
      await shortly(place).toContain("sample 1 of");
      expect(await colouredPixels(page, "profile")).toBeGreaterThan(200);
      for (const word of ["r²/2", "r"]) {
        await segment("Over", word).check();
        await page.waitForTimeout(150);
        expect(await colouredPixels(page, "profile")).toBeGreaterThan(200);
      }
      await page.locator("#chart-profile .chart-host").focus();
      for (const key of ["+", "+", "+", "Shift+ArrowRight", "Shift+ArrowRight", "-", "0"]) {
        await page.keyboard.press(key);
      }
      await segment("f", "Linear").check();
      await shortly(async () => (await state()).view.scale).toBe("linear");
      expect(await colouredPixels(page, "profile")).toBeGreaterThan(200);
      expect(Math.max(0, ...(await page.evaluate(() => window.longTasks)))).toBeLessThan(1000);
      expect(opened.trouble).toEqual([]);
    }
  });
});
