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
  changedKernel,
  type Fault,
  frozen,
  lostTerm,
  noBlocking,
  oneRate,
  ownStepper,
  strongerKernel,
  terms,
  wrongEpsilon,
} from "./verify-faults.js";

/** A share of the full size at which each check is still resolved, and what must turn it red. */
const trials: Record<string, { size: number; faults: [string, Fault, RegExp][] }> = {
  existence: {
    size: 0.25,
    faults: [
      ["arithmetic mean at the faces", ownStepper(), /drift of energy/],
      ["friction lost", ownStepper({ drift: 0 }), /\(1\.6\)/],
      ["run backwards", backwards, /largest rise of H/],
      ["coefficients of another kernel", changedKernel(() => ({ parallel: 1.1 })), /\(1\.6\)/],
    ],
  },
  rescaling: { size: 0.25, faults: [["ε off unless 1", wrongEpsilon((e) => 0.9 * e + 0.1), /λ = 1,/]] },
  "entropy-balance": {
    size: 1,
    faults: [
      ["kernel factor 1.05", strongerKernel(1.05), /production \/ \(H\(0\) - H\(T\)\)/],
      ["blocking lost", noBlocking, /φ = \|v\|⁴ over its change/],
    ],
  },
  equilibrium: {
    size: 0.25,
    faults: [
      ["friction lost", lostTerm({ drift: 0 }), /ε = 1: ∫\|∂t f\|/],
      ["blocking lost", lostTerm({ blocking: 0 }), /ε = 1: ∫\|∂t f\|/],
    ],
  },
  saturated: { size: 0.5, faults: [["blocking lost", noBlocking, /the ball/]] },
  "classical-limit": { size: 0.25, faults: [["ε² for ε", wrongEpsilon((e) => e * e), /f_ε - f_0/]] },
  coercivity: {
    size: 1,
    faults: [["1.01 A⊥", changedKernel(() => ({ perpendicular: 1.01 })), /D \+ 2A⊥/]],
  },
  "upper-bound": {
    size: 0.25,
    faults: [["kernel times 1.1", changedKernel(() => ({ parallel: 1.1 })), /∇·A/]],
  },
  "gradient-bound": {
    size: 0.25,
    faults: [["∇a times 1.01", changedKernel(() => ({ enclosed: 1.01 })), /attained/]],
  },
  approximation: {
    size: 0.25,
    faults: [
      ["damping too strong", { lagged: terms({ damping: 1.01 }) }, /\(3\.13\)/],
      ["blocking lost", { lagged: terms({ blocking: 0 }) }, /max f_k/],
    ],
  },
  limits: {
    size: 1,
    faults: [["friction 1 % too strong", { lagged: terms({ drift: 1.01 }) }, /order in δ₁/]],
  },
  viscous: {
    size: 0.5,
    faults: [["diffusion too weak", { lagged: terms({ diffusion: 0.3 }) }, /\(3\.27\)/]],
  },
  smoothing: { size: 0.25, faults: [["nothing moves", frozen, /exponent of ‖∇f‖²/]] },
  convergence: { size: 0.5, faults: [["nothing moves", frozen, /∫\|f - M\|/]] },
  decomposition: {
    size: 0.5,
    faults: [
      ["friction lost", lostTerm({ drift: 0 }), /first order/],
      ["blocking 1 % off", lostTerm({ blocking: 1.01 }), /second order/],
    ],
  },
  "spectral-gap": {
    size: 0.25,
    faults: [
      ["nonlocal part 1.0001", { linearised: { local: 1, nonlocal: 1.0001 } }, /L on 1, \|v\|², v/],
      ["local part 1.01", { linearised: { local: 1.01, nonlocal: 1 } }, /ℝ³ × ℝ³/],
    ],
  },
  "weighted-bounds": {
    size: 0.25,
    faults: [["D falls like r⁻² only", changedKernel((r) => ({ parallel: 1 + 4 * r })), /\|v\|³D/]],
  },
  "algebraic-decay": {
    size: 1,
    faults: [["kernel factor 1.05", strongerKernel(1.05), /full equation, amplitude/]],
  },
  "stretched-exponential": {
    size: 0.5,
    faults: [["one rate for all speeds", oneRate, /full equation's local p/]],
  },
  fisher: { size: 0.25, faults: [["run backwards", backwards, /ε = 0/]] },
};

const run = (name: string, fault: Fault = {}): Promise<Findings> => {
  const { size } = trials[name]!;
  return checks
    .find((check) => check.name === name)!
    .run({ subject: { ...thePackage, ...fault }, cells: (n) => Math.round(n * size) });
};

const red = ({ rows }: Findings) =>
  rows.filter(({ passed }) => passed === false).map(({ quantity }) => quantity);

describe.each(checks.map(({ name }) => name))("%s", (name) => {
  test("is green for the package", async () => {
    const findings = await run(name);
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
    expect(selectChecks(["(3.13)"]).map(({ name }) => name)).toEqual(["approximation", "viscous"]);
    expect(() => selectChecks(["9.9"])).toThrow(/no such statement.*valid: 1\.1/);
  });

  test("prints a table, writes CSV, and one JSON document", async () => {
    const directory = folder();
    const plain = await lfd(["verify", "1.2", "--csv", path.join(directory, "data")]);
    expect(plain).toMatchObject({ status: 0, stderr: "" });
    expect(plain.stdout).toContain("✓ rescaling (1.2; theorem");
    expect(plain.stdout).toMatch(/2 of 2 checks pass/);
    expect(existsSync(path.join(directory, "data/entropy-balance-entropy.csv"))).toBe(true);
    const csv = readFileSync(path.join(directory, "data/rescaling.csv"), "utf8");
    expect(csv.split("\n")[0]).toBe("quantity,computed,relation,bound,tolerance,margin,passed,coarser");
    const asJson = await lfd(["verify", "rescaling", "--json"]);
    const document = JSON.parse(asJson.stdout);
    expect(document.passed).toBe(true);
    expect(document.checks[0]).toMatchObject({
      name: "rescaling",
      statements: ["1.2"],
      kind: "theorem",
      passed: true,
    });
  });

  test("refuses what is no statement", async () => {
    const { status, stderr } = await lfd(["verify", "7.3"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lfd: 7\.3: no such statement.*valid: .*\n$/);
  });
});
