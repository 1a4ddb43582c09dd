import { isMapping } from "../problem/plain.js";
import type { Task } from "./compute.js";
import { isId } from "./identity.js";
import { isOutcome, type Outcome } from "./outcome.js";

/** A run as it goes to the queue. */
export interface JobData extends Omit<Task, "profiles"> {
  /** Whether f at the samples is wanted too. */
  profiles: boolean;
}

/** What comes back. */
export interface JobResult {
  outcome: Outcome;
  /** The HDF5 file, base64. */
  profile?: string;
}

/** A job as it comes from the queue, where others may write: its id becomes the name of a file. Throws Error. */
export function readJob(data: unknown): JobData {
  const sound =
    isMapping(data) &&
    isId(data.id) &&
    Number.isInteger(data.index) &&
    isMapping(data.problem) &&
    isMapping(data.problem.grid) &&
    Number.isInteger(data.problem.grid.cells) &&
    typeof data.profiles === "boolean";
  if (!sound) throw new Error("the job is not a run of a sweep");
  return data as unknown as JobData;
}

/** The result of a job; undefined for what is none of that run. */
export function readResult(value: unknown, id: string, index: number): JobResult | undefined {
  if (!isMapping(value) || !isOutcome(value.outcome)) return undefined;
  const sound =
    value.outcome.id === id &&
    value.outcome.index === index &&
    (value.profile === undefined || typeof value.profile === "string");
  return sound ? (value as unknown as JobResult) : undefined;
}
