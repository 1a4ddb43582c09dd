// The solver's worker is begun before the page has been read: both load at the same time.

let early: Worker | undefined = load();

/** A worker of the solver, idle. */
export function load(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** The worker that was begun with the page, once. */
export function takeEarly(): Worker | undefined {
  const worker = early;
  early = undefined;
  return worker;
}
