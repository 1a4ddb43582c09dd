import fc from "fast-check";
import { InputError, namedProblems, resolveProblem } from "landau-fermi-dirac";
import { describe, expect, it } from "vitest";
import {
  checkDraft,
  decodeState,
  defaultState,
  encodeState,
  encodeView,
  fitsLink,
  isState,
  namedDraft,
  type PageState,
  pageLimits,
  tellsProblem,
} from "../web/src/model/state.js";

const base = defaultState();

function withProblem(change: Record<string, unknown>): PageState {
  return { ...base, problem: { ...base.problem, ...change } };
}

/** What decoding `hash` refuses it with: always an InputError, short, on one line. */
function refusal(hash: string): InputError {
  let error: unknown;
  try {
    decodeState(hash);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ name: "InputError" });
  const { message, lines } = error as InputError;
  expect(message.length).toBeLessThan(400);
  expect(message.split(/[\r\n]/)).toEqual(lines);
  return error as InputError;
}

const amount = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const increasing = fc
  .uniqueArray(amount, { minLength: 2, maxLength: 30 })
  .map((numbers) => [...numbers].sort((a, b) => a - b));

const initial = fc.oneof(
  fc
    .array(fc.record({ density: amount, temperature: amount }), { minLength: 1, maxLength: 12 })
    .map((components) => ({ kind: "maxwellians", components })),
  fc.record({ kind: fc.constant("shell"), amplitude: amount, radius: amount, width: amount }),
  fc.record({ kind: fc.constant("fermi-dirac"), a: amount, b: amount }),
  fc.record({
    kind: fc.constant("power"),
    height: amount,
    scale: amount,
    exponent: amount.map((x) => 5.5 + x),
  }),
  increasing.map((r) => ({ kind: "table", r, f: r.map((x) => x / 3) })),
);

const state: fc.Arbitrary<PageState> = fc.record({
  problem: fc.record(
    {
      name: fc.string({ minLength: 1, maxLength: 200, unit: "grapheme-ascii" }),
      epsilon: fc.oneof(fc.constant(0), amount),
      initial,
      grid: fc.record({
        cells: fc.integer({ min: 100, max: 1_000_000 }),
        radius: fc.oneof(fc.constant("auto"), amount),
      }),
      until: amount,
      samples: fc.oneof(
        fc.record({ count: fc.integer({ min: 1, max: 100 }), spacing: fc.constantFrom("log", "linear") }),
        fc.constant({ at: [] }),
        fc.constant({ at: [1e-7, 5e-7] }),
      ),
      tolerance: fc.double({ min: 1e-12, max: 0.1, noNaN: true }),
      method: fc.constantFrom("sdirk4", "sdirk2", "implicit-euler"),
    },
    { requiredKeys: ["epsilon", "initial", "grid", "until", "samples", "tolerance", "method"] },
  ),
  view: fc.record({
    scale: fc.constantFrom("linear", "log"),
    axis: fc.constantFrom("radius", "energy"),
    time: fc.constantFrom("log", "linear"),
  }),
});

describe("the state in the address", () => {
  it("comes back as it went, and is a valid address as it stands", () => {
    fc.assert(
      fc.property(state, (given) => {
        const text = encodeState(given);
        fc.pre(text.length <= pageLimits.linkLength);
        expect(isState(text)).toBe(true);
        // what a browser makes of it when it goes through the address
        const hash = new URL(`http://localhost/a/#${text}`).hash;
        expect(decodeState(hash)).toEqual(given);
        expect(encodeState(decodeState(hash))).toBe(text);
      }),
    );
  });

  it("holds every named problem, readably", () => {
    for (const name of Object.keys(namedProblems)) {
      const given = { ...base, problem: namedDraft(name) };
      expect(decodeState(encodeState(given))).toEqual(given);
    }
    expect(encodeState(base)).toBe(
      "name=annulus&epsilon=1&initial.kind=annulus&initial.inner=1&initial.outer=1.5&initial.height=0.9" +
        "&grid.cells=20000&grid.radius=auto&until=100&samples.count=60&samples.spacing=log" +
        "&tolerance=1e-6&method=sdirk4&view.scale=linear&view.axis=radius&view.time=log",
    );
  });

  it("resolves to the same problem", () => {
    const problem = decodeState(encodeState(base)).problem;
    expect(resolveProblem(problem)).toEqual(resolveProblem(base.problem));
  });

  it("may leave out what has a default, and be typed by hand", () => {
    const { problem, view } = decodeState(
      "#epsilon=.5&initial.kind=shell&initial.amplitude=1E-2&initial.radius=1&initial.width=.2&until=10&view.scale=log",
    );
    expect(problem).toEqual({
      epsilon: 0.5,
      initial: { kind: "shell", amplitude: 0.01, radius: 1, width: 0.2 },
      grid: { cells: 2000, radius: "auto" },
      until: 10,
      samples: { count: 20, spacing: "log" },
      tolerance: 1e-6,
      method: "sdirk4",
    });
    const { epsilon, initial, until } = problem;
    expect(resolveProblem(problem)).toEqual(resolveProblem({ epsilon, initial, until })); // as the library has it
    expect(view).toEqual({ scale: "log", axis: "radius", time: "log" });
  });

  it("keeps a name that looks like a number, or like markup", () => {
    for (const name of ["12", "1e5", "a=b&c=d", "100 % + 1", "<img src=x onerror=alert(1)>", "ε̄ 中"]) {
      expect(decodeState(encodeState(withProblem({ name }))).problem.name).toBe(name);
    }
  });

  it("may tell the view alone, of the default problem", () => {
    const view = { ...base.view, scale: "log" } as const;
    expect(tellsProblem(`#${encodeView(view)}`)).toBe(false);
    expect(tellsProblem(`#${encodeView(view)}&epsilon=2`)).toBe(true);
    expect(decodeState(encodeView(view))).toEqual({ ...defaultState(), view });
  });

  it("goes without the numbers of a table that is too long for it, and keeps the rest", () => {
    const r = Array.from({ length: 9000 }, (_, k) => k / 3000);
    const long = withProblem({
      name: undefined,
      epsilon: 0.25,
      until: 7,
      initial: { kind: "table", r, f: r.map((x) => 3 - x) },
    });
    const hash = encodeState(long);
    expect(fitsLink(long)).toBe(false);
    expect(hash.length).toBeLessThan(1000);
    const { problem, tableLeftOut } = decodeState(hash);
    expect(tableLeftOut).toBe(true);
    expect(problem).toMatchObject({ epsilon: 0.25, until: 7, initial: defaultState().problem.initial });
    const short = withProblem({ initial: { kind: "table", r: [0, 1], f: [0.5, 0] } });
    expect(fitsLink(short)).toBe(true);
    expect(decodeState(encodeState(short))).toEqual(short);
  });

  it("is told from an anchor", () => {
    expect(isState("")).toBe(false);
    expect(isState("#display")).toBe(false);
  });
});

describe("a link that cannot be used", () => {
  const good = encodeState(base);

  it.each([
    ["no problem", "grid.cells=200&view.scale=log", "epsilon"],
    ["no value", good.replace("epsilon=1", "epsilon="), "epsilon"],
    ["text for a number", good.replace("epsilon=1", "epsilon=one"), "epsilon"],
    ["markup for a number", good.replace("epsilon=1", "epsilon=<script>alert(1)</script>"), "epsilon"],
    ["Infinity", good.replace("until=100", "until=Infinity"), "until"],
    ["a number that overflows", good.replace("until=100", "until=1e999"), "until"],
    ["hexadecimal", good.replace("epsilon=1", "epsilon=0x10"), "epsilon"],
    ["a negative number", good.replace("epsilon=1", "epsilon=-1"), "epsilon"],
    ["a key that does not exist", `${good}&tolerence=1e-3`, "tolerence"],
    ["a nested key that does not exist", `${good}&grid.cell=3`, "grid.cell"],
    ["a key twice", `${good}&epsilon=2`, '"epsilon"'],
    ["a value and keys below it", `${good}&epsilon.x=2`, '"epsilon.x"'],
    ["a list and keys below it", `${good}&samples.at=1&samples.at.length=4000000000`, '"samples.at.length"'],
    ["a prototype", `${good}&__proto__.polluted=1`, "__proto__"],
    ["a prototype further down", `${good}&grid.__proto__=1`, "__proto__"],
    ["a constructor", `${good}&constructor.prototype.polluted=1`, "constructor"],
    ["a view that does not exist", `${good.replace("view.scale=linear", "view.scale=cubic")}`, "view.scale"],
    ["a key of view that does not exist", `${good}&view.toString=x`, '"view.toString"'],
    ["a broken escape", good.replace("name=annulus", "name=%E0%A4%A"), "link"],
    ["no key", `=3&${good}`, "link"],
    ["a pair without =", `nonsense&${good}`, "link"],
    ["too few cells for the page", good.replace("cells=20000", "cells=4"), "grid.cells"],
    ["too many cells for the page", good.replace("cells=20000", "cells=10000000"), "grid.cells"],
    ["more samples than the page keeps", good.replace("count=60", "count=100000"), "samples.count"],
    [
      "more memory than the page takes",
      good.replace("count=60", "count=900").replace("cells=20000", "cells=1000000"),
      "samples.count",
    ],
    [
      "a table that was not read",
      "epsilon=0&until=1&initial.kind=table&initial.file=/etc/passwd",
      "initial.file",
    ],
    ["a function", "epsilon=0&until=1&initial.kind=function", "initial.kind"],
    ["deep keys", `${good}&${"a.".repeat(500)}b=1`, undefined],
    ["a long key", `${good}&${"a".repeat(50_000)}=1`, undefined],
    ["a long value", good.replace("epsilon=1", `epsilon=${"9".repeat(400)}`), "epsilon"],
    ["an endless link", `${good}&name=${"a".repeat(100_000)}`, "link"],
  ])("%s", (_, hash, key) => {
    const error = refusal(hash);
    if (key !== undefined) expect(error.key).toBe(key);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("is refused in words or understood, whatever it is", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ..."=&.,#%+0123456789",
        "epsilon",
        "initial",
        "kind",
        "samples.at",
        "__proto__",
        "view",
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const hash = pieces.join("");
        try {
          checkDraft(decodeState(hash).problem);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message.length).toBeLessThan(400);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
