import {
  equilibriumValue,
  InputError,
  type Progress,
  RunError,
  type RunHeader,
  radialNodes,
  simulate,
} from "landau-fermi-dirac";
import { Engine } from "../../../dist/solver/engine.js";
import { noWork } from "../../../dist/solver/work.js";
import { outlineOf } from "../model/outline.js";
import { thinCoefficients } from "../model/thin-coefficients.js";
import { troubleOf } from "../model/trouble.js";
import type { FromSolver, Standing, ToSolver } from "./protocol.js";

// Runs one problem with the same `simulate` as in Node and streams what it computes. To start another the page ends this
// worker and starts a new one: at 10⁶ cells a single step takes longer than anyone wants to wait.

/** Milliseconds between two messages of progress. */
const interval = 80;

let gate: Promise<void> | undefined;
let open: (() => void) | undefined;
let single = false;

function shut(): void {
  gate ??= new Promise((resolve) => {
    open = resolve;
  });
}

function release(): void {
  open?.();
  gate = undefined;
  open = undefined;
}

// The WASM is fetched and compiled while the page makes up its mind; if that fails, the run will say so.
Engine.create(Float64Array.of(0, 1, 2), 0).catch(() => undefined);

function send(message: FromSolver, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.onmessage = ({ data }: MessageEvent<ToSolver>) => {
  switch (data.kind) {
    case "run":
      void run(data.problem);
      break;
    case "pause":
      shut();
      break;
    case "resume":
      single = false;
      release();
      break;
    case "step":
      single = true;
      release();
      break;
  }
};

async function run(problem: Parameters<typeof simulate>[0]): Promise<void> {
  let header: RunHeader | undefined;
  let radius: Float64Array = new Float64Array();
  let told = 0;
  let standing: Standing | undefined;
  try {
    const result = await simulate(problem, {
      profiles: false,
      onStart: (started) => {
        header = started;
        const nodes = radialNodes(started.grid.faces);
        radius = nodes.slice();
        const equilibrium = nodes.map((r) =>
          equilibriumValue(started.equilibrium, started.problem.epsilon, r),
        );
        // Long arrays are handed over, and those that are needed here too are copied: that the page would have to do.
        const faces = started.grid.faces.slice();
        const message = {
          kind: "started",
          header: { ...started, grid: { ...started.grid, faces } },
          radius: nodes,
          equilibrium,
          outline: outlineOf(radius, equilibrium),
        } as const;
        send(message, [faces.buffer, nodes.buffer, equilibrium.buffer]);
      },
      onSample: (sample, profile, coefficients) => {
        const message = {
          kind: "sample",
          sample,
          profile,
          outline: outlineOf(radius, profile),
          coefficients: thinCoefficients(header!.grid.faces, coefficients()),
          standing: standing ?? begun(),
        } as const;
        send(message, [profile.buffer]);
      },
      onStep: (progress) => {
        standing = standingOf(progress);
        if (single) {
          single = false;
          shut();
        }
        if (gate) {
          send({ kind: "paused", standing });
          return gate;
        }
        const now = performance.now();
        if (now - told > interval) {
          told = now;
          send({ kind: "progress", standing });
        }
        return undefined;
      },
    });
    send({ kind: "done", standing: standing ?? begun(), status: result.status });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof InputError) send({ kind: "failed", message, trouble: troubleOf(error) });
    else if (error instanceof RunError) send({ kind: "failed", message });
    else send({ kind: "failed", message: `the solver broke down (${message})` });
  }
}

function standingOf({ time, step, conservation, work }: Progress): Standing {
  return { time, step, conservation: { ...conservation }, work: { ...work } };
}

function begun(): Standing {
  return { time: 0, step: 0, conservation: { mass: 0, energy: 0, entropyIncrease: 0 }, work: noWork() };
}
