import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { instantiateSync } from "@assemblyscript/loader";
import asc from "assemblyscript/asc";
import { bytesNeeded } from "../dist/wasm-memory.js";
import { record } from "./results.mjs";
import { median, spread, table } from "./tools.mjs";

const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];
const parts = ["mean", "eliminate", "update", "moments"];
/** The same C, with fused multiply-add as -march=native has it, and rounded like WebAssembly. */
const compilers = { c: [], cPlain: ["-ffp-contract=off"] };
const names = { wasm: "WASM", c: "C", cPlain: "C, no FMA" };
const turns = 9;
const rounds = 3;
const radius = 6;
const epsilon = 0;
const tau = 10;
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * ns a cell of each part of one Newton iteration, for WASM and for the same algorithm in C (bench/c/kernel.c, built on
 * the spot with cc -O3 -march=native, and once more without fused multiply-add), taking turns: the means with the prefix sums
 * over the faces ahead; flux, matrix and block elimination with those over the faces behind; back substitution with the
 * update. The moments are measured once a step. Every round starts from the same state: near convergence δm decays to
 * denormal numbers, which are slow. Whether the machine is quick or slow changes within seconds (neighbours, clock), so
 * ratios are taken of turns on one processor, medians with the least and the largest; the clock is measured with them.
 */
export default async function kernel() {
  const leave = stayOnOneProcessor();
  const folder = mkdtempSync(path.join(os.tmpdir(), "lfd-kernel-"));
  try {
    const wasm = await compileWasm(path.join(folder, "kernel.wasm"));
    const programs = compileC(folder);
    console.log("ns a cell: median (min–max)");
    console.log(
      "mean: with the sums over the faces ahead; eliminate: matrix, with the sums over those behind\n",
    );
    const measured = [];
    for (const cells of sizes) {
      const need = 2 * bytesNeeded(cells); // WASM and C
      if (need > Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / 2) {
        console.log(`${cells.toExponential(0)} cells skipped: they need ${(need / 1e9).toFixed(1)} GB`);
        continue;
      }
      const found = { cells, ...compare(cells, wasm, programs) };
      report(found);
      measured.push(found);
    }
    await record("kernel", { measured });
  } finally {
    leave();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Keeps this process and those that it starts on one processor, where there is a taskset (Linux): a neighbour slows one
 * processor, not another. Returns what undoes it.
 */
function stayOnOneProcessor() {
  const taskset = (...args) =>
    spawnSync("taskset", ["-cp", ...args, String(process.pid)], { encoding: "utf8" }).stdout ?? "";
  const allowed = /: (\S+)$/m.exec(taskset())?.[1];
  if (allowed === undefined) return () => undefined;
  taskset(/^\d+/.exec(allowed)[0]);
  return () => taskset(allowed);
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

/** The programs of the C twin, by name; none where there is no compiler. */
function compileC(folder) {
  const source = path.join(root, "bench/c/kernel.c");
  const programs = {};
  for (const [name, flags] of Object.entries(compilers)) {
    const file = path.join(folder, name);
    const { status, error, stderr } = spawnSync("cc", [
      "-O3",
      "-march=native",
      ...flags,
      "-o",
      file,
      source,
      "-lm",
    ]);
    if (error) {
      console.log("no C compiler: its rows are skipped (Debian: apt-get install gcc libc6-dev)");
      return {};
    }
    if (status !== 0) throw new Error(`cc: ${stderr}`);
    programs[name] = file;
  }
  return programs;
}

/**
 * {wasm, c, cPlain}: a list of times a part; `ratios` of WASM to the others, one a turn; `clock` in GHz. All solve the same
 * system; their first updates must agree.
 */
function compare(cells, module, programs) {
  const own = prepare(cells, module);
  const times = { wasm: lists() };
  const ratios = {};
  const clock = [];
  const repeats = Math.max(1, Math.floor(3e5 / cells));
  const warm = performance.now() + 500;
  while (performance.now() < warm) {
    own.begin();
    for (const part of parts) own[part]();
  }
  for (let turn = 0; turn < turns; turn++) {
    const mine = lists();
    for (let round = 0; round < rounds; round++) {
      own.begin();
      const spent = Object.fromEntries(parts.map((part) => [part, 0]));
      for (let k = 0; k < repeats; k++) {
        for (const part of parts) {
          if (part === "update") own.shrink();
          const began = performance.now();
          own[part]();
          spent[part] += performance.now() - began;
        }
      }
      for (const part of parts) mine[part].push((spent[part] * 1e6) / repeats / cells);
    }
    append(times.wasm, mine);
    for (const [name, program] of Object.entries(programs)) {
      const its = lists();
      const lines = execFileSync(program, [cells, epsilon, tau, rounds].map(String), { encoding: "utf8" });
      for (const line of lines.trim().split("\n")) {
        const [part, ...values] = line.split(" ");
        if (part === "clock") clock.push(Number(values[0]));
        else if (part !== "check") its[part].push(...values.map(Number));
        else if (!(Math.abs(Number(values[0]) / own.check - 1) < 1e-6)) {
          throw new Error(`the first updates differ: ${own.check} in WASM, ${values[0]} in C`);
        }
      }
      times[name] ??= lists();
      append(times[name], its);
      ratios[name] ??= [];
      ratios[name].push(median(iteration(mine)) / median(iteration(its)));
    }
  }
  return { times, ratios, clock };
}

function lists() {
  return Object.fromEntries(parts.map((part) => [part, []]));
}

function append(all, more) {
  for (const part of parts) all[part].push(...more[part]);
}

/** One Newton iteration of every round: the sum of its parts. */
function iteration({ mean, eliminate, update }) {
  return mean.map((value, k) => value + eliminate[k] + update[k]);
}

/** The state of kernel.c in WASM. */
function prepare(cells, module) {
  const pages = Math.ceil(bytesNeeded(cells) / 65536);
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
  wasm.eliminateOnce(tau);
  wasm.change();
  const check = wasm.sizeOfUpdate();
  return {
    check,
    begin: () => wasm.begin(),
    shrink: () => wasm.shrinkUpdate(),
    mean: () => wasm.mean(),
    eliminate: () => wasm.eliminateOnce(tau),
    update: () => wasm.change(),
    moments: () => wasm.measureCandidate(),
  };
}

function report({ cells, times, ratios, clock }) {
  const tenths = (value) => value.toFixed(1);
  const hundredths = (value) => value.toFixed(2);
  const rows = Object.entries(times).map(([name, by]) => [
    names[name],
    ...parts.slice(0, 3).map((part) => spread(by[part], tenths)),
    spread(iteration(by), tenths),
    spread(by.moments, tenths),
  ]);
  const size = `${cells.toExponential(0)} cells`;
  table([size, "mean", "eliminate", "update", "one iteration", "moments"], rows);
  for (const [name, turns] of Object.entries(ratios)) {
    console.log(`WASM takes ${spread(turns, hundredths)} times as long as ${names[name]}`);
  }
  console.log(clock.length > 0 ? `clock ${spread(clock, hundredths)} GHz\n` : "");
}
