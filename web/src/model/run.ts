import type { Problem, RunHeader, Sample } from "landau-fermi-dirac";
import type { Standing } from "../solver/protocol.js";
import type { ThinCoefficients } from "./thin-coefficients.js";

export type RunStatus = "computing" | "paused" | "done" | "failed" | "loaded";

/** What one run has given so far, computed here or read from a file. */
export interface Run {
  label: string;
  /** The problem of the controls that this is the run of; absent for a file that they cannot show. */
  source: Problem | undefined;
  header: RunHeader;
  /** Radius of each cell's node, and M there. */
  radius: Float64Array;
  equilibrium: Float64Array;
  samples: Sample[];
  /** f at each sample. */
  profiles: Float64Array[];
  /** D, A⊥, m at each sample. */
  coefficients: ThinCoefficients[];
  /** Drift of mass and energy since the start is taken from the samples. */
  standing: Standing | undefined;
  status: RunStatus;
  /** Why it failed, in words. */
  message: string;
}
