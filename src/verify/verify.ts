import os from "node:os";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Check } from "./check.js";
import type { Verdict } from "./worker.js";

/** Tries the checks, a thread for each core; `onVerdict` sees them in their order, `onProgress` as they end. */
export async function verify(
  checks: readonly Check[],
  onVerdict: (verdict: Verdict, check: Check) => void,
  onProgress: (running: readonly string[], done: number) => void,
): Promise<Verdict[]> {
  const pool = new Piscina<string, Verdict>({
    filename: fileURLToPath(new URL("./worker.js", import.meta.url)),
    maxThreads: Math.min(checks.length, os.availableParallelism()),
    concurrentTasksPerWorker: 1,
  });
  const waiting = checks.map(({ name }) => name);
  let done = 0;
  const tell = () => onProgress(waiting.slice(0, pool.maxThreads), done);
  tell();
  try {
    const pending = checks.map(async ({ name }) => {
      const verdict = await pool.run(name);
      waiting.splice(waiting.indexOf(name), 1);
      done++;
      tell();
      return verdict;
    });
    // a failure is reported when its turn comes
    for (const promise of pending) promise.catch(() => {});
    const verdicts: Verdict[] = [];
    for (const [k, promise] of pending.entries()) {
      const verdict = await promise;
      verdicts.push(verdict);
      onVerdict(verdict, checks[k]!);
    }
    return verdicts;
  } finally {
    await pool.destroy();
  }
}
