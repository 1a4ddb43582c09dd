import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { atLeast, atMost, type Findings, near, passes, reported } from "../src/verify/check.js";
import { directForm } from "../src/verify/direct.js";
import { checks, selectChecks } from "../src/verify/registry.js";
import { thePackage } from "../src/verify/subject.js";
import { folder, lfd } from "./cli.js";
import {
  backwards,
  changedCoefficients,
  changedKernel,
  changedSamples,
  changedStates,
  type Fault,
  frozen,
  lostTerm,
  noBlocking,
  oneRate,
  ownStepper,
  pastSaturation,
  strongerKernel,
  terms,
  wrongEpsilon,
  wrongTemperature,
} from "./verify-faults.js";

const lose = changedStates((x) => x * (1 - 1e-9));
const gain = changedStates((x) => x * 1.1 + 1e-9);
const below = changedStates((x, cell) => (cell === 3 ? -1e-9 : x));

/** A share of the full size at which each check is still resolved, and what must turn it red. */
const trials: Record<string, { size: number; faults: [string, Fault, RegExp][] }> = {
  existence: {
    size: 0.5,
    faults: [
      ["arithmetic mean at the faces", ownStepper(), /drift of energy/],
      ["friction lost", ownStepper({ drift: 0 }), /\(1\.6\)/],
      ["run backwards", backwards, /largest rise of H/],
      ["coefficients of another kernel", changedKernel(() => ({ parallel: 1.1 })), /\(1\.6\)/],
      ["mass lost", lose, /drift of mass/],
      ["f negative", below, /min f/],
      ["more than 1/ε", gain, /max f/],
      ["nothing moves", frozen, /C\(\[0,T\];L²\)/],
      ["jumps from cell to cell", changedStates((x, cell) => x * (1 + 0.1 * (cell % 2))), /L²\(0,T;H¹\)/],
      [
        "one method off",
        changedStates(
          (x) => x * 1.001,
          ({ method }) => method === "sdirk2",
        ),
        /uniqueness/,
      ],
    ],
  },
  rescaling: { size: 0.25, faults: [["ε off unless 1", wrongEpsilon((e) => 0.9 * e + 0.1), /λ = 1,/]] },
  "entropy-balance": {
    size: 1,
    faults: [
      ["kernel factor 1.05", strongerKernel(1.05), /production \/ \(H\(0\) - H\(T\)\)/],
      ["blocking lost", noBlocking, /φ = \|v\|⁴ over its change/],
      [
        "another production in the samples",
        changedSamples(({ entropyProduction }) => ({ entropyProduction: 1.03 * entropyProduction })),
        /the run's own entropyProduction/,
      ],
    ],
  },
  equilibrium: {
    size: 1,
    faults: [
      ["friction lost", lostTerm({ drift: 0 }), /ε = 1: ∫\|∂t f\|/],
      ["blocking lost", lostTerm({ blocking: 0 }), /ε = 1: ∫\|∂t f\|/],
      ["b off by 1e-3", wrongTemperature(1.001), /mass and energy/],
      ["a state of another temperature", wrongTemperature(1.001), /∫\|∂t f\|/],
    ],
  },
  saturated: {
    size: 0.5,
    faults: [
      ["blocking lost", noBlocking, /the ball/],
      ["an equilibrium beyond ε*", pastSaturation, /least ε refused/],
      ["nothing moves", changedSamples((_, k) => (k > 0 ? { l1Distance: 1 } : {})), /data near saturation/],
      ["a state too warm", wrongTemperature(0.5), /exponent of ∫/],
    ],
  },
  "classical-limit": {
    size: 0.25,
    faults: [
      ["ε² for ε", wrongEpsilon((e) => e * e), /f_ε - f_0/],
      ["ε² for ε in the entropy", wrongEpsilon((e) => e * e), /H_ε - \(ln ε - 1\)ρ - H/],
      ["ε² for ε in the relative entropy", wrongEpsilon((e) => e * e), /H_ε\[f\|M_ε\]/],
      ["ε² for ε in the equilibrium", wrongEpsilon((e) => e * e), /M_ε - M/],
    ],
  },
  coercivity: {
    size: 1,
    faults: [
      ["1.01 A⊥", changedKernel(() => ({ perpendicular: 1.01 })), /D \+ 2A⊥/],
      ["1.01 D", changedKernel(() => ({ parallel: 1.01 })), /r³D\(R\)/],
      ["the solver's D 0.2 % off", changedCoefficients(() => ({ parallel: 1.002 })), /of the solver/],
    ],
  },
  "upper-bound": {
    size: 1,
    faults: [
      ["the solver's D 10 % off", changedCoefficients(() => ({ parallel: 1.1 })), /∇·A/],
      ["the solver's D 1 % off", changedCoefficients(() => ({ parallel: 1.01 })), /of a ball/],
      ["the solver's D 3 % off", changedCoefficients(() => ({ parallel: 1.03 })), /p = 1\.2.* largest ratio/],
    ],
  },
  "gradient-bound": {
    size: 1,
    faults: [
      ["the solver's ∇a 1 % off", changedCoefficients(() => ({ enclosed: 1.01 })), /attained/],
      ["the solver's ∇a 1 % off, again", changedCoefficients(() => ({ enclosed: 1.01 })), /‖∇a‖_∞ ratio/],
    ],
  },
  approximation: {
    size: 0.25,
    faults: [
      ["damping too strong", { lagged: terms({ damping: 1.01 }) }, /\(3\.13\)/],
      ["blocking lost", { lagged: terms({ blocking: 0 }) }, /max f_k/],
      ["damping reversed", { lagged: terms({ damping: -1 }) }, /\(3\.18\)/],
      ["friction reversed", { lagged: terms({ drift: -60 }) }, /\(3\.2[01]\)/],
      ["friction 3 times, no blocking", { lagged: terms({ drift: 3, blocking: 0 }) }, /\(3\.17\)/],
      ["diffusion 1000 times", { lagged: terms({ diffusion: 1000 }) }, /\(3\.21\)/],
    ],
  },
  limits: {
    size: 1,
    faults: [
      ["friction 1 % too strong", { lagged: terms({ drift: 1.01 }) }, /order in δ₁/],
      ["friction twice", { lagged: terms({ drift: 2 }) }, /∫\|f_\{δ₁\} - f\|/],
      ["damping 300 times", { lagged: terms({ damping: 300 }) }, /order in τ|∫\|f_τ/],
    ],
  },
  viscous: {
    size: 0.5,
    faults: [
      ["diffusion too weak", { lagged: terms({ diffusion: 0.3 }) }, /\(3\.27\)/],
      ["diffusion 1000 times", { lagged: terms({ diffusion: 1000 }) }, /\(3\.25\)/],
    ],
  },
  smoothing: {
    size: 0.25,
    faults: [
      ["nothing moves", frozen, /exponent of ‖∇f‖²/],
      ["nothing moves, second derivatives", frozen, /4\.2's left side/],
      ["nothing moves, third derivatives", frozen, /exponent of ‖∇³f‖²/],
      ["nothing moves, Hölder", frozen, /Lemma 4\.3/],
      ["f grows", changedStates((x, _, k) => x * (1 + 0.05 * k)), /Lemma 3\.16/],
    ],
  },
  convergence: {
    size: 0.5,
    faults: [
      ["nothing moves", frozen, /∫\|f - M\|/],
      ["run backwards", backwards, /largest rise of H\[f\|M\]/],
    ],
  },
  decomposition: {
    size: 0.5,
    faults: [
      ["friction lost", lostTerm({ drift: 0 }), /first order/],
      ["blocking 1 % off", lostTerm({ blocking: 1.01 }), /second order/],
    ],
  },
  splitting: {
    size: 0.5,
    faults: [
      ["nonlocal part twice", { linearised: { local: 1, nonlocal: 2 } }, /least \(Λ_k h,h\)/],
      ["local part 1 % off", { linearised: { local: 1.01, nonlocal: 1 } }, /\(Λ_0 v,v\)/],
    ],
  },
  "spectral-gap": {
    size: 0.25,
    faults: [
      ["nonlocal part 1.0001", { linearised: { local: 1, nonlocal: 1.0001 } }, /L on 1, \|v\|², v/],
      ["local part 1.01", { linearised: { local: 1.01, nonlocal: 1 } }, /ℝ³ × ℝ³/],
      [
        "nonlocal part 1.5",
        { linearised: { local: 1, nonlocal: 1.5 } },
        /least ratio of 60 random h|below C_L/,
      ],
    ],
  },
  "weighted-bounds": {
    size: 1,
    faults: [
      [
        "the solver's D falls like r⁻² only",
        changedCoefficients((r) => ({ parallel: 1 + 4 * r })),
        /\|v\|³D/,
      ],
      ["its A⊥ 2 % off", changedCoefficients(() => ({ perpendicular: 1.02 })), /\|v\|A⊥/],
      ["its ∇a 1 % off", changedCoefficients(() => ({ enclosed: 1.01 })), /∂r a/],
    ],
  },
  "nonlinear-bounds": {
    size: 0.5,
    faults: [
      ["kernel ten times", changedKernel(() => ({ parallel: 10, enclosed: 10 })), /\(5\.30\)/],
      ["∇a a hundred times", changedKernel(() => ({ enclosed: 100 })), /\(5\.31\)/],
    ],
  },
  "algebraic-decay": {
    size: 1,
    faults: [
      ["kernel factor 1.05", strongerKernel(1.05), /full equation, amplitude/],
      ["run backwards", backwards, /relative rise/],
    ],
  },
  "stretched-exponential": {
    size: 0.5,
    faults: [["one rate for all speeds", oneRate, /full equation's local p/]],
  },
  fisher: {
    size: 0.25,
    faults: [
      ["run backwards", backwards, /ε = 0/],
      ["blocking lost", noBlocking, /first variation/],
    ],
  },
};

const run = (name: string, fault: Fault = {}): Promise<Findings> => {
  const { size } = trials[name]!;
  return checks
    .find((check) => check.name === name)!
    .run({ subject: { ...thePackage, ...fault }, cells: (n) => Math.round(n * size) });
};

const red = ({ rows }: Findings) =>
  rows.filter(({ passed }) => passed === false).map(({ quantity }) => quantity);

/** What kind of figure a row is: without its data, ε, k, ℓ and the like. */
const family = (quantity: string) =>
  quantity
    .replace(/^(smooth|hard-edged, f = 0\.999\/ε|few moments, f ~ r⁻⁸|near ε\*): /, "")
    .replace(/\d[\d.]*(e[-+]?\d+)?/g, "#")
    .trim();
const seen: Record<string, { asserted: Set<string>; red: Set<string> }> = {};

/** Asserted figures that no fault of the list can turn red, as yet. */
const unbroken: Record<string, RegExp> = {
  // formulas without the subject in them
  saturated: /^ε\* over that of the ball/,
  "upper-bound": /sharp constant against the proof's|^\(#\) under f/,
  "gradient-bound": /sharp constant against the proof's|‖∇a‖₂ \/ /,
  "entropy-balance": /tensor quadrature/,
  // agreement of two grids
  coercivity: /against half the cells/,
  "spectral-gap": /its error|count/,
  splitting: /count|over that of half the cells/,
  "nonlinear-bounds": /over that of half the cells/,
  "algebraic-decay": /local exponent|the same|\(#\)/,
  convergence: /^H\(f_in\)/,
  "stretched-exponential": /^ε = #/,
  viscous: /Lemma #/,
};

describe.each(checks.map(({ name }) => name))("%s", (name) => {
  const families = { asserted: new Set<string>(), red: new Set<string>() };
  seen[name] = families;

  test("is green for the package", async () => {
    const findings = await run(name);
    for (const { quantity, passed } of findings.rows)
      if (passed !== null) families.asserted.add(family(quantity));
    expect(red(findings)).toEqual([]);
    expect(passes(findings)).toBe(true);
    for (const { columns, rows } of findings.tables) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row.length).toBe(columns.length);
    }
  });

  test.each(trials[name]!.faults)("is red for: %s", async (_what, fault, expected) => {
    const findings = await run(name, fault);
    expect(passes(findings)).toBe(false);
    expect(red(findings)).toContainEqual(expect.stringMatching(expected));
    for (const quantity of red(findings)) families.red.add(family(quantity));
  });

  test("every kind of figure it asserts was red for a fault", () => {
    const never = [...families.asserted].filter((kind) => !families.red.has(kind));
    const exempt = unbroken[name];
    expect(never.filter((kind) => !exempt?.test(kind))).toEqual([]);
    if (exempt) expect(never.some((kind) => exempt.test(kind))).toBe(true);
  });
});

describe("figures", () => {
  test("pass on the right side only, and never as NaN", () => {
    expect([atMost("", 1, 2), atLeast("", 2, 1), near("", 1, 1.1, 0.2)].map((row) => row.passed)).toEqual([
      true,
      true,
      true,
    ]);
    expect([atMost("", 3, 2), atLeast("", 0, 1), near("", 1, 2, 0.2)].map((row) => row.passed)).toEqual([
      false,
      false,
      false,
    ]);
    for (const row of [atMost("", Number.NaN, 1), atLeast("", Number.NaN, 0), near("", Number.NaN, 0, 1)])
      expect(row.passed).toBe(false);
    expect(atMost("", 0.5, 2).margin).toBe(4);
  });

  test("that are only reported pass nothing", () => {
    expect(passes({ rows: [reported("", 1)], tables: [] })).toBe(false);
    expect(passes({ rows: [reported("", 1), atMost("", 1, 2)], tables: [] })).toBe(true);
  });

  test("the integral over ℝ³ × ℝ³ of a linear h is 0, of h = z² positive", () => {
    const weight = (r: number) => Math.exp(-r * r);
    const common = { weight, radius: 5, order: 8 };
    expect(directForm({ ...common, gradient: () => [1, 0] })).toBeCloseTo(0, 14);
    expect(directForm({ ...common, gradient: (r, c) => [2 * r * c, 0] })).toBeGreaterThan(0.01);
  });
});

describe("lfd verify", () => {
  test("every check can be asked for by its name and its numbers", () => {
    for (const check of checks) {
      expect(selectChecks([check.name])).toEqual([check]);
      for (const number of check.statements) expect(selectChecks([number])).toContain(check);
    }
    const names = (...asked: string[]) => selectChecks(asked).map(({ name }) => name);
    expect(names("3.13")).toEqual(["approximation", "viscous"]);
    expect(names("(3.13)")).toEqual(["approximation"]);
    expect(names("Lemma 3.13")).toEqual(["viscous"]);
    expect(names("lemma", "2.1")).toEqual(["coercivity"]);
    expect(names("Theorem 5.4", "(1.6)")).toEqual(["existence", "spectral-gap"]);
    expect(names("5.6")).toEqual(["decomposition", "nonlinear-bounds"]);
  });

  test.each([
    ["9.9", /nothing by that name or number is computed/],
    ["spectral-gab", /did you mean "spectral-gap"/],
    ["3.6", /3\.6: is not computed: compactness/],
    ["3.3.3", /nothing by that name/],
    ["Lemma 9.1", /nothing by that name/],
  ])("refuses %s in one line", (name, complaint) => {
    expect(() => selectChecks([name])).toThrow(complaint);
    expect(() => selectChecks([name])).toThrow(/^.{0,200}$/);
  });

  test("the names and numbers that docs/paper.md asks for are there, and each check is in it", () => {
    const text = readFileSync(new URL("../docs/paper.md", import.meta.url), "utf8");
    const asked = [...text.matchAll(/lfd verify ((?!--)[^`\n#]*)/g)].map(([, rest]) =>
      rest!.replace(/--\S+.*/, "").trim(),
    );
    expect(asked.length).toBeGreaterThan(20);
    for (const words of asked.filter(Boolean))
      expect(
        () => selectChecks(words.match(/"[^"]*"|\S+/g)!.map((w) => w.replaceAll('"', ""))),
        words,
      ).not.toThrow();
    const covered = new Set(
      asked
        .filter(Boolean)
        .flatMap((words) => selectChecks(words.match(/"[^"]*"|\S+/g)!.map((w) => w.replaceAll('"', "")))),
    );
    expect(checks.filter((check) => !covered.has(check)).map(({ name }) => name)).toEqual([]);
  });

  // those that take a second at full size
  test.each<[string, RegExp, (x: number) => string]>([
    ["approximation", /^δ₁ = 0\.1: \(3\.17\) as printed/, (x) => `left/right ≤ ${x.toFixed(3)} (δ₁ = 0.1)`],
    ["approximation", /^δ₁ = 0\.01: \(3\.17\) as printed/, (x) => `${x.toFixed(3)} (0.01)`],
    ["approximation", /^δ₁ = 0\.1: \(3\.17\) with both/, (x) => `is ${x.toFixed(3)} of the right at`],
    ["approximation", /^δ₁ = 0\.1: \(3\.21\)/, (x) => `${x.toFixed(3)} and 0.059 of the bounds`],
    ["saturated", /exponent of ∫/, (x) => `p = 0.500, 0.500, ${x.toFixed(3)}`],
    ["coercivity", /^smooth: C attained.*, D$/, (x) => `${x.toFixed(4)} and 0.0224\n(smooth)`],
    ["decomposition", /^first order/, (x) => `L ${x.toExponential(1)}`],
    ["classical-limit", /H_ε\[f\|M_ε\]/, (x) => `1.003, 1.001, ${x.toFixed(3)}`],
  ])("docs/paper.md has the figure of %s, %s", async (name, quantity, text) => {
    const page = readFileSync(new URL("../docs/paper.md", import.meta.url), "utf8");
    const check = checks.find((candidate) => candidate.name === name)!;
    const { rows } = await check.run({ subject: thePackage, cells: (n) => n });
    expect(page).toContain(text(rows.find((row) => quantity.test(row.quantity))!.computed));
  });

  test("--list --json is a document", async () => {
    const { stdout, status } = await lfd(["verify", "--list", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).checks.map(({ name }: { name: string }) => name)).toEqual(
      checks.map(({ name }) => name),
    );
  });

  test("a directory that cannot be written is refused before anything is tried", async () => {
    const directory = folder({ "taken/": "", file: "" });
    const { mkdirSync } = await import("node:fs");
    mkdirSync(path.join(directory, "taken/rescaling.csv"));
    for (const [target, complaint] of [
      [path.join(directory, "file"), /cannot be made a directory: a part of the path is a file/],
      [path.join(directory, "file/x"), /cannot be made a directory/],
      ["/proc/nope", /cannot be made a directory/],
      [path.join(directory, "taken"), /rescaling\.csv: cannot be written: it is a directory/],
    ] as const) {
      const { status, stderr, stdout } = await lfd(["verify", "rescaling", "--csv", target]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(complaint);
    }
  });

  test("prints a table, writes CSV, and one JSON document", async () => {
    const directory = folder();
    const plain = await lfd(["verify", "1.2", "--csv", path.join(directory, "data")]);
    expect(plain).toMatchObject({ status: 0, stderr: "" });
    expect(plain.stdout).toContain("✓ rescaling (Corollary 1.2; theorem");
    expect(plain.stdout).toMatch(/2 of 2 checks pass/);
    expect(existsSync(path.join(directory, "data/entropy-balance-entropy.csv"))).toBe(true);
    const csv = readFileSync(path.join(directory, "data/rescaling.csv"), "utf8");
    expect(csv.split("\n")[0]).toBe(
      "quantity,computed,relation,bound,tolerance,margin,passed,less_refined,refined_in",
    );
    const asJson = await lfd(["verify", "rescaling", "--json"]);
    const document = JSON.parse(asJson.stdout);
    expect(document.passed).toBe(true);
    expect(document.checks[0]).toMatchObject({
      name: "rescaling",
      statements: ["Corollary 1.2"],
      kind: "theorem",
      passed: true,
    });
  });

  test("refuses what is no statement", async () => {
    const { status, stderr } = await lfd(["verify", "7.3"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lfd: 7\.3: nothing by that name or number is computed.*valid: .*\n$/);
  });
});
