import { headBytes, isHdf5 } from "../../../dist/output/h5-content.js";
import type { FromParser, ToParser } from "./protocol.js";

// Reads one file and is then thrown away: whatever the file does to it, the page goes on.

self.onmessage = async ({ data }: MessageEvent<ToParser>) => {
  const answer = await parsed(data);
  self.postMessage(answer, { transfer: buffers(answer) });
};

async function parsed(given: ToParser): Promise<FromParser> {
  const { file, name } = given;
  try {
    const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
    if (isHdf5(head) || /\.(h5|hdf5)$/i.test(file.name)) {
      return await (await import("./read-hdf5.js")).readHdf5(given, head);
    }
    return await (await import("./read-csv.js")).readCsv(given);
  } catch (error) {
    return { kind: "failed", message: reason(error, name) };
  }
}

function reason(error: unknown, name: string): string {
  if (error instanceof Error && error.name === "InputError") return error.message;
  if (error instanceof DOMException) return `${name}: cannot be read; is it a folder, or has it changed?`;
  if (error instanceof RangeError) return `${name}: does not fit into the memory that the page may use`;
  return `${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** The long arrays, which are handed over without a copy. */
function buffers(answer: FromParser): ArrayBuffer[] {
  if (answer.kind !== "run") return [];
  const { header, radius, equilibrium, profiles, coefficients } = answer.run;
  const arrays = [
    header.grid.faces,
    radius,
    equilibrium,
    ...profiles,
    ...coefficients.flatMap((each) => Object.values(each) as Float64Array[]),
  ];
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}
