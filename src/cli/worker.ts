import { runWorker } from "../sweep/queue-worker.js";
import { complaint } from "./format.js";
import { Interrupt } from "./interrupt.js";
import { redisUrl } from "./sweep.js";

interface Options {
  redis?: string;
  workers?: number;
  lock?: number;
}

/** lfd worker. Ends with status 0 when it is stopped: the runs in progress are finished, or at a second Ctrl-C given up. */
export async function startWorker({ redis, workers, lock }: Options): Promise<void> {
  const computed = await runWorker({
    redis: redisUrl(redis),
    signal: new Interrupt().signal,
    ...(workers === undefined ? {} : { workers }),
    ...(lock === undefined ? {} : { lock }),
    onStart: (about) => {
      process.stdout.write(
        `takes runs from ${about.redis}, queue ${about.queue}, ${about.workers} at a time; Ctrl-C ends it\n`,
      );
    },
    onNotice: (message) => process.stderr.write(complaint(message)),
  });
  process.stdout.write(`${computed} ${computed === 1 ? "run" : "runs"} computed\n`);
  process.exit(); // sandboxes that are idle would keep it
}
