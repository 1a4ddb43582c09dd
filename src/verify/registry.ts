import { InputError } from "../errors.js";
import { didYouMean } from "../problem/suggest.js";
import type { Check } from "./check.js";
import { approximation, limits, viscous } from "./checks/approximation.js";
import { classicalLimit } from "./checks/classical-limit.js";
import { coercivity } from "./checks/coercivity.js";
import { algebraicDecay, convergence, stretchedExponential } from "./checks/decay.js";
import { decomposition } from "./checks/decomposition.js";
import { entropyBalance } from "./checks/entropy-balance.js";
import { equilibria } from "./checks/equilibria.js";
import { existence } from "./checks/existence.js";
import { fisher } from "./checks/fisher.js";
import { rescaling } from "./checks/rescaling.js";
import { saturated } from "./checks/saturated.js";
import { smoothing } from "./checks/smoothing.js";
import { spectralGap } from "./checks/spectral-gap.js";
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
  spectralGap,
  weightedBounds,
  algebraicDecay,
  stretchedExponential,
  fisher,
];

/** The checks that go by these names or numbers ("1.1", "(3.13)", "existence"); all for none. Throws InputError. */
export function selectChecks(names: readonly string[]): readonly Check[] {
  if (names.length === 0) return checks;
  const known = [...new Set(checks.flatMap(({ name, statements }) => [...statements, name]))];
  const asked = names.map((given) => {
    const name = given.replace(/^\((.*)\)$/, "$1").toLowerCase();
    if (!known.includes(name)) {
      throw new InputError(
        given || "theorem",
        `no such statement${didYouMean(name, known)}; valid: ${known.join(", ")}`,
      );
    }
    return name;
  });
  return checks.filter(({ name, statements }) => asked.some((a) => a === name || statements.includes(a)));
}
