import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cbrt, exp, expm1, log, log1p, pow } from "../src/portable-math.js";
import { uniform } from "./arbitraries.js";

const ulp = 2 ** -52;
function close(got: number, want: number, ulps: number): void {
  expect(Math.abs(got - want), `${got} against ${want}`).toBeLessThanOrEqual(
    ulps * ulp * Math.abs(want) + 5e-324,
  );
}

test("exp and log are within 2 ulp of the engine's own", () => {
  fc.assert(
    fc.property(uniform(-745, 709), (x) => close(exp(x), Math.exp(x), x < -708 ? 1e6 : 2)),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), (x) => close(log(x), Math.log(x), 2)),
    {
      numRuns: 5000,
    },
  );
  fc.assert(
    fc.property(uniform(-1, 1), (d) => close(log(1 + d / 1e3), Math.log(1 + d / 1e3), 2)),
    { numRuns: 2000 },
  );
});

test("log1p and expm1 keep their digits near 0", () => {
  const small = fc.tuple(uniform(-1, 1), fc.integer({ min: -300, max: 0 })).map(([m, e]) => m * 10 ** e);
  fc.assert(
    fc.property(small, (x) => (x > -1 ? close(log1p(x), Math.log1p(x), 4) : undefined)),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(small, (x) => close(expm1(x), Math.expm1(x), 6)),
    { numRuns: 5000 },
  );
  for (const x of [-700, -40, 40, 700]) close(expm1(x), Math.expm1(x), 4);
});

test("pow and cbrt", () => {
  fc.assert(
    fc.property(uniform(1e-12, 1e12), uniform(-8, 8), (x, y) =>
      close(pow(x, y), x ** y, 8 + 2 * Math.abs(y * Math.log(x))),
    ),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(uniform(-1e200, 1e200), (x) => close(cbrt(x), Math.cbrt(x), 3)),
    { numRuns: 2000 },
  );
});

test("the ends", () => {
  expect([exp(710), exp(-746), exp(0), exp(Number.NaN)]).toEqual([Infinity, 0, 1, Number.NaN]);
  expect([log(0), log(-1), log(1), log(Infinity)]).toEqual([-Infinity, Number.NaN, 0, Infinity]);
  expect([log1p(0), log1p(-1), expm1(0), expm1(-800), expm1(800)]).toEqual([0, -Infinity, 0, -1, Infinity]);
  expect([pow(0, 2), pow(0, 0), pow(0, -1), cbrt(0), cbrt(-8), cbrt(27)]).toEqual([0, 1, Infinity, 0, -2, 3]);
  close(exp(-745), 5e-324, 1);
});

test("2 ** k, k an integer, is exact in the engine too", () => {
  for (let k = 0, up = 1, down = 1; k <= 1074; k++, up *= 2, down /= 2) {
    expect([2 ** k, 2 ** -k], `${k}`).toEqual([up, down]);
  }
});

/**
 * Parts of src/ whose numbers go into no run and no id: `portable-math.ts` itself; what `lfd verify` and `lfd spectrum`
 * compute, which is compared within margins and never bit by bit; digits and ticks of what the command prints.
 */
const elsewhere = /^(portable-math\.ts|verify\/|spectrum\/|cli\/)/;

/** The engine's own, but for powers of 2 and of BigInts, which are exact. */
const engines =
  /\bMath\.(exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot|a?(sin|cos|tan)h?|atan2)\b|(?<!(?<![\w.])2 )\*\*(?! ?\d+n\b)/g;

test("nothing that computes takes elementary functions from the engine", () => {
  expect("x ** 2 + 2 ** k + 12 ** k + 1.2 ** k + eps ** 2n + Math.log2(x) + b **= 3".match(engines)).toEqual([
    "**",
    "**",
    "**",
    "Math.log2",
    "**",
  ]);
  const root = path.resolve(import.meta.dirname, "../src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !elsewhere.test(name.replaceAll(path.sep, "/")),
  );
  expect(files.length).toBeGreaterThan(100); // the walk itself works
  for (const name of files) {
    const code = readFileSync(path.join(root, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(code.match(engines) ?? [], name).toEqual([]);
  }
});
