import { readFile } from "node:fs/promises";

/** What differs between Node and the browser; `#platform` in package.json picks the file. */

export type WasmBuild = "release" | "debug";

const files: Record<WasmBuild, string> = { release: "solver.wasm", debug: "solver.debug.wasm" };

export async function loadWasm(build: WasmBuild): Promise<BufferSource> {
  return readFile(new URL(`../wasm/${files[build]}`, import.meta.url));
}

/** Lets signals and timers run. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
