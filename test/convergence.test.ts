import { beforeAll, describe, expect, test } from "vitest";
import { type MethodName, namedProblems, type Problem, simulate } from "../src/index.js";
import { methods } from "../src/solver/methods.js";

// Orders of convergence, measured on smooth data and printed. Steps are fixed: nothing but h or Δt changes.

interface Case {
  title: string;
  /** The order of magnitude of `until` is that in which the profile changes. */
  problem: Pick<Problem, "epsilon" | "initial" | "until">;
}

const twoTemperatures = namedProblems["two-temperature"]!.problem.initial;
const cases: Case[] = [
  { title: "two temperatures, ε = 0", problem: { epsilon: 0, initial: twoTemperatures, until: 10 } },
  {
    title: "shell, ε = 0",
    problem: { epsilon: 0, initial: namedProblems.rosenbluth!.problem.initial, until: 36 },
  },
  { title: "two temperatures, ε = 1", problem: { epsilon: 1, initial: twoTemperatures, until: 10 } },
  {
    // an edge in r⁴ where the equilibrium has one in r²
    title: "near saturation, ε = 0.99 ε*",
    problem: { epsilon: 1, initial: (r) => 1 / (1 + Math.exp((r ** 4 - 1) / 0.08)), until: 0.25 },
  },
];

/** f at the end, after `steps` equal steps. */
async function profile({ problem }: Case, cells: number, method: MethodName, steps: number) {
  const result = await simulate({
    ...problem,
    grid: { cells },
    samples: { at: [] },
    method,
    step: problem.until / steps,
    tolerance: 1e-12, // of Newton's method
  });
  expect(result.work.rejected).toBe(0);
  expect(result.work.steps).toBe(steps);
  return result;
}

/** Averages over pairs of cells of an even grid, weighted with their volumes. */
function restrict(f: Float64Array): Float64Array {
  const volume = (i: number) => (i + 1) ** 3 - i ** 3;
  return Float64Array.from({ length: f.length / 2 }, (_, n) => {
    const [left, right] = [volume(2 * n), volume(2 * n + 1)];
    return (left * f[2 * n]! + right * f[2 * n + 1]!) / (left + right);
  });
}

const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
const difference = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - b[i]!);

/** A table of lines with `width` characters a column. */
function table(title: string, head: string[], lines: string[][]): void {
  const line = (cells: string[]) => cells.map((c, i) => (i ? c.padStart(12) : c.padEnd(30))).join("");
  console.log([title, line(head), ...lines.map(line)].join("\n"));
}

const number = (x: number) => x.toExponential(2);
const ordersOf = (errors: number[]) => errors.slice(1).map((e, i) => Math.log2(errors[i]! / e));
const withOrders = (errors: number[]) => {
  const orders = ordersOf(errors);
  return errors.flatMap((e, i) => (i ? [number(e), orders[i - 1]!.toFixed(3)] : [number(e)]));
};

describe("in space: second order in the maximum norm", () => {
  const sizes = [250, 500, 1000, 2000];
  const found = new Map<Case, { everywhere: number[]; origin: number[]; filling: number }>();

  beforeAll(async () => {
    for (const entry of cases) {
      const everywhere: number[] = [];
      const origin: number[] = [];
      let coarse: Float64Array | undefined;
      let filling = 0;
      for (const cells of sizes) {
        const { profiles, equilibrium } = await profile(entry, cells, "sdirk4", 16);
        const fine = profiles.at(-1)!;
        if (coarse) {
          const d = difference(coarse, restrict(fine));
          everywhere.push(largest(d) / largest(fine));
          origin.push(Math.abs(d[0]! / fine[0]!));
        }
        coarse = fine;
        filling = entry.problem.epsilon / equilibrium.saturation;
      }
      found.set(entry, { everywhere, origin, filling });
    }
    table(
      "Cell averages on N cells against 2N, relative to max f:",
      ["", ...sizes.slice(0, -1).flatMap((n, i) => (i ? [`N = ${n}`, "order"] : [`N = ${n}`]))],
      cases.flatMap((entry) => {
        const { everywhere, origin } = found.get(entry)!;
        return [
          [entry.title, ...withOrders(everywhere)],
          ["  first cell", ...withOrders(origin)],
        ];
      }),
    );
  });

  test.each(cases)("$title", (entry) => {
    const { everywhere, origin } = found.get(entry)!;
    for (const order of [...ordersOf(everywhere), ...ordersOf(origin)]) {
      expect(Math.abs(order - 2)).toBeLessThan(0.1);
    }
    expect(everywhere[0]).toBeLessThan(1e-3);
  });

  test("the last case is near saturation", () => {
    const { filling } = found.get(cases.at(-1)!)!;
    expect(filling).toBeGreaterThan(0.98);
    expect(filling).toBeLessThan(1);
  });
});

describe("in time: the order of each method", () => {
  const cells = 400;
  const steps: Record<MethodName, number[]> = {
    sdirk4: [8, 16, 32],
    sdirk2: [16, 32, 64],
    "implicit-euler": [32, 64, 128],
  };
  const names = Object.keys(methods) as MethodName[];
  const pairs = cases.flatMap((entry) => names.map((method) => ({ entry, method, title: entry.title })));
  const found = new Map<string, { mean: number[]; maximum: number[] }>();
  const key = ({ title }: Case, method: MethodName) => `${title}, ${method}`;

  beforeAll(async () => {
    for (const entry of cases) {
      const exact = await profile(entry, cells, "sdirk4", 512);
      const f = exact.profiles.at(-1)!;
      const { faces } = exact.grid;
      const mass = f.reduce((sum, value, i) => sum + value * (faces[i + 1]! ** 3 - faces[i]! ** 3), 0);
      for (const method of names) {
        const mean: number[] = [];
        const maximum: number[] = [];
        for (const count of steps[method]) {
          const d = difference((await profile(entry, cells, method, count)).profiles.at(-1)!, f);
          mean.push(
            d.reduce((sum, e, i) => sum + Math.abs(e) * (faces[i + 1]! ** 3 - faces[i]! ** 3), 0) / mass,
          );
          maximum.push(largest(d) / largest(f));
        }
        found.set(key(entry, method), { mean, maximum });
      }
    }
    for (const method of names) {
      table(
        `Error of ${method} with fixed steps, relative L¹ (and maximum), ${cells} cells:`,
        ["", ...steps[method].flatMap((n, i) => (i ? [`${n} steps`, "order"] : [`${n} steps`]))],
        cases.flatMap((entry) => {
          const { mean, maximum } = found.get(key(entry, method))!;
          return [
            [entry.title, ...withOrders(mean)],
            ["  maximum", ...withOrders(maximum)],
          ];
        }),
      );
    }
  });

  test.each(pairs)("$method: $title", ({ entry, method }) => {
    const { mean, maximum } = found.get(key(entry, method))!;
    for (const order of [...ordersOf(mean), ...ordersOf(maximum)]) {
      expect(Math.abs(order - methods[method].order)).toBeLessThan(0.2);
    }
    expect(mean[0]).toBeLessThan(1e-2);
  });
});
