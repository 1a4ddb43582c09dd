import { bytesOfRun } from "./memory.js";

// Why a run failed that was not computed to its end for reasons outside of it: one text a cause, for the tables are the
// same whoever computed them. What a machine has to say about it goes to `onNotice`.

export function needsMemory(cells: number): string {
  return `grid.cells: ${cells} cells need ${bytesOfRun(cells)} bytes, more memory than was free`;
}

export const workerLost = "every worker that computed it was lost";
export const answerUnknown = "the worker's answer was not that of this run";
export const noPlaceForProfiles = "no worker had a place for its profiles";
export const notCompleted = "no worker could complete it";
