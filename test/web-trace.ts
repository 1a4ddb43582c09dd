import { expect } from "vitest";
import { browser, page } from "./web-visit.js";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Duration and processor time of a task, in microseconds. */
  dur?: number;
  tdur?: number;
}

/** Tells the page's main thread from others: the browser draws its own surface with pages too. */
const mark = "the page under test";

/** Durations, in ms and longest first, of all that the page's main thread did during `action`, task by task. */
export async function traced(action: () => Promise<void>): Promise<{ cpu: number[]; clock: number[] }> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["toplevel", "blink.user_timing"],
      recordMode: "recordAsMuchAsPossible",
    },
  });
  await action();
  await page.evaluate((name) => performance.mark(name), mark);
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
  await session.detach();

  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = thread(events.find(({ name }) => name === mark)!);
  const tasks = events.filter(
    (event) => event.ph === "X" && event.name.endsWith("RunTask") && thread(event) === main,
  );
  expect(tasks.length).toBeGreaterThan(0);
  expect(tasks.some(({ tdur }) => tdur !== undefined && tdur > 0)).toBe(true);
  const longest = (of: (event: TraceEvent) => number | undefined) =>
    tasks.map((event) => (of(event) ?? 0) / 1000).sort((a, b) => b - a);
  return { cpu: longest(({ tdur }) => tdur), clock: longest(({ dur }) => dur) };
}
