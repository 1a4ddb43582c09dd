import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { record } from "./results.mjs";
import { spread, table } from "./tools.mjs";

const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const turns = 11;
const asked = {
  "node -e 0": ["-e", "0"],
  "lfd --version": [command, "--version"],
  "lfd run two-temperature --cells 1000 --quiet": [
    command,
    ..."run two-temperature --cells 1000 --quiet".split(" "),
  ],
};

/** Start-up: seconds from the start of the process to its exit, wall clock, the commands in turns. At most 0.4 asked for. */
export default async function startup() {
  const seconds = Object.fromEntries(Object.keys(asked).map((name) => [name, []]));
  for (let turn = -1; turn < turns; turn++) {
    for (const [name, args] of Object.entries(asked)) {
      const began = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args);
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
      if (turn >= 0) seconds[name].push((performance.now() - began) / 1000);
    }
  }
  table(
    ["command", "seconds: median (min–max)"],
    Object.entries(seconds).map(([name, times]) => [name, spread(times, (value) => value.toFixed(3))]),
  );
  await record("startup", { seconds });
}
