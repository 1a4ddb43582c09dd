import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { namedProblems, saturation, simulate } from "../src/index.js";
import { namedDraft } from "../web/src/model/state.js";
import { colouredPixels, missing } from "./web-page.js";
import {
  box,
  choice,
  done,
  field,
  opened,
  page,
  place,
  scrubber,
  segment,
  serveAndLaunch,
  shortly,
  small,
  solver,
  standing,
  state,
  status,
  told,
  trouble,
  type,
  visit,
} from "./web-visit.js";

// Every control of the page, once, in a real browser.

describe.skipIf(missing)("controls", () => {
  serveAndLaunch();
  beforeEach(async () => {
    await visit({});
    await done();
  });
  afterEach(() => expect(opened.trouble).toEqual([]));

  it("gallery: every named problem, the cells stay", async () => {
    const cards = page.locator("#gallery .card");
    expect(await cards.count()).toBe(Object.keys(namedProblems).length);
    for (const [k, [name, { title, problem: named }]] of Object.entries(namedProblems).entries()) {
      await cards.nth(k).click();
      await shortly(() => told("name")).toBe(name);
      expect(await told("grid.cells")).toBe(200);
      expect(await told("epsilon")).toBe(named.epsilon);
      expect(await cards.nth(k).getAttribute("aria-pressed")).toBe("true");
      expect(await page.locator("#gallery [aria-pressed=true]").count()).toBe(1);
      expect(await page.locator(".gallery-about").textContent()).toContain(title);
      await shortly(() => cards.nth(k).locator(".card-picture svg").count()).toBe(1);
      await shortly(() => page.locator(".run-label").textContent()).toContain(`${name}, `);
    }
  });

  it.each([360, 1280])(
    "names, labels and numbers of every named problem are whole at %i pixels",
    async (width) => {
      await visit({}, { viewport: { width, height: 800 } });
      const cards = page.locator("#gallery .card");
      for (const [k, name] of Object.keys(namedProblems).entries()) {
        await cards.nth(k).click();
        await shortly(() => told("name")).toBe(name);
        await done();
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>(".card-name, .field-label, #problem input[type=text]")]
            .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
            .map((element) => (element instanceof HTMLInputElement ? element.value : element.textContent)),
        );
        expect(cut, name).toEqual([]);
        const heights = await page
          .locator("#problem .field-label")
          .evaluateAll((labels) => labels.map(({ clientHeight }) => clientHeight));
        expect(Math.max(...heights), name).toBeLessThan(30); // one line
      }
    },
  );

  it("every kind of initial data, with its parameters", async () => {
    const kinds: Record<string, Record<string, string>> = {
      shell: { amplitude: "0.4", radius: "0.8", width: "0.25" },
      "fermi-dirac": { a: "3", b: "1.5" },
      annulus: { inner: "0.5", outer: "1.25", height: "0.6" },
      power: { height: "0.3", scale: "1.5", exponent: "8" },
    };
    for (const [kind, parameters] of Object.entries(kinds)) {
      await choice("initial.kind").selectOption(kind);
      for (const [key, text] of Object.entries(parameters)) await type(`initial.${key}`, text);
      await shortly(() => told("initial")).toEqual({
        kind,
        ...Object.fromEntries(Object.entries(parameters).map(([key, text]) => [key, Number(text)])),
      });
      expect(await told("name")).toBeUndefined();
      await shortly(() => page.locator(".run-label").textContent()).toContain(kind);
      await done();
    }
    // what was entered is there again
    await choice("initial.kind").selectOption("shell");
    expect(await box("initial.width").inputValue()).toBe("0.25");
  });

  it("Maxwellians are changed, added and removed", async () => {
    await type("initial.components.0.density", "0.6");
    await type("initial.components.1.temperature", "1.5");
    await page.getByRole("button", { name: "Add a Maxwellian" }).click();
    await shortly(() => told("initial.components")).toEqual([
      { density: 0.6, temperature: 0.5 },
      { density: 0.3, temperature: 1.5 },
      { density: 0.075, temperature: 3 },
    ]);
    await page.getByRole("button", { name: "Remove Maxwellian 2" }).click();
    await shortly(() => told("initial.components")).toEqual([
      { density: 0.6, temperature: 0.5 },
      { density: 0.075, temperature: 3 },
    ]);
    for (let k = 2; k < 6; k++) await page.getByRole("button", { name: "Add a Maxwellian" }).click();
    expect(await page.getByRole("button", { name: "Add a Maxwellian" }).isDisabled()).toBe(true);
    for (let k = 6; k > 1; k--) await page.getByRole("button", { name: `Remove Maxwellian ${k}` }).click();
    await shortly(() => told("initial.components.length")).toBe(1);
    await done();
  });

  it("a table is drawn, smoothed, stretched, pasted", async () => {
    await choice("initial.kind").selectOption("table");
    await shortly(() => told("initial.kind")).toBe("table");
    const table = async () => (await told("initial")) as unknown as { r: number[]; f: number[] };
    const before = await table();
    expect(before.r.length).toBe(48);
    const pad = page.locator(".table-editor").getByRole("slider").first();
    await pad.focus();
    await page.keyboard.press("PageUp");
    await shortly(async () => (await table()).f.some((f, k) => f !== before.f[k])).toBe(true);
    const keyed = await table();
    const area = await standing(page.locator(".table-editor svg").first());
    await page.mouse.move(area.x + area.width * 0.5, area.y + area.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.6, area.y + area.height * 0.4, { steps: 8 });
    await page.mouse.up();
    await shortly(async () => (await table()).f.some((f, k) => f !== keyed.f[k])).toBe(true);
    const drawn = await table();
    await page.getByRole("button", { name: "Smooth" }).click();
    await shortly(async () => (await table()).f.some((f, k) => f !== drawn.f[k])).toBe(true);
    await page.getByLabel("Right edge").fill("3");
    await shortly(async () => (await table()).r.at(-1)).toBe(3);
    await page.getByLabel("Top of the pad").fill("0.9");
    await page.getByText("Paste or edit as CSV").click();
    const text = page.getByLabel("Table of r, f");
    await text.fill("r,f\n0,0.5\n1,x\n");
    await page.getByRole("button", { name: "Use this table" }).click();
    expect(await text.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("#table-text-error").textContent()).not.toBe("");
    await text.fill("r,f\n0,0.5\n1,0.25\n2,0\n");
    await page.getByRole("button", { name: "Use this table" }).click();
    await shortly(() => told("initial")).toEqual({ kind: "table", r: [0, 1, 2], f: [0.5, 0.25, 0] });
    await page.getByRole("button", { name: "48 even points" }).click();
    await shortly(async () => (await table()).r.length).toBe(48);
    await done();
  });

  it("ε and its share of saturation are one number", async () => {
    const saturated = Number(
      await page.locator("#problem .facts div", { hasText: "Saturation" }).locator("dd").textContent(),
    );
    const { samples } = await simulate({ ...(small.problem as object), until: 1e-6 } as never);
    const exact = saturation(samples[0]!.mass, samples[0]!.energy);
    expect(Math.abs(saturated / exact - 1)).toBeLessThan(1e-2);
    await type("epsilon", "2");
    await box("saturation").focus();
    await shortly(async () => Number(await box("saturation").inputValue()) * saturated).toBeCloseTo(2, 1);
    // this f reaches 1/ε long before saturation
    const share = 0.1;
    await type("saturation", String(share));
    await box("epsilon").focus();
    await shortly(async () => Number(await box("epsilon").inputValue()) / saturated).toBeCloseTo(share, 2);
    const slider = field("saturation").locator("input[type=range]");
    await slider.focus();
    await page.keyboard.press("PageUp");
    await shortly(async () => Number(await told("epsilon")) / saturated).toBeGreaterThan(share + 0.01);
    await page.keyboard.press("End");
    const highest = 0.7 * (2 * Math.PI * 0.5) ** -1.5 + 0.3 * (2 * Math.PI * 2) ** -1.5;
    await shortly(async () => Number(await told("epsilon")) * highest).toBeGreaterThan(0.98);
    expect(Number(await told("epsilon")) * highest).toBeLessThanOrEqual(1);
    await page.keyboard.press("Home");
    await shortly(() => told("epsilon")).toBe(0);
    await done();
  });

  it("dragging ε shows what it does on the way", async () => {
    await visit({ ...namedDraft("two-temperature", 2000), name: undefined });
    await done();
    const labels = new Set<string>();
    await page.exposeFunction("labelled", (label: string) => labels.add(label));
    await page.evaluate(() => {
      const label = document.querySelector(".run-label")!;
      new MutationObserver(() =>
        (window as unknown as { labelled(label: string): void }).labelled(label.textContent!),
      ).observe(label, { childList: true, characterData: true, subtree: true });
    });
    const { x, y, width, height } = await standing(field("saturation").locator("input[type=range]"));
    await page.mouse.move(x + 0.1 * width, y + height / 2);
    await page.mouse.down();
    const begun = Date.now();
    for (let k = 0; labels.size < 3 && Date.now() < begun + 45_000; k++) {
      await page.mouse.move(x + width * (0.5 + 0.4 * Math.sin(k / 20)), y + height / 2);
      await page.waitForTimeout(15);
    }
    // not once the mouse rests, but while it moves
    expect(labels.size).toBeGreaterThanOrEqual(3);
    await page.mouse.up();
    const epsilon = () => told("epsilon");
    await shortly(async () =>
      (await page.locator(".run-label").textContent())!.includes(
        String(Number(Number(await epsilon()).toPrecision(4))),
      ),
    ).toBe(true);
    await done();
  });

  it("what cannot be is explained where it is entered, and not begun", async () => {
    const runLabel = page.locator(".run-label");
    const refused = async (key: string, text: string, words: RegExp, back: string) => {
      await done();
      const label = await runLabel.textContent();
      const address = await page.evaluate(() => location.hash);
      await type(key, text);
      await shortly(() => trouble().textContent()).toMatch(words);
      expect(await box(key).getAttribute("aria-invalid")).toBe("true");
      const error = field(key).locator(".error");
      if (key !== "saturation") expect(await error.textContent()).not.toBe("");
      await page.waitForTimeout(600);
      expect(await runLabel.textContent()).toBe(label);
      expect(await page.evaluate(() => location.hash)).toBe(address);
      await solver("Restart").click();
      await page.waitForTimeout(200);
      expect(await runLabel.textContent()).toBe(label);
      await type(key, back);
      if (key !== "saturation") await shortly(() => told(key)).toBe(Number(back));
      await shortly(() => trouble().textContent()).toBe("");
      expect(await box(key).getAttribute("aria-invalid")).toBeNull();
    };
    // the address is that of the problem as edited, before anything is compared with it
    await type("until", "1.0");
    await shortly(() => told("name")).toBeUndefined();
    await refused("epsilon", "1000", /above saturation: ε\* = /, "1");
    await refused("epsilon", "9", /f reaches 0\.1324 at r = 0, above 1\/ε/, "1");
    await refused("saturation", "1.5", /above saturation: ε\* = /, "0.1");
    await shortly(() => told("epsilon")).toBeGreaterThan(4);
    await refused("epsilon", "-1", /epsilon|Quantum/i, "1");
    await refused("epsilon", "abc", /Quantum|epsilon/i, "1");
    await refused("grid.cells", "99", /100 to 1000000/, "200");
    await refused("grid.cells", "10000000", /100 to 1000000/, "200");
    await refused("tolerance", "2", /Tolerance/, "1e-6");
    await refused("until", "0", /Until/, "1");
    await refused("samples.count", "0", /Samples/, "12");
    await type("epsilon", "1");
    await choice("initial.kind").selectOption("annulus");
    await shortly(() => told("initial.kind")).toBe("annulus");
    await refused("initial.height", "1.2", /1\/ε/, "0.8");
    await done();
  });

  it("what a radius cuts off is said, and the facts are those of what is left", async () => {
    const initial = { kind: "annulus", inner: 1, outer: 1.5, height: 0.9 };
    await visit({ name: undefined, initial, epsilon: 1, grid: { cells: 400, radius: 1.35 }, until: 0.01 });
    await done();
    // ∫ over 1 < r < 1.35 of 4π·0.9 r² dr and r⁴ dr
    const mass = 4 * Math.PI * 0.9 * ((1.35 ** 3 - 1) / 3);
    const energy = 4 * Math.PI * 0.9 * ((1.35 ** 5 - 1) / 5);
    const fact = async (name: string) =>
      Number(await page.locator(".facts div", { hasText: name }).locator("dd").textContent());
    expect(await fact("Mass ρ")).toBeCloseTo(mass, 3);
    expect(await fact("Energy E")).toBeCloseTo(energy, 3);
    const cut = 1 - mass / (4 * Math.PI * 0.9 * ((1.5 ** 3 - 1) / 3));
    const words = `R cuts off ${cut.toExponential(1)} of the mass`;
    expect(await page.locator("#transport .remarks").textContent()).toContain(words);
    expect(await page.locator("#problem .remark").first().textContent()).toContain(words);
    await type("grid.radius", "1000");
    await done();
    await shortly(() => page.locator("#transport .remarks").textContent()).toContain("first cell of 400");
    await type("grid.radius", "0.5");
    await shortly(() => trouble().textContent()).toMatch(/Radius: 0\.5 leaves out 100 % of the mass/);
    await type("grid.radius", "6");
    await shortly(() => trouble().textContent()).toBe("");
    await shortly(() => page.locator("#problem .remark").first().textContent()).toBe("");
  });

  it("a table above 1/ε is explained at the table, and a link above saturation names ε*", async () => {
    await visit({ name: undefined, epsilon: 1, initial: { kind: "table", r: [0, 1, 2], f: [0.5, 0.5, 0] } });
    await done();
    await page.getByText("Paste or edit as CSV").click();
    await page.getByLabel("Table of r, f").fill("0,2\n1,1\n2,0\n");
    await page.getByRole("button", { name: "Use this table" }).click();
    const error = page.locator(".pad-frame .error");
    await shortly(() => error.textContent()).toMatch(/f reaches 2 at r = 0, above 1\/ε = 1/);
    expect(await field("epsilon").locator(".error").textContent()).toBe("");
    expect(await page.locator(".pad-top").textContent()).toBe("top: 2");
    await type("epsilon", "0.5");
    await shortly(() => error.textContent()).toBe("");
    await shortly(() => page.locator(".pad-top").textContent()).toBe("top: 1/ε = 2");
    await visit(
      "#epsilon=5&until=1&initial.kind=annulus&initial.inner=1&initial.outer=1.5&initial.height=0.9",
    );
    await shortly(() => page.locator("#notice").textContent()).toMatch(/above saturation: ε\* = 2\.164/);
  });

  it("a table that is too long for the address is said to be, and the rest stays", async () => {
    await visit({
      name: undefined,
      epsilon: 0.25,
      initial: { kind: "table", r: [0, 1, 2], f: [0.5, 0.5, 0] },
    });
    await done();
    await page.getByText("Paste or edit as CSV").click();
    const rows = Array.from({ length: 9000 }, (_, k) => `${k / 3000},${(3 - k / 3000) / 8}`);
    // typed in, so many rows take the browser half a minute
    await page.locator("#table-text").evaluate((area: HTMLTextAreaElement, text) => {
      area.value = text;
    }, rows.join("\n"));
    await page.getByRole("button", { name: "Use this table" }).click();
    await shortly(() => page.locator(".table-editor .remark").textContent()).toMatch(
      /^9000 rows are too many for the address/,
    );
    await shortly(() => page.evaluate(() => location.hash)).not.toContain("initial.r=");
    await shortly(() => told("epsilon")).toBe(0.25);
    await page.reload();
    await shortly(() => page.locator("#notice").textContent()).toMatch(/table of this link was too long/);
    expect(await box("epsilon").inputValue()).toBe("0.25");
  });

  it("grid, time and numerics", async () => {
    await type("grid.cells", "300");
    await shortly(() => told("grid.cells")).toBe(300);
    const cells = field("grid.cells").locator("input[type=range]");
    await cells.focus();
    await page.keyboard.press("Home");
    await shortly(() => told("grid.cells")).toBe(100);
    const automatic = page.getByLabel("automatic");
    expect(await box("grid.radius").isDisabled()).toBe(true);
    await automatic.uncheck();
    await type("grid.radius", "9");
    await shortly(() => told("grid.radius")).toBe(9);
    await automatic.check();
    await shortly(() => told("grid.radius")).toBe("auto");
    await type("until", "0.5");
    await shortly(() => told("until")).toBe(0.5);
    await type("samples.count", "7");
    await choice("samples.spacing").selectOption("linear");
    await shortly(() => told("samples")).toEqual({ count: 7, spacing: "linear" });
    await done();
    await shortly(place).toContain("sample 8 of 8");
    await type("tolerance", "1e-4");
    await shortly(() => told("tolerance")).toBe(1e-4);
    for (const method of ["sdirk2", "implicit-euler", "sdirk4"]) {
      await choice("method").selectOption(method);
      await shortly(() => told("method")).toBe(method);
      await done();
    }
    await type("step", "0.05");
    await shortly(() => told("step")).toBe(0.05);
    // 0.5 in 7 parts, each of a step of 0.05 and what is left
    await shortly(() =>
      page.locator(".readings div", { hasText: "Steps +" }).locator("dd").textContent(),
    ).toBe("14 + 0");
    await type("step", "");
    await shortly(() => told("step")).toBeUndefined();
    await done();
  });

  it("view switches and theme", async () => {
    const view = async () => (await state()).view;
    const pick = async (group: string, word: string) => segment(group, word).check();
    for (const [group, word, key, value] of [
      ["f", "Log", "scale", "log"],
      ["Over", "r²/2", "axis", "energy"],
      ["Time", "Linear", "time", "linear"],
      ["f", "Linear", "scale", "linear"],
      ["Over", "r", "axis", "radius"],
      ["Time", "Log", "time", "log"],
    ] as const) {
      await pick(group, word);
      await shortly(async () => (await view())[key]).toBe(value);
      await page.waitForTimeout(100);
      for (const chart of ["profile", "entropy"]) {
        expect(await colouredPixels(page, chart), `${group} ${word} ${chart}`).toBeGreaterThan(100);
      }
    }
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await pick("Theme", "Dark");
    await shortly(paper).not.toBe(light);
    await page.reload();
    await shortly(paper).not.toBe(light);
    await pick("Theme", "Light");
    await shortly(paper).toBe(light);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper()).toBe(light);
    await pick("Theme", "Auto");
    await shortly(paper).not.toBe(light);
  });

  it("pause, step, resume, stop, restart", async () => {
    await visit({ ...namedDraft("annulus", 50_000), name: undefined, tolerance: 1e-9 });
    const steps = async () =>
      Number.parseInt(
        (
          (await page.locator(".readings div", { hasText: "Steps +" }).locator("dd").textContent()) ?? ""
        ).replace(/\u202f/g, ""),
        10,
      );
    await shortly(steps).toBeGreaterThan(2);
    await solver("Pause").click();
    await shortly(status).toBe("Paused");
    const paused = await steps();
    await page.waitForTimeout(500);
    expect(await steps()).toBe(paused);
    await solver("Step").click();
    await shortly(steps).toBe(paused + 1);
    await shortly(status).toBe("Paused");
    await solver("Resume").click();
    await shortly(steps).toBeGreaterThan(paused + 2);
    // at once, also at this size
    await type("grid.cells", "60000");
    await shortly(() => page.locator(".run-label").textContent()).toContain("60\u202f000 cells");
    await shortly(steps).toBeGreaterThan(2);
    await solver("Stop").click();
    await shortly(status).toMatch(/^Stopped at t = /);
    const stopped = await steps();
    await page.waitForTimeout(300);
    expect(await steps()).toBe(stopped);
    await solver("Restart").click();
    await shortly(status).toMatch(/^(Starting|Computing)$/);
    await shortly(steps).toBeLessThan(stopped + 1);
    await solver("Stop").click();
  });

  it("says in words that the solver cannot be had, and goes on when it can", async () => {
    const label = await page.locator(".run-label").textContent();
    await page.route(/solver-[^/]*\.wasm$/, (route) => route.abort());
    await solver("Restart").click();
    await shortly(() => page.locator("#notice").textContent()).toMatch(
      /^The run could not be started: the solver broke down \(.+\)\.$/,
    );
    await shortly(status).toBe("Not started");
    expect(await page.locator(".run-label").textContent()).toBe(label);
    await page.unroute(/solver-[^/]*\.wasm$/);
    await solver("Restart").click();
    await done();
    expect(await page.locator("#notice").textContent()).toBe("");
    opened.trouble.length = 0; // what was refused is in the console
  });

  it("says in words that a run could not be completed, and keeps the time it was to cover", async () => {
    await visit({ until: 1e-310 });
    await shortly(status).toBe("Failed");
    expect(await page.locator("#notice").textContent()).toMatch(
      /^The run could not be completed: no step could be taken/,
    );
    expect(await page.locator(".readings div", { hasText: "Reached" }).locator("dd").textContent()).toMatch(
      /^0 of 1/,
    );
    await page.locator("#chart-distance .chart-host").focus();
    await page.keyboard.press("End"); // the cursor at the end of the time that was planned
    await shortly(() => page.locator("#chart-distance .chart-reading").textContent()).not.toBe("");
    expect(opened.trouble).toEqual([]);
    await visit({});
    await done();
  });

  it("the scrubber, by mouse, buttons and keys", async () => {
    await shortly(place).toContain("sample 13 of 13");
    const follow = page.getByRole("button", { name: "Follow" });
    expect(await follow.getAttribute("aria-pressed")).toBe("true");
    const shown = (k: number) => shortly(place).toContain(`sample ${k} of 13`);
    await page.getByRole("button", { name: "Previous sample" }).click();
    await shown(12);
    expect(await follow.getAttribute("aria-pressed")).toBe("false");
    await page.getByRole("button", { name: "Next sample" }).click();
    await shown(13);
    await scrubber().focus();
    for (const [key, k] of [
      ["ArrowLeft", 12],
      ["ArrowDown", 11],
      ["PageDown", 1],
      ["ArrowRight", 2],
      ["PageUp", 12],
      ["Home", 1],
      ["End", 13],
    ] as const) {
      await page.keyboard.press(key);
      await shown(k);
    }
    const { x, y, width, height } = await standing(scrubber());
    await page.mouse.click(x + 3, y + height / 2);
    await shown(1);
    expect(await page.locator("#chart-profile .chart-summary").textContent()).toBeTruthy();
    await page.mouse.move(x + 3, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 2, y + height / 2, { steps: 10 });
    await page.mouse.up();
    await shown(13);
    await page.keyboard.press("Home");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await shown(13);
    await shortly(() => page.getByRole("button", { name: "Play", exact: true }).count()).toBe(1);
    await page.keyboard.press("Home");
    await follow.click();
    await shown(13);
  });

  it("the marks of samples do not depend on how many there were when the chart was begun", async () => {
    await visit({ samples: { count: 100, spacing: "log" } });
    await done();
    const settled = async () => {
      await page.waitForTimeout(600);
      return colouredPixels(page, "distance");
    };
    const grown = await settled();
    // the same picture, begun anew in the other theme and back
    await segment("Theme", "Dark").check();
    await settled();
    await segment("Theme", "Light").check();
    expect(await settled()).toBe(grown);
    await segment("Theme", "Auto").check();
    await visit({});
    await done();
  });

  it("charts zoom, pan, read, hide lines, and have a table", async () => {
    const chart = page.locator("#chart-profile");
    const host = chart.locator(".chart-host");
    const reset = chart.getByRole("button", { name: "Reset zoom" });
    const area = await standing(chart.locator(".u-over"));
    const at = (share: number) => [area.x + area.width * share, area.y + area.height / 2] as const;
    await page.mouse.move(...at(0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.6), { steps: 5 });
    await page.mouse.up();
    await shortly(() => reset.isVisible()).toBe(true);
    await page.mouse.dblclick(...at(0.5));
    await shortly(() => reset.isVisible()).toBe(false);
    await page.mouse.move(...at(0.5));
    await page.mouse.wheel(0, -300);
    await shortly(() => reset.isVisible()).toBe(true);
    await reset.click();
    await shortly(() => reset.isVisible()).toBe(false);
    await host.focus();
    await page.keyboard.press("+");
    await shortly(() => reset.isVisible()).toBe(true);
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("0");
    await shortly(() => reset.isVisible()).toBe(false);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await shortly(() => chart.locator(".chart-reading").textContent()).not.toBe("");
    await page.keyboard.press("Escape");
    const line = chart.locator(".chart-line").first();
    await line.click();
    await shortly(() => line.getAttribute("aria-pressed")).toBe("false");
    await line.click();
    await shortly(() => line.getAttribute("aria-pressed")).toBe("true");
    for (const id of [
      "profile",
      "entropy",
      "distance",
      "conservation",
      "coefficients",
      "moment4",
      "center",
      "fisher",
      "production",
    ]) {
      expect(await colouredPixels(page, id), id).toBeGreaterThan(30);
      const details = page.locator(`#chart-${id} details`);
      await details.locator("summary").click();
      await shortly(() => details.locator("tbody tr").count()).toBeGreaterThan(5);
      expect(await page.locator(`#chart-${id} .chart-summary`).textContent()).not.toBe("");
    }
    // a click on a chart over time chooses the sample
    const over = await standing(page.locator("#chart-entropy .u-over"));
    await page.locator("#chart-entropy .u-over").click({ position: { x: over.width / 2, y: 30 } });
    await shortly(place).not.toContain("sample 13 of 13");
  });
});
