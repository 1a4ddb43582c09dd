import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { needsMemory, noPlaceForProfiles } from "./causes.js";
import { compute } from "./compute.js";
import { bytesOfRun, freeMemory } from "./memory.js";
import { profileFile } from "./profiles.js";
import { type JobResult, readJob } from "./queue-job.js";

/**
 * What a worker's sandbox does with a job: in a thread of its own, for the thread that talks to Redis has to go on
 * renewing the lock while this one computes.
 */
export default async function process({ data }: { data: unknown }): Promise<JobResult> {
  const { profiles, ...task } = readJob(data);
  requireRoom(task.problem.grid.cells);
  if (!profiles) return result(await compute(task));
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lfd-worker-"));
  try {
    const { outcome } = result(await compute({ ...task, profiles: directory }));
    const file = profileFile(directory, task.id);
    return fs.existsSync(file) ? { outcome, profile: fs.readFileSync(file).toString("base64") } : { outcome };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** Without memory for a run this worker leaves it to another; after a few attempts it fails. */
function requireRoom(cells: number): void {
  if (bytesOfRun(cells) > freeMemory()) {
    throw new Error(needsMemory(cells));
  }
}

/** A disk without room for the profiles is a failure of this worker: another may have it. */
function result(outcome: Awaited<ReturnType<typeof compute>>): JobResult {
  if ("unwritten" in outcome) throw new Error(`${noPlaceForProfiles}: ${outcome.unwritten}`);
  return { outcome };
}
