import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { writeWhole } from "../output/files.js";
import { unwritable } from "./disk.js";
import type { Plan } from "./plan.js";

/** The most bytes of profiles that a run may send through Redis. */
const mostBytes = 100e6;

/** The file of a run's profiles: there as a whole, or not at all. */
export function profileFile(directory: string, id: string): string {
  return path.join(directory, `${id}.h5`);
}

/** Where it is written until the run has ended. */
export function unfinishedFile(directory: string, id: string): string {
  return path.join(directory, `${id}.unfinished.h5`);
}

/** The ids of the runs whose profiles are there. */
export function profilesIn(directory: string): Set<string> {
  if (!fs.existsSync(directory)) return new Set();
  const names = fs.readdirSync(directory).filter((name) => /^[0-9a-f]{64}\.h5$/.test(name));
  return new Set(names.map((name) => name.slice(0, 64)));
}

/** Removes what killed processes have left half written. */
export function removeUnfinished(directory: string): void {
  for (const name of fs.readdirSync(directory)) {
    if (/^[0-9a-f]{64}(\.unfinished)?\.h5\.part$|^[0-9a-f]{64}\.unfinished\.h5$/.test(name)) {
      fs.rmSync(path.join(directory, name), { force: true });
    }
  }
}

/** Keeps the HDF5 file that came with a result. Throws RunError. */
export function writeProfile(directory: string, id: string, base64: string): void {
  const file = profileFile(directory, id);
  place(file, (aside) => fs.writeFileSync(aside, Buffer.from(base64, "base64")));
}

/** Copies a profile into another directory; one that is there stays. Throws RunError. */
export function copyProfile(from: string, to: string, id: string): void {
  const file = profileFile(to, id);
  if (!fs.existsSync(file)) place(file, (aside) => fs.copyFileSync(profileFile(from, id), aside));
}

function place(file: string, write: (aside: string) => void): void {
  try {
    writeWhole(file, write);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Throws InputError if the profiles of a sweep are too much for Redis. */
export function requireSendable(plan: Plan): void {
  const bytes = 8 * plan.largestCells * (plan.run(0).problem.samples.at.length + 3);
  if (bytes <= mostBytes) return;
  throw new InputError(
    "profiles",
    `about ${bytes} bytes a run are too many to send through Redis, at most ${mostBytes}; --shard and lfd merge do without`,
  );
}
