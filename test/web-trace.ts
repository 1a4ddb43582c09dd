import { expect } from "vitest";
import { browser } from "./web-visit.js";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Duration and processor time of a task, in microseconds. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** Durations, in ms and longest first, of all that the main threads of pages did during `action`, task by task. */
export async function traced(action: () => Promise<void>): Promise<{ cpu: number[]; clock: number[] }> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"], recordMode: "recordAsMuchAsPossible" },
  });
  await action();
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
  await session.detach();

  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const named = (type: string, name: string) =>
    events.filter((event) => event.name === type && event.args.name === name);
  const renderers = new Set(named("process_name", "Renderer").map(({ pid }) => pid));
  const main = new Set(
    named("thread_name", "CrRendererMain")
      .filter(({ pid }) => renderers.has(pid))
      .map(thread),
  );
  const tasks = events.filter(
    (event) => event.ph === "X" && event.name.endsWith("RunTask") && main.has(thread(event)),
  );
  expect(tasks.length).toBeGreaterThan(0);
  expect(tasks.some(({ tdur }) => tdur !== undefined && tdur > 0)).toBe(true);
  const longest = (of: (event: TraceEvent) => number | undefined) =>
    tasks.map((event) => (of(event) ?? 0) / 1000).sort((a, b) => b - a);
  return { cpu: longest(({ tdur }) => tdur), clock: longest(({ dur }) => dur) };
}
