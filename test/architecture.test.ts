import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import * as api from "../src/index.js";
import * as sweepApi from "../src/sweep/index.js";
import * as unitsApi from "../src/units/index.js";

const root = path.resolve(import.meta.dirname, "..");

/** Import specifiers of a source file, static and dynamic, without those of types only. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gm)];
  const bare = [...text.matchAll(/^import\s+"([^"]+)"/gm)];
  const dynamic = [...text.matchAll(/\bimport\("([^"]+)"\)/g)];
  return [...found, ...bare, ...dynamic].map((match) => match[1]!);
}

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => path.join(root, folder, name));
}

/** Everything that `entry` loads of src/, by following relative imports. */
function reachable(entry: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith("."))
        visit(path.resolve(path.dirname(file), specifier.replace(/\.js$/, ".ts")));
    }
  };
  visit(entry);
  return [...seen];
}

const name = (file: string) => path.relative(root, file);

describe("boundaries", () => {
  test("one file of src/ touches the WASM instance", () => {
    const loaders = sources("src").filter((file) => importsOf(file).includes("@assemblyscript/loader"));
    expect(loaders.map(name)).toEqual(["src/solver/engine.ts"]);
    const users = sources("src").filter((file) =>
      /WebAssembly\.(Instance|instantiate|Memory)/.test(readFileSync(file, "utf8")),
    );
    expect(users.map(name)).toEqual(["src/solver/engine.ts"]);
  });

  test("what a browser loads imports nothing of Node", () => {
    const loaded = reachable(path.join(root, "src/index.ts"));
    expect(loaded.length).toBeGreaterThan(20); // the walk itself works
    for (const file of loaded) {
      expect(
        importsOf(file).filter((specifier) => /^node:|h5wasm\/node|^yaml$|^commander$/.test(specifier)),
        name(file),
      ).toEqual([]);
    }
  });

  test("the page imports nothing of Node", () => {
    for (const file of sources("web/src")) {
      expect(
        importsOf(file).filter((specifier) => /^node:|h5wasm\/node/.test(specifier)),
        name(file),
      ).toEqual([]);
    }
  });

  test("the command line is above everything else: nothing imports from it", () => {
    for (const file of sources("src").filter((file) => !name(file).startsWith("src/cli/"))) {
      expect(
        importsOf(file).filter((specifier) => /\/cli\//.test(specifier)),
        name(file),
      ).toEqual([]);
    }
  });

  test("the solver knows nothing of files or the command line, the stepper nothing of equilibria", () => {
    for (const file of sources("src/solver")) {
      expect(
        importsOf(file).filter((specifier) => /output|cli/.test(specifier)),
        name(file),
      ).toEqual([]);
    }
    expect(
      importsOf(path.join(root, "src/solver/stepper.ts")).filter((s) => /equilibrium|problem/.test(s)),
    ).toEqual([]);
  });
});

/** Of src/: the folder of a file, or the file itself where it lies in no folder. */
const part = (file: string) => name(file).split(path.sep)[1]!;

test("no two folders of src/ import each other, directly or by a detour, types included", () => {
  const imports = new Map<string, Set<string>>();
  for (const file of sources("src")) {
    const specifiers = [
      ...readFileSync(file, "utf8").matchAll(/\bfrom\s+"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/g),
    ];
    const targets = imports.get(part(file)) ?? new Set();
    imports.set(part(file), targets);
    for (const [, of, loaded] of specifiers) {
      const target = part(path.resolve(path.dirname(file), (of ?? loaded!).replace(/\.js$/, ".ts")));
      if (target !== part(file)) targets.add(target);
    }
  }
  expect(imports.get("cli")?.has("units")).toBe(true); // the walk itself works
  const cycles: string[] = [];
  const visit = (at: string, way: string[]) => {
    if (way.includes(at)) cycles.push([...way.slice(way.indexOf(at)), at].join(" → "));
    else for (const next of imports.get(at) ?? []) visit(next, [...way, at]);
  };
  for (const start of imports.keys()) visit(start, []);
  expect(cycles).toEqual([]);
});

test("the exports are these", () => {
  expect(Object.keys(api).sort()).toEqual([
    "InputError",
    "RunError",
    "collision",
    "equilibrium",
    "equilibriumValue",
    "estimateErrors",
    "namedProblems",
    "radialNodes",
    "resolveProblem",
    "saturation",
    "simulate",
    "validate",
  ]);
});

test("the exports of landau-fermi-dirac/sweep are these", () => {
  expect(Object.keys(sweepApi).sort()).toEqual(["mergeSweeps", "planSweep", "sweep"]);
});

test("the exports of landau-fermi-dirac/units are these", () => {
  expect(Object.keys(unitsApi).sort()).toEqual([
    "dimensionless",
    "physicalEquilibrium",
    "physicalErrors",
    "physicalSample",
    "plasmaUnits",
  ]);
});
