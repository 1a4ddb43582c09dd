import { InputError, namedProblems, type Problem, resolveProblem } from "landau-fermi-dirac";
import { decimalNumber } from "../../../dist/problem/decimal-number.js";
import { defaults } from "../../../dist/problem/defaults.js";
import { defaultView, type View } from "./view.js";

/** A problem as it is being edited: keys as in `Problem`, values perhaps not (yet) valid. */
export type Draft = Record<string, unknown>;

/** What the page is asked to show; the address holds it as `key=value&…`, with the key paths of a problem file. */
export interface PageState {
  problem: Draft;
  view: View;
}

/** What the page computes: more cells, or more memory for the profiles it keeps, is for the command line. */
export const pageLimits = {
  cells: [100, 1_000_000],
  samples: [1, 1000],
  profileBytes: 2 ** 30,
  linkLength: 60_000,
} as const;

const sampleCount = 60;

/** A named problem on the page's grid, with as many samples as make a film. */
export function namedDraft(name: string, cells = 20_000): Draft {
  const { epsilon, initial, until } = namedProblems[name]!.problem;
  return {
    name,
    epsilon,
    initial: structuredClone(initial),
    grid: { cells, radius: "auto" },
    until,
    samples: { count: sampleCount, spacing: "log" },
    tolerance: defaults.tolerance,
    method: defaults.method,
  };
}

export function defaultState(): PageState {
  return { problem: namedDraft("annulus"), view: defaultView };
}

/** Checks what the library checks and the limits of the page. Throws InputError. */
export function checkDraft(draft: Draft): Problem {
  requireInteger(draft, "grid", "cells", pageLimits.cells);
  requireInteger(draft, "samples", "count", pageLimits.samples);
  const { problem } = resolveProblem(draft);
  const { cells } = problem.grid;
  const samples = problem.samples.at.length;
  const most = Math.floor(pageLimits.profileBytes / (8 * cells));
  if (samples > Math.min(most, pageLimits.samples[1] + 1)) {
    throw new InputError(
      "samples.count",
      `${samples} samples of ${cells} cells are more than the page keeps in memory; at most ${most}`,
    );
  }
  return draft as unknown as Problem;
}

/** Refuses an integer that the library would take and the page would not, or says which it takes. */
function requireInteger(
  draft: Draft,
  group: string,
  key: string,
  [least, most]: readonly [number, number],
): void {
  const value = (draft[group] as Draft | undefined)?.[key];
  if (value === undefined) return;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return;
  throw new InputError(
    `${group}.${key}`,
    `${shown(String(value))} is not valid here; an integer from ${least} to ${most}`,
  );
}

const viewWords: { [Key in keyof View]: readonly View[Key][] } = {
  scale: ["linear", "log"],
  axis: ["radius", "energy"],
  time: ["log", "linear"],
};

/** Whether the part of an address after # is a state rather than an anchor. */
export function isState(hash: string): boolean {
  return hash.includes("=");
}

/** `view.scale=log&…`: the view alone, where the problem is told elsewhere. */
export function encodeView(view: View): string {
  return (Object.keys(viewWords) as (keyof View)[]).map((key) => `view.${key}=${view[key]}`).join("&");
}

/** Whether `hash` tells a problem, and not the view alone. */
export function tellsProblem(hash: string): boolean {
  return hash
    .replace(/^#/, "")
    .split("&")
    .some((pair) => pair.includes("=") && !pair.startsWith("view."));
}

/**
 * `epsilon=1&initial.kind=annulus&…&view.scale=log`, to go after #. If that is longer than a link may be and the initial
 * data are a table, all but its numbers: `decodeState` knows that they were left out.
 */
export function encodeState(state: PageState): string {
  const { initial } = state.problem as { initial?: Draft };
  if (initial?.kind !== "table" || fitsLink(state)) return encoded(state);
  return encoded({ ...state, problem: { ...state.problem, initial: { kind: "table" } } });
}

/** Whether a link can hold all of the state. */
export function fitsLink(state: PageState): boolean {
  return encoded(state).length <= pageLimits.linkLength;
}

function encoded({ problem, view }: PageState): string {
  const pairs: string[] = [];
  const write = (path: string, value: unknown): void => {
    if (value === undefined) return;
    if (Array.isArray(value) && value.every((x) => typeof x !== "object")) {
      pairs.push(`${path}=${value.map(escaped).join(",")}`);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, element] of Object.entries(value)) write(path ? `${path}.${key}` : key, element);
    } else {
      pairs.push(`${path}=${escaped(value)}`);
    }
  };
  write("", problem);
  return [...pairs, encodeView(view)].join("&");
}

export interface DecodedState extends PageState {
  /** The link tells all but the numbers of a table: the default initial data are in their place. */
  tableLeftOut?: true;
}

/**
 * The state in `hash` (with or without #), valid but perhaps for f ≤ 1/ε, which `examine` judges; what tells the view alone
 * is about the default problem. Throws InputError, with a message short enough to show, for anything else: the text is
 * whatever someone put into a link.
 */
export function decodeState(hash: string): DecodedState {
  const text = hash.replace(/^#/, "");
  if (text.length > pageLimits.linkLength) {
    throw new InputError(
      "link",
      `${text.length} characters are too long; at most ${pageLimits.linkLength} characters`,
    );
  }
  const problem: Draft = Object.create(null);
  const view: Record<string, string> = {};
  const seen = new Set<string>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 1) throw new InputError("link", `${shown(pair)} is not valid; key=value`);
    const path = unescaped(pair.slice(0, equals));
    const value = pair.slice(equals + 1);
    if (seen.has(path)) throw new InputError(shown(path), "is given twice");
    seen.add(path);
    if (path.startsWith("view.")) view[path.slice(5)] = unescaped(value);
    else put(problem, path, isList(path) ? list(value) : scalar(path, unescaped(value)));
  }
  const { problem: fallback } = defaultState();
  const told = seen.size > Object.keys(view).length ? withListsOf(problem) : fallback;
  const { kind, ...table } = (told.initial ?? {}) as Draft;
  const tableLeftOut = kind === "table" && Object.keys(table).length === 0;
  const whole = tableLeftOut ? { ...told, initial: fallback.initial } : told;
  const { epsilon } = whole;
  const plain = typeof epsilon === "number" && epsilon >= 0 && epsilon < Infinity;
  checkDraft(plain ? { ...whole, epsilon: 0 } : whole);
  return { problem: completed(whole), view: checkView(view), ...(tableLeftOut && { tableLeftOut }) };
}

/** A valid problem with what the library would put where nothing is said, for the controls to show. */
export function completed({ name, epsilon, initial, grid, until, samples, ...rest }: Draft): Draft {
  const times = samples as { at?: unknown; first?: unknown } | undefined;
  return {
    ...(name === undefined ? {} : { name }),
    epsilon,
    initial,
    grid: { ...defaults.grid, ...(grid as object | undefined) },
    until,
    samples: times?.at ? times : { ...defaults.samples, ...times },
    tolerance: defaults.tolerance,
    method: defaults.method,
    ...rest,
  };
}

function checkView(given: Record<string, string>): View {
  const view: Record<string, string> = { ...defaultView };
  for (const [key, word] of Object.entries(given)) {
    const words: readonly string[] | undefined = Object.hasOwn(viewWords, key)
      ? viewWords[key as keyof View]
      : undefined;
    if (!words) {
      throw new InputError(
        shown(`view.${key}`),
        `is not a valid key; view.${Object.keys(viewWords).join(", view.")}`,
      );
    }
    if (!words.includes(word)) {
      throw new InputError(`view.${key}`, `${shown(word)} is not valid; one of ${words.join(", ")}`);
    }
    view[key] = word;
  }
  return view as unknown as View;
}

/** Puts `value` at a dotted path, through mappings without a prototype: no key is special. */
function put(target: Draft, path: string, value: unknown): void {
  const keys = path.split(".");
  if (keys.length > 5 || path.length > 80) throw new InputError(shown(path), "is not a valid key");
  let mapping = target;
  for (const key of keys.slice(0, -1)) {
    mapping[key] ??= Object.create(null);
    if (typeof mapping[key] !== "object" || Array.isArray(mapping[key])) {
      throw new InputError(shown(path), "is not a valid key");
    }
    mapping = mapping[key] as Draft;
  }
  mapping[keys.at(-1)!] = value;
}

/** Mappings with ordinary prototypes again, those with keys 0, 1, … as lists. */
function withListsOf(value: Draft): Draft {
  const convert = (node: unknown): unknown => {
    if (typeof node !== "object" || node === null || Array.isArray(node)) return node;
    const keys = Object.keys(node);
    // The library refuses it by name too; here it must not get as far as an assignment.
    if (keys.includes("__proto__")) throw new InputError("__proto__", "is not a valid key");
    if (keys.length > 0 && keys.every((key, i) => key === String(i))) return Object.values(node).map(convert);
    return Object.fromEntries(keys.map((key) => [key, convert((node as Draft)[key])]));
  };
  return convert(value) as Draft;
}

const lists: readonly string[] = ["samples.at", "initial.r", "initial.f"];
const texts: readonly string[] = ["name", "initial.file"];

function isList(path: string): boolean {
  return lists.includes(path);
}

function list(value: string): unknown[] {
  return value === "" ? [] : unescaped(value).split(",").map(parseNumber);
}

function scalar(path: string, value: string): unknown {
  return texts.includes(path) ? value : parseNumber(value);
}

/** The number that `text` is, or the text itself for the library to refuse. */
export function parseNumber(text: string): number | string {
  const value = decimalNumber(text);
  return Number.isNaN(value) ? text.trim() : value;
}

/** A value as one would type it: 1e-6 rather than 0.000001. */
export function typed(value: unknown): string {
  return typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential()
    : String(value);
}

function escaped(value: unknown): string {
  return encodeURIComponent(typed(value)).replaceAll("%20", "+");
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    throw new InputError("link", `${shown(text)} is not valid; text escaped as in an address`);
  }
}

/** A piece of a link as it may be shown: short, one line. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
