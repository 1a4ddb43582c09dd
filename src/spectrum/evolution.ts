import type { Sector } from "./sector.js";
import { combine, dot, Factorisation, multiplyTridiagonal } from "./semiseparable.js";

/** ‖h‖² in L²(m) along ∂t h = Lh. */
export interface Decay {
  times: number[];
  /** ln ‖h(t)‖²_{L²(m)}: itself it underflows in time. */
  logNorm: number[];
}

/**
 * The linearised equation in a sector, (mass) dy/dt = -(form) y, from y = √m h on, its part in the null space taken out:
 * the L-stable SDIRK method of order 2 (γ = 1 - 1/√2, both stages with one factorisation), O(n) a step. A step is at most
 * `share` of the time and of the time in which ‖h‖² falls by e. y is rescaled as it decays, so that nothing underflows.
 * Ends at `until`, or when ‖h‖² has fallen by e^`depth`. `onStep` sees the time, y (rescaled to norm 1) and ln ‖h‖².
 */
export function evolve(
  sector: Sector,
  start: Float64Array,
  {
    until,
    depth = Infinity,
    share = 0.05,
    onStep,
  }: {
    until: number;
    depth?: number;
    share?: number;
    onStep?: (time: number, y: Float64Array, logNorm: number) => void;
  },
): Decay {
  const gamma = 1 - Math.SQRT1_2;
  const { mass, form } = sector;
  const rest = orthonormal(sector);
  const project = (y: Float64Array) => {
    for (const n of rest) {
      const overlap = dot(multiplyTridiagonal(mass, n), y);
      for (let i = 0; i < y.length; i++) y[i]! -= overlap * n[i]!;
    }
  };
  const y = start.slice();
  project(y);
  let time = 0;
  let log = Math.log(dot(y, multiplyTridiagonal(mass, y)));
  const decay: Decay = { times: [0], logNorm: [log] };
  const rescale = (norm: number) => {
    const factor = 1 / Math.sqrt(norm);
    for (let i = 0; i < y.length; i++) y[i]! *= factor;
  };
  rescale(Math.exp(log));
  onStep?.(0, y, log);
  let step = 1e-3;
  while (time < until && decay.logNorm[0]! - log < depth) {
    const dt = Math.min(step, until - time);
    const factors = new Factorisation(combine(form, gamma * dt, mass, 1));
    // stages as states: (mass + γ dt form) Y₁ = mass y; dt times the slope is (Y₁ - y)/γ
    const first = factors.solve(multiplyTridiagonal(mass, y));
    const between = y.map((value, i) => value + ((1 - gamma) / gamma) * (first[i]! - value));
    y.set(factors.solve(multiplyTridiagonal(mass, between)));
    project(y);
    const norm = dot(y, multiplyTridiagonal(mass, y));
    time += dt;
    const fall = -Math.log(norm);
    log -= fall;
    rescale(norm);
    decay.times.push(time);
    decay.logNorm.push(log);
    onStep?.(time, y, log);
    step = Math.min(share * (time + 1e-2), (share * dt) / Math.max(fall, 1e-12), 2 * dt);
  }
  return decay;
}

/** The null space, orthonormal in L²(m). */
function orthonormal({ nullSpace, mass }: Sector): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const n of nullSpace) {
    const vector = n.slice();
    for (const b of basis) {
      const overlap = dot(multiplyTridiagonal(mass, b), vector);
      for (let i = 0; i < vector.length; i++) vector[i]! -= overlap * b[i]!;
    }
    const length = Math.sqrt(dot(vector, multiplyTridiagonal(mass, vector)));
    basis.push(vector.map((x) => x / length));
  }
  return basis;
}

/** ln ‖h‖² at a time, by interpolation. */
export function logNormAt({ times, logNorm }: Decay, time: number): number {
  let k = 1;
  while (k < times.length - 1 && times[k]! < time) k++;
  const share = (time - times[k - 1]!) / (times[k]! - times[k - 1]!);
  return logNorm[k - 1]! + share * (logNorm[k]! - logNorm[k - 1]!);
}
