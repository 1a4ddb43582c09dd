import fs from "node:fs";
import path from "node:path";
import { InputError } from "../errors.js";
import { loadProblem } from "../load-problem.js";
import type { ResultWriter } from "../output/writer.js";
import { applyOverrides, type Overrides, resolveProblem } from "../problem/schema.js";
import { rounded } from "../rounded.js";
import type { SimulateOptions } from "../simulate.js";
import { passed } from "../solver/prepare.js";
import type { PlasmaUnits, ResolvedProblem } from "../types.js";
import { dimensionless, isPhysical } from "../units/physical-problem.js";

/** What `lfd run` was asked to compute. */
export interface Job {
  problem: ResolvedProblem;
  /** What the numbers are multiples of, where that is known. */
  units?: PlasmaUnits;
  /** The problem was given in physical units. */
  physical: boolean;
  writer?: ResultWriter;
  from?: NonNullable<SimulateOptions["resume"]>;
}

interface JobOptions extends Overrides {
  output?: string;
  verify?: boolean;
}

/** A run from the start, of a file or a named problem. Throws InputError. */
export async function freshJob(name: string | undefined, options: JobOptions): Promise<Job> {
  if (name === undefined) {
    throw new InputError("problem", "missing; valid: a YAML or JSON file, or a name that lfd problems lists");
  }
  const { input, source, units } = await loadProblem(name);
  const given = applyOverrides(input, options);
  const physical = isPhysical(given) ? dimensionless(given, withFlags(source, options)) : undefined;
  const { problem } = resolveProblem(physical?.problem ?? given, withFlags(source, options));
  const { initial } = input as { initial: { file?: unknown } };
  const table = typeof initial.file === "string" ? [path.resolve(path.dirname(name), initial.file)] : [];
  for (const read of [name, ...table]) {
    if (options.output && sameFile(options.output, read)) {
      throw new InputError(
        "--output",
        `${options.output} is what the problem is read from; give another file`,
      );
    }
  }
  const holds = units && problem.epsilon === units.epsilon; // another ε is another plasma
  const shownIn = physical?.units ?? (holds ? units : undefined);
  return { problem, physical: physical !== undefined, ...(shownIn && { units: shownIn }) };
}

/** The source of a problem for messages, with the flags that may be to blame instead. */
function withFlags(source: string, options: JobOptions): string {
  const keys = ["epsilon", "cells", "radius", "until", "at", "tolerance", "method", "step"] as const;
  const given = keys
    .filter((key) => options[key] !== undefined)
    .map((key) => `--${key} ${String(options[key]).slice(0, 40)}`);
  return given.length > 0 ? `${source} with ${given.join(" ")}` : source;
}

function sameFile(one: string, other: string): boolean {
  if (!fs.existsSync(one) || !fs.existsSync(other)) return false;
  return fs.realpathSync(one) === fs.realpathSync(other);
}

/** The run in `file`, to be gone on with; flags count in what the problem was given in. Throws InputError. */
export async function resumedJob(
  name: string | undefined,
  file: string,
  options: JobOptions,
): Promise<Job & { writer: ResultWriter }> {
  refuseFixed(name, file, options);
  const { appendResult } = await import("../output/resume.js");
  const { header, state, samples, writer } = await appendResult(file);
  const { physical = false } = header;
  const units = physical ? header.units : undefined; // of flags; the report is in seconds wherever it can be
  try {
    const source = withFlags(file, options);
    // In seconds only to be checked: the times that are there must stay what they are to the last bit.
    if (units) resolveProblem(applyOverrides(inSeconds(header.problem, units), options), source);
    const flags = units ? inMultiples(options, units) : options;
    const { problem } = resolveProblem(applyOverrides({ ...header.problem }, flags), source);
    const shown = (time: number) => (units ? `${rounded(time * units.time)} s` : String(time));
    const stands = `is already past; ${file} stands at t = ${shown(state.time)}`;
    const late = passed(problem, { state, samples });
    if (late)
      throw new InputError(late.key === "until" ? "--until" : "--at", `${shown(late.time)} ${stands}`);
    return {
      problem,
      physical,
      writer,
      from: { header, state, samples },
      ...(header.units && { units: header.units }),
    };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

function refuseFixed(name: string | undefined, file: string, options: JobOptions): void {
  if (name !== undefined)
    throw new InputError(name, `cannot be given with --resume: the problem is in ${file}`);
  if (options.verify) {
    throw new InputError("--verify", "cannot be given with --resume: the errors are those of a whole run");
  }
  if (options.output !== undefined) {
    throw new InputError("--output", `cannot be given with --resume: new samples are added to ${file}`);
  }
  for (const key of ["epsilon", "cells", "radius"] as const) {
    if (options[key] !== undefined)
      throw new InputError(`--${key}`, `cannot be changed with --resume: ${file} has it fixed`);
  }
}

function inSeconds(
  { until, samples, step, ...rest }: ResolvedProblem,
  { time }: PlasmaUnits,
): ResolvedProblem {
  return {
    ...rest,
    until: until * time,
    samples: { at: samples.at.map((t) => t * time) },
    ...(step === undefined ? {} : { step: step * time }),
  };
}

/** Flags in seconds as multiples of t₀. */
function inMultiples({ until, at, step, ...rest }: JobOptions, { time }: PlasmaUnits): JobOptions {
  return {
    ...rest,
    ...(until === undefined ? {} : { until: until / time }),
    ...(at === undefined ? {} : { at: at.map((t) => t / time) }),
    ...(step === undefined ? {} : { step: step / time }),
  };
}
