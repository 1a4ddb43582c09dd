// npm run screenshots -- DIR: pictures of the built page (dist/web) in DIR: light, dark, phone, log, comparison; and in viewer.json
// the readings that light shows. The documents have light and dark, and test/web-page.test.ts holds viewer.json against the page.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { readings } from "./readings.mjs";

const site = process.env.LFD_WEB ?? fileURLToPath(new URL("../dist/web", import.meta.url));
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const [directory] = process.argv.slice(2);
if (!directory) fail("usage: npm run screenshots -- DIR");
if (!fs.existsSync(path.join(site, "index.html"))) fail(`${site} is missing: npm run build:web`);
if (!fs.existsSync(executablePath)) fail(`${executablePath} is missing: apt-get install chromium`);
fs.mkdirSync(directory, { recursive: true });

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const file = path.join(site, pathname === "/" ? "index.html" : pathname);
  if (!file.startsWith(site) || !fs.existsSync(file)) return response.writeHead(404).end();
  const type = types[path.extname(file)] ?? (file.endsWith(".wasm") ? "application/wasm" : "text/plain");
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(fs.readFileSync(file));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

const wide = { viewport: { width: 1440, height: 1000 } };
const logarithmic =
  "epsilon=1&initial.kind=annulus&initial.inner=1&initial.outer=1.5&initial.height=0.9&grid.cells=20000&until=100" +
  "&samples.count=60&samples.spacing=log&view.scale=log&view.axis=energy";

await picture("light", wide);
await picture("dark", { ...wide, colorScheme: "dark" });
await picture(
  "phone",
  { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  { whole: true },
);
await picture("log", wide, { hash: logarithmic, whole: true });
await picture("comparison", wide, {
  whole: true,
  async prepare(page) {
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("menuitem", { name: "Keep this run" }).click();
    await page.locator('#problem input[name="epsilon"]').fill("0");
    await page.waitForTimeout(400);
    await relaxed(page);
    await page.locator("#scrubber").focus();
    for (let k = 0; k < 22; k++) await page.keyboard.press("ArrowLeft");
    await page
      .getByRole("button", { name: "Dismiss this message" })
      .click({ timeout: 2000 })
      .catch(() => {});
  },
});
await browser.close();
server.close();

/** One PNG: the page once its run is over, part of the way back in time, after `prepare`. */
async function picture(name, options, { hash = "", whole = false, prepare } = {}) {
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  const page = await context.newPage();
  await page.goto(`${url}${hash && `#${hash}`}`);
  await relaxed(page);
  await page.locator("#files button").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".card-picture svg").length >= 5);
  if (prepare) await prepare(page);
  else {
    await page.locator("#scrubber").focus();
    for (let k = 0; k < 22; k++) await page.keyboard.press("ArrowLeft");
  }
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  if (whole) {
    // a screen as high as the page: a picture of the full page would be taken as if there were no touch
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: options.viewport.width, height });
  }
  await page.waitForTimeout(1200);
  const file = path.join(directory, `viewer-${name}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  if (name === "light") {
    const shown = await readings(page);
    fs.writeFileSync(path.join(directory, "viewer.json"), `${JSON.stringify(shown, null, 2)}\n`);
  }
  await context.close();
}

function relaxed(page) {
  return page.waitForFunction(
    () => /^Done/.test(document.querySelector("#transport .status")?.textContent ?? ""),
    undefined,
    { polling: 50, timeout: 300_000 },
  );
}

function fail(words) {
  console.error(words);
  process.exit(1);
}
