import { compute, type Task } from "./compute.js";
import type { Outcome } from "./outcome.js";

/** What a thread of the pool does; the compiled WASM stays with the thread from one run to the next. */
export default function run(task: Task): Promise<Outcome> {
  return compute(task);
}
