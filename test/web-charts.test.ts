import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimate } from "../web/src/charts/decimate.js";
import { numberText, powerOfTen, tickTexts } from "../web/src/charts/number-text.js";
import {
  energy,
  inverseHyperbolic,
  linear,
  logarithmic,
  logarithmicTime,
  type Scale,
} from "../web/src/charts/scale.js";
import { uniform } from "./arbitraries.js";

const anyY = fc.oneof(uniform(-1e3, 1e3), fc.constantFrom(0, NaN, Infinity, -Infinity, 1e-300, 5e-324));

/** Points with ascending x, and columns that may begin and end anywhere. */
const cases = fc
  .record({
    steps: fc.array(fc.tuple(uniform(1e-6, 1), anyY), { maxLength: 300 }),
    columns: fc.integer({ min: 1, max: 40 }),
    from: uniform(-0.5, 1.2),
    width: uniform(1e-3, 2),
    above: fc.constantFrom(-Infinity, 0),
  })
  .map(({ steps, columns, from, width, above }) => {
    let position = 0;
    const x = Float64Array.from(steps, ([step]) => (position += step));
    const y = Float64Array.from(steps, ([, value]) => value);
    const bounds = Float64Array.from(
      { length: columns + 1 },
      (_, k) => (from + (width * k) / columns) * position,
    );
    return { x, y, bounds, above };
  });

/** Indices of the points in each column, by the definition. */
function columnsOf(x: Float64Array, bounds: Float64Array): number[][] {
  const last = bounds.length - 2;
  return Array.from({ length: last + 1 }, (_, c) =>
    [...x.keys()].filter(
      (i) => x[i]! >= bounds[c]! && (x[i]! < bounds[c + 1]! || (c === last && x[i]! === bounds[c + 1]!)),
    ),
  );
}

describe("decimate", () => {
  it("keeps the extrema and the ends of every column, and one point beyond on either side", () => {
    fc.assert(
      fc.property(cases, ({ x, y, bounds, above }) => {
        const kept = decimate(x, y, bounds, above);
        const drawable = (i: number) => y[i]! > above && y[i]! < Infinity;
        for (const members of columnsOf(x, bounds)) {
          const inside = members.filter((i) => kept.includes(i));
          const before = members.filter(drawable);
          const after = inside.filter(drawable);
          if (members.length > 0) expect(inside.length).toBeGreaterThan(0);
          expect(after[0]).toBe(before[0]);
          expect(after.at(-1)).toBe(before.at(-1));
          const values = (indices: number[]) => indices.map((i) => y[i]!);
          expect(Math.min(...values(after))).toBe(Math.min(...values(before)));
          expect(Math.max(...values(after))).toBe(Math.max(...values(before)));
        }
        const left = x.findLastIndex((value) => value < bounds[0]!);
        const right = x.findIndex((value) => value > bounds.at(-1)!);
        if (left >= 0) expect(kept[0]).toBe(left);
        if (right >= 0) expect(kept.at(-1)).toBe(right);
      }),
    );
  });

  it("gives at most four points a column, ascending, whatever x does", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyY, anyY), { maxLength: 300 }), cases, (points, { bounds }) => {
        const x = points.map(([first]) => first);
        const kept = decimate(
          x,
          points.map(([, second]) => second),
          bounds,
        );
        expect(kept.length).toBeLessThanOrEqual(4 * (bounds.length - 1) + 2);
        for (let k = 1; k < kept.length; k++) {
          expect(kept[k]!).toBeGreaterThan(kept[k - 1]!);
          expect(x[kept[k]!]!).toBeGreaterThan(x[kept[k - 1]!]!);
        }
      }),
    );
  });

  it("keeps everything where there are four points a column or fewer", () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => i);
    const bounds = Float64Array.from({ length: 11 }, (_, k) => 4 * k);
    expect(decimate(x, x, bounds)).toEqual([...x]);
  });

  it("makes one gap of a column without drawable points", () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => i);
    const y = x.map((value) => (value >= 10 && value < 20 ? 0 : 1));
    expect(decimate(x, y, [0, 10, 20, 30], 0)).toEqual([0, 9, 10, 20, 29]);
  });

  it("finds a single spike among a million", () => {
    const x = Float64Array.from({ length: 1e6 }, (_, i) => i);
    const y = new Float64Array(1e6);
    y[123_457] = 1;
    const bounds = Float64Array.from({ length: 1001 }, (_, k) => 1000 * k);
    expect(decimate(x, y, bounds)).toContain(123_457);
  });

  it("draws nothing of nothing", () => {
    expect(decimate([], [], [0, 1])).toEqual([]);
    expect(decimate([NaN, NaN], [1, 2], [0, 1])).toEqual([]);
  });
});

describe("numberText", () => {
  it.each([
    [0, "0"],
    [1, "1"],
    [-2.5, "−2.5"],
    [0.28123, "0.281"],
    [1234.5, "1235"],
    [0.001, "0.001"],
    [0.00099999, "0.001"],
    [2.22e-16, "2.22·10⁻¹⁶"],
    [1e-300, "10⁻³⁰⁰"],
    [-1e-12, "−10⁻¹²"],
    [5e-324, "4.94·10⁻³²⁴"],
    [6.02e23, "6.02·10²³"],
    [Infinity, "∞"],
    [NaN, "not a number"],
  ])("%d is %s", (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it("labels powers of ten", () => {
    expect([-12, 0, 1, 308].map(powerOfTen)).toEqual(["10⁻¹²", "10⁰", "10¹", "10³⁰⁸"]);
  });

  it("gives ticks as many decimals as their step needs", () => {
    expect(tickTexts([0, 0.5, 1], 0.5)).toEqual(["0", "0.5", "1.0"]);
    expect(tickTexts([-20, -10, 0], 10)).toEqual(["−20", "−10", "0"]);
    expect(tickTexts([0, 5e-17, 1e-16], 5e-17)).toEqual(["0", "5·10⁻¹⁷", "1.0·10⁻¹⁶"]);
    expect(tickTexts([1e300, 1.5e300], 5e299)).toEqual(["1.0·10³⁰⁰", "1.5·10³⁰⁰"]);
  });
});

const scales: Record<string, Scale> = {
  linear,
  energy,
  logarithmic,
  "logarithmic time": logarithmicTime(1e-3, -3.4),
  "inverse hyperbolic": inverseHyperbolic(-16),
};

describe.each(Object.entries(scales))("the %s scale", (_, scale) => {
  it("has a finite coordinate or none for every number", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const coordinate = scale.forward(value);
        expect(Number.isNaN(coordinate) || Number.isFinite(coordinate)).toBe(true);
        if (!(value > scale.above)) expect(coordinate).toBeNaN();
      }),
    );
    for (const value of [NaN, Infinity, -Infinity]) expect(scale.forward(value)).toBeNaN();
  });

  it("is monotone, and its inverse is its inverse", () => {
    const values = fc.double({ min: 1e-3, max: 1e100, noNaN: true });
    fc.assert(
      fc.property(values, values, (a, b) => {
        if (a < b) expect(scale.forward(a)).toBeLessThanOrEqual(scale.forward(b));
        expect(scale.inverse(scale.forward(a)) / a).toBeCloseTo(1, 10);
      }),
    );
  });

  it("fits ranges with ticks inside, few of them, at any magnitude", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(0, 1e-300, 5e-324, 1, 1 + 1e-15, 1e299),
    );
    fc.assert(
      fc.property(value, value, fc.boolean(), fc.integer({ min: 1, max: 30 }), (a, b, zero, atMost) => {
        const ends = [scale.forward(a), scale.forward(b)].filter((end) => !Number.isNaN(end));
        if (ends.length < 2) return;
        const range = scale.fit(Math.min(...ends), Math.max(...ends), zero);
        expect(range[1]).toBeGreaterThan(range[0]);
        expect(range[1]).toBeGreaterThanOrEqual(Math.max(...ends));
        const ticks = scale.ticks(range, atMost);
        expect(ticks.length).toBeLessThan(400);
        const slack = 1e-6 * (range[1] - range[0]);
        for (const { at } of ticks) {
          expect(at).toBeGreaterThanOrEqual(range[0] - slack);
          expect(at).toBeLessThanOrEqual(range[1] + slack);
        }
      }),
    );
  });
});

describe("the logarithmic scale", () => {
  it("has no place for zero, and a finite one for 1e-300 and the least double", () => {
    expect(logarithmic.forward(0)).toBeNaN();
    expect(logarithmic.forward(-1)).toBeNaN();
    expect(logarithmic.forward(1e-300)).toBeCloseTo(-300, 10);
    expect(logarithmic.forward(5e-324)).toBeCloseTo(-323.3, 1);
  });

  it("shows at most 24 decades below the largest value", () => {
    const [low, high] = logarithmic.fit(-300, 0, false);
    expect(low).toBeGreaterThan(-26);
    expect(high).toBeLessThan(2);
  });

  it("labels decades, and more where there are few of them", () => {
    const texts = (low: number, high: number, atMost: number) =>
      logarithmic.ticks([low, high], atMost).flatMap(({ text }) => text ?? []);
    expect(texts(-12, 0, 4)).toEqual(["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"]);
    expect(texts(-0.1, 1.1, 8)).toEqual(["1", "2", "5", "10"]);
    expect(texts(-300.2, -299.9, 4).length).toBeGreaterThan(1);
  });
});

describe("the logarithmic time scale", () => {
  it("puts t = 0 left of the first time", () => {
    const scale = logarithmicTime(1e-3, -3.4);
    expect(scale.forward(0)).toBe(-3.4);
    expect(scale.inverse(-3.4)).toBe(0);
    expect(scale.ticks([-3.5, 2], 8)[0]).toEqual({ at: -3.4, text: "0" });
  });
});

describe("the inverse hyperbolic scale", () => {
  it("is linear below its threshold and counts decades above", () => {
    const scale = inverseHyperbolic(-16);
    expect(scale.forward(0)).toBe(0);
    expect(scale.forward(2e-18) / scale.forward(1e-18)).toBeCloseTo(2, 3);
    expect(scale.forward(1e-10)).toBeCloseTo(6, 10);
    expect(scale.forward(-1e-10)).toBeCloseTo(-6, 10);
    expect(scale.ticks([-2.1, 3], 4).map(({ text }) => text)).toEqual(["−10⁻¹⁴", "0", "10⁻¹⁴"]);
  });
});
