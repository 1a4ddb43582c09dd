import { spawnSync } from "node:child_process";
import { afterAll } from "vitest";
import { folder } from "./cli.js";

const mounted: string[] = [];
// hooks run in the reverse order: this one before that of `folder` empties the directories
afterAll(() => {
  for (const disk of mounted) spawnSync("umount", ["-l", disk]);
});

/** An empty file system of this size, until the tests of the file are over; undefined (and a line that says so) where none can be made. */
export function smallDisk(kilobytes: number): string | undefined {
  const point = folder();
  const { status, error, stderr } = spawnSync(
    "mount",
    ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", point],
    { encoding: "utf8" },
  );
  if (status !== 0) {
    console.log(`skipped: no tmpfs can be mounted here: ${error?.message ?? stderr.trim()}`);
    return undefined;
  }
  mounted.push(point);
  return point;
}
