import type { AlignedData } from "uplot";
import { describe, expect, it } from "vitest";
import type { RunHeader, Sample } from "../src/types.js";
import { AxisGroup } from "../web/src/charts/axis-group.js";
import { radialDomain, timeDomain } from "../web/src/charts/domain.js";
import { drawable } from "../web/src/charts/drawable.js";
import { arrange } from "../web/src/charts/geometry.js";
import type { Domain, Picture } from "../web/src/charts/picture.js";
import { coefficientsPicture } from "../web/src/charts/pictures/coefficients.js";
import { conservationPicture } from "../web/src/charts/pictures/conservation.js";
import { distancePicture } from "../web/src/charts/pictures/distance.js";
import { entropyPicture } from "../web/src/charts/pictures/entropy.js";
import {
  centerPicture,
  fisherPicture,
  fourthMomentPicture,
  productionPicture,
} from "../web/src/charts/pictures/moments.js";
import { profilePicture } from "../web/src/charts/pictures/profile.js";
import { readings, stopAfter } from "../web/src/charts/reading.js";
import type { Scene } from "../web/src/charts/scene.js";
import { type TableSource, tableSource, thinnedTable } from "../web/src/charts/table.js";
import type { Run } from "../web/src/model/run.js";
import type { View } from "../web/src/model/view.js";

const overRadius = { profilePicture, coefficientsPicture };
const overTime = {
  entropyPicture,
  distancePicture,
  conservationPicture,
  fourthMomentPicture,
  centerPicture,
  fisherPicture,
  productionPicture,
};

const cells = 1000;
const radius = Float64Array.from({ length: cells }, (_, i) => (6 * (i + 0.5)) / cells);
const equilibrium = radius.map((r) => 0.8 * Math.exp(-r * r));
const times = [0, 0.01, 0.1, 1, 10];

function sampleAt(time: number, k: number): Sample {
  return {
    time,
    mass: 2 + k * 2e-15,
    energy: 3,
    moment4: 4 + k,
    entropy: -k,
    relativeEntropy: 10 ** (-4 * k),
    entropyProduction: 10 ** -k,
    center: k / 10,
    minimum: 0,
    maximum: 1,
    l1Distance: 10 ** -k,
    weightedL2: 1,
    fisher: 5,
  };
}

function runWith(profile: (r: number, k: number) => number, change: Partial<Run> = {}): Run {
  return {
    label: "a run",
    source: undefined,
    header: undefined as unknown as RunHeader, // as of a bare table
    radius,
    equilibrium,
    samples: times.map(sampleAt),
    profiles: times.map((_, k) => radius.map((r) => profile(r, k))),
    coefficients: [],
    standing: undefined,
    status: "loaded",
    message: "",
    ...change,
  };
}

const shell = runWith((r, k) => Math.exp(-((r - 1) ** 2) * (8 - k)));
const views: View[] = (["linear", "log"] as const).flatMap((scale) =>
  (["radius", "energy"] as const).flatMap((axis) =>
    (["linear", "log"] as const).map((time) => ({ scale, axis, time })),
  ),
);
const sceneOf = (run: Run | undefined, change: Partial<Scene> = {}): Scene => ({
  run,
  overlay: undefined,
  shown: 1,
  view: views[0]!,
  ...change,
});

function arranged(picture: Picture, domain: Domain) {
  return arrange(picture, domain, domain.home, 500, new Map());
}

/** x finite and ascending, y finite or a gap; one expectation for all points, or it takes seconds. */
function expectDrawable([x, ...lines]: AlignedData): void {
  const isDrawable = (k: number) =>
    Number.isFinite(x[k]) &&
    (k === 0 || x[k]! > x[k - 1]!) &&
    lines.every((line) => line[k] == null || Number.isFinite(line[k]));
  expect([...x.keys()].filter((k) => !isDrawable(k))).toEqual([]);
}

/** All rows of a table. */
const wholeTable = ({ headings, x, row }: TableSource) => ({
  headings,
  rows: Array.from({ length: x.length }, (_, i) => row(i)),
});

describe("what uPlot is given", () => {
  const runs: Record<string, Run> = {
    ordinary: shell,
    "down to 1e-300": runWith((r) => 10 ** (-50 * r)),
    "1e-300 and no more": runWith((r) => 1e-300 * Math.exp(-r)),
    zeros: runWith(() => 0),
    NaN: runWith(() => NaN),
    "the largest double": runWith(() => Number.MAX_VALUE),
    mixed: runWith((r) => [1, 0, NaN, Infinity, -1, 1e-300, 0.5][Math.floor(r * 1000) % 7]!),
    "samples of nothing": { ...shell, samples: times.map((t) => ({ ...sampleAt(t, 0), entropy: NaN })) },
    "t = 0 only": { ...shell, samples: [sampleAt(0, 0)], profiles: [shell.profiles[0]!] },
    "times that make no sense": { ...shell, samples: [NaN, -1, 0, 5, 5].map(sampleAt) },
    "a bare table": { ...shell, samples: [], equilibrium: new Float64Array(0) },
    "out of range": { ...shell, radius: radius.map((r) => r * 1e200) },
    "next to no radius": { ...shell, radius: radius.map((r) => r * 1e-200) },
  };

  it.each(Object.keys(runs))("is finite and ascending: %s", (name) => {
    for (const view of views) {
      const scene = sceneOf(runs[name], { view, overlay: shell });
      for (const picture of Object.values(overRadius)) {
        expectDrawable(arranged(picture(scene), radialDomain(scene)).data);
      }
      for (const picture of Object.values(overTime)) {
        expectDrawable(arranged(picture(scene), timeDomain(scene)).data);
      }
    }
  });

  it("stays within the plot, the largest and the smallest value near its edges", () => {
    const scene = sceneOf(shell);
    const { data } = arranged(profilePicture(scene), radialDomain(scene));
    const f = [...data[1]!].filter((value) => value != null);
    expect(Math.max(...f)).toBeGreaterThan(0.9);
    expect(Math.max(...f)).toBeLessThan(1);
    expect(Math.min(...f)).toBeGreaterThanOrEqual(0);
  });

  it("is not decimated again if it is the same", () => {
    const scene = sceneOf(shell);
    const domain = radialDomain(scene);
    const memo = new Map();
    arrange(profilePicture(scene), domain, domain.home, 500, memo);
    const first = memo.get("equilibrium");
    arrange(profilePicture({ ...scene, shown: 3 }), domain, domain.home, 500, memo);
    expect(memo.get("equilibrium")).toBe(first);
    arrange(profilePicture(scene), domain, [0, 1], 500, memo);
    expect(memo.get("equilibrium")).not.toBe(first);
  });
});

describe("pictures", () => {
  it("say in words why there is nothing to see", () => {
    for (const picture of Object.values({ ...overRadius, ...overTime })) {
      const empty = picture(sceneOf(undefined));
      expect(empty.empty).toMatch(/\w/);
      expect(empty.summary()).toBe(empty.empty);
    }
  });

  it("say so if there is nothing that could be drawn", () => {
    const zeros = { ...shell, samples: times.map((t) => ({ ...sampleAt(t, 0), entropyProduction: 0 })) };
    expect(drawable(productionPicture(sceneOf(zeros))).empty).toMatch(/^Nothing to draw/);
    expect(drawable(productionPicture(sceneOf(shell))).empty).toBeUndefined();
    const log = sceneOf(
      runWith(() => 0, { equilibrium: new Float64Array(0) }),
      { view: views.at(-1)! },
    );
    expect(drawable(profilePicture(log)).empty).toMatch(/^Nothing to draw/);
  });

  it("describe f on show", () => {
    expect(profilePicture(sceneOf(shell)).summary()).toBe(
      "f(r) at t = 0.01: maximum 1 at r = 0.999; distance to equilibrium 0.1.",
    );
  });

  it("show the Pauli bound if f comes near it", () => {
    const withBound = (epsilon: number) => {
      const header = { problem: { epsilon } } as unknown as RunHeader;
      const scene = sceneOf({ ...shell, header });
      const { lines } = arranged(profilePicture(scene), radialDomain(scene));
      return lines.some(({ key }) => key === "bound");
    };
    expect(withBound(0.8)).toBe(true);
    expect(withBound(1e-3)).toBe(false);
    expect(withBound(0)).toBe(false);
  });

  it("measure drift from the first sample", () => {
    const { lines } = conservationPicture(sceneOf(shell));
    const mass = lines.find(({ key }) => key === "mass");
    expect(mass?.kind === "curve" && mass.y[4]).toBeCloseTo(4e-15, 16);
  });

  it("mark samples while they are few, whatever was drawn before", () => {
    const many = Array.from({ length: 100 }, (_, k) => sampleAt(k, 0));
    const marked = (count: number) => {
      const picture = distancePicture(sceneOf({ ...shell, samples: many.slice(0, count) }));
      return picture.lines.map((line) => line.kind === "curve" && line.points);
    };
    expect(marked(40)).toEqual([true]);
    expect(marked(41)).toEqual([false]);
  });

  it("say how far they go on below a logarithmic axis", () => {
    const view = { ...views[0]!, scale: "log" } as const;
    const deep = sceneOf(
      runWith((r) => 10 ** (-50 * r)),
      { view },
    );
    const [below] = arranged(profilePicture(deep), radialDomain(deep)).below;
    expect(below).toBeCloseTo(-50 * radius.at(-1)!, 6);
    const shallow = sceneOf(shell, { view });
    const first = arranged(profilePicture({ ...shallow }), { ...radialDomain(shallow), home: [0, 2] });
    expect(first.below).toEqual([undefined]);
  });

  it("compare coefficients, equilibria and bounds with those of the overlay", () => {
    const coefficients = times.map((_, k) => ({
      radius,
      parallel: radius.map(() => k + 1),
      perpendicular: radius,
      enclosed: radius,
    }));
    const header = (epsilon: number) => ({ problem: { epsilon } }) as unknown as RunHeader;
    const run = { ...shell, coefficients, header: header(1) };
    const overlay = { ...shell, coefficients, header: header(0.5), label: "other" };
    const scene = sceneOf(run, { overlay, shown: 2 });
    const lines = new Map(coefficientsPicture(scene).lines.map((line) => [line.key, line]));
    expect([...lines.keys()].sort()).toEqual(
      ["parallel", "perpendicular", "enclosed"].flatMap((key) => [key, `overlay ${key}`]).sort(),
    );
    expect(lines.get("overlay parallel")).toMatchObject({ y: coefficients[2]!.parallel });
    const profile = new Map(profilePicture(scene).lines.map((line) => [line.key, line]));
    expect(profile.get("overlay equilibrium")).toMatchObject({ y: overlay.equilibrium });
    expect(profile.get("overlay bound")).toMatchObject({ value: 2 });
    const looks = [...profile.values()].map(({ colour, dash }) => `${colour} ${dash}`);
    expect(new Set(looks).size).toBe(looks.length);
  });

  it("lay the other run over at the nearest time", () => {
    const overlay = { ...shell, label: "other" };
    const { lines } = profilePicture(sceneOf(shell, { overlay, shown: 3 }));
    const line = lines.find(({ key }) => key === "overlay");
    expect(line?.kind === "curve" && line.y).toBe(shell.profiles[3]);
    expect(line?.label).toBe("f at t = 1, other");
    expect(line?.dash).toBe("dashed");
  });
});

describe("the axes", () => {
  it("show r where f is to be seen, and all of it on a logarithmic scale", () => {
    const home = (view: Partial<View>) =>
      radialDomain(sceneOf(shell, { view: { ...views[0]!, ...view } })).home[1];
    expect(home({ scale: "linear" })).toBeLessThan(3.5);
    expect(home({ scale: "log" })).toBeCloseTo(6, 2);
    expect(home({ scale: "log", axis: "energy" })).toBeCloseTo(18, 1);
  });

  it("are as long as the run will be while it computes, and if it failed", () => {
    const header = { problem: { epsilon: 0, samples: { at: [0, 0.1, 1000] } } } as unknown as RunHeader;
    const scene = sceneOf({ ...shell, header, status: "computing" });
    expect(timeDomain(scene).home[1]).toBeCloseTo(1020, 5);
    expect(timeDomain(sceneOf({ ...shell, header, status: "failed" })).home[1]).toBeCloseTo(1020, 5);
    expect(timeDomain(sceneOf({ ...shell, header, status: "done" })).home[1]).toBeCloseTo(10.2, 5);
  });

  it("zoom, pan and reset within their limits", () => {
    let changes = 0;
    let domain = { ...radialDomain(sceneOf(shell)), home: [0, 4], limits: [0, 8] } as Domain;
    const group = new AxisGroup(
      "test",
      () => domain,
      () => changes++,
    );
    group.zoom(0.5, 0.5);
    expect(group.range).toEqual([1, 3]);
    group.pan(-10);
    expect(group.range).toEqual([0, 2]);
    group.zoom(100);
    expect(group.range).toEqual([0, 8]);
    for (let k = 0; k < 100; k++) group.zoom(0.5);
    expect(group.range[1] - group.range[0]).toBeGreaterThan(1e-6);
    group.reset();
    expect(group.range).toEqual([0, 4]);
    expect(group.zoomed).toBe(false);
    expect(changes).toBeGreaterThan(4);
    group.zoom(0.5);
    domain = { ...domain, limits: [0, 2.5] };
    group.refresh();
    expect(group.range).toEqual([1, 2.5]);
    domain = { ...domain, kind: "energy" };
    group.refresh();
    expect(group.zoomed).toBe(false);
  });
});

describe("tables", () => {
  const scene = sceneOf(shell);
  const source = tableSource(profilePicture(scene), radialDomain(scene));

  it("hold every value there is", () => {
    const { headings, rows } = wholeTable(source);
    expect(headings).toEqual(["r", "initial state", "f at t = 0.01", "equilibrium M"]);
    expect(rows.length).toBe(cells);
    expect(rows[7]).toEqual([radius[7], shell.profiles[0]![7], shell.profiles[1]![7], equilibrium[7]]);
  });

  it("leave out what is not there or not finite", () => {
    const overlay = { ...shell, radius: radius.map((r) => r + 1e-3) };
    const other = profilePicture(
      sceneOf(
        runWith(() => NaN),
        { overlay },
      ),
    );
    const { rows } = wholeTable(tableSource(other, radialDomain(scene)));
    expect(rows.length).toBe(2 * cells);
    expect(rows[0]).toEqual([radius[0], null, null, null, null, equilibrium[0]]);
    expect(rows[1]![2]).toBe(shell.profiles[1]![0]);
  });

  it("are thinned to the rows in view, ends included", () => {
    const domain = radialDomain(scene);
    const { rows, available } = thinnedTable(source, domain, [1, 4], 200);
    expect(available).toBe(500);
    expect(rows.length).toBe(200);
    expect(rows[0]![0]).toBeCloseTo(1, 2);
    expect(rows.at(-1)![0]).toBeCloseTo(4, 2);
    expect(thinnedTable(source, domain, [1, 1.03], 200).rows.length).toBe(5);
  });
});

describe("the cursor", () => {
  it("reads undecimated values", () => {
    const scene = sceneOf(shell);
    const { values, position, words } = readings(profilePicture(scene), radialDomain(scene), 2.0001);
    expect(position).toBe("r = 2");
    expect(values.get("profile")).toBe(shell.profiles[1]![333]);
    expect(words).toMatch(/^r = 2\. initial state: /);
  });

  it("goes from sample to sample over time", () => {
    const scene = sceneOf(shell, { view: { ...views[0]!, time: "log" } });
    const domain = timeDomain(scene);
    const { position, values } = readings(distancePicture(scene), domain, domain.scale.forward(0.7));
    expect(position).toBe("t = 1");
    expect(values.get("distance")).toBe(1e-3);
    expect(stopAfter([0.1, 0.5, 0.9], 0.5, 1)).toBe(0.9);
    expect(stopAfter([0.1, 0.5, 0.9], 0.5, -1)).toBe(0.1);
    expect(stopAfter([0.1, 0.5, 0.9], 0.9, 1)).toBe(0.9);
  });
});
