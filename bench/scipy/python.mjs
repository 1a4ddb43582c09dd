import { spawnSync } from "node:child_process";
import { collision } from "../../dist/index.js";

/** SciPy's version, or undefined, with a line that says what to install. */
export function scipyVersion() {
  const { status, stdout } = spawnSync("python3", ["-c", "import numpy, scipy; print(scipy.__version__)"], {
    encoding: "utf8",
  });
  if (status === 0) return stdout.trim();
  console.log("skipped: no SciPy (Debian: apt-get install python3-scipy)");
  return undefined;
}

/** A problem as system.py takes it. */
export async function semiDiscrete(problem) {
  const { grid, f, radius } = await collision(problem);
  const nodes = Array.from(radius, (r) => (r * r) / 2);
  return { faces: [...grid.faces], nodes, f: [...f], epsilon: problem.epsilon };
}
