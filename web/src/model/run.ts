import type { RunHeader, Sample } from "landau-fermi-dirac";
import type { Standing, ThinCoefficients } from "../solver/protocol.js";

export type RunStatus = "computing" | "paused" | "done" | "failed" | "loaded";

/** What one run has given so far, computed here or read from a file. */
export interface Run {
  label: string;
  /** Absent for a bare table of f(r) (CSV). */
  header: RunHeader;
  /** Radius of each cell's node, and M there. */
  radius: Float64Array;
  equilibrium: Float64Array;
  samples: Sample[];
  /** f at each sample. */
  profiles: Float64Array[];
  /** D, A⊥, m at each sample; empty for a run read from a file. */
  coefficients: ThinCoefficients[];
  /** Drift of mass and energy since the start is taken from the samples. */
  standing: Standing | undefined;
  status: RunStatus;
  /** Why it failed, in words. */
  message: string;
}
