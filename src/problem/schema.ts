import { InputError } from "../errors.js";
import type { InitialData, MethodName, ResolvedProblem } from "../types.js";
import { mostCells } from "../wasm-memory.js";
import { defaults } from "./defaults.js";
import { initialSchema } from "./initial-schema.js";
import { isMapping, plainCopy, show } from "./plain.js";
import { type SamplesInput, samplesSchema, sampleTimes } from "./samples.js";
import {
  choice,
  errorOf,
  type Issue,
  isNumber,
  leaf,
  nonNegative,
  positive,
  record,
} from "./schema-parts.js";
import { unreadTable } from "./table.js";

export { applyOverrides, type Overrides } from "./overrides.js";

/** A problem as it is given: a plain object from YAML, JSON or code. Quantities are dimensionless, as in paper (1.1). */
export interface Problem {
  /** A name to know it by in results. */
  name?: string;
  /** The quantum parameter ε ≥ 0; 0 is the classical Landau equation. */
  epsilon: number;
  /** f(r, 0), 0 ≤ f ≤ 1/ε, as one of the kinds or as a function of r = |v|. */
  initial: Exclude<InitialData, { kind: "function" }> | ((r: number) => number);
  /** Default {cells: 2000, radius: "auto"}: uniform cells up to a radius where the tail is negligible. */
  grid?: { cells?: number; radius?: number | "auto" };
  /** The run goes from t = 0 to this time. */
  until: number;
  /** Default {count: 20, spacing: "log", first: until · 1e-4}. t = 0 and t = until are always sampled. */
  samples?: SamplesInput;
  /** Relative L¹ temporal error of f over the run, from 1e-12 to 0.1; default 1e-6. */
  tolerance?: number;
  /** Default "sdirk4". */
  method?: MethodName;
  /** A fixed time step in place of the adaptive one. */
  step?: number;
}

const methodNames = Object.keys({
  sdirk4: 0,
  sdirk2: 0,
  "implicit-euler": 0,
} satisfies Record<MethodName, 0>) as MethodName[];
const heightTolerance = 1e-12; // relative: 1/ε need not be a double

const problemSchema = record(
  {
    name: leaf<string>(
      "a name of 1 to 200 characters",
      (v) => typeof v === "string" && /^.{1,200}$/.test(v),
    ).optional(),
    epsilon: nonNegative,
    initial: initialSchema,
    grid: record({
      cells: leaf<number>(
        `an integer from 4 to ${mostCells}`,
        (v) => Number.isInteger(v) && isNumber(v) && v >= 4 && v <= mostCells,
      ).optional(),
      radius: leaf<number | "auto">(
        "auto or a number > 0",
        (v) => v === "auto" || (isNumber(v) && v > 0),
      ).optional(),
    }).optional(),
    until: positive,
    samples: samplesSchema.optional(),
    tolerance: leaf<number>(
      "a number from 1e-12 to 0.1",
      (v) => isNumber(v) && v >= 1e-12 && v <= 0.1,
    ).optional(),
    method: choice(methodNames).optional(),
    step: positive.optional(),
  },
  ["units"],
);

/**
 * Checks a problem and fills in every default. The result is plain data that resolves to itself, also after a round
 * trip through JSON, except for initial data given as a function: that comes back beside it as `initialFunction`.
 *
 * Throws InputError for what is wrong, a line each: the path of the key, the value given, what would be valid; and
 * `source` (a file name, say). That f lies in [0, 1/ε] everywhere is for
 * `checkAdmissible` to find out, that ε admits an equilibrium for the equilibrium.
 */
export function resolveProblem(
  input: unknown,
  source?: string,
): { problem: ResolvedProblem; initialFunction?: (r: number) => number } {
  const given = isMapping(input) && typeof input.initial === "function" ? input.initial : undefined;
  const data = plainCopy(given ? { ...(input as object), initial: { kind: "function" } } : input);
  refusePhysical(data);
  checkTableRead(data);
  const parsed = problemSchema.safeParse(data);
  if (!parsed.success) throw errorOf(data, parsed.error.issues as Issue[], source);

  const { name, epsilon, grid, until, tolerance, method, step } = parsed.data;
  const initial = parsed.data.initial as InitialData;
  const issues: Issue[] = checkInitial(initial, epsilon, given !== undefined);
  const at = sampleTimes(parsed.data.samples ?? {}, until, (issue) => issues.push(issue));
  if (step !== undefined && step > until) {
    issues.push({ path: ["step"], message: `a number > 0 and ≤ until = ${until}` });
  }
  if (issues.length > 0) throw errorOf(data, issues, source);

  const problem: ResolvedProblem = {
    ...(name === undefined ? {} : { name }),
    epsilon,
    initial,
    grid: {
      cells: grid?.cells ?? defaults.grid.cells,
      radius: grid?.radius ?? defaults.grid.radius,
    },
    until,
    samples: { at },
    tolerance: tolerance ?? defaults.tolerance,
    method: method ?? defaults.method,
    ...(step === undefined ? {} : { step }),
  };
  return given ? { problem, initialFunction: given as (r: number) => number } : { problem };
}

function refusePhysical(data: unknown): void {
  if (!isMapping(data) || !("units" in data)) return;
  throw new InputError(
    "units",
    "make a problem physical, and here a dimensionless one is expected; dimensionless(problem) of " +
      "landau-fermi-dirac/units converts it, and lfd run takes it as it is",
  );
}

function checkTableRead(data: unknown): void {
  const file = unreadTable(data);
  if (file === undefined) return;
  throw new InputError(
    "initial.file",
    `${show(file)} has not been read; loadProblem reads it, or give the columns as r and f`,
  );
}

/** What takes more than one key to judge. */
function checkInitial(initial: InitialData, epsilon: number, hasFunction: boolean): Issue[] {
  const issue = (key: string, message: string): Issue[] => [{ path: ["initial", key], message }];
  switch (initial.kind) {
    case "function":
      return hasFunction
        ? []
        : issue(
            "kind",
            "the function itself is not in the file; give initial: r => … in the API, or a table",
          );
    case "annulus":
      if (initial.inner >= initial.outer)
        return issue("inner", `a number ≥ 0 and < outer = ${initial.outer}`);
      if (initial.height * epsilon > 1 + heightTolerance) {
        return issue("height", `a number > 0 and ≤ 1/epsilon = ${1 / epsilon}`);
      }
      return [];
    case "table":
      if (initial.f.length !== initial.r.length) {
        return issue("f", `numbers ≥ 0, as many as there are radii: ${initial.r.length}`);
      }
      return initial.f.some((f) => f > 0) ? [] : issue("f", "numbers ≥ 0 of which at least one is > 0");
    default:
      return [];
  }
}
