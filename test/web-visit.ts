import path from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { defaultState, encodeState, namedDraft, type PageState } from "../web/src/model/state.js";
import { folder } from "./cli.js";
import { launch, type Opened, open, type Site, serveSite, stateOf } from "./web-page.js";

// One page at a time, and the words for what is on it.

export let browser: Browser;
export let site: Site;
export let opened: Opened;
export let page: Page;

/** For the tests of the describe that calls it: a server and a browser. */
export function serveAndLaunch(): void {
  beforeAll(async () => {
    site = await serveSite();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
}

/** A run that is over at once. */
export const small: PageState = {
  ...defaultState(),
  problem: {
    ...namedDraft("two-temperature", 200),
    until: 1,
    samples: { count: 12, spacing: "log" },
  },
};

/** What comes to be true; other tests may keep the machine busy meanwhile. */
export const shortly = <T>(value: () => T) => expect.poll(value, { timeout: 45_000, interval: 25 });

/** Opens the page anew: at a hash, or with a change to the small problem. */
export async function visit(
  problem: Partial<PageState["problem"]> | string,
  options?: BrowserContextOptions,
  view: Partial<PageState["view"]> = {},
): Promise<void> {
  const hash =
    typeof problem === "string"
      ? problem
      : `#${encodeState({ problem: { ...small.problem, ...problem }, view: { ...small.view, ...view } })}`;
  await visitSite(`${site.url}${hash}`, options);
}

export async function visitSite(url: string, options?: BrowserContextOptions): Promise<void> {
  await opened?.close();
  opened = await open(browser, url, options);
  ({ page } = opened);
}

export const status = () => page.locator("#transport .status").textContent();
export const done = () => shortly(status).toMatch(/^Done/);
export const state = () => stateOf(page);
export const box = (key: string) => page.locator(`#problem input[name="${key}"]`);
export const choice = (key: string) => page.locator(`#problem select[name="${key}"]`);
export const solver = (name: string) =>
  page.getByRole("group", { name: "Solver" }).getByRole("button", { name, exact: true });
export const scrubber = () => page.locator("#scrubber");
export const place = () => scrubber().getAttribute("aria-valuetext");
/** The frame of a control, with its slider and what is said about it. */
export const field = (key: string) =>
  page.locator("#problem .field", { has: page.locator(`input[name="${key}"]`) });
/** One of a few words, side by side. */
export const segment = (group: string, word: string) =>
  page.getByRole("group", { name: group, exact: true }).getByRole("radio", { name: word, exact: true });
export const trouble = () => page.locator("#problem .trouble");

/** The value at a key path of the problem in the address. */
export async function told(key: string): Promise<unknown> {
  let value: unknown = (await state()).problem;
  for (const part of key.split(".")) value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}

/** Where something is, once it has stood still, the same element, while the last pictures of a run are drawn. */
export async function standing(locator: Locator) {
  const look = (element: Element) =>
    new Promise<DOMRect | undefined>((resolve) => {
      const frames = 30;
      const place = element.getBoundingClientRect();
      const moved = () => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const same = x === place.x && y === place.y && width === place.width && height === place.height;
        return !element.isConnected || !same || width === 0 || height === 0;
      };
      const after = (frame: number) => {
        if (moved()) resolve(undefined);
        else if (frame === frames) resolve(place.toJSON());
        else requestAnimationFrame(() => after(frame + 1));
      };
      after(0);
    });
  let place: DOMRect | undefined;
  await shortly(async () => (place = await locator.evaluate(look))).toBeDefined();
  return place!;
}

export async function type(key: string, text: string): Promise<void> {
  await box(key).fill(text);
}

/** The file that an item of the export menu gives; throws what the page says instead. */
export async function exported(item: string): Promise<string> {
  const waiting = page.waitForEvent("download", { timeout: 90_000 });
  const refused = page
    .locator(".files-notice-error")
    .filter({ hasText: "was not written" })
    .textContent({ timeout: 90_000 });
  await page.locator("#files").getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: item }).click();
  const download = await Promise.race([
    waiting,
    refused.then(
      (words) => Promise.reject(new Error(words ?? "")),
      () => waiting,
    ),
  ]);
  const file = path.join(folder(), download.suggestedFilename());
  await download.saveAs(file);
  return file;
}
