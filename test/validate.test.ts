import { expect, test } from "vitest";
import { namedProblems, simulate, validate } from "../src/index.js";
import { type Conservation, type Sample, sampleKeys } from "../src/types.js";
import { entropyScale } from "../src/validate.js";

// A sound result, and what is said of it once one guarantee is broken.

const { problem } = namedProblems["two-temperature"]!;
const result = await simulate({
  ...problem,
  grid: { cells: 60 },
  until: 1,
  samples: { at: [0.5] },
  tolerance: 1e-4,
});
const { epsilon } = result.problem;

const conserving = (conservation: Partial<Conservation>) => ({
  ...result,
  conservation: { ...result.conservation, ...conservation },
});
/** With other numbers in the sample at t = 0.5. */
const sampling = (numbers: Partial<Sample>) => ({
  ...result,
  samples: result.samples.map((sample) => (sample.time === 0.5 ? { ...sample, ...numbers } : sample)),
});

test("nothing of a sound result", () => {
  expect(result.samples.map(({ time }) => time)).toEqual([0, 0.5, 1]);
  expect(validate(result)).toEqual([]);
});

const size = Math.max(...result.samples.map((sample) => entropyScale(sample, epsilon)));

test.each<[what: string, broken: typeof result, sentence: RegExp]>([
  ["the mass drifts", conserving({ mass: 1.1e-13 }), /^mass drifts by 1\.1e-13 .*more than 1e-13$/],
  ["no number for the mass", conserving({ mass: NaN }), /^mass drifts by NaN/],
  ["the energy drifts", conserving({ energy: 1.1e-13 }), /^energy drifts by 1\.1e-13 .*more than 1e-13$/],
  ["no number for the energy", conserving({ energy: NaN }), /^energy drifts by NaN/],
  ["the entropy rises", conserving({ entropyIncrease: 1.1e-13 * size }), /^a step raised the entropy by \d/],
  ["no number for its rise", conserving({ entropyIncrease: NaN }), /^a step raised the entropy by NaN/],
  ["f = 0", sampling({ minimum: 0 }), /^minimum = 0 at t = 0\.5, not above 0$/],
  ["f < 0", sampling({ minimum: -1e-300 }), /^minimum = -1e-300 at t = 0\.5, not above 0$/],
  ["f > 1/ε", sampling({ maximum: 1.001 / epsilon }), /^maximum = 1\.001 at t = 0\.5, above 1\/epsilon = 1$/],
  ["a weight below all bounds", sampling({ weightedL2: -Infinity }), /^weightedL2 = -Infinity at t = 0\.5$/],
  ["no relative entropy", sampling({ relativeEntropy: NaN }), /^relativeEntropy = NaN at t = 0\.5$/],
])("%s", (_, broken, sentence) => {
  const complaints = validate(broken);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toMatch(sentence);
});

test.each(sampleKeys.filter((key) => key !== "time"))("%s is no number, or infinite", (key) => {
  expect(validate(sampling({ [key]: NaN }))).toContainEqual(`${key} = NaN at t = 0.5`);
  const infinite = validate(sampling({ [key]: Infinity }));
  if (key === "weightedL2" || key === "relativeEntropy") expect(infinite).toEqual([]);
  else expect(infinite).toContainEqual(`${key} = Infinity at t = 0.5`);
});

test("up to its bounds nothing is said", () => {
  const most = 1e-13;
  expect(validate(conserving({ mass: most, energy: most, entropyIncrease: 0.99 * most * size }))).toEqual([]);
  expect(validate(sampling({ minimum: 5e-324, maximum: 1 / epsilon }))).toEqual([]);
  const classical = sampling({ maximum: 1e300 });
  expect(validate({ ...classical, problem: { ...result.problem, epsilon: 0 } })).toEqual([]);
});

test("more than 10⁵ cells may drift ten times as much", () => {
  const drifting = (cells: number, drift: number) =>
    validate({ ...conserving({ mass: drift, energy: drift }), grid: { cells, radius: 1 } });
  expect(drifting(100_000, 5e-13)).toHaveLength(2);
  expect(drifting(100_001, 5e-13)).toEqual([]);
  expect(drifting(100_001, 1.1e-12)).toHaveLength(2);
});

test("everything that is broken has a sentence, of every sample", () => {
  const broken = {
    ...conserving({ mass: 1, energy: 1, entropyIncrease: 1 }),
    samples: result.samples.map((sample) => ({ ...sample, minimum: -1, maximum: 2, fisher: NaN })),
  };
  expect(validate(broken)).toHaveLength(3 + 3 * result.samples.length);
});

// H may vanish, and f is rounded all the same.
test("the entropy is measured against itself, but no less than a share of the mass", () => {
  expect(entropyScale({ entropy: -3, mass: 1 }, 1)).toBe(3);
  expect(entropyScale({ entropy: 0, mass: 2 }, 1)).toBe(0.1);
  expect(entropyScale({ entropy: 0, mass: 2 }, 0)).toBe(2);
});
