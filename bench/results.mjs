// What the benchmarks measured last, by name, in bench/results.json (not in the repository): for charts and comparisons.
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";

const file = new URL("results.json", import.meta.url);

/** All results; {} before the first. */
export async function results() {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** Replaces the results of one benchmark, with date and hardware. */
export async function record(name, data) {
  const all = await results();
  const processor = os.cpus()[0]?.model ?? "unknown processor";
  all[name] = {
    date: new Date().toISOString(),
    processor,
    cores: os.cpus().length,
    node: process.version,
    ...data,
  };
  await writeFile(file, `${JSON.stringify(all, null, 1)}\n`);
}
