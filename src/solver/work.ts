import type { Work } from "../types.js";

/** Nothing done yet. */
export function noWork(): Work {
  return {
    steps: 0,
    rejected: 0,
    newtonIterations: 0,
    seconds: 0,
    rejectedError: 0,
    rejectedNewton: 0,
    rejectedEntropy: 0,
    fallbackSteps: 0,
    repairedStages: 0,
  };
}
