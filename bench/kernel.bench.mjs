import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { instantiateSync } from "@assemblyscript/loader";
import asc from "assemblyscript/asc";
import { record } from "./results.mjs";
import { median, table } from "./tools.mjs";

const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];
const parts = ["mean", "solve", "update", "moments"];
const turns = 5;
const rounds = 5;
const radius = 6;
const epsilon = 0;
const tau = 10;
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * ns a cell of each part of one Newton iteration, for WASM and for the same algorithm in C (bench/kernel/kernel.c, built on
 * the spot with cc -O3 -march=native), taking turns: the means with their sums; flux, matrix and block elimination; the
 * update. The moments are measured once a step. Every round starts from the same state: near convergence δm decays to
 * denormal numbers, which are slow.
 */
export default async function kernel() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "lfd-kernel-"));
  try {
    const wasm = await compileWasm(path.join(folder, "kernel.wasm"));
    const c = compileC(path.join(folder, "kernel"));
    const measured = [];
    for (const cells of sizes) {
      const need = 31 * 8 * cells;
      if (need > 0.6 * os.freemem()) {
        console.log(`${cells.toExponential(0)} cells skipped: they need ${(need / 1e9).toFixed(1)} GB`);
        continue;
      }
      measured.push({ cells, ...compare(cells, wasm, c) });
    }
    report(measured, c !== undefined);
    await record("kernel", { measured });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compileWasm(file) {
  const { error, stderr } = await asc.main([
    path.relative(process.cwd(), path.join(root, "bench/kernel/index.ts")),
    "--config",
    path.relative(process.cwd(), path.join(root, "asconfig.json")),
    "--target",
    "release",
    "--outFile",
    path.relative(process.cwd(), file),
  ]);
  if (error) throw new Error(`asc: ${stderr.toString()}`);
  return new WebAssembly.Module(readFileSync(file)); // one for all sizes: what the engine has optimised stays so
}

/** The C twin's file, or undefined where there is no compiler. */
function compileC(file) {
  const source = path.join(root, "bench/kernel/kernel.c");
  const { status, error, stderr } = spawnSync("cc", ["-O3", "-march=native", "-o", file, source, "-lm"]);
  if (error) {
    console.log("no C compiler: the C column is skipped (Debian: apt-get install gcc)");
    return undefined;
  }
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  return file;
}

/** {wasm, c}: a list of times a part. Both solve the same system; their first updates must agree. */
function compare(cells, module, program) {
  const own = prepare(cells, module);
  const wasm = Object.fromEntries(parts.map((part) => [part, []]));
  const c = program && Object.fromEntries(parts.map((part) => [part, []]));
  const repeats = Math.max(1, Math.floor(3e5 / cells));
  const warm = performance.now() + 500;
  while (performance.now() < warm) {
    own.begin();
    for (const part of parts) own[part]();
  }
  for (let turn = 0; turn < turns; turn++) {
    for (let round = 0; round < rounds; round++) {
      own.begin();
      for (const part of parts) {
        if (part === "update") own.shrink();
        const began = performance.now();
        for (let k = 0; k < repeats; k++) own[part]();
        wasm[part].push(((performance.now() - began) * 1e6) / repeats / cells);
      }
    }
    if (!program) continue;
    const lines = execFileSync(program, [cells, epsilon, tau, rounds].map(String), { encoding: "utf8" });
    for (const line of lines.trim().split("\n")) {
      const [name, ...values] = line.split(" ");
      if (name !== "check") c[name].push(...values.map(Number));
      else if (!(Math.abs(Number(values[0]) / own.check - 1) < 1e-6)) {
        throw new Error(`the first updates differ: ${own.check} in WASM, ${values[0]} in C`);
      }
    }
  }
  return { wasm, c };
}

/** The state of kernel.c in WASM. */
function prepare(cells, module) {
  const pages = Math.ceil((31 * 8 * (cells + 100) + 2 ** 20) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65535 });
  const abort = () => {
    throw new Error("the solver stopped itself");
  };
  const { exports: wasm } = instantiateSync(module, { env: { memory, abort } });
  const view = (pointer, length) => new Float64Array(memory.buffer, pointer >>> 0, length);
  wasm.allocate(cells);
  const faces = view(wasm.facesPointer(), cells + 1);
  for (let k = 0; k <= cells; k++) faces[k] = (radius * k) / cells;
  wasm.prepare(epsilon);
  const length = 2 * ((cells + 1) >> 1) + 2;
  const f = view(wasm.statePointer(), length);
  const h = view(wasm.stateHolesPointer(), length);
  view(wasm.nodesPointer(), length).forEach((x, i) => {
    f[i] = 0.05 * Math.exp(-x) + 0.02 * Math.exp(-2 * x);
    h[i] = 1 - epsilon * f[i];
  });
  wasm.begin();
  wasm.mean();
  wasm.solve(tau);
  const check = wasm.sizeOfUpdate();
  return {
    check,
    begin: () => wasm.begin(),
    shrink: () => wasm.shrinkUpdate(),
    mean: () => wasm.mean(),
    solve: () => wasm.solve(tau),
    update: () => wasm.change(),
    moments: () => wasm.measureCandidate(),
  };
}

function report(measured, withC) {
  const spread = (times) =>
    `${median(times).toFixed(1)} (${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)})`;
  const iteration = (by) => by.mean.map((value, k) => value + by.solve[k] + by.update[k]);
  const rows = measured.flatMap(({ cells, wasm, c }) =>
    [
      ["WASM", wasm],
      ["C", c],
    ]
      .filter(([, by]) => by)
      .map(([name, by]) => [
        cells.toExponential(0),
        name,
        ...parts.slice(0, 3).map((part) => spread(by[part])),
        spread(iteration(by)),
        spread(by.moments),
      ]),
  );
  console.log("ns a cell: median (min–max)");
  table(["cells", "", "mean", "solve", "update", "one iteration", "moments"], rows);
  if (!withC) return;
  for (const { cells, wasm, c } of measured) {
    const ratio = (of) => of(iteration(wasm)) / of(iteration(c));
    console.log(
      `${cells.toExponential(0)} cells: WASM takes ${ratio(median).toFixed(2)} times as long as C (by the fastest rounds ${ratio((times) => Math.min(...times)).toFixed(2)})`,
    );
  }
}
