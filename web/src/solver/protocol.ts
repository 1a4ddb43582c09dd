import type { Conservation, Problem, RunHeader, Sample, Work } from "landau-fermi-dirac";
import type { Outline } from "../model/outline.js";
import type { ThinCoefficients } from "../model/thin-coefficients.js";
import type { Trouble } from "../model/trouble.js";

// What the page and its solver worker say to each other.

export type ToSolver =
  | { kind: "run"; problem: Problem }
  | { kind: "pause" }
  | { kind: "resume" }
  /** Take one time step, then wait. */
  | { kind: "step" };

/** Where the run stands between two samples. */
export interface Standing {
  time: number;
  step: number;
  conservation: Conservation;
  work: Work;
}

export type FromSolver =
  /** `outline`: of the equilibrium. */
  | {
      kind: "started";
      header: RunHeader;
      radius: Float64Array;
      equilibrium: Float64Array;
      outline: Outline;
    }
  | {
      kind: "sample";
      sample: Sample;
      profile: Float64Array;
      outline: Outline;
      coefficients: ThinCoefficients;
      standing: Standing;
    }
  | { kind: "progress"; standing: Standing }
  | { kind: "paused"; standing: Standing }
  | { kind: "done"; standing: Standing; status: string }
  /** `trouble`: what is wrong with the input, if that is what is wrong. */
  | { kind: "failed"; message: string; trouble?: Trouble };
