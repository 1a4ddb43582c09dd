import fs from "node:fs";
import { InputError, RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import type { RunDocument, RunHeader, Sample, SampleErrors } from "../types.js";
import { documentJson } from "./document.js";
import {
  createAside,
  diskFull,
  freeBytes,
  isDiskFull,
  resolveOutput,
  withFile,
  writeWhole,
} from "./files.js";
import { equilibriumProfile, radialNodes } from "./nodes.js";
import { Tally } from "./tally.js";
import type { ResultWriter } from "./writer.js";

/** Profile values that a JSON result may hold: some 400 MB of text. */
const largest = 2e7;
const valuesPerWrite = 1 << 15;

/**
 * Writes a result as one JSON document: that of `lfd run --json` and, under `profiles`, `faces` [cells + 1], `radius`
 * and `equilibrium` [cells], `f` [samples][cells]. It is held in memory and written by `finish`: a killed process
 * leaves nothing. Non-finite numbers are null. `addErrors` writes it anew, with the key `errors`.
 *
 * @throws InputError for more than 2·10⁷ values, or if `output` cannot be written
 */
export async function openJson(output: string, header: RunHeader): Promise<ResultWriter> {
  const values = header.grid.cells * header.problem.samples.at.length;
  if (values > largest) {
    const size = `${header.problem.samples.at.length} samples of ${header.grid.cells} cells`;
    throw new InputError(
      "--output",
      `${output}: ${size} are too many for JSON (at most ${largest} values); use .h5`,
    );
  }
  const target = resolveOutput(output);
  fs.rmSync(createAside(output, target));
  const profiles: Float64Array[] = [];
  const tally = new Tally(output, header.grid.cells);
  return {
    sample(sample: Sample, profile: Float64Array): void {
      tally.check(sample, profile);
      profiles.push(profile.slice());
      tally.add(sample);
    },
    finish(document: RunDocument): void {
      tally.requireOpen();
      write(output, target, document, header, profiles);
      tally.closed = true;
    },
    async addErrors(document: RunDocument, errors: readonly SampleErrors[]): Promise<void> {
      write(output, target, document, header, profiles, errors);
    },
    abort(): void {
      tally.closed = true;
      profiles.length = 0;
    },
  };
}

function write(
  output: string,
  target: string,
  document: RunDocument,
  header: RunHeader,
  profiles: Float64Array[],
  errors?: readonly SampleErrors[],
): void {
  createAside(output, target);
  const nodes = radialNodes(header.grid.faces);
  let needed = 0;
  let free = 0;
  const writeTo = (fd: number) => {
    const text = (piece: string) => {
      needed += piece.length;
      fs.writeFileSync(fd, piece);
    };
    try {
      text(`${documentJson(document, { units: header.units, errors }).slice(0, -1)},"profiles":{"faces":`);
      array(header.grid.faces, text);
      text(',"radius":');
      array(nodes, text);
      text(',"equilibrium":');
      array(equilibriumProfile(header, nodes), text);
      for (const [k, profile] of profiles.entries()) {
        text(k === 0 ? ',"f":[' : ",");
        array(profile, text);
      }
      text(profiles.length === 0 ? ',"f":[]}}\n' : "]}}\n");
    } catch (error) {
      free = freeBytes(target); // with what is written so far, which then goes
      throw error;
    }
  };
  try {
    writeWhole(target, (aside) => withFile(aside, "w", writeTo));
  } catch (error) {
    const kept = errors ? "the result is there without its error bars" : "no sample was kept";
    if (isDiskFull(error)) throw diskFull(output, needed, free, kept);
    throw new RunError(`${output}: cannot be written: ${fileReason(error)}; ${kept}`);
  }
}

/** Writes the values piece by piece: all in one string may be longer than a string can be. */
function array(values: Float64Array, text: (piece: string) => void): void {
  for (let from = 0; from < values.length; from += valuesPerWrite) {
    const piece = Array.from(values.subarray(from, from + valuesPerWrite));
    text((from === 0 ? "[" : ",") + JSON.stringify(piece).slice(1, -1));
  }
  text("]");
}
