import type { WasmBuild } from "#platform";
import { equilibriumHoles, equilibriumValue, relaxed, restRounding } from "../equilibrium/equilibrium.js";
import { InputError } from "../errors.js";
import { cube, fifth } from "../portable-math.js";
import { requireBulk } from "../problem/auto-radius.js";
import { autoRadius, cellAverages, cutAt, massAndEnergy } from "../problem/cell-averages.js";
import { checkAdmissible, initialFunction } from "../problem/initial.js";
import { type Problem, resolveProblem } from "../problem/schema.js";
import type { Checkpoint, Equilibrium, ResolvedProblem, RunHeader, Sample } from "../types.js";
import { Engine, type Folded } from "./engine.js";
import { strictlyAdmissible } from "./initial-state.js";

export type { WasmBuild };

export interface Prepared {
  header: RunHeader;
  engine: Engine;
  reference: Reference;
  /** No state on this grid with this mass has less energy, to rounding: there is no other to go to. */
  atRest: boolean;
}

/** The equilibrium at the nodes of the grid, as `diagnose` takes it. */
interface Reference {
  m: Folded;
  holes: Folded | undefined;
  logA: number;
  b: number;
}

interface PrepareOptions {
  build?: WasmBuild;
  resume?: Resumed;
}

/** A run to go on with: where it stands, and the samples it has taken. */
export interface Resumed {
  header: RunHeader;
  state: Checkpoint;
  samples: Sample[];
}

/** From a problem to a state on a grid, and the equilibrium it will go to. Throws InputError. */
export async function prepare(input: Problem, { build, resume }: PrepareOptions = {}): Promise<Prepared> {
  const { problem, initialFunction: given } = resolveProblem(input);
  const { epsilon, initial } = problem;
  if (resume) {
    const { header, state } = resume;
    requireSame("epsilon", epsilon, header.problem.epsilon);
    requireSame("grid.cells", problem.grid.cells, header.problem.grid.cells);
    requireSame("grid.radius", problem.grid.radius, header.problem.grid.radius);
    const late = passed(problem, resume);
    if (late) {
      throw new InputError(
        late.key,
        `${late.time} is already past; the run to go on with stands at t = ${state.time}`,
      );
    }
    const engine = await Engine.create(header.grid.faces, epsilon, build);
    engine.setState(state.f, state.holes);
    return prepared({ ...header, problem }, engine);
  }
  const fn = initialFunction(initial, epsilon, given);
  checkAdmissible(fn, epsilon);
  const { cells } = problem.grid;
  const tail = problem.grid.radius === "auto" ? tailRadius(relaxed(massAndEnergy(fn), epsilon)) : 0;
  const cut = problem.grid.radius === "auto" ? autoRadius(fn, tail) : cutAt(fn, problem.grid.radius);
  if (problem.grid.radius !== "auto") requireBulk(cut, cut.radius);
  const { radius, cutMass, cutEnergy } = cut;
  const faces = uniformFaces(cells, radius);
  const { f, holes, maximum, adjustment } = strictlyAdmissible(cellAverages(fn, faces), faces, epsilon);
  requireRange(maximum, radius, epsilon);
  const engine = await Engine.create(faces, epsilon, build);
  engine.setState(f, holes);
  const eq = relaxed(engine.measureState(), epsilon);
  const header = {
    problem,
    grid: { cells, radius, faces },
    equilibrium: eq,
    adjustment: { cutMass, cutEnergy, ...adjustment },
  };
  return prepared(header, engine);
}

function prepared(header: RunHeader, engine: Engine): Prepared {
  const { grid, problem, equilibrium: eq } = header;
  const { mass, energy } = engine.measureState();
  const atRest =
    eq.temperature === 0 || energy <= (1 + restRounding) * leastEnergy(mass, grid.faces, problem.epsilon);
  return { header, engine, reference: reference(engine, eq), atRest };
}

/** ∫ |v|² f dv of this mass where it fills the cells to 1/ε from the inside; for ε = 0, where all of it is in the first. */
function leastEnergy(mass: number, faces: Float64Array, epsilon: number): number {
  const filled = (r: number) => (epsilon > 0 ? ((4 * Math.PI) / 3 / epsilon) * cube(r) : 0);
  let k = 0;
  if (epsilon > 0) while (k < faces.length - 2 && filled(faces[k + 1]!) <= mass) k++;
  const [inner, outer] = [faces[k]!, faces[k + 1]!];
  const meanSquare = ((3 / 5) * (fifth(outer) - fifth(inner))) / (cube(outer) - cube(inner));
  return (3 / 5) * inner * inner * filled(inner) + meanSquare * (mass - filled(inner));
}

function requireSame(key: string, given: number | string, there: number | string): void {
  if (given !== there) throw new InputError(key, `${given} is not that of the run to go on with, ${there}`);
}

/** What of a problem can no longer be had of a run that goes on: its end, or the first sample that was not taken. */
export function passed(
  { until, samples: { at } }: ResolvedProblem,
  { state, samples }: Pick<Resumed, "state" | "samples">,
): { key: "until" | "samples.at"; time: number } | undefined {
  if (until < state.time) return { key: "until", time: until };
  const taken = new Set(samples.map(({ time }) => time));
  const missed = at.find((time) => time < state.time && !taken.has(time));
  return missed === undefined ? undefined : { key: "samples.at", time: missed };
}

/** Squares of f and powers of r have to be doubles, with room for what is far below the maximum. */
function requireRange(maximum: number, radius: number, epsilon: number): void {
  if (!(maximum >= 1e-50 && maximum <= 1e50)) {
    throw new InputError(
      "initial",
      `f has a maximum of ${maximum.toPrecision(3)}; valid: 1e-50 to 1e50, to which f ↦ μf, ε ↦ ε/μ, t ↦ t/μ brings it`,
    );
  }
  if (epsilon > 0 && !(epsilon * maximum >= 1e-200)) {
    throw new InputError(
      "epsilon",
      `${epsilon} with a maximum of f of ${maximum.toPrecision(3)}; valid: 0, which is the same to rounding, or ε max f ≥ 1e-200`,
    );
  }
  if (!(radius >= 1e-15 && radius <= 1e15)) {
    throw new InputError(
      "grid.radius",
      `${radius.toPrecision(3)} is beyond what powers of r allow; valid: 1e-15 to 1e15, to which f(r) ↦ f(νr) brings it`,
    );
  }
}

function uniformFaces(cells: number, radius: number): Float64Array {
  const faces = new Float64Array(cells + 1);
  for (let k = 0; k <= cells; k++) faces[k] = (radius * k) / cells;
  return faces;
}

/** Where M has fallen by e^-45 ≈ 3e-20 from its plateau. */
function tailRadius(eq: Equilibrium): number {
  if (eq.temperature === 0) return Math.sqrt(2 * eq.chemicalPotential);
  const plateau = Math.max(0, eq.chemicalPotential / eq.temperature);
  return Math.sqrt((plateau + 45) / eq.b);
}

function reference(engine: Engine, eq: Equilibrium): Reference {
  const { epsilon } = engine;
  const m = engine.atNodes((x) => equilibriumValue(eq, epsilon, Math.sqrt(2 * x)));
  const holes =
    epsilon > 0 ? engine.atNodes((x) => equilibriumHoles(eq, epsilon, Math.sqrt(2 * x))) : undefined;
  return { m, holes, logA: eq.logA, b: eq.b };
}
