import { InputError, type Problem } from "landau-fermi-dirac";
import { defaults } from "../../dist/problem/defaults.js";
import { mountCharts } from "./charts/index.js";
import { grouped } from "./controls/format.js";
import { calm } from "./controls/frame.js";
import { mountGallery } from "./controls/gallery.js";
import { short } from "./controls/physics.js";
import { mountProblemPanel } from "./controls/problem-panel.js";
import { examine, ProblemStore } from "./controls/problem-store.js";
import { mountShare } from "./controls/share.js";
import { useTable } from "./controls/table-editor.js";
import { mountTheme } from "./controls/theme.js";
import { mountTransport } from "./controls/transport.js";
import { mountViewSwitches } from "./controls/view-switches.js";
import type { Run } from "./model/run.js";
import { Session } from "./model/session.js";
import {
  completed,
  type Draft,
  decodeState,
  defaultState,
  encodeState,
  encodeView,
  fitsLink,
  isState,
  type PageState,
  tellsProblem,
} from "./model/state.js";
import { ViewStore } from "./model/view.js";
import { turn } from "./turn.js";

const at = (id: string) => document.getElementById(id)!;
const leftOut =
  "The table of this link was too long for an address: here are other initial data in its place, the rest is as it was.";

// The page is made in pieces, so that no piece keeps the browser from anything else for long: what was imported is the first.
await turn();

const session = new Session();
if (calm()) session.interval = 1000;
const opening = stateOf(location.hash);
notice(opening.complaint);
const store = new ProblemStore(opening.problem);
const view = new ViewStore(opening.view);
/** Whether the address names a result to open; what it says of a problem, which is later, comes before that. */
const opensFile =
  new URLSearchParams(location.search).has("result") && !(tellsProblem(location.hash) && !opening.complaint);
/** What is on show while it is the result that the address names, and nothing of its problem has been changed. */
let named: { run: Run; problem: Problem } | "awaited" | undefined = opensFile ? "awaited" : undefined;
/** Milliseconds without a change before a run begins, and between two that begin while the changes go on. */
const [pause, apart] = [150, 400];
let begun = -Infinity;
/** Runs that were opened, once the controls have seen them. */
const adopted = new WeakSet<Run>();
let timer: ReturnType<typeof setTimeout> | undefined;
let remembering: ReturnType<typeof setTimeout> | undefined;
if (!opensFile) {
  start();
  if (location.search) rememberSoon();
}

store.addEventListener("change", () => {
  clearTimeout(timer);
  notice("");
  // What cannot be computed is not begun; what was begun before it is no longer what the controls say.
  if (store.trouble) session.stop();
  else {
    session.prepare();
    // Whoever drags a slider sees what it does on the way; whoever types is not held up by every digit.
    timer = setTimeout(start, Math.max(0, Math.min(pause, begun + apart - performance.now())));
  }
  rememberSoon();
});
view.addEventListener("change", () => rememberSoon());

session.on("refusal", () => {
  const { message, trouble } = session.refusal!;
  if (trouble) store.refuse(trouble);
  else notice(`The run could not be started: ${message}.`);
});
session.on("status", () => {
  if (session.run?.status === "failed") notice(`The run could not be completed: ${session.run.message}.`);
});
session.on("run", () => {
  const { run } = session;
  if (run?.status === "loaded" && !adopted.has(run)) adopt(run);
  rememberSoon();
  at("display-title").textContent = run ? `The run: ${run.label}` : "The run";
  if (run) document.title = `${run.label} · Landau–Fermi–Dirac`;
});

addEventListener("hashchange", () => {
  if (!isState(location.hash)) return;
  const { problem, view: wanted, complaint } = stateOf(location.hash);
  view.set(wanted);
  store.replace(problem);
  notice(complaint);
});

addEventListener("click", (event) => {
  const skip = (event.target as Element).closest<HTMLAnchorElement>("[data-skip]");
  if (!skip) return;
  event.preventDefault(); // what is after # is the state of the page
  const target = document.querySelector<HTMLElement>(skip.hash);
  target?.scrollIntoView();
  target?.focus({ preventScroll: true });
});

await turn();
const charts = mountCharts(at("charts"), session, view);
await turn();
await turn();
mountTransport(at("transport"), session, view, () => {
  if (store.trouble) return panel.focusTrouble();
  notice("");
  start();
});
mountViewSwitches(at("switches"), view);
await turn();
const panel = mountProblemPanel(at("problem"), store, session);
await turn();
mountTheme(at("theme"));
mountShare(at("share"), () => {
  const fits = fitsLink({ problem: store.draft, view: view.current });
  return fits ? new URL(address(), location.href).href : undefined;
});
mountGallery(at("gallery"), store, session);
void mountLater();

/** The state that a link asks for; the default, and a word about it, if the link cannot be used. */
function stateOf(hash: string): PageState & { complaint: string } {
  if (!isState(hash)) return { ...defaultState(), complaint: "" };
  try {
    const { problem, view, tableLeftOut } = decodeState(hash);
    examine(problem, "epsilon");
    return { problem, view, complaint: tableLeftOut ? leftOut : "" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const said = error.lines.join("; ");
    const message = said.length > 300 ? `${said.slice(0, 300)}…` : said;
    const complaint = `This link cannot be used, so here is the default problem instead. ${message}.`;
    return { ...defaultState(), complaint };
  }
}

function start(): void {
  clearTimeout(timer);
  if (store.trouble) return;
  begun = performance.now();
  session.start(store.valid, labelOf(store.valid));
}

function labelOf({ name, epsilon, initial, grid }: Problem): string {
  const what = name ?? (initial as { kind: string }).kind;
  return `${what}, ε = ${short(epsilon)}, ${grouped(grid?.cells ?? defaults.grid.cells)} cells`;
}

/** The controls take over the problem of a run that was opened, if it is one they can show. */
function adopt(run: Run): void {
  adopted.add(run);
  const draft = completed(structuredClone(run.header.problem) as unknown as Draft);
  try {
    run.source = examine(draft, "epsilon").problem;
  } catch (error) {
    if (error instanceof InputError) return;
    throw error;
  }
  store.replace(draft);
  clearTimeout(timer); // it is computed already
}

/** What the address is to be, relative: the file while it is on show as it is, or the problem. */
function address(): string {
  const isNamed =
    named === "awaited" ||
    (named && session.run === named.run && store.valid === named.problem && !store.trouble);
  if (isNamed) return `${location.pathname}${location.search}#${encodeView(view.current)}`;
  return `${location.pathname}#${encodeState({ problem: store.draft, view: view.current })}`;
}

/** Writes the state into the address: not on every turn of a slider, browsers allow some hundred in half a minute. */
function rememberSoon(): void {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    if (!store.trouble) history.replaceState(null, "", address());
  }, 200);
}

function notice(text: string): void {
  const element = at("notice");
  if (element.textContent !== text) element.textContent = text;
}

/** What the first picture does not need: files, and the page without a network. */
async function mountLater(): Promise<void> {
  if (!opensFile) await Promise.race([firstPicture(), new Promise((resolve) => setTimeout(resolve, 2000))]);
  const { mountDropZone, mountFiles, openFromUrl } = await import("./files/index.js");
  const page = {
    problem: () => store.valid,
    useTable: (r: number[], f: number[]) => useTable(store, r, f),
  };
  mountFiles(at("files"), session, charts, page);
  mountDropZone(document.body, session);
  if (opensFile) {
    const { valid } = store;
    const used = await openFromUrl(session);
    const { run } = session;
    named = used && run ? { run, problem: store.valid } : undefined;
    if (!used && store.valid === valid) start();
    rememberSoon();
  }
  if (!import.meta.env.PROD) return;
  await atRest();
  await serveOffline();
}

function firstPicture(): Promise<void> {
  return new Promise((resolve) => {
    session.on("sample", () => requestAnimationFrame(() => setTimeout(resolve)));
  });
}

/** When the first run is over, or has had its time: what can wait must not take the processor from it. */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!session.starting && session.run?.status !== "computing") resolve();
    };
    session.on("status", look);
    setTimeout(resolve, 5000);
    look();
  });
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 2000); // Safari
  });
}

async function serveOffline(): Promise<void> {
  try {
    await navigator.serviceWorker?.register("./service-worker.js");
    const { active } = (await navigator.serviceWorker?.ready) ?? {};
    await idle();
    // A megabyte that is for files alone is not spent where the reader asked to be sparing; a first export keeps it too.
    const { saveData = false } = (navigator as { connection?: { saveData?: boolean } }).connection ?? {};
    active?.postMessage({ kind: "idle", large: !saveData });
  } catch {
    // no service worker here (private window, plain http): the page works, with a network
  }
}
