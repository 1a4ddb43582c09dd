import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { decodeState, type PageState } from "../web/src/model/state.js";

// The page as it is built, on a plain static server under a sub-path, in a real browser.

/** LFD_WEB names another build of the page. */
export const site = process.env.LFD_WEB ?? fileURLToPath(new URL("../dist/web", import.meta.url));
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Why the page cannot be tested here. */
export const missing = !fs.existsSync(path.join(site, "index.html"))
  ? `${site} is missing (npm run build:web)`
  : !fs.existsSync(executablePath)
    ? `${executablePath} is missing (apt-get install chromium, or name another in CHROMIUM)`
    : undefined;
if (missing) console.log(`skipped: ${missing}`);

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** A file that was sent. */
export interface Sent {
  path: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** As it would be sent gzipped, where that is less. */
  gzipped: number;
}

export interface Site {
  url: string;
  sent: Sent[];
  stop(): Promise<void>;
}

/** Serves the page below `base`, uncompressed, and nothing else. */
export async function serveSite(base = "/some/path/"): Promise<Site> {
  const sent: Sent[] = [];
  const server = http.createServer((request, response) => {
    const asked = new URL(request.url ?? "/", "http://localhost").pathname;
    const name = asked === base ? "index.html" : asked.slice(base.length);
    const file = path.join(site, name);
    if (!asked.startsWith(base) || !file.startsWith(site) || !fs.existsSync(file)) {
      sent.push({ path: asked, at: Date.now(), gzipped: 0 });
      response.writeHead(404).end();
      return;
    }
    const bytes = fs.readFileSync(file);
    response.writeHead(200, {
      "content-type": types[path.extname(file)] ?? "application/octet-stream",
      // as lfd view has it: what bears a hash in its name stays what it is
      "cache-control": name.startsWith("assets/") ? "max-age=31536000, immutable" : "no-cache",
    });
    response.end(bytes);
    sent.push({ path: name, at: Date.now(), gzipped: Math.min(bytes.length, gzipSync(bytes).length) });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    sent,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The solver that the page loads. */
export function solverOfSite(): Buffer {
  const assets = path.join(site, "assets");
  const name = fs.readdirSync(assets).find((file) => /^solver-.*\.wasm$/.test(file));
  return fs.readFileSync(path.join(assets, name!));
}

export function launch(): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // its address bar is a page of its own, which every new window would load beside the one that is tested
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
  ];
  return chromium.launch({ executablePath, args });
}

declare global {
  interface Window {
    /** Milliseconds from the navigation until the first chart had colour in it, two frames later. */
    firstChart?: number;
    /** Durations of the long tasks, in ms. */
    longTasks: number[];
    /** When the last run was asked for, and when it was over, in ms since the navigation. */
    run?: { begun: number; ended?: number };
  }
}

/** Runs in the page before anything of it does. */
function observe(): void {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  window.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data.kind === "done" && window.run) window.run.ended = performance.now();
      });
    }
    override postMessage(message: { kind?: string }, more?: Transferable[] | StructuredSerializeOptions) {
      if (message.kind === "run") window.run = { begun: performance.now() };
      super.postMessage(message, more as Transferable[]);
    }
  };
  // A few of the chart's pixels, through a small canvas: to read the chart's own would take longer than drawing it.
  const small = Object.assign(document.createElement("canvas"), { width: 240, height: 120 });
  const pixels = small.getContext("2d", { willReadFrequently: true })!;
  pixels.imageSmoothingEnabled = false;
  const look = () => {
    const canvas = document.querySelector<HTMLCanvasElement>("#chart-profile canvas");
    if (canvas && canvas.width > 0 && canvas.height > 0) {
      pixels.drawImage(canvas, 0, 0, small.width, small.height);
      const { data } = pixels.getImageData(0, 0, small.width, small.height);
      for (let k = 0; k < data.length; k += 4) {
        const [r, g, b, a] = [data[k]!, data[k + 1]!, data[k + 2]!, data[k + 3]!];
        if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) {
          requestAnimationFrame(() => setTimeout(() => (window.firstChart = performance.now())));
          return;
        }
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

export interface Opened {
  page: Page;
  /** Scripts that throw or are refused, dialogs, failed requests that were not expected. */
  trouble: string[];
  close(): Promise<void>;
}

/** A page with nothing in any cache. */
export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    serviceWorkers: "block",
    acceptDownloads: true,
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.addInitScript(observe);
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
  await page.goto(url);
  return { page, trouble, close: () => context.close() };
}

/** What the address says that the page shows. */
export async function stateOf(page: Page): Promise<PageState> {
  return decodeState(await page.evaluate(() => location.hash));
}

/** How many pixels of a chart's canvas have a colour, and whether one stands out as a line would. */
export function colouredPixels(page: Page, id: string): Promise<number> {
  return page.evaluate((chart) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`#chart-${chart} canvas`);
    if (!canvas || canvas.width === 0 || canvas.height === 0) return 0;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let k = 0; k < data.length; k += 4) {
      const [r, g, b, a] = [data[k]!, data[k + 1]!, data[k + 2]!, data[k + 3]!];
      if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) count++;
    }
    return count;
  }, id);
}
