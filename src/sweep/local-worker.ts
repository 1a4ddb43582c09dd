import { compute, type Task, type Unwritten } from "./compute.js";
import type { Outcome } from "./outcome.js";

let before: Promise<unknown> = Promise.resolve();

/**
 * What a thread of the pool does. It may have been handed the next run already: one after the other, for two at a time
 * would share the core and hold twice the memory.
 */
export default function run(task: Task): Promise<Outcome | Unwritten> {
  const outcome = before.then(() => compute(task));
  before = outcome.catch(() => {});
  return outcome;
}
