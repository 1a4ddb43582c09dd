import { breathe } from "#platform";
import { RunError } from "./errors.js";
import type { Problem } from "./problem/schema.js";
import type { Coefficients } from "./solver/engine.js";
import { prepare, type Resumed, type WasmBuild } from "./solver/prepare.js";
import { Stepper } from "./solver/stepper.js";
import type { Checkpoint, Conservation, Grid, RunDocument, RunHeader, Sample, Work } from "./types.js";

/** Where a run stands after a step. */
export interface Progress {
  time: number;
  /** Size of the step just taken. */
  step: number;
  until: number;
  conservation: Conservation;
  work: Work;
  /** A copy of the state, to go on from later. */
  checkpoint(): Checkpoint;
}

export interface SimulateOptions {
  /** Before the first step: the problem as resolved, the grid, the equilibrium. A promise is waited for. */
  onStart?(header: RunHeader): unknown;
  /** After every accepted step; a promise is waited for. Return (or resolve to) false to stop the run there. */
  onStep?(progress: Progress): unknown;
  /**
   * At every sample time, t = 0 included. `profile` is f, one value a cell; it is yours to keep. `coefficients` computes
   * D, A⊥ and m of the state, while the call lasts. A promise is waited for.
   */
  onSample?(sample: Sample, profile: Float64Array, coefficients: () => Coefficients): unknown;
  /** Stops the run after the step in progress; what was computed is returned. */
  signal?: AbortSignal;
  /** Keep the profiles of all samples in the result (default true). */
  profiles?: boolean;
  /**
   * Go on from a state of the same problem, with the samples taken before it; `until`, `samples`, `tolerance`, `method`
   * and `step` may have changed, but what is asked for has to lie ahead.
   */
  resume?: Resumed;
  /** The WASM build; "debug" checks its assertions and is slow. */
  build?: WasmBuild;
}

export interface SimulationResult extends RunDocument {
  grid: Grid;
  /** f at the samples, one array each; empty with `profiles: false`. */
  profiles: Float64Array[];
  /** "done", or "interrupted at t = …". */
  status: string;
  /** The last state, to go on from. */
  last: Checkpoint;
}

/** Milliseconds of computing between two turns of the event loop. */
const turn = 30;

/**
 * Relaxes an isotropic state under the Landau–Fermi–Dirac equation with Coulomb potential, paper (1.1):
 *
 * ```math
 * ∂ₜf = r⁻² ∂ᵣ( r² [ D ∂ᵣf + f(1 - εf) r⁻² m ] )
 * D = A_{rr}[f(1 - εf)],  m(r) = ∫₀ʳ s² f ds
 * ```
 *
 * on `cells` finite volumes, by design of the scheme with mass and energy to round-off, H_ε never rising, 0 < f < 1/ε.
 * All quantities dimensionless as in (1.1); `energy` is ∫ |v|² f dv. The problem is that of a YAML file; `initial` may
 * also be a function r ↦ f(r).
 *
 * Throws InputError for a problem that is not valid, RunError if the run cannot be completed; the error's `partial` is
 * the result as far as it came.
 */
export async function simulate(problem: Problem, options: SimulateOptions = {}): Promise<SimulationResult> {
  const { header, engine, reference, atRest } = await prepare(problem, options);
  const { until, samples, tolerance, method, step } = header.problem;
  const samplesTaken: Sample[] = [...(options.resume?.samples ?? [])];
  const profiles: Float64Array[] = [];
  const stepper = new Stepper(
    engine,
    {
      method,
      tolerance,
      until,
      atRest,
      ...(step === undefined ? {} : { fixedStep: step }),
    },
    samplesTaken[0],
  );
  if (options.resume) stepper.resume(options.resume.state);
  const taken = samplesTaken.at(-1)?.time ?? -1;

  let last: Checkpoint | undefined; // of a run that has ended: the engine has gone on to another
  const checkpoint = (): Checkpoint =>
    last ?? {
      time: stepper.time,
      f: engine.state,
      holes: engine.holes,
      step: stepper.step,
      conservation: { ...stepper.conservation },
      work: { ...stepper.work },
    };
  const result = (status: string): SimulationResult => {
    last = checkpoint();
    engine.release();
    return {
      problem: header.problem,
      grid: header.grid,
      equilibrium: header.equilibrium,
      adjustment: header.adjustment,
      samples: samplesTaken,
      conservation: { ...stepper.conservation },
      work: { ...stepper.work },
      status,
      profiles,
      last,
    };
  };
  const take = async () => {
    const { m, holes, logA, b } = reference;
    const sample = engine.diagnose(stepper.time, m, holes, logA, b);
    samplesTaken.push(sample);
    if (options.profiles === false && !options.onSample) return;
    const profile = engine.state;
    if (options.profiles !== false) profiles.push(profile);
    await options.onSample?.(sample, profile, () => engine.coefficients());
  };

  await options.onStart?.(header);
  try {
    if (samplesTaken.length === 0) await take();
    let breathed = performance.now();
    for (const target of samples.at.filter((time) => time > Math.max(taken, 0))) {
      while (stepper.time < target) {
        const size = stepper.advance(target);
        const { time, conservation, work } = stepper;
        let proceed = options.onStep?.({ time, step: size, until, conservation, work, checkpoint });
        if (proceed instanceof Promise) proceed = await proceed;
        if (performance.now() - breathed > turn) {
          await breathe();
          breathed = performance.now();
        }
        if ((options.signal?.aborted || proceed === false) && time < until) {
          if (time === target) await take();
          return result(`interrupted at t = ${time}`);
        }
      }
      await take();
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw Object.assign(error, { partial: result(`failed at t = ${stepper.time}: ${error.message}`) });
  }
  return result("done");
}
