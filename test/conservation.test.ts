import { describe, expect, test } from "vitest";
import { type MethodName, namedProblems, type Problem, simulate, validate } from "../src/index.js";
import { methods } from "../src/solver/methods.js";

// Mass, energy, entropy and bounds in every accepted state, measured here and not taken from the solver's word.

const names = Object.keys(methods) as MethodName[];
const tolerances = [1e-3, 1e-5, 1e-7, 1e-9];
const problems: Record<string, Problem> = Object.fromEntries(
  Object.entries(namedProblems).map(([name, { problem }]) => [name, problem]),
);
problems["two-temperature"] = { ...problems["two-temperature"]!, until: 1e4 }; // it is slow

/** A sum whose rounding errors are carried along. */
class Sum {
  #high = 0;
  #low = 0;

  add(term: number): void {
    const sum = this.#high + term;
    const back = sum - this.#high;
    this.#low += this.#high - (sum - back) + (term - back);
    this.#high = sum;
  }

  get value(): number {
    return this.#high + this.#low;
  }
}

/** What is measured of the states of one run. */
class Watch {
  mass = 0;
  energy = 0;
  /** Largest rise of H over one step, relative to |H|; to the mass where that is more and ε = 0. */
  rise = -Infinity;
  /** Whether 0 < f < 1/ε in every state. */
  bounded = true;
  states = 0;

  readonly #epsilon: number;
  readonly #V: number[] = [];
  readonly #x: number[] = [];
  #start: { mass: number; energy: number } | undefined;
  #entropy = Number.NaN;

  constructor(faces: Float64Array, epsilon: number) {
    this.#epsilon = epsilon;
    for (let i = 0; i + 1 < faces.length; i++) {
      const [a, b] = [faces[i]!, faces[i + 1]!];
      const cubes = a * a + a * b + b * b;
      this.#V.push(((b - a) * cubes) / 3);
      // ∫ r⁴ dr / ∫ r² dr
      this.#x.push((3 * (a ** 4 + a ** 3 * b + a * a * b * b + a * b ** 3 + b ** 4)) / (5 * cubes));
    }
  }

  see(f: Float64Array, holes: Float64Array): void {
    const epsilon = this.#epsilon;
    const mass = new Sum();
    const energy = new Sum();
    const entropy = new Sum();
    for (let i = 0; i < f.length; i++) {
      const value = f[i]!;
      const hole = holes[i]!;
      const content = this.#V[i]! * value;
      mass.add(content);
      energy.add(content * this.#x[i]!);
      if (epsilon === 0) {
        entropy.add(content * Math.log(value));
        this.bounded &&= value > 0 && value < Infinity;
      } else {
        const u = epsilon * value;
        const lnU = hole < 0.5 ? Math.log1p(-hole) : Math.log(u);
        const lnHole = hole < 0.5 ? Math.log(hole) : Math.log1p(-u);
        entropy.add(content * lnU + (this.#V[i]! * hole * lnHole) / epsilon);
        this.bounded &&= value > 0 && value < 1 / epsilon && hole > 0;
      }
    }
    const H = entropy.value;
    const size = epsilon > 0 ? Math.abs(H) : Math.max(Math.abs(H), mass.value);
    this.#start ??= { mass: mass.value, energy: energy.value };
    this.mass = Math.max(this.mass, Math.abs(mass.value / this.#start.mass - 1));
    this.energy = Math.max(this.energy, Math.abs(energy.value / this.#start.energy - 1));
    if (this.states > 0) this.rise = Math.max(this.rise, (H - this.#entropy) / size);
    this.#entropy = H;
    this.states++;
  }
}

/** A run, and what was seen of its states. */
async function watched(problem: Problem) {
  let watch: Watch | undefined;
  const result = await simulate(problem, {
    onStart: ({ grid, problem }) => {
      watch = new Watch(grid.faces, problem.epsilon);
    },
    onSample: ({ time }, profile) => {
      if (time === 0)
        watch!.see(
          profile,
          profile.map((f) => 1 - problem.epsilon * f),
        );
    },
    onStep: ({ checkpoint }) => {
      const { f, holes } = checkpoint();
      watch!.see(f, holes);
    },
    profiles: false,
  });
  return { result, watch: watch! };
}

function expectSound({ result, watch }: Awaited<ReturnType<typeof watched>>): void {
  expect(result.status).toBe("done");
  expect(watch.states).toBe(result.work.steps + 1);
  expect(validate(result)).toEqual([]);
  // the last bits, at random in every step, and given back once they are a few
  const rounding = Math.min(3e-15, 5e-16 + 3e-16 * Math.sqrt(watch.states));
  for (const drift of [result.conservation.mass, result.conservation.energy, watch.mass, watch.energy]) {
    expect(drift).toBeLessThanOrEqual(rounding);
  }
  expect(watch.rise).toBeLessThanOrEqual(1e-13);
  expect(watch.bounded).toBe(true);
}

describe.each(Object.entries(problems))("%s", (_, problem) => {
  describe.each(names)("%s", (method) => {
    test.each(tolerances)("at tolerance %s", async (tolerance) => {
      // implicit Euler takes 10⁴ to 10⁵ steps at 1e-9
      const cells = method === "implicit-euler" ? 100 : 200;
      expectSound(await watched({ ...problem, grid: { cells }, samples: { count: 4 }, method, tolerance }));
    });
  });
});

describe("with edges within a few of many cells", () => {
  // f* above 1/ε and below 0 in neighbouring cells
  test.each(["annulus", "near-saturation"])("%s", async (name) => {
    for (const [cells, tolerance] of [
      [10000, 1e-3],
      [10000, 1e-4],
      [30000, 1e-3],
    ] as const) {
      expectSound(await watched({ ...problems[name]!, grid: { cells }, samples: { count: 2 }, tolerance }));
    }
  });
});

// What rounding takes in one step, another gives back.
test.each(names)(
  "100,000 steps of %s drift no further than a few",
  async (method) => {
    const run = await watched({
      ...problems["two-temperature"]!,
      grid: { cells: 40 },
      until: 10,
      step: 1e-4,
      samples: { at: [] },
      method,
    });
    expectSound(run);
    expect(run.watch.states).toBeGreaterThan(1e5);
    const { conservation } = run.result;
    expect(Math.max(conservation.mass, conservation.energy)).toBeLessThanOrEqual(2e-15);
  },
  60_000,
);

describe("100,000 cells", () => {
  /** A few units in the last place: the energy is restored from the states themselves. */
  function expectRestored({ result: { conservation }, watch }: Awaited<ReturnType<typeof watched>>): void {
    for (const drift of [conservation.mass, conservation.energy, watch.mass, watch.energy]) {
      expect(drift).toBeLessThanOrEqual(1e-15);
    }
  }

  test("at tolerance 1e-6", async () => {
    const problem = { ...problems["two-temperature"]!, until: 20, tolerance: 1e-6 };
    const run = await watched({ ...problem, grid: { cells: 1e5 }, samples: { count: 4 } });
    expectSound(run);
    expectRestored(run);
  });

  // long steps at the end, which multiply what rounding leaves of the energy
  const long = [
    ["two-temperature", 1e4],
    ["annulus", 5e3],
    ["near-saturation", 50],
  ] as const;
  describe.each(long)("%s, until %s, at tolerance 1e-3", (name, until) => {
    test.each(names)("%s", async (method) => {
      const problem = { ...problems[name]!, until, tolerance: 1e-3, method };
      const run = await watched({ ...problem, grid: { cells: 1e5 }, samples: { count: 2 } });
      expectSound(run);
      expectRestored(run);
    });
  });
});

describe("the entropy production of (1.3) is -dH/dt", () => {
  const times = { rosenbluth: [9, 100, 900], "two-temperature": [1, 10, 100], annulus: [0.1, 1, 10] };
  test.each(Object.entries({ ...times, "near-saturation": [0.1, 1, 4] }))("%s", async (name, instants) => {
    const spread = 0.02;
    const at = instants.flatMap((t) => [-1, -0.5, 0, 0.5, 1].map((s) => t * (1 + spread * s)));
    const { samples } = await simulate({
      ...problems[name]!,
      grid: { cells: 200 },
      samples: { at },
      until: at.at(-1)!,
      tolerance: 1e-10,
    });
    for (const t of instants) {
      const here = samples.findIndex(({ time }) => time === t);
      const slope = (distance: number) => {
        const before = samples[here - distance]!;
        const after = samples[here + distance]!;
        return (after.entropy - before.entropy) / (after.time - before.time);
      };
      const production = samples[here]!.entropyProduction;
      expect(Math.abs(slope(1) / production + 1)).toBeLessThan(1e-3);
      // without the second order of the difference quotient
      expect(Math.abs((4 * slope(1) - slope(2)) / 3 / production + 1)).toBeLessThan(1e-5);
    }
  });
});
