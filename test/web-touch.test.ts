import { describe, expect, it } from "vitest";
import { missing } from "./web-page.js";
import {
  choice,
  done,
  opened,
  page,
  place,
  serveAndLaunch,
  shortly,
  standing,
  told,
  visit,
} from "./web-visit.js";

// Fingers in place of a mouse, and readers who want nothing to move.

const phone = { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true };

interface Finger {
  x: number;
  y: number;
}

/** Fingers go down at the first places, through the others, and up. */
async function swipe(...places: Finger[][]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", fingers: Finger[]) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: fingers.map((finger, id) => ({ ...finger, id })),
    });
  for (const [k, fingers] of places.entries()) await touch(k === 0 ? "touchStart" : "touchMove", fingers);
  await touch("touchEnd", []);
  await session.detach();
}

/** The way from one place to another in steps. */
const between = (from: Finger[], to: Finger[], steps = 8): Finger[][] =>
  Array.from({ length: steps + 1 }, (_, k) =>
    from.map(({ x, y }, i) => ({
      x: x + ((to[i]!.x - x) * k) / steps,
      y: y + ((to[i]!.y - y) * k) / steps,
    })),
  );

describe.skipIf(missing)("touch", () => {
  serveAndLaunch();

  it("two fingers zoom, one moves, and the legend is tapped", async () => {
    await visit({}, phone);
    await done();
    const chart = page.locator("#chart-profile");
    const reset = chart.getByRole("button", { name: "Reset zoom" });
    await chart.locator("summary").tap();
    await chart.locator(".u-over").scrollIntoViewIfNeeded();
    const { x, y, width, height } = await standing(chart.locator(".u-over"));
    const at = (share: number): Finger => ({ x: x + share * width, y: y + height / 2 });
    /** First and last r in view: the table tells. */
    const range = async () => {
      const cells = await chart.locator("tbody tr td:first-child").allTextContents();
      return [Number(cells[0]), Number(cells.at(-1))] as const;
    };
    await shortly(async () => (await range())[1]).toBeGreaterThan(0);
    const whole = await range();

    await swipe(...between([at(0.4), at(0.6)], [at(0.1), at(0.9)]));
    await shortly(() => reset.isVisible()).toBe(true);
    // what was under the fingers stays there: a fourth of the axis is in view, from 3/8 of it on
    await shortly(async () => {
      const [first, last] = await range();
      return (last - first) / whole[1];
    }).toBeLessThan(0.3);
    const zoomed = await range();
    expect(zoomed[0]).toBeGreaterThan(0.3 * whole[1]);
    expect((zoomed[1] - zoomed[0]) / whole[1]).toBeGreaterThan(0.2);

    await swipe(...between([at(0.3)], [at(0.8)]));
    await shortly(async () => (await range())[0]).toBeLessThan(zoomed[0] - 0.05 * whole[1]);
    // Chromium keeps a tap to itself that comes while it still takes the swipe for a fling
    await shortly(async () => {
      if (await reset.isVisible()) await reset.tap();
      return reset.isVisible();
    }).toBe(false);

    const line = chart.locator(".chart-line").first();
    await line.tap();
    await shortly(() => line.getAttribute("aria-pressed")).toBe("false");
    // up and down is the browser's: the page scrolls
    expect(await chart.locator(".chart-host").evaluate((host) => getComputedStyle(host).touchAction)).toBe(
      "pan-y",
    );
    const over = page.locator("#chart-entropy .u-over");
    await over.tap({ position: { x: ((await standing(over)).width * 2) / 3, y: 40 } });
    await shortly(place).not.toContain("sample 13 of 13");
    expect(opened.trouble).toEqual([]);
  });

  it("the controls, below nine charts, are a tap away", async () => {
    await visit({}, phone);
    await done();
    await page.getByRole("link", { name: "Change the problem" }).tap();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("problem");
    await shortly(() =>
      page.evaluate(() => Math.abs(document.querySelector("#problem")!.getBoundingClientRect().top)),
    ).toBeLessThan(50);
    const slider = page.locator("#problem .field", { has: page.locator('input[name="saturation"]') });
    await slider.locator("input[type=range]").tap(); // in its middle, when it has come to rest
    // half of the largest ε that this f allows
    await shortly(() => told("epsilon")).toBeGreaterThan(3);
    expect(await told("epsilon")).toBeLessThan(4.5);
    await done();
    expect(opened.trouble).toEqual([]);
  });

  it("whatever is tapped is large enough for a finger", async () => {
    await visit({}, phone);
    await done();
    await page.locator("#files").getByRole("button", { name: "Export" }).waitFor();
    await choice("initial.kind").selectOption("table");
    await shortly(() => page.locator(".table-editor").count()).toBe(1);
    await page.locator("#chart-profile .chart-host").focus();
    await page.keyboard.press("+");
    const low = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, summary, select, input, a.card")]
        .filter((element) => element.checkVisibility() && !element.closest(".files-notice-empty"))
        .map((element) => element.closest("label") ?? element)
        .filter((element) => element.getBoundingClientRect().height < 40)
        .map((element) => `${element.tagName} ${element.className} ${element.textContent!.trim()}`),
    );
    expect(low).toEqual([]);
    expect(opened.trouble).toEqual([]);
  });

  it("draws on the pad with a finger", async () => {
    await visit({}, phone);
    await done();
    await choice("initial.kind").selectOption("table");
    await shortly(() => page.locator(".table-editor").count()).toBe(1);
    const pad = page.locator(".table-editor .pad");
    await pad.scrollIntoViewIfNeeded();
    const before = await pad.locator(".pad-curve").getAttribute("d");
    const { x, y, width, height } = await standing(pad);
    const at = (across: number, down: number) => [{ x: x + across * width, y: y + down * height }];
    await swipe(...between(at(0.4, 0.8), at(0.7, 0.5)));
    await shortly(() => pad.locator(".pad-curve").getAttribute("d")).not.toBe(before);
    expect(opened.trouble).toEqual([]);
  });
});

describe.skipIf(missing)("reduced motion", () => {
  serveAndLaunch();

  /** Milliseconds between changes of the sample on show, while it plays from the first. */
  async function gaps(reducedMotion: "reduce" | "no-preference"): Promise<number[]> {
    await visit({ samples: { count: 5, spacing: "log" } }, { reducedMotion });
    await done();
    await page.locator("#scrubber").focus();
    await page.keyboard.press("Home");
    await shortly(place).toContain("sample 1 of 6");
    await page.evaluate(() => {
      const times: number[] = [];
      Object.assign(window, { changes: times });
      new MutationObserver(() => times.push(performance.now())).observe(
        document.querySelector("#scrubber")!,
        { attributeFilter: ["aria-valuetext"] },
      );
    });
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await shortly(place).toContain("sample 6 of 6");
    const times = await page.evaluate(() => (window as unknown as { changes: number[] }).changes);
    return times.slice(1).map((time, k) => time - times[k]!);
  }

  it("plays slowly, and nothing glides", async () => {
    const slow = await gaps("reduce");
    expect(slow.length).toBe(4);
    // timers may be late, and the next one is then early
    expect(slow.reduce((sum, gap) => sum + gap)).toBeGreaterThan(4 * 600);
    const gliding = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll("*")].filter((element) => {
            const { transitionDuration, animationName } = getComputedStyle(element);
            return /[1-9]/.test(transitionDuration) || animationName !== "none";
          }).length,
      );
    expect(await gliding()).toBe(0);
    // the same measure sees motion where it is not unwelcome
    const quick = await gaps("no-preference");
    expect(Math.min(...quick)).toBeLessThan(400);
    expect(await gliding()).toBeGreaterThan(0);
    expect(opened.trouble).toEqual([]);
  });
});
