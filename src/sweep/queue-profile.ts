import fs from "node:fs";
import { InputError, RunError } from "../errors.js";
import { asidePath, fileReason, publish, withFile } from "../output/files.js";
import { profileFile } from "./compute.js";
import type { Plan } from "./plan.js";

/** The most bytes of profiles that a run may send through Redis. */
const mostBytes = 100e6;

/** Throws InputError if the profiles of a sweep are too much for Redis. */
export function checkProfiles(plan: Plan): void {
  const bytes = 8 * plan.largestCells * (plan.run(0).problem.samples.at.length + 3);
  if (bytes <= mostBytes) return;
  throw new InputError(
    "profiles",
    `about ${bytes} bytes a run are too many to send through Redis, at most ${mostBytes}; --shard and lfd merge do without`,
  );
}

/** Keeps the HDF5 file that came with a result. Throws RunError. */
export function writeProfile(directory: string, id: string, base64: string): void {
  const file = profileFile(directory, id);
  try {
    withFile(asidePath(file), "w", (fd) => {
      fs.writeFileSync(fd, Buffer.from(base64, "base64"));
      fs.fsyncSync(fd);
    });
    publish(asidePath(file), file);
  } catch (error) {
    fs.rmSync(asidePath(file), { force: true });
    throw new RunError(`${file}: cannot be written: ${fileReason(error)}`);
  }
}
