import os from "node:os";
import { bytesNeeded } from "../wasm-memory.js";

/** What a thread takes besides its solver: engine, code, heap (measured, about 40 MB). */
export const threadBytes = 64 * 2 ** 20;

/** Doubles a cell that a run has outside of the solver: grid, nodes, averages, equilibrium, states handed on. */
const hostDoubles = 20;

/** Bytes that one run takes. */
export function bytesOfRun(cells: number): number {
  return bytesNeeded(cells) + 8 * hostDoubles * cells + threadBytes;
}

/** Bytes that this process can still have, limits of its container included. */
export function freeMemory(): number {
  const available = (process as { availableMemory?: () => number }).availableMemory?.();
  return available || os.freemem();
}

/** As many workers as there are cores (or `wanted`) and memory for, at least one. */
export function workersFor(cells: number, memory: number, wanted = os.availableParallelism()): number {
  return Math.max(1, Math.min(wanted, Math.floor(memory / bytesOfRun(cells))));
}
