import { gaussLegendre } from "../quadrature.js";
import type { Trajectory } from "./subject.js";

/** Times and weights of ∫₀^until dt, panels growing by `growth` from `first`: rough data moves like √t at first. */
export interface TimeRule {
  times: number[];
  weights: number[];
}

export function timeRule(first: number, until: number, growth = 3, order = 5): TimeRule {
  const { nodes, weights } = gaussLegendre(order);
  const rule: TimeRule = { times: [], weights: [] };
  let from = 0;
  let to = Math.min(first, until);
  while (from < until) {
    for (let i = 0; i < order; i++) {
      rule.times.push(from + ((to - from) * (1 + nodes[i]!)) / 2);
      rule.weights.push(((to - from) * weights[i]!) / 2);
    }
    from = to;
    to = to * growth > until / 1.5 ? until : to * growth;
  }
  return rule;
}

/** ∫ value dt over a trajectory that was sampled at the rule's times (and elsewhere). */
export function overTime(rule: TimeRule, run: Trajectory, value: (sample: number) => number): number {
  return rule.times.reduce((sum, time, i) => sum + rule.weights[i]! * value(indexOf(run, time)), 0);
}

export function indexOf(run: Trajectory, time: number): number {
  const index = run.times.indexOf(time);
  if (index < 0) throw new RangeError(`no sample at t = ${time}`);
  return index;
}

/** Sample times of a problem for a rule: the rule's and some more. */
export function sampleTimesOf(rule: TimeRule, more: number[] = []): { at: number[] } {
  return { at: [...new Set([...rule.times, ...more])].sort((a, b) => a - b) };
}

/** Order of convergence from errors on grids refined by `ratio`. */
export function orderOf(coarse: number, fine: number, ratio = 2): number {
  return Math.log(Math.abs(coarse / fine)) / Math.log(ratio);
}

export interface LineFit {
  slope: number;
  intercept: number;
  /** Standard error of the slope. */
  error: number;
}

/** Least squares y = intercept + slope x. */
export function fitLine(x: number[], y: number[]): LineFit {
  const n = x.length;
  const meanX = x.reduce((a, b) => a + b, 0) / n;
  const meanY = y.reduce((a, b) => a + b, 0) / n;
  let [sxx, sxy] = [0, 0];
  for (let i = 0; i < n; i++) {
    sxx += (x[i]! - meanX) ** 2;
    sxy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  const slope = sxy / sxx;
  const intercept = meanY - slope * meanX;
  const rest = x.reduce((sum, xi, i) => sum + (y[i]! - intercept - slope * xi) ** 2, 0);
  return { slope, intercept, error: Math.sqrt(rest / Math.max(1, n - 2) / sxx) };
}

/** Uniform numbers in [0, 1), the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
