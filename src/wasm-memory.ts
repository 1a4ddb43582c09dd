// What a grid takes of WebAssembly's memory, and so how many cells there may be.

/**
 * Memory of the solver: 27 doubles a cell (assembly/memory.ts), a sixteenth of one for the allocator's rounding, and
 * room for the runtime.
 */
const doublesPerCell = 27 + 1 / 16;
const overheadBytes = 1 << 18;
export const pageBytes = 1 << 16;
/** One page short of 4 GiB, whose size does not fit 32 bits. */
const maximumBytes = ((1 << 16) - 1) * pageBytes;

/** Bytes of WASM memory that a grid of `cells` cells needs. */
export function bytesNeeded(cells: number): number {
  return Math.ceil(doublesPerCell * 8 * (cells + 6)) + overheadBytes;
}

/** Cells of the largest grid that fits. */
export const mostCells = Math.floor((maximumBytes - overheadBytes) / (8 * doublesPerCell)) - 6;
