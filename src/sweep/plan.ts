import { breathe } from "#platform";
import { InputError, RunError } from "../errors.js";
import { canonicalJson, isMapping } from "../problem/plain.js";
import { resolveProblem } from "../problem/schema.js";
import type { ResolvedProblem } from "../types.js";
import { loadBase } from "./base-problem.js";
import { type SolverVersion, sha256, solverVersion } from "./identity.js";
import { type Column, parameterColumns, parametersOf } from "./parameters.js";
import { combineAxes } from "./rows.js";
import { Saturations } from "./saturation-fraction.js";
import { type ParsedSpec, parseSpec } from "./spec.js";

/** One run of a sweep. */
export interface Run {
  /** Its place in the sweep, from 0. */
  index: number;
  /** SHA-256 of the resolved problem, but for its name, and the solver's version. */
  id: string;
  problem: ResolvedProblem;
  /** What varies, by column of the tables. */
  parameters: Record<string, unknown>;
}

export interface PlanOptions {
  /** Stops the planning. */
  signal?: AbortSignal;
  /** Now and then: how many runs are resolved, of how many. */
  onPlan?(planned: number, runs: number): void;
}

/** Milliseconds of planning between two moments for signals and messages. */
const breath = 50;

/** All runs of a sweep. */
export interface Plan {
  /**
   * What sweep.json records. `problem`: what the runs have in common, all defaults filled in, its table read, without
   * the keys that vary; `vary`, `combine` and `profiles` as given or by default; `tables`: the SHA-256 of the content
   * of each file that a varied key names.
   */
  spec: Record<string, unknown>;
  profiles: boolean;
  solver: SolverVersion;
  /** Equal for sweeps whose results are the same tables. */
  hash: string;
  columns: Column[];
  ids: readonly string[];
  /** Of the largest run. */
  largestCells: number;
  /** Made anew at each call: a million problems are not kept. */
  run(index: number): Run;
}

/**
 * Resolves every run of a sweep, so that what is wrong with any of them is known before the first begins. Files are
 * found from `directory`. Initial data above 1/ε is no reason to refuse a sweep: it is the failure of that run.
 *
 * Throws InputError; RunError if `signal` stops it.
 */
export async function planRuns(
  input: unknown,
  directory: string,
  { source, signal, onPlan }: PlanOptions & { source?: string } = {},
): Promise<Plan> {
  try {
    return await plan(parseSpec(input), directory, { ...(signal && { signal }), ...(onPlan && { onPlan }) });
  } catch (error) {
    if (!(error instanceof InputError) || source === undefined) throw error;
    throw new InputError(error.key, `${error.reason} [${source}]`, error.further);
  }
}

async function plan(spec: ParsedSpec, directory: string, { signal, onPlan }: PlanOptions): Promise<Plan> {
  const rows = combineAxes(spec.axes, spec.combination);
  const base = await loadBase(spec, directory);
  const solver = await solverVersion();
  const saturations = new Saturations();
  const columns = parameterColumns(spec.axes);

  const prepare = (index: number) => {
    const values = rows.at(index);
    const { raw, fraction } = saturations.resolve(base.withValues(values), `run ${index}`);
    return { problem: resolvedOrInadmissible(raw, `run ${index}`), values, fraction };
  };
  const idOf = ({ name: _name, ...problem }: ResolvedProblem) => sha256(canonicalJson({ problem, solver }));
  const ids: string[] = [];
  const first = new Map<string, number>();
  let largestCells = 0;
  let breathed = performance.now();
  for (let index = 0; index < rows.count; index++) {
    const { problem } = prepare(index);
    const id = idOf(problem);
    const same = first.get(id);
    if (same !== undefined) {
      throw new InputError("vary", `runs ${same} and ${index} are the same problem; each once`);
    }
    first.set(id, index);
    ids.push(id);
    largestCells = Math.max(largestCells, problem.grid.cells);
    if (performance.now() - breathed < breath) continue;
    await breathe();
    breathed = performance.now();
    if (signal?.aborted) throw new RunError("interrupted before the first run; nothing is written");
    onPlan?.(index + 1, rows.count);
  }
  return {
    spec: {
      problem: base.resolved(prepare(0).problem),
      vary: spec.data.vary,
      combine: spec.data.combine ?? "grid",
      profiles: spec.profiles,
      ...(Object.keys(base.tables).length > 0 ? { tables: base.tables } : {}),
    },
    profiles: spec.profiles,
    solver,
    hash: sha256(canonicalJson({ ids, columns, profiles: spec.profiles })),
    columns,
    ids,
    largestCells,
    run(index) {
      const { problem, values, fraction } = prepare(index);
      const parameters = parametersOf(spec.axes, values, problem.epsilon, fraction);
      return { index, id: ids[index]!, problem, parameters };
    },
  };
}

/** Data that would be in order for ε = 0 is left to its run, which fails and says why. */
function resolvedOrInadmissible(raw: unknown, source: string): ResolvedProblem {
  try {
    return resolveProblem(raw, source).problem;
  } catch (error) {
    if (!isMapping(raw) || !(typeof raw.epsilon === "number" && raw.epsilon > 0)) throw error;
    try {
      return { ...resolveProblem({ ...raw, epsilon: 0 }).problem, epsilon: raw.epsilon };
    } catch {
      throw error;
    }
  }
}
