import fs from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { writeText } from "../src/cli/text-file.js";
import { InputError, RunError } from "../src/errors.js";
import { checkpointPath } from "../src/output/checkpoint.js";
import { readResult } from "../src/output/read.js";
import { openResult } from "../src/output/writer.js";
import {
  directory,
  document,
  expectClear,
  expectSamples,
  failure,
  folder,
  header,
  inFolder,
  leftovers,
  profile,
  sample,
  write,
} from "./made-up-run.js";
import { smallDisk } from "./small-disk.js";

describe("an output path", () => {
  it("that cannot be written is refused before anything is computed", async () => {
    fs.writeFileSync(inFolder("file"), "");
    fs.mkdirSync(inFolder("directory.h5"));
    fs.mkdirSync(inFolder("directory.csv"));
    fs.mkdirSync(inFolder("table.samples.csv"));
    const reasons: [string, RegExp][] = [
      [inFolder("none/result.EXT"), /there is no directory .*none/],
      [inFolder("file/result.EXT"), /a part of the path is a file/],
      ["/dev/null/result.EXT", /a part of the path is a file/],
      ["/proc/result.EXT", /cannot be written: ./],
      [inFolder(`${"x".repeat(300)}.EXT`), /the name is too long/],
    ];
    for (const extension of ["h5", "hdf5", "csv", "json"]) {
      for (const [name, reason] of reasons) {
        const file = name.replace("EXT", extension);
        const error = await failure(openResult(file, header(3, [0])));
        expectClear(
          Object.assign(error, { message: error.message.replace(/x{300}/g, "x") }),
          InputError,
          reason,
        );
        expect((error as InputError).key).toBe(file);
      }
    }
    expectClear(
      await failure(openResult(inFolder("directory.h5"), header(3, [0]))),
      InputError,
      /it is a directory/,
    );
    expectClear(
      await failure(openResult(inFolder("directory.csv"), header(3, [0]))),
      InputError,
      /is a directory/,
    );
    const second = await failure(openResult(inFolder("table.csv"), header(3, [0])));
    expectClear(second, InputError, /table\.samples\.csv.*is a directory/);
    expect(leftovers()).toEqual([]);
  });

  it.each(["result", "result.txt", "result.h5.gz", "result.", ".h5"])(
    "without a known extension: %s",
    async (name) => {
      const error = await failure(openResult(inFolder(name), header(3, [0])));
      expectClear(error, InputError, name, /\.h5, \.hdf5, \.csv, \.json/);
      expect((error as InputError).key).toBe("--output");
      expect(fs.readdirSync(folder)).toEqual([]);
    },
  );

  it.each(["h5", "csv", "json"])(
    "keeps what it has until the new result has a sample (.%s)",
    async (extension) => {
      const file = inFolder(`result.${extension}`);
      fs.writeFileSync(file, "old");
      fs.writeFileSync(checkpointPath(file), "old");
      const writer = await openResult(file, header(3, [0]));
      expect(fs.readFileSync(file, "utf8")).toBe("old");
      writer.abort();
      expect(fs.readFileSync(file, "utf8")).toBe("old");
      expect(fs.readdirSync(folder).sort()).toEqual([
        `result.${extension}`,
        `result.${extension}.checkpoint`,
      ]);

      fs.renameSync(file, inFolder(`real.${extension}`));
      fs.symlinkSync(`real.${extension}`, file);
      await write(file, 3, [0, 1]);
      expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
      expect(fs.readFileSync(file, "utf8")).not.toBe("old");
      // Only an HDF5 result can be resumed; what lies beside another is not this program's.
      expect(fs.existsSync(checkpointPath(file))).toBe(extension !== "h5");
      expect(leftovers()).toEqual([]);
    },
  );

  it("takes no wrong calls", async () => {
    for (const extension of ["h5", "csv", "json"]) {
      const writer = await openResult(inFolder(`result.${extension}`), header(3, [0, 1]));
      writer.sample(sample(0, 0), profile(3, 0));
      expect(() => writer.sample(sample(1, 1), profile(4, 0))).toThrow(RangeError);
      expect(() => writer.sample(sample(1, 0), profile(3, 0))).toThrow(RangeError);
      writer.abort();
      writer.abort();
      expect(() => writer.sample(sample(1, 1), profile(3, 1))).toThrow(RunError);
    }
  });
});

describe("text that the command writes", () => {
  it("is on the disk before it takes the place of what was there", () => {
    const file = inFolder("table.csv");
    fs.writeFileSync(file, "old");
    const order: string[] = [];
    const sync = fs.fsyncSync;
    vi.spyOn(fs, "fsyncSync").mockImplementation((fd) => {
      sync(fd);
      order.push(fs.fstatSync(fd).isFile() ? fs.readFileSync(file, "utf8") : "directory");
    });
    writeText(file, "new");
    vi.restoreAllMocks();
    expect(order).toEqual(["old", "directory"]);
    expect(fs.readFileSync(file, "utf8")).toBe("new");
    expect(leftovers()).toEqual([]);
  });

  it("that cannot be written leaves what was there, and its own reason", async () => {
    const file = inFolder("table.csv");
    fs.writeFileSync(file, "old");
    vi.spyOn(fs, "fsyncSync").mockImplementation(() => {
      throw Object.assign(new Error("EDQUOT"), { code: "EDQUOT" });
    });
    const error = await failure(() => writeText(file, "new"));
    vi.restoreAllMocks();
    expectClear(error, RunError, `${file}: cannot be written: the disk quota is exceeded`);
    expect(fs.readdirSync(folder)).toEqual(["table.csv"]);
    expect(fs.readFileSync(file, "utf8")).toBe("old");

    fs.mkdirSync(`${file}.part`);
    expectClear(
      await failure(() => writeText(file, "new")),
      RunError,
      "cannot be written: it is a directory",
    );
  });
});

describe("a full disk", () => {
  it.for([
    ["h5", 20_000],
    ["h5", 300],
    ["csv", 5000],
  ] as const)(
    "stops a run with a message and keeps every sample (.%s, %i cells)",
    async ([extension, cells], { skip }) => {
      const small = smallDisk(2048);
      if (!small) return skip();
      const file = path.join(small, `result.${extension}`);
      const times = [...Array(2000).keys()];
      const writer = await openResult(file, header(cells, times));
      let k = 0;
      const error = await failure(() => {
        for (; k < 2000; k++) writer.sample(sample(k, k), profile(cells, k));
      });
      expect(k).toBeGreaterThan(3);
      expectClear(error, RunError, file, /\d+ bytes are needed and \d+ are free/);
      expect(error.message).toContain(`${k} samples up to t = ${k - 1} are kept in ${file}`);
      writer.finish(document(header(cells, times), "disk full"));
      if (extension === "h5") {
        const reopened = await readResult(file);
        expect(reopened.status).toBe("disk full");
        reopened.close();
        fs.writeFileSync(path.join(directory, "kept.h5"), fs.readFileSync(file));
        await expectSamples(path.join(directory, "kept.h5"), cells, times.slice(0, k));
      } else {
        expect(fs.readFileSync(file, "utf8").split("\n")).toHaveLength(k * cells + 2);
        expect(fs.readFileSync(file.replace(".csv", ".samples.csv"), "utf8").split("\n")).toHaveLength(k + 2);
      }
    },
  );

  it("leaves no JSON, and what was there before", async ({ skip }) => {
    const small = smallDisk(400);
    if (!small) return skip();
    const file = path.join(small, "result.json");
    fs.writeFileSync(file, "old");
    const [cells, count] = [5000, 20];
    const times = [...Array(count).keys()];
    const writer = await openResult(file, header(cells, times));
    for (const k of times) writer.sample(sample(k, k), profile(cells, k));
    const error = await failure(() => writer.finish(document(header(cells, times))));
    const [, needed, free] = /(\d+) bytes are needed and (\d+) are free; no sample was kept/.exec(
      error.message,
    )!;
    expect(Number(needed)).toBeGreaterThan(Number(free));
    expect(fs.readFileSync(file, "utf8")).toBe("old");
    expect(fs.existsSync(`${file}.part`)).toBe(false);
  });

  it("is noticed without statfs too, at every level of filling, in any state of the tables", async ({
    skip,
  }) => {
    const small = smallDisk(400);
    if (!small) return skip();
    const file = path.join(small, "result.h5");
    vi.spyOn(fs, "statfsSync").mockReturnValue({ blocks: 0, bavail: 0, bsize: 0 } as fs.StatsFs);
    for (const cells of [101, 600]) {
      for (let filling = 0; filling < 60_000; filling += 9000) {
        fs.rmSync(file, { force: true });
        fs.writeFileSync(path.join(small, "filling"), Buffer.alloc(filling));
        const writer = await openResult(file, header(cells, [0]));
        let k = 0;
        const error = await failure(() => {
          for (; ; k++) writer.sample(sample(k, k), profile(cells, k));
        });
        expectClear(error, RunError, "the disk is full");
        // It goes on when there is room again, and can be finished.
        fs.rmSync(path.join(small, "filling"));
        if (filling > 20_000) writer.sample(sample(k, k++), profile(cells, k - 1));
        writer.abort();
        const copy = inFolder(`kept-${cells}-${filling}.h5`);
        fs.copyFileSync(file, copy);
        await expectSamples(copy, cells, [...Array(k).keys()]);
      }
    }
  });

  it("that HDF5 itself runs into leaves the samples before it readable", async () => {
    // The margin that is taken beforehand leaves no room for this on a common file system; writes are made to fail.
    for (const cells of [10, 5000]) {
      for (let budget = 0; budget < 24; budget++) {
        const file = inFolder(`result-${cells}-${budget}.h5`);
        const writer = await openResult(file, header(cells, [0]));
        for (let k = 0; k < 3; k++) writer.sample(sample(k, k), profile(cells, k));
        const before = fs.readFileSync(file);
        const whole = fs.writeSync;
        let calls = 0;
        const reservation = Math.ceil((8 * cells + 64 * 1024) / (1 << 20));
        const spy = vi.spyOn(fs, "writeSync").mockImplementation(((
          ...args: Parameters<typeof fs.writeSync>
        ) => {
          if (calls++ >= reservation + budget)
            throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", errno: -28 });
          return whole(...args);
        }) as typeof fs.writeSync);
        let failed: unknown;
        try {
          writer.sample(sample(3, 3), profile(cells, 3));
        } catch (error) {
          failed = error;
        }
        spy.mockRestore();
        expect(calls).toBeGreaterThan(1);
        if (failed) expectClear(failed as Error, RunError, /3 samples up to t = 2 are kept/);
        writer.abort();
        expect(fs.readFileSync(file).length).toBeGreaterThanOrEqual(before.length);
        const copy = inFolder(`copy-${cells}-${budget}.h5`);
        fs.copyFileSync(file, copy);
        const result = await readResult(copy);
        expect(result.samples.length).toBeGreaterThanOrEqual(3);
        for (const k of result.samples.keys()) expect(result.profile(k)).toEqual(profile(cells, k));
        result.close();
      }
    }
  });
});
