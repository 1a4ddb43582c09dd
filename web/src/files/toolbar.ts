import "./files.css";
import type { ChartHandle } from "../charts/index.js";
import type { Run } from "../model/run.js";
import type { Session } from "../model/session.js";
import { diagnosticsFile, download, problemFile, resultFile } from "./export.js";
import { type MenuItem, menuButton } from "./menu.js";
import { fileName } from "./names.js";
import { mountNotice, notify } from "./notice.js";
import { isBare, openFile, type Page, registerPage } from "./open.js";
import { FileError } from "./worker-call.js";

/** Device pixels to a CSS pixel of an exported picture. */
const pngScale = 2;

/** The toolbar of files: Open, Compare, Export. `page` is what takes a table, and tells ε for a CSV that lacks it. */
export function mountFiles(
  root: HTMLElement,
  session: Session,
  charts: readonly ChartHandle[],
  page: Page,
): void {
  registerPage(session, page);
  mountNotice();
  const show = filePicker("Result or table to open", (file) => openFile(session, file, "show"));
  const compare = filePicker("Result to compare with", (file) => openFile(session, file, "compare"));
  const open = document.createElement("button");
  open.type = "button";
  open.textContent = "Open…";
  open.title = "An HDF5 result of lfd run or of a sweep, a CSV result, or a table r,f";
  open.addEventListener("click", () => show.click());
  root.append(
    open,
    menuButton("Compare", () => comparisons(session, compare)),
    menuButton("Export", () => exports(session, charts)),
    show,
    compare,
  );
}

function filePicker(label: string, use: (file: File) => unknown): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".h5,.hdf5,.csv,.txt";
  input.hidden = true;
  input.setAttribute("aria-label", label);
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) use(file);
    input.value = ""; // the same file may be chosen again
  });
  return input;
}

const nothingYet = "nothing has been computed or opened yet";

function comparisons(session: Session, picker: HTMLInputElement): MenuItem[] {
  const { run, overlay } = session;
  return [
    { label: "Compare with a file…", action: () => picker.click() },
    {
      label: "Keep this run as overlay",
      unavailable: run?.samples.length ? undefined : nothingYet,
      action: () => {
        session.compare(kept(run!));
        notify("note", `${run!.label} is kept as overlay.`);
      },
    },
    {
      label: "Remove the overlay",
      unavailable: overlay ? undefined : "there is none",
      action: () => {
        session.compare(undefined);
        notify("note", "The overlay is removed.");
      },
    },
  ];
}

/** A run as it stands; what the session adds to it later does not come along. */
function kept(run: Run): Run {
  const { samples, profiles, coefficients, status, standing } = run;
  const going = status === "computing" || status === "paused";
  return {
    ...run,
    samples: [...samples],
    profiles: [...profiles],
    coefficients: [...coefficients],
    ...(going && { status: "done", message: `as it stood at t = ${standing?.time ?? 0}` }),
  };
}

function exports(session: Session, charts: readonly ChartHandle[]): MenuItem[] {
  const run = session.run?.samples.length ? session.run : undefined;
  const { shown } = session;
  const noProblem = run && isBare(run) ? "a CSV does not tell the problem" : undefined;
  const item = (
    label: string,
    name: (run: Run) => string,
    make: (run: Run) => Promise<Blob> | Blob,
    unavailable?: string,
  ): MenuItem => ({
    label,
    unavailable: run ? unavailable : nothingYet,
    action: () => save(name(run!), () => make(run!)),
  });
  const result = (format: "h5" | "csv") => (run: Run) =>
    resultFile(run, format, "all", reporting(fileName(run, format, "all")));
  return [
    item("HDF5: the whole run", (run) => fileName(run, "h5", "all"), result("h5"), noProblem),
    item("YAML: the problem, for lfd run", (run) => fileName(run, "yaml", "all"), problemFile, noProblem),
    item(
      "CSV: f(r) on show",
      (run) => fileName(run, "csv", shown),
      (run) => resultFile(run, "csv", shown),
    ),
    item("CSV: f(r) at all times", (run) => fileName(run, "csv", "all"), result("csv")),
    item("CSV: diagnostics", (run) => fileName(run, "csv", "all", "samples"), diagnosticsFile),
    ...charts.map((chart) =>
      item(
        `PNG: ${chart.title}`,
        (run) => fileName(run, "png", shown, chart.id),
        () => chart.toPNG(pngScale),
      ),
    ),
  ];
}

/** Says how far a file is, once in a while: every word is read out to those who do not see it. */
function reporting(name: string): (share: number) => void {
  let told = performance.now();
  return (share) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    notify("progress", `Writing ${name}: ${Math.floor(share * 100)} %`);
  };
}

/** Makes a file and hands it to the browser; says what went wrong. */
async function save(name: string, make: () => Promise<Blob> | Blob): Promise<void> {
  try {
    notify("progress", `Writing ${name} …`);
    download(await make(), name);
    notify("note", `${name} is in your downloads.`);
  } catch (error) {
    const reason = error instanceof FileError ? error.message : String(error);
    notify("error", `${name} was not written: ${reason}`);
  }
}
