import type { ResolvedProblem } from "landau-fermi-dirac";
import { sampleRow, samplesHeading } from "../../../dist/output/csv-rows.js";
import { unfinished } from "../../../dist/output/layout.js";
import { version } from "../../../package.json";
import type { Run } from "../model/run.js";
import { turn } from "../turn.js";
import { limits } from "./limits.js";
import { isBare } from "./open.js";
import type { End, FromWriter, ToWriter } from "./protocol.js";
import { FileError, WorkerCall } from "./worker-call.js";

/** Numbers that are copied at a time. */
const piece = 1 << 18;

/** All samples, or one by its number. */
export type Part = "all" | number;

/**
 * The run as HDF5, in the layout of `lfd run --output`, or its profiles as CSV with the columns time, r, f; numbers with
 * all their digits. Made in a worker, sample by sample, so that the page stays at hand.
 *
 * @throws FileError why it cannot be made
 */
export async function resultFile(
  run: Run,
  format: "h5" | "csv",
  part: Part,
  progress: (share: number) => void = () => {},
): Promise<Blob> {
  if (format === "h5" && isBare(run)) throw new FileError(`${run.label}: ${bareReason}; CSV can be exported`);
  const { header, radius, equilibrium } = run;
  // Samples that come while this goes on are left out.
  const numbers = part === "all" ? [...run.samples.keys()] : [part];
  const end = endOf(run);
  return withWriter(async (ask) => {
    const [faces, nodes, m] = [
      await copied(header.grid.faces),
      await copied(radius),
      await copied(equilibrium),
    ];
    await ask(
      {
        kind: "begin",
        format,
        header: { ...header, grid: { ...header.grid, faces } },
        radius: nodes,
        equilibrium: m,
        version,
      },
      [faces.buffer, nodes.buffer, m.buffer],
    );
    for (const [done, k] of numbers.entries()) {
      const profile = await copied(run.profiles[k]!);
      await ask({ kind: "sample", sample: run.samples[k]!, profile }, [profile.buffer]);
      progress((done + 1) / numbers.length);
    }
    return ask({ kind: "end", end });
  });
}

/** The diagnostics of all samples as CSV, as `lfd run --output result.csv` puts them beside the profiles. */
export function diagnosticsFile({ samples }: Run): Blob {
  return new Blob([samplesHeading, ...samples.map(sampleRow)], { type: "text/csv" });
}

/** The problem as YAML: `lfd run` computes the same from it. @throws FileError if no file can hold it */
export async function problemFile(run: Run): Promise<Blob> {
  const { problem, grid } = run.header;
  requireProblem(run);
  const comment = [
    ` ${problem.name ?? problem.initial.kind}, from the viewer of landau-fermi-dirac ${version}; lfd run computes it.`,
    ...(problem.grid.radius === "auto" ? [` Here the radius of the grid came out as ${grid.radius}.`] : []),
  ].join("\n");
  return withWriter((ask) => ask({ kind: "yaml", problem: withoutFile(problem), comment }));
}

const bareReason = "a CSV does not tell from which problem, or how, it was computed";

function requireProblem(run: Run): void {
  if (isBare(run)) throw new FileError(`${run.label}: ${bareReason}`);
  if (run.header.problem.initial.kind === "function") {
    throw new FileError(
      `${run.label}: its initial data were a function in a program, which YAML cannot hold`,
    );
  }
}

/** A table goes with its numbers; the file they came from may be anywhere. */
function withoutFile(problem: ResolvedProblem): ResolvedProblem {
  const { initial } = problem;
  if (initial.kind !== "table") return problem;
  return { ...problem, initial: { kind: "table", r: initial.r, f: initial.f } };
}

function endOf({ status, message, standing }: Run): End | undefined {
  if (!standing || status === "computing" || status === "paused" || message === unfinished) return undefined;
  const { conservation, work, time } = standing;
  return { conservation, work, status: status === "failed" ? `failed at t = ${time}: ${message}` : message };
}

/** A copy to give away, made piece by piece: to send the array itself would copy it more slowly, and all at once. */
async function copied(array: Float64Array): Promise<Float64Array<ArrayBuffer>> {
  const copy = new Float64Array(array.length);
  for (let from = 0; from < array.length; from += piece) {
    copy.set(array.subarray(from, from + piece), from);
    await turn();
  }
  return copy;
}

type Ask = (
  message: ToWriter,
  transfer?: Transferable[],
) => Promise<{ kind: "ready" } | { kind: "file"; blob: Blob }>;

async function withWriter(action: (ask: Ask) => ReturnType<Ask>): Promise<Blob> {
  const worker = new Worker(new URL("./write-worker.ts", import.meta.url), { type: "module" });
  const call = new WorkerCall<ToWriter, FromWriter>(worker, limits.seconds);
  try {
    const answer = await action((message, transfer) => call.ask(message, transfer));
    if (answer.kind === "file") return answer.blob;
    throw new FileError("the file was not finished");
  } finally {
    call.end();
  }
}

/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser may still be asking where to put it.
  setTimeout(() => URL.revokeObjectURL(url), 120_000);
}
