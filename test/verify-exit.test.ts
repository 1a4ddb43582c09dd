import { afterEach, expect, test, vi } from "vitest";
import { runVerify } from "../src/cli/verify.js";
import { atMost, type Check } from "../src/verify/check.js";
import type { Verdict } from "../src/verify/worker.js";

// What the command makes of verdicts, whatever they are.

let verdictOf: (name: string) => Omit<Verdict, "name" | "seconds">;
vi.mock("../src/verify/verify.js", () => ({
  verify: async (checks: Check[], onVerdict: (verdict: Verdict, check: Check) => void) =>
    checks.map((check) => {
      const verdict = { ...verdictOf(check.name), name: check.name, seconds: 1 };
      onVerdict(verdict, check);
      return verdict;
    }),
}));

const before = process.exitCode;
afterEach(() => {
  process.exitCode = before;
  vi.restoreAllMocks();
});

function printed(): () => string {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  return () => write.mock.calls.map(([text]) => String(text)).join("");
}

const good = { rows: [atMost("a figure", 1, 2)], tables: [], passed: true };
const bad = { rows: [atMost("a figure", 3, 2, [4])], tables: [], passed: false };

test("exit status 1 if one of them fails, and its name", async () => {
  verdictOf = (name) => (name === "rescaling" ? bad : good);
  const output = printed();
  await runVerify(["1.2"], {});
  expect(process.exitCode).toBe(1);
  expect(output()).toMatch(/✗ rescaling/);
  expect(output()).toMatch(/✗ a figure\n +3\.0000 {2}≤ +2\.0000 +×0\.67 {2}cells: 4\.0000/);
  expect(output()).toMatch(/1 of 2 checks pass .*;\s+failed: rescaling\n$/);
});

test("no exit status of its own if all pass", async () => {
  verdictOf = () => good;
  const output = printed();
  await runVerify([], {});
  expect(process.exitCode).toBe(before);
  expect(output()).toMatch(/22 of 22 checks pass/);
});

test("a margin next to 1 says how near", async () => {
  verdictOf = () => ({ rows: [atMost("close", 0.9992, 1)], tables: [], passed: true });
  const output = printed();
  await runVerify(["rescaling"], {});
  expect(output()).toContain("×1.0008");
});

test("a check that could not be completed has failed, and says why", async () => {
  verdictOf = () => ({ rows: [], tables: [], passed: false, error: "no convergence" });
  const output = printed();
  await runVerify(["fisher"], { json: true });
  expect(process.exitCode).toBe(1);
  expect(JSON.parse(output())).toMatchObject({ passed: false, checks: [{ error: "no convergence" }] });
});
