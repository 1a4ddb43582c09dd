import { InputError } from "../errors.js";
import { didYouMean } from "../problem/suggest.js";
import type { Check } from "./check.js";
import { approximation, limits, viscous } from "./checks/approximation.js";
import { classicalLimit } from "./checks/classical-limit.js";
import { coercivity } from "./checks/coercivity.js";
import { algebraicDecay, convergence } from "./checks/decay.js";
import { decomposition } from "./checks/decomposition.js";
import { entropyBalance } from "./checks/entropy-balance.js";
import { equilibria } from "./checks/equilibria.js";
import { existence } from "./checks/existence.js";
import { fisher } from "./checks/fisher.js";
import { nonlinearBounds } from "./checks/nonlinear-bounds.js";
import { rescaling } from "./checks/rescaling.js";
import { saturated } from "./checks/saturated.js";
import { smoothing } from "./checks/smoothing.js";
import { spectralGap } from "./checks/spectral-gap.js";
import { splitting } from "./checks/splitting.js";
import { stretchedExponential } from "./checks/stretched-exponential.js";
import { boundOnA, boundOnGradient } from "./checks/upper-bounds.js";
import { weightedBounds } from "./checks/weighted-bounds.js";

/** All checks, in the order of the paper. */
export const checks: readonly Check[] = [
  existence,
  rescaling,
  entropyBalance,
  equilibria,
  saturated,
  classicalLimit,
  coercivity,
  boundOnA,
  boundOnGradient,
  approximation,
  limits,
  viscous,
  smoothing,
  convergence,
  decomposition,
  splitting,
  spectralGap,
  weightedBounds,
  nonlinearBounds,
  algebraicDecay,
  stretchedExponential,
  fisher,
];

/** Statements of the paper that no check computes, and why. */
const untried: Record<string, string> = {
  "Proposition 3.1": "the linear problem of a fixed-point argument; its fixed point is Proposition 3.2",
  "Lemma 3.5": "bounds on sets of a fixed-point argument",
  "Lemma 3.6": "compactness",
  "Lemma 3.7": "continuity of the fixed-point map",
};
const kinds = "theorem|lemma|corollary|proposition|remark|eq|equation|section";

/**
 * The checks that go by these names or numbers; all for none. "5.6" is whatever has the number, "(5.6)" the equation,
 * "Lemma 5.6" the lemma. Throws InputError.
 */
export function selectChecks(names: readonly string[]): readonly Check[] {
  if (names.length === 0) return checks;
  const asked = new Set(joinKinds(names).flatMap((name) => [...checksFor(name)]));
  return checks.filter((check) => asked.has(check));
}

/** `Theorem 5.4` in one argument or in two. */
function joinKinds(names: readonly string[]): string[] {
  const joined: string[] = [];
  for (const name of names.map((given) => given.trim())) {
    const kind = new RegExp(`^(${kinds})\\.?$`, "i").test(joined.at(-1) ?? "");
    if (kind) joined.push(`${joined.pop()} ${name}`);
    else joined.push(name);
  }
  return joined;
}

const numberOf = (statement: string) => /[\d.]*\d/.exec(statement)?.[0];

function checksFor(given: string): readonly Check[] {
  const byName = checks.filter(({ name }) => name === given.toLowerCase());
  if (byName.length > 0) return byName;
  const [, kind, bare] = new RegExp(`^(?:(${kinds})\\.?\\s*)?(\\(?\\d[\\d.]*\\)?)$`, "i").exec(given) ?? [];
  const number = numberOf(bare ?? "");
  const equation = bare?.startsWith("(") || /^eq/i.test(kind ?? "");
  const having = (test: (statement: string) => boolean) =>
    checks.filter(({ statements }) => statements.some(test));
  if (number !== undefined) {
    const label = equation ? `(${number})` : kind ? `${kind} ${number}` : undefined;
    const found = having((statement) =>
      label === undefined ? numberOf(statement) === number : statement.toLowerCase() === label.toLowerCase(),
    );
    if (found.length > 0) return found;
    const reason = Object.entries(untried).find(([statement]) => numberOf(statement) === number && !equation);
    if (reason) {
      throw new InputError(given, `is not computed: ${reason[1]}; lfd verify --list has what is`);
    }
  }
  const known = checks.flatMap(({ name, statements }) => [name, ...statements.map((s) => numberOf(s)!)]);
  throw new InputError(
    given || "theorem",
    `nothing by that name or number is computed${didYouMean(number ?? given, known)}; ` +
      "valid: numbers or names as in 1.1, (3.13), Lemma 2.2, spectral-gap; lfd verify --list has all",
  );
}
