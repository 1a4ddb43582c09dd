import type { File as Hdf5File } from "h5wasm";
import type { ResolvedProblem } from "landau-fermi-dirac";
import { profileHeading, profileRows } from "../../../dist/output/csv-rows.js";
import { fileOptions, hdf5Reason } from "../../../dist/output/h5-content.js";
import { appendSample, createLayout, setEnd } from "../../../dist/output/layout.js";
import { hdf5Library } from "./hdf5-library.js";
import type { FromWriter, ToWriter } from "./protocol.js";

// Makes one file and is then thrown away. Samples come one by one, so that neither side holds the whole run twice.

/** Bytes that are handed to the browser at a time. */
const piece = 8 << 20;

type Begin = Extract<ToWriter, { kind: "begin" }>;
type Sample = Extract<ToWriter, { kind: "sample" }>;
type End = Extract<ToWriter, { kind: "end" }>;

interface Maker {
  sample(message: Sample): void;
  end(message: End): Blob;
}

let maker: Maker | undefined;

self.onmessage = async ({ data }: MessageEvent<ToWriter>) => {
  let answer: FromWriter;
  try {
    answer = await answerTo(data);
  } catch (error) {
    const memory = error instanceof RangeError;
    answer = { kind: "failed", message: memory ? "it does not fit into memory" : hdf5Reason(error) };
  }
  self.postMessage(answer);
};

async function answerTo(message: ToWriter): Promise<FromWriter> {
  switch (message.kind) {
    case "begin":
      maker = message.format === "h5" ? await hdf5(message) : csv(message);
      return { kind: "ready" };
    case "sample":
      maker!.sample(message);
      return { kind: "ready" };
    case "end":
      return { kind: "file", blob: maker!.end(message) };
    case "yaml":
      return { kind: "file", blob: await yaml(message.problem, message.comment) };
  }
}

async function hdf5({ header, version, radius, equilibrium }: Begin): Promise<Maker> {
  const h5 = await hdf5Library();
  const path = "/result.h5";
  const file: Hdf5File = new h5.File(path, "w", fileOptions);
  createLayout(file, header, version, radius, equilibrium);
  let count = 0;
  return {
    sample: ({ sample, profile }) => appendSample(file, count++, sample, profile),
    end({ end }) {
      if (end) setEnd(file, end);
      file.close();
      const { FS } = h5.Module;
      const { size } = FS.stat(path);
      const stream = FS.open(path, "r");
      const parts: Blob[] = [];
      for (let from = 0; from < size; from += piece) {
        const part = new Uint8Array(Math.min(piece, size - from));
        FS.read(stream, part, 0, part.length, from);
        parts.push(new Blob([part]));
      }
      return new Blob(parts, { type: "application/x-hdf5" });
    },
  };
}

function csv({ radius }: Begin): Maker {
  const parts: Blob[] = [new Blob([profileHeading])];
  return {
    sample({ sample, profile }) {
      for (const rows of profileRows(sample.time, radius, profile)) parts.push(new Blob([rows]));
    },
    end: () => new Blob(parts, { type: "text/csv" }),
  };
}

async function yaml(problem: ResolvedProblem, comment: string): Promise<Blob> {
  const { Document, isScalar, visit } = await import("yaml");
  const document = new Document(problem);
  visit(document, {
    Seq(_, list) {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  document.commentBefore = comment;
  return new Blob([document.toString({ lineWidth: 100 })], { type: "application/yaml" });
}
