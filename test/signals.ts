import { type ChildProcess, spawnSync } from "node:child_process";

// Commands that are killed, interrupted or stopped at a moment that does not depend on the machine.

/**
 * A program for `under` that has a sweep send itself `signal`, `after` milliseconds from when it begins to write to its journal
 * for the n-th time.
 */
export function signalling(signal: NodeJS.Signals, n: number, after = 0): string[] {
  return hooked(`
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    import { isMainThread } from "node:worker_threads";
    const { appendFile } = fs;
    let left = ${n};
    if (isMainThread) fs.appendFile = (...args) => {
      if (--left === 0) setTimeout(() => process.kill(process.pid, "${signal}"), ${after});
      appendFile(...args);
    };
    syncBuiltinESMExports();`);
}

/** A program for `under` that has a command send itself `signal` when it has printed these words. */
export function signallingAfter(words: string, signal: NodeJS.Signals): string[] {
  return hooked(`
    const { stdout } = process;
    const write = stdout.write.bind(stdout);
    stdout.write = (text, ...rest) => {
      const more = write(text, ...rest);
      if (String(text).includes("${words}")) process.kill(process.pid, "${signal}");
      return more;
    };`);
}

/** Node with a module that is run before anything else. */
function hooked(code: string): string[] {
  return ["env", `NODE_OPTIONS=--import data:text/javascript,${encodeURIComponent(code)}`];
}

/** Resolves when a process has been stopped (SIGSTOP). */
export async function isStopped({ pid }: ChildProcess): Promise<void> {
  const state = () => spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  while (!/^T/.test(state())) await new Promise((resolve) => setTimeout(resolve, 20));
}
