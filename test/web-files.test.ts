import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Dataset, Group } from "h5wasm/node";
import type { Browser, Download, FileChooser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serve } from "../src/cli/view.js";
import type { Problem } from "../src/index.js";
import { loadProblem } from "../src/load-problem.js";
import { loadHdf5, setNumber, setText } from "../src/output/h5.js";
import { readResult } from "../src/output/read.js";
import { appendResult } from "../src/output/resume.js";
import { openResult } from "../src/output/writer.js";
import { resolveProblem } from "../src/problem/schema.js";
import { type SimulationResult, simulate } from "../src/simulate.js";
import { sampleKeys } from "../src/types.js";
import { plasmaUnits } from "../src/units/plasma-units.js";
import { numberText } from "../web/src/charts/number-text.js";
import { folder } from "./cli.js";
import { colouredPixels, launch, missing, site } from "./web-page.js";

// Files and exports of the page, in a real browser, on the page as it is built and served by `lfd view`.

const root = fileURLToPath(new URL("../", import.meta.url));

const directory = folder();
const at = (name: string) => path.join(directory, name);

/** A real run, and its files. */
let run: SimulationResult;
const hdf5 = at("two temperatures.h5");
const csv = at("result.csv");

let browser: Browser;
let server: Awaited<ReturnType<typeof serve>>;
/** The page with the real run opened by its address. */
let page: Page;
/** What must not happen: scripts that throw or are refused, dialogs. */
let trouble: string[];
/** File pickers that the page opened. */
let pickers: FileChooser[];

async function write(file: string, { problem, samples, profiles, ...rest }: SimulationResult): Promise<void> {
  const writer = await openResult(file, { problem, ...rest }, { version: "1.2.3" });
  for (const [k, sample] of samples.entries()) writer.sample(sample, profiles[k]!);
  writer.finish({ problem, samples, ...rest });
}

/** The run with some of its HDF5 result changed. */
async function changed(
  name: string,
  change: (file: Awaited<ReturnType<typeof open>>) => void,
  problem: Partial<SimulationResult["problem"]> = {},
): Promise<string> {
  const file = at(name);
  await write(at("changed.h5"), { ...run, problem: { ...run.problem, ...problem } });
  fs.renameSync(at("changed.h5"), file);
  const opened = await open(file);
  change(opened);
  opened.close();
  return file;
}

async function open(file: string) {
  const h5 = await loadHdf5();
  return new h5.File(file, "a", { libver: ["earliest", "v108"] });
}

/** All of an HDF5 result. */
async function contents(file: string) {
  const {
    path: _path,
    created: _created,
    version: _version,
    close,
    profile,
    ...rest
  } = await readResult(file);
  const profiles = rest.samples.map((_, k) => profile(k));
  close();
  return { ...rest, profiles };
}

/** What comes to be true; other tests may keep the machine busy meanwhile. */
const shortly = <T>(value: () => T) => expect.poll(value, { timeout: 45_000, interval: 20 });

const alert = () => page.locator(".files-notice [role=alert]");
const note = () => page.locator(".files-notice [role=status]");
const label = () => page.locator(".run-label");
const button = (name: string) => page.locator("#files").getByRole("button", { name });

async function choose(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByLabel("Result or table to open", { exact: true }).setInputFiles(file);
}

/** The file for the picker that `action` opens. */
async function chosen(file: string, action: () => Promise<unknown>): Promise<void> {
  pickers = [];
  await action();
  await shortly(() => pickers.length).toBe(1);
  await pickers[0]!.setFiles(file);
}

async function menu(name: string, item: string): Promise<void> {
  await button(name).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function exported(item: string): Promise<{ name: string; file: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), menu("Export", item)]);
  return saved(download);
}

async function saved(download: Download): Promise<{ name: string; file: string }> {
  const file = path.join(folder(), download.suggestedFilename());
  await download.saveAs(file);
  return { name: download.suggestedFilename(), file };
}

/** Files dropped on the middle of the page, or on the half that compares. */
async function drop(files: string[], purpose: "show" | "compare" = "show"): Promise<void> {
  const given = files.map((file) => ({ name: path.basename(file), bytes: [...fs.readFileSync(file)] }));
  await page.evaluate(
    ([dropped, half]) => {
      const dataTransfer = new DataTransfer();
      for (const { name, bytes } of dropped) dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
      const tell = (type: string, to: Element) =>
        to.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      tell("dragenter", document.querySelector("main")!);
      const target = document.querySelector(`[data-purpose="${half}"]`)!;
      tell("dragover", target);
      tell("drop", target);
    },
    [given, purpose] as const,
  );
}

async function visit(address: string): Promise<void> {
  await page?.context().close();
  const context = await browser.newContext({ serviceWorkers: "block", acceptDownloads: true });
  page = await context.newPage();
  trouble = [];
  // Listened for all the time: asked for as it opens, one may be missed.
  page.on("filechooser", (picker) => pickers.push(picker));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
  await page.goto(address);
}

/** The page still has its run, and its controls work. */
async function expectIntact(name = "two temperatures.h5"): Promise<void> {
  expect(trouble).toEqual([]);
  await shortly(() => label().textContent()).toBe(name);
  await button("Export").click();
  expect(await page.getByRole("menuitem", { name: "HDF5" }).isVisible()).toBe(true);
  await page.keyboard.press("Escape");
}

it("what the page shares with the command line loads nothing of Node", () => {
  const specifiers = (file: string) =>
    [
      ...fs.readFileSync(file, "utf8").matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gm),
    ].map(([, specifier]) => specifier!);
  const seen = new Set<string>();
  const walk = (file: string) => {
    if (seen.has(file) || !file.endsWith(".ts")) return;
    seen.add(file);
    for (const specifier of specifiers(file)) {
      expect(specifier, file).not.toMatch(/^node:|h5wasm\/node/);
      if (!specifier.startsWith(".")) continue;
      const target = path.resolve(path.dirname(file), specifier.replace(/\.js$/, ".ts"));
      walk(target.replace(`${root}dist/`, `${root}src/`));
    }
  };
  for (const name of fs.readdirSync(path.join(root, "web/src/files"))) {
    if (name.endsWith(".ts")) walk(path.join(root, "web/src/files", name));
  }
  for (const shared of ["result", "layout", "csv-rows"]) {
    expect(seen).toContain(path.join(root, `src/output/${shared}.ts`));
  }
});

describe.skipIf(missing)("files in the page", () => {
  beforeAll(async () => {
    run = await simulate({
      name: "two-temperature",
      epsilon: 1,
      initial: {
        kind: "maxwellians",
        components: [
          { density: 0.7, temperature: 0.5 },
          { density: 0.3, temperature: 2 },
        ],
      },
      grid: { cells: 120 },
      until: 2,
      samples: { at: [0.1, 1 / 3, 1] },
    });
    await write(hdf5, run);
    await write(csv, run);
    server = await serve(site, 0, hdf5);
    browser = await launch();
    await visit(server.url);
  });
  beforeEach(async () => {
    trouble = [];
    await choose(hdf5);
    await shortly(() => note().textContent()).toBe("two temperatures.h5 is open.");
  });
  afterAll(async () => {
    await browser?.close();
    server?.server.close();
  });

  describe("opening", () => {
    it("takes the result that the address names, with the name that it has", async () => {
      await visit(server.url);
      await shortly(() => note().textContent()).toBe("two temperatures.h5 is open.");
      await expectIntact();
    });

    it("leaves the address to the problem once that is another one, and comes back as it was left", async () => {
      await visit(server.url);
      await expectIntact();
      await shortly(() => page.url()).toMatch(/\?result=result\.h5#view\.scale=linear/);
      await page.getByRole("group", { name: "f", exact: true }).getByRole("radio", { name: "Log" }).check();
      await shortly(() => page.url()).toMatch(/\?result=result\.h5#view\.scale=log/);
      await page.reload();
      await expectIntact(); // the file still, in the view that was chosen
      expect(
        await page
          .getByRole("group", { name: "f", exact: true })
          .getByRole("radio", { name: "Log" })
          .isChecked(),
      ).toBe(true);
      const epsilon = page.locator('input[name="epsilon"]');
      await epsilon.fill("3");
      await shortly(() => page.url()).toMatch(/^[^?]*#(.*&)?epsilon=3&/);
      const link = new URL(page.url());
      for (const address of [page.url(), `${link.origin}/?result=result.h5${link.hash}`]) {
        await visit(address);
        await shortly(() => label().textContent()).toContain("ε = 3");
        expect(await page.locator(`input[name="epsilon"]`).inputValue()).toBe("3");
        await shortly(() => page.url()).toBe(link.href);
        expect(trouble).toEqual([]);
      }
    });

    it("has the coefficients that the solver has, which no file holds", async () => {
      await visit(server.url);
      await expectIntact();
      const summary = page.locator("#chart-coefficients .chart-summary");
      let centre = Number.NaN;
      await simulate(run.problem as Problem, {
        onSample: (_, __, coefficients) => {
          centre = coefficients().parallel[0]!;
        },
      });
      await shortly(() => summary.textContent()).toContain(
        `At t = 2: at the centre D = ${numberText(centre)} `,
      );
    });

    it("takes no other address", async () => {
      for (const name of [
        "../result.h5",
        "/result.h5",
        "https://example.org/result.h5",
        "//example.org/result.h5",
        "data:,x.h5",
        "result.h5?x",
        ".h5",
        "<img src=x onerror=alert(1)>.h5",
      ]) {
        await visit(`${server.url.split("?")[0]}?result=${encodeURIComponent(name)}`);
        await shortly(() => alert().textContent()).toContain("is not the name of a result beside this page");
        expect(trouble).toEqual([]);
      }
    });

    it("says that a named result is not there", async () => {
      await visit(`${server.url.split("?")[0]}?result=other.h5`);
      await shortly(() => alert().textContent()).toBe("other.h5: cannot be loaded: 404 Not Found");
    });

    it("takes a file from the picker, and the same one again", async () => {
      const other = at("other.h5");
      fs.copyFileSync(hdf5, other);
      for (const name of ["other.h5", "two temperatures.h5", "two temperatures.h5"]) {
        await choose(at(name));
        await shortly(() => note().textContent()).toBe(`${name} is open.`);
        await expectIntact(name);
      }
    });

    it("opens the picker from its button", async () => {
      await chosen(csv, () => button("Open…").click());
      await shortly(() => label().textContent()).toBe("result.csv");
    });

    it("takes what is dropped, and shows where", async () => {
      fs.copyFileSync(hdf5, at("dropped.h5"));
      await drop([at("dropped.h5")]);
      await expectIntact("dropped.h5");
      expect(await page.locator(".files-drop").isVisible()).toBe(false);
      await drop([at("dropped.h5"), csv, hdf5]);
      await shortly(() => alert().textContent()).toContain("3 files were dropped; at most two");
    });

    it("lays a second run over the first: dropped, chosen, or kept; and takes it away", async () => {
      const overlay = async () => {
        await button("Compare").click();
        const item = page.getByRole("menuitem", { name: "Remove the overlay" });
        const off = await item.getAttribute("aria-disabled");
        await page.keyboard.press("Escape");
        return off === null;
      };
      const remove = async () => {
        await menu("Compare", "Remove the overlay");
        expect(await overlay()).toBe(false);
      };
      expect(await overlay()).toBe(false);
      await drop([csv], "compare");
      await shortly(() => note().textContent()).toContain("computed for ε = 1, as in the page");
      expect(await overlay()).toBe(true);
      await remove();
      await drop([hdf5, csv]);
      await shortly(() => note().textContent()).toMatch(/^result\.csv: a CSV/);
      expect(await overlay()).toBe(true);
      await remove();
      await chosen(csv, () => menu("Compare", "Compare with a file…"));
      await shortly(() => note().textContent()).toMatch(/^result\.csv: a CSV/);
      expect(await overlay()).toBe(true);
      await remove();
      await menu("Compare", "Keep this run as overlay");
      expect(await overlay()).toBe(true);
      await expectIntact();
    });

    it("has the samples of a run that was killed", async () => {
      const file = at("killed.h5");
      const writer = await openResult(file, run);
      for (const k of [0, 1]) writer.sample(run.samples[k]!, run.profiles[k]!);
      writer.abort();
      await choose(file);
      await expectIntact("killed.h5");
      const { file: again } = await exported("HDF5");
      const { status, samples, work } = await contents(again);
      expect({ status, samples, work }).toEqual({
        status: "unfinished",
        samples: run.samples.slice(0, 2),
        work: undefined,
      });
      const resumed = await appendResult(again);
      expect(resumed.state.time).toBe(0.1);
      expect(resumed.state.f).toEqual(run.profiles[1]);
      resumed.writer.abort();
    });

    it("of a physical run says what its numbers are multiples of", async () => {
      const units = plasmaUnits({ density: 1.81e29, temperature: "5 eV" });
      const given = (value: object) =>
        changed("si.h5", (f) => setText(f, "physical_units", JSON.stringify(value)));
      await visit(server.url);
      await choose(await given(units));
      await shortly(() => page.locator("#transport .remarks").textContent()).toContain(
        "r is in v₀ = 937769 m/s, t in t₀ = 2.24912e-19 s, T in m v₀² = 5 eV; εf is the occupation of a state.",
      );
      await choose(await given({ ...units, time: "<b>" }));
      await shortly(() => alert().textContent()).toContain("si.h5: is damaged: time of its physical_units");
    });

    it("thins a result that does not fit, and says so", async () => {
      const cells = 200_000;
      const count = 600; // 960 MB of profiles, all but one never written: zeros that take no space
      const file = at("long.h5");
      const faces = Float64Array.from({ length: cells + 1 }, (_, i) => (8 * i) / cells);
      const writer = await openResult(file, { ...run, grid: { cells, radius: 8, faces } });
      writer.sample(run.samples[0]!, new Float64Array(cells).fill(0.1));
      writer.abort();
      const result = await open(file);
      const lengthened = (name: string, values: Float64Array) => {
        const dataset = result.get(name) as Dataset;
        dataset.resize([count]);
        dataset.write_slice([[0, count]], values);
      };
      (result.get("f") as Dataset).resize([count, cells]);
      lengthened(
        "time",
        Float64Array.from({ length: count }, (_, k) => k),
      );
      for (const key of sampleKeys.slice(1))
        lengthened(`diagnostics/${key}`, new Float64Array(count).fill(1));
      result.close();
      expect(fs.statSync(file).size).toBeLessThan(20e6);
      await choose(file);
      await shortly(() => note().textContent()).toMatch(
        /^long\.h5: 24\d of its 600 samples are shown; all profiles would take 960 MB\.$/,
      );
      await expectIntact("long.h5");
    });
  });

  describe("a CSV", () => {
    it("with profiles is shown, and comes out again byte for byte", async () => {
      await choose(csv);
      await shortly(() => note().textContent()).toBe(
        "result.csv: a CSV does not tell ε; the equilibrium and the diagnostics are computed for ε = 1, as in the page.",
      );
      await shortly(() => label().textContent()).toBe("result.csv");
      const all = await exported("CSV: f(r) at all times");
      expect(all.name).toBe("result-t0-2.csv");
      expect(fs.readFileSync(all.file).equals(fs.readFileSync(csv))).toBe(true);
      // The diagnostics are the solver's own, of the same grid up to rounding.
      const { file } = await exported("CSV: diagnostics");
      const [heading, ...rows] = fs.readFileSync(file, "utf8").trim().split("\n");
      for (const [k, row] of rows.entries()) {
        for (const [i, key] of heading!.split(",").entries()) {
          const expected = run.samples[k]![key as "mass"];
          const size = key === "relativeEntropy" ? 1e-3 : Math.abs(expected) || 1;
          expect(Math.abs(Number(row.split(",")[i]) - expected) / size, key).toBeLessThan(1e-9);
        }
      }
      await button("Export").click();
      for (const format of ["HDF5", "YAML"]) {
        const item = page.getByRole("menuitem", { name: format });
        expect(await item.getAttribute("aria-disabled")).toBe("true");
        expect(await item.textContent()).toContain("a CSV does not tell the problem");
      }
      await page.keyboard.press("Escape");
    });

    it("with f above the page's 1/ε is taken for a classical one", async () => {
      await choose(named("high.csv", `time,r,f\n${[1, 2, 3, 4].map((r) => `0,${r},${5 - r}`).join("\n")}`));
      await shortly(() => note().textContent()).toContain("for ε = 0: f exceeds the 1/ε of the page");
      await shortly(() => label().textContent()).toBe("high.csv");
      expect(trouble).toEqual([]);
    });

    it("with NaN, zeros and 1e-300 does no harm", async () => {
      const f = ["NaN", "0", "1e-300", "5e-324", "0.1", "nan"];
      const rows = [0, 1].flatMap((t) => f.map((value, i) => `${t},${i + 1},${value}`));
      await choose(named("odd.csv", `time,r,f\r\n${rows.join("\r\n")}\r\n`));
      await shortly(() => label().textContent()).toBe("odd.csv");
      const { file } = await exported("CSV: f(r) at all times");
      expect(fs.readFileSync(file, "utf8")).toContain("\n0,1,NaN\n0,2,0\n0,3,1e-300\n0,4,5e-324\n");
      expect(trouble).toEqual([]);
    });

    it("with NaN and values down to 1e-300 is drawn on a log axis, which says how far they go on below", async () => {
      const rows = Array.from({ length: 60 }, (_, i) => {
        const f = i % 10 === 5 ? "NaN" : i === 59 ? "1e-300" : `1e-${i}`;
        return `0,${(i + 1) / 10},${f}`;
      });
      await choose(named("deep.csv", `time,r,f\n${rows.join("\n")}\n`));
      await shortly(() => label().textContent()).toBe("deep.csv");
      await page.getByRole("group", { name: "f", exact: true }).getByRole("radio", { name: "Log" }).check();
      const summary = page.locator("#chart-profile .chart-summary");
      await shortly(() => summary.textContent()).toMatch(/The axis ends at .*down to 10⁻³⁰⁰/);
      expect(await colouredPixels(page, "profile")).toBeGreaterThan(200);
      expect(trouble).toEqual([]);
    });

    it("with columns r,f becomes the initial data, and goes into the YAML as numbers", async () => {
      const r = Array.from({ length: 200 }, (_, i) => i / 30);
      const f = r.map((x) => Math.exp(-x * x) / 3);
      await choose(named("table.csv", `r,f\n${r.map((x, i) => `${x},${f[i]}`).join("\n")}\n`));
      await shortly(() => note().textContent()).toBe("table.csv: 200 rows are the initial data now.");
      await shortly(() => label().textContent()).toMatch(/table/);
      const { file } = await exported("YAML");
      const { input } = await loadProblem(file);
      expect(resolveProblem(input).problem.initial).toEqual({ kind: "table", r, f });
    });

    it("that is wrong is refused in words", async () => {
      const cases: [string, string | Buffer, RegExp][] = [
        ["empty.csv", "", /^empty\.csv: is empty, or a folder$/],
        ["binary.csv", "time,r,f\n\0\0\0", /is neither an HDF5 result nor a CSV table/],
        [
          "latin.csv",
          Buffer.from("r,f\n1,1\n\xe9\xe8,2\n", "latin1"),
          /binary file; text in UTF-8 is expected/,
        ],
        [
          "words.csv",
          "time,r,f\n0,1,2\n0,two,2",
          /^words\.csv:3: r = "two" is not valid; a finite number ≥ 0/,
        ],
        ["hex.csv", "time,r,f\n0,0x10,2", /^hex\.csv:2: r = "0x10" is not valid/],
        ["blank.csv", "time,r,f\n0,,2", /^blank\.csv:2: r = "" is not valid/],
        ["comma.csv", "time,r,f\n0,1,2,5", /^comma\.csv:2: "0,1,2,5" is not a row; three columns/],
        ["below.csv", "time,r,f\n0,1,-2", /^below\.csv:2: f = "-2" is not valid/],
        ["back.csv", "time,r,f\n0,2,1\n0,1,1", /^back\.csv:3: r = 1 is not valid; a radius > 2/],
        ["earlier.csv", "time,r,f\n1,1,1\n1,2,1\n0,1,1", /^earlier\.csv:4: time = 0 comes after 1/],
        [
          "other.csv",
          "time,r,f\n0,1,1\n0,2,1\n1,1,1\n1,3,1",
          /^other\.csv:5: r = 3 is not that of the first/,
        ],
        ["longer.csv", "time,r,f\n0,1,1\n0,2,1\n1,1,1\n1,2,1\n1,3,1", /^longer\.csv:6: .*no more rows/],
        ["shorter.csv", "time,r,f\n0,1,1\n0,2,1\n1,1,1\n2,1,1", /^shorter\.csv:5: .*time 1 has 1 rows.* 2$/],
        ["few.csv", "time,r,f\n0,1,1\n0,2,1", /too few rows/],
        ["none.csv", "time,r,f\n", /too few rows/],
        ["line.csv", `time,r,f\n${"1".repeat(2000)}`, /^line\.csv:2: is no row/],
        ["html.csv", "time,r,f\n0,<img src=x onerror=alert(1)>,2", /^html\.csv:2: r = "<img src=x/],
        ["table.csv", "r,f\n1,1\n1,2", /^table\.csv:3: r = 1 is not valid; a radius > 1/],
        [
          "picture.png",
          Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
          /neither an HDF5 result nor a CSV/,
        ],
        ["problem.yaml", "epsilon: 1\nuntil: 2\n", /^problem\.yaml:1: /],
      ];
      for (const [name, text, message] of cases) {
        await choose(named(name, text));
        await shortly(() => alert().textContent()).toMatch(message);
        await expectIntact();
      }
    });

    it("of diagnostics says what to open instead", async () => {
      await choose(at("result.samples.csv"));
      await shortly(() => alert().textContent()).toContain("open the file beside it");
      await expectIntact();
    });
  });

  describe("a bad HDF5 file", () => {
    it("cut off anywhere is refused in words", async () => {
      for (const end of [0, 7, 8, 40, 1000, 9000, -1]) {
        await choose(named("cut.h5", fs.readFileSync(hdf5).subarray(0, end)));
        await shortly(() => alert().textContent()).toMatch(/^cut\.h5: is (empty|not an HDF5 file|truncated)/);
        await expectIntact();
      }
    });

    it("of another kind, version or shape is refused in words", async () => {
      const cases: [string, RegExp, Parameters<typeof changed>[1]][] = [
        ["kind.h5", /is HDF5, but no landau-fermi-dirac result/, (file) => setText(file, "format", "x")],
        [
          "version.h5",
          /has format_version 9; this program reads 1/,
          (f) => setNumber(f, "format_version", 9),
        ],
        ["null.h5", /is damaged/, (file) => setText(file, "problem", "null")],
        ["text.h5", /is damaged/, (file) => setText(file, "problem", "{<script>alert(1)</script>")],
        ["keys.h5", /problem is not valid: epsilon: is missing/, (file) => setText(file, "problem", "{}")],
        [
          "proto.h5",
          /problem is not valid/,
          (file) =>
            setText(file, "problem", '{"epsilon":1,"until":1,"initial":{"__proto__":{"kind":"function"}}}'),
        ],
        [
          "name.h5",
          /problem is not valid: name: .* is not valid; a name of 1 to 200 characters/,
          (f) => setText(f, "problem", JSON.stringify({ ...run.problem, name: "<i>\n".repeat(100) })),
        ],
        ["time.h5", /the dataset time does not ascend/, (file) => slice(file, "time", [1], Number.NaN)],
        ["faces.h5", /the dataset faces does not ascend/, (file) => slice(file, "faces", [5], 1e-3)],
        [
          "rows.h5",
          /is damaged: \/f is 2 × 120, for 5 samples/,
          (f) => (f.get("f") as Dataset).resize([2, 120]),
        ],
        ["huge.h5", /is too large: 1000000000000 samples of 120 cells/, (f) => resized(f, 1e12)],
      ];
      for (const [name, message, change] of cases) {
        await choose(await changed(name, change));
        await shortly(() => alert().textContent()).toMatch(message);
        expect((await alert().textContent())!.length).toBeLessThan(400);
        await expectIntact();
      }
    });

    it("without a sample is refused in words", async () => {
      const file = at("none.h5");
      const writer = await openResult(file, run);
      writer.sample(run.samples[0]!, run.profiles[0]!);
      writer.abort();
      const opened = await open(file);
      (opened.get("time") as Dataset).resize([0]);
      opened.close();
      await choose(file);
      await shortly(() => alert().textContent()).toBe("none.h5: holds no sample yet");
      await expectIntact();
    });

    it("larger than the page takes is refused at once", async () => {
      const file = at("sparse.h5");
      fs.copyFileSync(hdf5, file);
      fs.truncateSync(file, 2 * 2 ** 30 + 1);
      const began = performance.now();
      await choose(file);
      await shortly(() => alert().textContent()).toMatch(
        /^sparse\.h5: is too large for the page: 2\.15 GB, at most 2\.15 GB; read it with h5py/,
      );
      expect(performance.now() - began).toBeLessThan(5000);
      fs.rmSync(file);
      await expectIntact();
    });

    it("that sends the HDF5 library in a circle is given up, and the page is at hand meanwhile", async () => {
      const bytes = fs.readFileSync(await changed("circle.h5", (file) => setText(file, "status", "circle")));
      // In the heap of texts this one is said to be longer than it is: the next then begins in the middle of nothing, and
      // takes no space there.
      const lengthAt = bytes.indexOf("circle\0\0") - 8;
      expect(bytes[lengthAt]).toBe(6);
      bytes[lengthAt] = 0x37;
      await choose(named("circle.h5", bytes));
      await shortly(() => note().textContent()).toBe("Reading circle.h5 …");
      const slowest = await page.evaluate(async () => {
        let longest = 0;
        for (let k = 0; k < 50; k++) {
          const before = performance.now();
          await new Promise((resolve) => setTimeout(resolve, 10));
          longest = Math.max(longest, performance.now() - before);
        }
        return longest;
      });
      expect(slowest).toBeLessThan(500);
      await shortly(() => alert().textContent()).toBe("circle.h5: takes longer than 30 s; it was stopped");
      await expectIntact();
      await choose(hdf5);
      await shortly(() => note().textContent()).toBe("two temperatures.h5 is open.");
    });

    it("gives way to the next one", async () => {
      const bytes = fs.readFileSync(at("circle.h5"));
      bytes[bytes.indexOf("circle\0\0") - 8] = 0x37;
      await choose(named("circle.h5", bytes));
      await choose(csv);
      await shortly(() => label().textContent()).toBe("result.csv");
      expect(await alert().textContent()).toBe("");
    });
  });

  it("shows text of a file as text, whatever it is", async () => {
    const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
    const file = await changed(
      "evil.h5",
      (result) => {
        setText(result, "status", `${evil}\u202e\u0007${"x".repeat(100_000)}`);
        setText(result, "version", evil);
      },
      { name: `${evil} "'&javascript:alert(3)` },
    );
    const name = `"><svg onload=alert(4)>${"\u202e"}5h.${"long".repeat(30)}.h5`;
    await choose(named(name, fs.readFileSync(file)));
    await shortly(() => note().textContent()).toMatch(
      /^"><svg onload=alert\(4\)>5h\.(long)+.*….*long\.h5 is open\.$/,
    );
    await shortly(() => label().textContent()).toMatch(/^"><svg onload=alert\(4\)>/);
    expect(await page.locator("img[src=x], svg[onload], main script").count()).toBe(0);
    const { name: saved, file: yaml } = await exported("YAML");
    expect(saved).toMatch(/^[\w.-]+$/);
    const { input } = await loadProblem(yaml);
    expect(resolveProblem(input).problem.name).toBe(`${evil} "'&javascript:alert(3)`);
    const { file: again } = await exported("HDF5");
    expect((await contents(again)).problem.name).toBe(`${evil} "'&javascript:alert(3)`);
    await page.waitForTimeout(300);
    expect(trouble).toEqual([]);
  });

  describe("an export", () => {
    it("as HDF5 is the result bit for bit", async () => {
      const { name, file } = await exported("HDF5");
      expect(name).toBe("two-temperature-eps1-t0-2.h5");
      expect(await contents(file)).toEqual(await contents(hdf5));
      const [opened, original] = [await open(file), await open(hdf5)];
      const names = (result: OpenFile) =>
        result.paths().map((entry) => {
          const { attrs } = result.get(entry) as Dataset | Group;
          return [entry, Object.keys(attrs).sort()];
        });
      expect(names(opened)).toEqual(names(original));
      expect(Object.keys(opened.attrs).sort()).toEqual(Object.keys(original.attrs).sort());
      opened.close();
      original.close();
    });

    it("as CSV has the bytes that lfd run writes", async () => {
      const all = await exported("CSV: f(r) at all times");
      expect(all.name).toBe("two-temperature-eps1-t0-2.csv");
      const whole = fs.readFileSync(csv, "utf8");
      expect(fs.readFileSync(all.file, "utf8")).toBe(whole);
      const diagnostics = await exported("CSV: diagnostics");
      expect(diagnostics.name).toBe("two-temperature-eps1-samples-t0-2.csv");
      expect(fs.readFileSync(diagnostics.file, "utf8")).toBe(
        fs.readFileSync(at("result.samples.csv"), "utf8"),
      );
      const shown = await exported("CSV: f(r) on show");
      expect(shown.name).toBe("two-temperature-eps1-t2.csv");
      const last = whole.split("\n").filter((line) => line.startsWith("2,"));
      expect(fs.readFileSync(shown.file, "utf8")).toBe(["time,r,f", ...last, ""].join("\n"));
    });

    it("as YAML is the problem that lfd run computes the same from", async () => {
      const { name, file } = await exported("YAML");
      expect(name).toBe("two-temperature-eps1-t0-2.yaml");
      const { input } = await loadProblem(file);
      const { problem } = resolveProblem(input);
      expect(problem).toEqual(run.problem);
      const again = await simulate(problem as Parameters<typeof simulate>[0]);
      expect(again.profiles).toEqual(run.profiles);
      expect(fs.readFileSync(file, "utf8")).toMatch(
        /^# two-temperature, from the viewer of landau-fermi-dirac/,
      );
    });

    it("as PNG is a picture of the chosen chart", async () => {
      await button("Export").click();
      const items = await page.getByRole("menuitem", { name: /^PNG: / }).count();
      expect(items).toBeGreaterThan(3);
      await page.keyboard.press("Escape");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        (async () => {
          await button("Export").click();
          await page
            .getByRole("menuitem", { name: /^PNG: / })
            .first()
            .click();
        })(),
      ]);
      const { name, file } = await saved(download);
      expect(name).toMatch(/^two-temperature-eps1-\w+-t2\.png$/);
      const bytes = fs.readFileSync(file);
      expect(bytes.subarray(1, 4).toString()).toBe("PNG");
      expect(bytes.readUInt32BE(16)).toBeGreaterThan(600);
      expect(bytes.length).toBeGreaterThan(5000);
    });

    it("of a run computed here opens in lfd, and the YAML gives the same run", async () => {
      const state =
        "name=here&epsilon=1&initial.kind=annulus&initial.inner=0.5&initial.outer=1&initial.height=0.5" +
        "&grid.cells=150&until=1&samples.count=5&samples.spacing=log";
      await visit(`${server.url.split("?")[0]}#${state}`);
      await shortly(() => page.locator(".run-state").textContent()).toMatch(
        /done|Done|Finished|equilibrium/i,
      );
      const { name, file } = await exported("HDF5");
      expect(name).toBe("here-eps1-t0-1.h5");
      const result = await contents(file);
      expect(result.status).toBe("done");
      expect(result.samples).toHaveLength(result.problem.samples.at.length);
      expect(result.conservation!.mass).toBeLessThan(1e-13);
      const { file: yaml } = await exported("YAML");
      const { problem } = resolveProblem((await loadProblem(yaml)).input);
      expect(problem).toEqual(result.problem);
      const again = await simulate(problem as Parameters<typeof simulate>[0]);
      for (const [k, sample] of again.samples.entries()) {
        expect(Math.abs(result.samples[k]!.entropy / sample.entropy - 1)).toBeLessThan(1e-9);
      }
    });
  });

  it("works with the keyboard alone", async () => {
    await button("Export").focus();
    await page.keyboard.press("Enter");
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await shortly(focused).toMatch(/^HDF5: /);
    expect(await button("Export").getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toMatch(/^PNG: Entropy production/);
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toMatch(/^HDF5/);
    await page.keyboard.press("End");
    expect(await focused()).toMatch(/^PNG: Entropy production/);
    await page.keyboard.press("Home");
    expect(await focused()).toMatch(/^HDF5/);
    await page.keyboard.press("c");
    expect(await focused()).toMatch(/^CSV: f\(r\) on show/);
    await page.keyboard.press("c");
    expect(await focused()).toMatch(/^CSV: f\(r\) at all/);
    await page.keyboard.press("Escape");
    expect(await focused()).toBe("Export");
    expect(await button("Export").getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toMatch(/^PNG/);
    await page.keyboard.press("Tab");
    expect(await page.getByRole("menu").count()).toBe(0);
    await button("Export").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("h");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toBe("two-temperature-eps1-t0-2.h5");
    await button("Compare").focus();
    await page.keyboard.press(" ");
    await shortly(focused).toMatch(/^Compare with a file/);
    await chosen(csv, () => page.keyboard.press("Enter"));
    await shortly(() => note().textContent()).toMatch(/^result\.csv: a CSV/);
    await page.getByRole("button", { name: "Dismiss this message" }).focus();
    await page.keyboard.press("Enter");
    expect(await note().textContent()).toBe("");
  });

  it("has nothing that axe objects to, in light and dark, menus and messages open", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await choose(named("wrong.h5", "wrong"));
      await shortly(() => alert().textContent()).toContain("not an HDF5 file");
      await button("Compare").click();
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const { axe: there } = globalThis as unknown as { axe: typeof axe };
        const { violations } = await there.run({ include: [["#files"], [".files-notice"]] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("; ")}`);
      });
      expect(violations).toEqual([]);
      await page.keyboard.press("Escape");
    }
  });
});

function named(name: string, content: string | Buffer) {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(content) };
}

type OpenFile = Awaited<ReturnType<typeof open>>;

function slice(file: OpenFile, name: string, [k]: [number], value: number): void {
  (file.get(name) as Dataset).write_slice([[k, k + 1]], Float64Array.of(value));
}

function resized(file: OpenFile, count: number): void {
  (file.get("f") as Dataset).resize([count, 120]);
  (file.get("time") as Dataset).resize([count]);
}
