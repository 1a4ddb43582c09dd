import type { Subject } from "./subject.js";

/** One figure held against a bound or a law. */
export interface Row {
  quantity: string;
  /** The figure on the finest grid. */
  computed: number;
  relation: "≤" | "≥" | "≈" | "reported";
  /** What it is held against; null where nothing is claimed. */
  bound: number | null;
  /** For ≈: the difference allowed. */
  tolerance?: number;
  /** Factor by which it stays on the right side: above 1 passes. */
  margin: number | null;
  /** The same figure less refined, least first. */
  refinement: number[];
  /** What was refined: "cells", "tolerance", "τ" …; empty where nothing was. */
  refinedIn: string;
  passed: boolean | null;
}

/** The same figure less refined: on fewer cells, or in whatever `by` says. */
export type Refinement = number[] | { by: string; values: number[] };

const refined = (refinement: Refinement): Pick<Row, "refinement" | "refinedIn"> => {
  const { by, values } = Array.isArray(refinement) ? { by: "cells", values: refinement } : refinement;
  return { refinement: values, refinedIn: values.length > 0 ? by : "" };
};

/** Numbers for a plot. */
export interface DataTable {
  name: string;
  columns: string[];
  rows: number[][];
  /** How to draw it: columns against a column, a curve for each value of `by`. */
  picture?: { title: string; x: string; y: string[]; by?: string; logX?: boolean; logY?: boolean };
}

export interface Findings {
  rows: Row[];
  tables: DataTable[];
}

/** What a check works with. */
export interface Context {
  /** What is tried: the package, or in a test something broken on purpose. */
  subject: Subject;
  /** Cells for a full-size `n`: fewer where a quick answer is wanted. */
  cells(n: number): number;
}

/** A statement of the paper, made to be tried. */
export interface Check {
  /** A word to ask for it by. */
  name: string;
  /** What of the paper it tries: "Theorem 1.1", "(3.13)". */
  statements: readonly string[];
  /** The statement in a sentence. */
  claim: string;
  /** Theorems are asserted; of an open question only what is known is asserted, the rest is reported. */
  kind: "theorem" | "open question";
  run(context: Context): Promise<Findings>;
}

/** computed ≤ bound */
export function atMost(quantity: string, computed: number, bound: number, refinement: Refinement = []): Row {
  const margin = computed > 0 ? bound / computed : Infinity;
  return {
    quantity,
    computed,
    relation: "≤",
    bound,
    margin,
    ...refined(refinement),
    passed: computed <= bound,
  };
}

/** computed ≥ bound */
export function atLeast(quantity: string, computed: number, bound: number, refinement: Refinement = []): Row {
  const margin = bound > 0 ? computed / bound : computed >= bound ? Infinity : 0;
  return {
    quantity,
    computed,
    relation: "≥",
    bound,
    margin,
    ...refined(refinement),
    passed: computed >= bound,
  };
}

/** |computed - law| ≤ tolerance */
export function near(
  quantity: string,
  computed: number,
  law: number,
  tolerance: number,
  refinement: Refinement = [],
): Row {
  const difference = Math.abs(computed - law);
  const margin = difference > 0 ? tolerance / difference : Infinity;
  const passed = difference <= tolerance;
  return { quantity, computed, relation: "≈", bound: law, tolerance, margin, ...refined(refinement), passed };
}

/** Nothing is claimed of it. */
export function reported(quantity: string, computed: number, refinement: Refinement = []): Row {
  return {
    quantity,
    computed,
    relation: "reported",
    bound: null,
    margin: null,
    ...refined(refinement),
    passed: null,
  };
}

/** Whether nothing that was asserted fails (and something was asserted). */
export function passes({ rows }: Findings): boolean {
  return rows.some(({ passed }) => passed === true) && rows.every(({ passed }) => passed !== false);
}
