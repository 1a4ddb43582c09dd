// What the benchmarks measured last, by name, in bench/results.json (not in the repository): for charts and comparisons.
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import { fileURLToPath } from "node:url";

const file = new URL("results.json", import.meta.url);

/** What was measured, and what with; what is not on this machine is left out. */
const programs = {
  commit: ["git", "-C", fileURLToPath(new URL("..", import.meta.url)), "describe", "--always", "--dirty"],
  cc: ["cc", "--version"],
  python: ["python3", "--version"],
  numpy: ["python3", "-c", "import numpy; print(numpy.__version__)"],
  scipy: ["python3", "-c", "import scipy; print(scipy.__version__)"],
  petsc: ["pkg-config", "--modversion", "PETSc"],
};

function versions() {
  const found = { v8: process.versions.v8 };
  for (const [name, [program, ...args]] of Object.entries(programs)) {
    const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
    if (status === 0) found[name] = stdout.split("\n")[0].trim();
  }
  return found;
}

/** All results; {} before the first. */
export async function results() {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** Replaces the results of one benchmark, with date, hardware and versions. */
export async function record(name, data) {
  const all = await results();
  const processor = os.cpus()[0]?.model ?? "unknown processor";
  all[name] = {
    date: new Date().toISOString(),
    processor,
    cores: os.cpus().length,
    node: process.version,
    versions: versions(),
    ...data,
  };
  await writeFile(file, `${JSON.stringify(all, null, 1)}\n`);
}
