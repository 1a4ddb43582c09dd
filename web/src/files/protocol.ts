import type { Conservation, ResolvedProblem, RunHeader, Sample, Work } from "landau-fermi-dirac";
import type { Run } from "../model/run.js";

// What the page says to the worker that reads a file and to the one that writes one, and what they answer.

export interface ToParser {
  file: File;
  /** The file's name, made fit to be shown. */
  name: string;
  /** ε of a CSV result, which does not tell it. */
  epsilon: number;
}

export type Parsed =
  /** `bare`: a CSV that tells neither problem nor scheme. `note`: what the user should know. */
  { kind: "run"; run: Run; bare: boolean; note: string } | { kind: "table"; r: number[]; f: number[] };

export type FromParser = Parsed | { kind: "failed"; message: string };

export interface End {
  conservation: Conservation;
  work: Work;
  status: string;
}

/** "begin", "sample" for each, "end"; the writer answers each before the next is sent. Or "yaml" alone. */
export type ToWriter =
  | {
      kind: "begin";
      format: "h5" | "csv";
      header: RunHeader;
      radius: Float64Array;
      equilibrium: Float64Array;
      version: string;
    }
  | { kind: "sample"; sample: Sample; profile: Float64Array }
  /** Nothing is known of the end of a run that goes on. */
  | { kind: "end"; end: End | undefined }
  | { kind: "yaml"; problem: ResolvedProblem; comment: string };

export type FromWriter =
  | { kind: "ready" }
  | { kind: "file"; blob: Blob }
  | { kind: "failed"; message: string };
