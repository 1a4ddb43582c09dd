import { outlineOf } from "../model/outline.js";
import type { Run } from "../model/run.js";
import type { Domain, Range } from "./picture.js";
import { energy, linear, logarithmicTime } from "./scale.js";
import type { Scene } from "./scene.js";

/** The axis of the charts over r: r itself or r²/2; all of it for log f, else where f is to be seen. */
export function radialDomain({ run, overlay, view }: Scene): Domain {
  const scale = view.axis === "energy" ? energy : linear;
  const runs = [run, overlay].filter((each) => each !== undefined);
  const radius = Math.max(0, ...runs.map(({ radius }) => radius.at(-1) ?? 0)) || 1;
  const bulk = view.scale === "log" ? radius : Math.max(0, ...runs.map(bulkOf)) || radius;
  return {
    kind: view.axis,
    symbol: view.axis === "energy" ? "r²/2" : "r",
    label: view.axis === "energy" ? "energy r²/2" : "velocity r",
    scale,
    home: from0(scale.forward(Math.min(bulk, radius))),
    limits: from0(scale.forward(radius)),
    columns: [
      { heading: "r", value: (r) => r },
      ...(view.axis === "energy" ? [{ heading: "r²/2", value: (r: number) => energy.forward(r) }] : []),
    ],
  };
}

/** From 0 to a coordinate, unless that is out of the range of a double. */
function from0(coordinate: number): Range {
  return [0, coordinate > 0 ? coordinate : 1];
}

/** The radius within which both the initial state and the equilibrium of a run are to be seen, and a little more. */
function bulkOf({ radius, profiles, equilibrium }: Run): number {
  return 1.08 * Math.max(...[profiles[0], equilibrium].map((f) => (f ? outlineOf(radius, f).visible : 0)));
}

/** Air at both ends of a time axis, so that the first and the last sample are not cut in half. */
const air = 0.02;

/**
 * The axis of the charts over time. While a run computes, and if it failed, the axis is as long
 * as the run was to be. On a logarithmic one
 * t = 0 is at the left edge, in a place of its own before the first positive time.
 */
export function timeDomain({ run, overlay, view }: Scene): Domain {
  const times = [run, overlay].flatMap((each) => (each ? endsOf(each) : []));
  const last = Math.max(0, ...times) || 1;
  const first = Math.min(last, ...times.filter((time) => time > 0));
  const common = { symbol: "t", columns: [{ heading: "t", value: (t: number) => t }] };
  if (view.time === "linear") {
    const home = padded([0, last]);
    return { ...common, kind: "time", label: "time t", scale: linear, home, limits: home };
  }
  const decades = Math.log10(last) - Math.log10(first);
  const zeroAt = Math.log10(first) - Math.max(0.35, 0.09 * decades);
  const home = padded([zeroAt, Math.log10(last)]);
  return {
    ...common,
    kind: "log time",
    label: "time t (logarithmic, 0 at the left)",
    scale: logarithmicTime(first, zeroAt),
    home,
    limits: home,
  };
}

/** The first positive time of a run and its last one. */
function endsOf({ header, samples, status }: Run): number[] {
  const planned = status === "computing" || status === "paused" || status === "failed";
  const at = planned && header ? header.problem.samples.at : samples.map(({ time }) => time);
  const first = at.find((time) => time > 0);
  return first === undefined ? [] : [first, at.at(-1)!];
}

function padded([low, high]: Range): Range {
  const margin = air * (high - low);
  return [low - margin, high + margin];
}
