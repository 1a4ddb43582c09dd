import { instantiateSync } from "@assemblyscript/loader";
import { loadWasm, type WasmBuild } from "#platform";
import { InputError } from "../errors.js";
import type { Sample } from "../types.js";
import { bytesNeeded, pageBytes } from "../wasm-memory.js";
import type { Method } from "./methods.js";

// The one file that touches the WASM instance.

interface Exports extends Record<string, unknown> {
  allocate(cells: number): void;
  facesPointer(): number;
  prepare(epsilon: number): void;
  resultsPointer(): number;
  statePointer(): number;
  stateHolesPointer(): number;
  candidatePointer(): number;
  candidateHolesPointer(): number;
  volumesPointer(): number;
  nodesPointer(): number;
  setMethod(stages: number, share: number, place: number): void;
  setCoefficient(i: number, j: number, a: number): void;
  setErrorWeight(i: number, e: number): void;
  setSource(i: number, place: number, stage: number): void;
  attempt(
    dt: number,
    newtonTolerance: number,
    content: number,
    meanNode: number,
    owedContent: number,
    owedEnergy: number,
  ): number;
  accept(): void;
  errorNorm(): number;
  guessNorm(): number;
  correctionNorm(): number;
  candidateChange(): number;
  newtonIterations(): number;
  repairedStages(): number;
  measureState(): void;
  measureCandidate(): void;
  diagnoseState(logA: number, b: number): void;
  rate(): number;
  changeRate(): number;
  coefficients(): void;
  parallelPointer(): number;
  perpendicularPointer(): number;
  enclosedPointer(): number;
}

/** Stages that the solver has room for. */
const mostStages = 5;
/** Slopes that a stage and its first guess may be made of (assembly/predict.ts). */
const mostTerms = 5;
/** An idle engine larger than this is not kept. */
const keptBytes = 1 << 26;
const modules = new Map<WasmBuild, Promise<WebAssembly.Module>>();

/** The module, compiled once: instances share its code, and what the engine has learnt to optimise of it. */
function compiled(build: WasmBuild): Promise<WebAssembly.Module> {
  let module = modules.get(build);
  if (!module) {
    module = loadWasm(build).then((bytes) => WebAssembly.compile(bytes));
    module.catch(() => modules.delete(build)); // a failed download may be tried again
    modules.set(build, module);
  }
  return module;
}

export type StepOutcome = "done" | "newton" | "repair";
const outcomes: readonly StepOutcome[] = ["done", "newton", "repair"];

/** ∫f, ∫|v|²f and H_ε of a state. */
export interface Invariants {
  mass: number;
  energy: number;
  entropy: number;
}

const nothing: Pick<Invariants, "mass" | "energy"> = { mass: 0, energy: 0 };

declare const order: unique symbol;
/** One value a cell in the order of memory, cell i and cell cells - 1 - i side by side, the pair past the last included. */
export type Folded = Float64Array & { readonly [order]: "memory" };

export interface Coefficients {
  /** D(r) = A_rr[g] at the faces 0 … cells - 1. */
  parallel: Float64Array;
  /** A⊥(r), likewise. */
  perpendicular: Float64Array;
  /** m(r) = ∫₀ʳ s² f ds, likewise. */
  enclosed: Float64Array;
}

/**
 * The solver for one grid: a state (f, 1 - εf) of `cells` values each, in WASM memory that is allocated once and never
 * grows, so that its views stay valid.
 */
export class Engine {
  readonly cells: number;
  #epsilon: number;
  readonly #build: WasmBuild;
  readonly #wasm: Exports;
  readonly #memory: WebAssembly.Memory;
  readonly #results: Float64Array;
  /** What is known of the accepted state, and of the candidate. */
  #accepted: Invariants | undefined;
  #candidate: Invariants | undefined;

  /** The engine that was released last: a sweep's next run of the same size need not allocate. */
  static #idle: Engine | undefined;

  private constructor(wasm: Exports, memory: WebAssembly.Memory, cells: number, build: WasmBuild) {
    this.#wasm = wasm;
    this.#memory = memory;
    this.#build = build;
    this.#epsilon = 0;
    this.cells = cells;
    wasm.allocate(cells);
    this.#results = this.#view(wasm.resultsPointer(), 16);
  }

  #prepare(faces: Float64Array, epsilon: number): this {
    this.#epsilon = epsilon;
    this.#accepted = undefined;
    this.#candidate = undefined;
    this.#view(this.#wasm.facesPointer(), this.cells + 1).set(faces);
    this.#wasm.prepare(epsilon);
    return this;
  }

  get epsilon(): number {
    return this.#epsilon;
  }

  /** Hands the engine back when its state is no longer needed; it must not be used after that. */
  release(): void {
    if (bytesNeeded(this.cells) <= keptBytes) Engine.#idle = this;
  }

  /** Throws InputError (grid.cells) with the bytes needed if the grid does not fit. */
  static async create(faces: Float64Array, epsilon: number, build: WasmBuild = "release"): Promise<Engine> {
    const cells = faces.length - 1;
    const idle = Engine.#idle;
    Engine.#idle = undefined;
    if (idle?.cells === cells && idle.#build === build) return idle.#prepare(faces, epsilon);
    const pages = Math.ceil(bytesNeeded(cells) / pageBytes);
    let memory: WebAssembly.Memory;
    try {
      memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    } catch {
      throw new InputError(
        "grid.cells",
        `${cells} cells need ${bytesNeeded(cells)} bytes, more than is free here`,
      );
    }
    const abort = (_message: number, _file: number, line: number): never => {
      throw new Error(`the solver stopped itself (assembly line ${line})`);
    };
    // The module is compiled: nothing to wait for, and the loader's other way loads all of Node's fetch to ask what it has.
    const { exports } = instantiateSync<Exports>(await compiled(build), { env: { memory, abort } });
    return new Engine(exports, memory, cells, build).#prepare(faces, epsilon);
  }

  #view(pointer: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, pointer >>> 0, length);
  }

  /** One value a cell of an array that is folded in memory: cell i and cell cells - 1 - i stand side by side. */
  #unfold(pointer: number): Float64Array {
    const { cells } = this;
    const pairs = (cells + 1) >> 1;
    const folded = this.#view(pointer, 2 * pairs);
    const values = new Float64Array(cells);
    for (let i = 0; i < pairs; i++) {
      values[cells - 1 - i] = folded[2 * i + 1]!;
      values[i] = folded[2 * i]!; // last: a middle cell's first lane counts
    }
    return values;
  }

  /** In the order of memory. */
  fold(values: Float64Array, folded = new Float64Array(this.#foldedLength) as Folded): Folded {
    const { cells } = this;
    for (let i = 0; 2 * i < folded.length; i++) {
      folded[2 * i] = values[i]!;
      folded[2 * i + 1] = values[cells - 1 - i]!;
    }
    return folded;
  }

  get #foldedLength(): number {
    return 2 * (((this.cells + 1) >> 1) + 1);
  }

  #folded(pointer: number): Folded {
    return this.#view(pointer, this.#foldedLength) as Folded;
  }

  /** The values of a function at the energy nodes x = r²/2. */
  atNodes(fn: (x: number) => number): Folded {
    const values = this.#folded(this.#wasm.nodesPointer()).slice() as Folded;
    for (let i = 0; i < values.length; i++) values[i] = fn(values[i]!);
    return values;
  }

  /** f of the accepted state (a copy). */
  get state(): Float64Array {
    return this.#unfold(this.#wasm.statePointer());
  }

  /** 1 - εf of the accepted state, likewise. */
  get holes(): Float64Array {
    return this.#unfold(this.#wasm.stateHolesPointer());
  }

  /** V_i, the cells' volumes over 4π (a copy). */
  get volumes(): Float64Array {
    return this.#unfold(this.#wasm.volumesPointer());
  }

  /** x_i, the cells' energy nodes (r²/2; a copy). */
  get nodes(): Float64Array {
    return this.#unfold(this.#wasm.nodesPointer());
  }

  /** `holes` are 1 - εf, and are formed from f where they are not given. */
  setState(f: Float64Array, holes?: Float64Array): void {
    const values = this.fold(f, this.#folded(this.#wasm.statePointer()));
    const folded = this.#folded(this.#wasm.stateHolesPointer());
    if (holes) this.fold(holes, folded);
    else for (let i = 0; i < folded.length; i++) folded[i] = 1 - this.#epsilon * values[i]!;
    this.#accepted = undefined;
  }

  setMethod(method: Pick<Method, "a" | "errorWeights" | "correction" | "guesses">): void {
    method.a.forEach((row, i) => {
      const last = i === method.a.length - 1;
      const terms = new Set([...row.keys()].slice(0, i).concat(method.guesses[i] ?? []));
      if (terms.size + (last && method.correction ? 1 : 0) > mostTerms) {
        throw new Error(`stage ${i + 1} sums more than ${mostTerms} slopes with those its guess is made of`);
      }
    });
    const { share, place } = method.correction ?? { share: 0, place: 0 };
    this.#wasm.setMethod(method.a.length, share, place);
    method.a.forEach((row, i) => {
      row.forEach((a, j) => {
        this.#wasm.setCoefficient(i, j, a);
      });
    });
    method.errorWeights.forEach((e, i) => {
      this.#wasm.setErrorWeight(i, e);
    });
    method.guesses.forEach((sources, i) => {
      for (let k = 0; k < mostStages; k++) this.#wasm.setSource(i, k, sources[k] ?? -1);
    });
  }

  /**
   * Tries a step; the accepted state is untouched until `accept`. The candidate is to have as much more mass and energy as
   * `owed` says: rounding of the steps before.
   */
  attempt(dt: number, newtonTolerance: number, owed = nothing): StepOutcome {
    const { mass, energy } = this.measureState();
    this.#candidate = undefined;
    const outcome = this.#wasm.attempt(
      dt,
      newtonTolerance,
      mass / (4 * Math.PI),
      energy / (2 * mass),
      owed.mass / (4 * Math.PI),
      owed.energy / (8 * Math.PI),
    );
    return outcomes[outcome]!;
  }

  accept(): void {
    this.#wasm.accept();
    this.#accepted = this.#candidate;
    this.#candidate = undefined;
  }

  /** Distance of the last attempt to the embedded solution, relative L¹. */
  get errorNorm(): number {
    return this.#wasm.errorNorm();
  }

  /** How far Newton's iteration moved the last attempt's last stage from its first guess, relative L¹. */
  get guessNorm(): number {
    return this.#wasm.guessNorm();
  }

  /** What the two-step correction has changed in the last attempt, relative L¹; 0 if there was nothing to compare with. */
  get correctionNorm(): number {
    return this.#wasm.correctionNorm();
  }

  /** How far the last attempt would move the state, relative L¹. */
  get candidateChange(): number {
    return this.#wasm.candidateChange();
  }

  get newtonIterations(): number {
    return this.#wasm.newtonIterations();
  }

  get repairedStages(): number {
    return this.#wasm.repairedStages();
  }

  /** Of the accepted state: measured once. */
  measureState(): Invariants {
    if (!this.#accepted) {
      this.#wasm.measureState();
      this.#accepted = this.#invariants();
    }
    return this.#accepted;
  }

  measureCandidate(): Invariants {
    this.#wasm.measureCandidate();
    this.#candidate = this.#invariants();
    return this.#candidate;
  }

  #invariants(): Invariants {
    const [mass, energy, entropy] = this.#results as unknown as [number, number, number];
    return { mass, energy, entropy };
  }

  /**
   * Diagnostics of the accepted state against an equilibrium given by M and, for ε > 0, 1 - εM at the nodes, with ln a
   * and b for tails where M underflows.
   */
  diagnose(time: number, m: Folded, mHoles: Folded | undefined, logA: number, b: number): Sample {
    this.#candidate = undefined;
    this.#folded(this.#wasm.candidatePointer()).set(m);
    if (mHoles) this.#folded(this.#wasm.candidateHolesPointer()).set(mHoles);
    this.#wasm.diagnoseState(logA, b);
    const { mass, energy, entropy } = this.measureState();
    const [
      moment4,
      relativeEntropy,
      entropyProduction,
      center,
      minimum,
      maximum,
      l1Distance,
      weightedL2,
      fisher,
    ] = this.#results.subarray(3) as unknown as number[];
    return {
      time,
      mass,
      energy,
      moment4: moment4!,
      entropy,
      relativeEntropy: relativeEntropy!,
      entropyProduction: entropyProduction!,
      center: center!,
      minimum: minimum!,
      maximum: maximum!,
      l1Distance: l1Distance!,
      weightedL2: weightedL2!,
      fisher: fisher!,
    };
  }

  /** df/dt of the accepted state (a copy). */
  rate(): Float64Array {
    return this.#unfold(this.#wasm.rate());
  }

  /** ‖df/dt‖ of the accepted state, relative L¹. */
  get changeRate(): number {
    return this.#wasm.changeRate();
  }

  /** D, A⊥ and m of the accepted state (copies). */
  coefficients(): Coefficients {
    const wasm = this.#wasm;
    wasm.coefficients();
    return {
      parallel: this.#view(wasm.parallelPointer(), this.cells).slice(),
      perpendicular: this.#view(wasm.perpendicularPointer(), this.cells).slice(),
      enclosed: this.#view(wasm.enclosedPointer(), this.cells).slice(),
    };
  }
}
