import { InputError, type Problem } from "landau-fermi-dirac";
import type { Run } from "../model/run.js";
import type { Session } from "../model/session.js";
import { bytes, limits } from "./limits.js";
import { notify } from "./notice.js";
import type { FromParser, Parsed, ToParser } from "./protocol.js";
import { FileError, WorkerCall } from "./worker-call.js";

/** What the page does for files: it has the controls. */
export interface Page {
  /** The problem that the controls show. */
  problem(): Problem;
  /** Makes a table of r, f the initial data. */
  useTable(r: number[], f: number[]): void;
}

export type Purpose = "show" | "compare";

const pages = new WeakMap<Session, Page>();
const reading = new WeakMap<Session, WorkerCall<ToParser, FromParser>>();
const bareRuns = new WeakSet<Run>();

/** Lets all ways to open a file for this session hand things to the page. */
export function registerPage(session: Session, page: Page): void {
  pages.set(session, page);
}

/** Whether a run came from a CSV, which tells neither its problem nor its scheme. */
export function isBare(run: Run): boolean {
  return bareRuns.has(run);
}

/**
 * Opens an HDF5 result or a CSV: as the run on show, or laid over it; a table r, f goes to the page. What is wrong with the
 * file is said in a notice. A file that is still being read gives way. Resolves to whether the file was used.
 */
export async function openFile(session: Session, file: File, purpose: Purpose): Promise<boolean> {
  const name = shownName(file.name);
  try {
    notify("progress", `Reading ${name} …`);
    const parsed = await parse(session, file, name, purpose);
    notify("progress", "");
    use(session, parsed, name, purpose);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return false;
    notify("error", error instanceof FileError ? error.message : `${name}: ${reason(error)}`);
    return false;
  }
}

/** What the page refuses is said in its own words; of anything else, what kind of failure it is. */
function reason(error: unknown): string {
  return error instanceof InputError ? error.message : String(error);
}

/**
 * Opens the result that the address names, as `lfd view result.h5` does: `?result=result.h5`. Only a file beside the page
 * can be named. Resolves to whether one was named and used.
 */
export async function openFromUrl(session: Session): Promise<boolean> {
  const given = new URLSearchParams(location.search).get("result");
  if (given === null) return false;
  try {
    return await openFile(session, await fetched(given), "show");
  } catch (error) {
    notify("error", error instanceof FileError ? error.message : `${shownName(given)}: cannot be loaded`);
    return false;
  }
}

async function fetched(given: string): Promise<File> {
  const name = shownName(given);
  if (!/^[\w-][\w.-]*\.(h5|hdf5|csv)$/i.test(given)) {
    throw new FileError(
      `${name}: is not the name of a result beside this page; valid: as in ?result=result.h5`,
    );
  }
  const response = await fetch(new URL(given, document.baseURI), { cache: "no-store", redirect: "error" });
  if (!response.ok)
    throw new FileError(`${name}: cannot be loaded: ${response.status} ${response.statusText}`);
  checkSize(name, Number(response.headers.get("content-length") ?? 1));
  // The name that the result has where it comes from.
  const original = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return new File([await response.blob()], original ? decodeURIComponent(original) : given);
}

async function parse(session: Session, file: File, name: string, purpose: Purpose): Promise<Parsed> {
  checkSize(name, file.size);
  reading.get(session)?.end();
  const worker = new Worker(new URL("./parse-worker.ts", import.meta.url), { type: "module" });
  const call = new WorkerCall<ToParser, FromParser>(worker, limits.seconds);
  reading.set(session, call);
  try {
    return await call.ask({ file, name, epsilon: presentEpsilon(session, purpose) });
  } catch (error) {
    if (!(error instanceof FileError) || error.message.startsWith(name)) throw error;
    throw new FileError(`${name}: ${error.message}`);
  } finally {
    call.end();
    if (reading.get(session) === call) reading.delete(session);
  }
}

/** ε of what is on the page, for a file that does not tell its own. */
function presentEpsilon(session: Session, purpose: Purpose): number {
  const { epsilon } =
    (purpose === "compare" ? session.run?.header.problem : undefined) ?? pages.get(session)?.problem() ?? {};
  return epsilon !== undefined && epsilon >= 0 && epsilon < Infinity ? epsilon : 0;
}

function checkSize(name: string, size: number): void {
  if (size === 0) throw new FileError(`${name}: is empty, or a folder`);
  if (size <= limits.file) return;
  throw new FileError(
    `${name}: is too large for the page: ${bytes(size)}, at most ${bytes(limits.file)}; read it with h5py, or run with fewer samples`,
  );
}

function use(session: Session, parsed: Parsed, name: string, purpose: Purpose): void {
  if (parsed.kind === "table") {
    const page = pages.get(session);
    if (purpose === "compare" || !page) {
      throw new FileError(`${name}: is a table of initial data, not a result; open it to start from it`);
    }
    page.useTable(parsed.r, parsed.f);
    notify("note", `${name}: ${parsed.r.length} rows are the initial data now.`);
    return;
  }
  const { run, bare, note } = parsed;
  if (bare) bareRuns.add(run);
  if (purpose === "show") session.show(run);
  else session.compare(run);
  if (note) notify("remark", note);
  else notify("note", purpose === "show" ? `${name} is open.` : `${name} is laid over the run.`);
}

/** A file's name as it may be shown: without characters that have no shape or turn text around, and not too long. */
function shownName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}]/gu, "").trim() || "file";
  return plain.length > 60 ? `${plain.slice(0, 40)}…${plain.slice(-16)}` : plain;
}
