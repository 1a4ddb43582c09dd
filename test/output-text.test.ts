import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../src/errors.js";
import { documentJson } from "../src/output/document.js";
import { radialNodes } from "../src/output/nodes.js";
import { openResult } from "../src/output/writer.js";
import { sampleKeys } from "../src/types.js";
import {
  document,
  expectClear,
  failure,
  folder,
  header,
  inFolder,
  profile,
  sample,
  write,
} from "./made-up-run.js";

describe("JSON results", () => {
  it("are the document with null for what JSON cannot hold", () => {
    const end = document(header(3, [0, 1]));
    const parsed = JSON.parse(documentJson(end));
    expect(Object.keys(parsed)).toEqual(
      "problem grid equilibrium adjustment samples conservation work status".split(" "),
    );
    expect(Object.keys(parsed.equilibrium).slice(0, 4)).toEqual(["a", "b", "temperature", "saturation"]);
    expect(parsed.equilibrium.chemicalPotential).toBeNull();
    expect(Object.keys(parsed.samples[0])).toEqual([...sampleKeys]);
    expect(parsed.samples[1]).toEqual({ ...sample(1, 1), weightedL2: null });
    expect(Object.keys(parsed.grid)).toEqual(["cells", "radius"]);
    expect(parsed.problem).toEqual(end.problem);
    expect(parsed.work).toEqual(end.work);
    const stray = {
      ...end,
      grid: header(3, [0]).grid,
      samples: [{ ...sample(0, Number.NaN), extra: 1 }],
      extra: 1,
    };
    expect(documentJson(stray)).not.toContain("extra");
    expect(documentJson(stray)).not.toContain("faces");
    expect(JSON.parse(documentJson(stray)).samples[0].time).toBeNull();
  });

  it("add the profiles", async () => {
    const file = inFolder("result.json");
    const cells = 40_000; // more than one piece of text
    const head = await write(file, cells, [0, 2]);
    const parsed = JSON.parse(fs.readFileSync(file, "utf8"));
    expect(Object.keys(parsed.profiles)).toEqual(["faces", "radius", "equilibrium", "f"]);
    expect(Float64Array.from(parsed.profiles.faces)).toEqual(head.grid.faces);
    expect(Float64Array.from(parsed.profiles.radius)).toEqual(radialNodes(head.grid.faces));
    expect(parsed.profiles.equilibrium).toHaveLength(cells);
    expect(parsed.profiles.f.map((row: number[]) => Float64Array.from(row))).toEqual([
      profile(cells, 0),
      profile(cells, 1),
    ]);
    delete parsed.profiles;
    expect(JSON.stringify(parsed)).toBe(documentJson(document(head)));
    expect(fs.readdirSync(folder)).toEqual(["result.json"]);
  });

  it("refuse what is too large", async () => {
    const error = await failure(openResult(inFolder("big.json"), header(1_000_001, Array(20).fill(0))));
    expectClear(error, InputError, /20 samples of 1000001 cells/, /\.h5/);
  });
});

describe("CSV results", () => {
  it("come back exactly", async () => {
    const file = inFolder("result.csv");
    const times = [0, 0.1, 1 / 3];
    const cells = 40_000;
    const head = await write(file, cells, times);
    expect(fs.readdirSync(folder).sort()).toEqual(["result.csv", "result.samples.csv"]);
    const table = (name: string) => {
      const [columns, ...rows] = fs.readFileSync(inFolder(name), "utf8").trimEnd().split("\n");
      return { columns, rows: rows.map((row) => row.split(",").map(Number)) };
    };
    const { columns, rows } = table("result.csv");
    const nodes = radialNodes(head.grid.faces);
    expect(columns).toBe("time,r,f");
    expect(rows).toHaveLength(times.length * cells);
    const expected = times.flatMap((time, k) => {
      const f = profile(cells, k);
      return Array.from(nodes, (r, i) => [time, r, f[i]]);
    });
    expect(JSON.stringify(rows)).toBe(JSON.stringify(expected));
    const samples = table("result.samples.csv");
    expect(samples.columns).toBe(sampleKeys.join(","));
    expect(samples.rows).toEqual(times.map((time, k) => sampleKeys.map((key) => sample(k, time)[key])));
  });
});
