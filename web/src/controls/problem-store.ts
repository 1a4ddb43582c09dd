import { InputError, type Problem } from "landau-fermi-dirac";
import { checkDraft, type Draft } from "../model/state.js";
import { type Trouble, troubleOf } from "../model/trouble.js";
import { checkPauli, type Facts, factsOf, type Initial, type Radius } from "./physics.js";

/**
 * The problem being edited: a draft that may be wrong in places, what is wrong with it, and the last draft that was not.
 * Events: "change" after every edit; "replace" when another problem took its place.
 */
export class ProblemStore extends EventTarget {
  #draft: Draft;
  #valid: Problem;
  #facts: Facts | undefined;
  #trouble: Trouble | undefined;

  /** Throws InputError if `draft` is not valid: there is always a valid problem to fall back to. */
  constructor(draft: Draft) {
    super();
    const { problem, facts } = examine(draft, "epsilon");
    this.#draft = draft;
    this.#valid = problem;
    this.#facts = facts;
  }

  get draft(): Draft {
    return this.#draft;
  }

  /** The last valid problem. */
  get valid(): Problem {
    return this.#valid;
  }

  /** Mass, energy and ε* of the draft's initial data; absent while it is not valid. */
  get facts(): Facts | undefined {
    return this.#facts;
  }

  /** What is wrong with the draft. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The value at a key path of the draft. */
  at(path: string): unknown {
    let value: unknown = this.#draft;
    for (const key of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
    return value;
  }

  /** Changes one value; undefined removes the key. */
  set(path: string, value: unknown): void {
    this.#draft = withValue(this.#draft, path.split("."), value) as Draft;
    // Listed times end where the run does.
    const listed = this.at("samples.at");
    if (path === "until" && typeof value === "number" && Array.isArray(listed)) {
      this.#draft = { ...this.#draft, samples: { at: listed.filter((time) => time <= value) } };
    }
    // A name stands for what it names.
    if (/^(epsilon|initial|until)/.test(path))
      this.#draft = withValue(this.#draft, ["name"], undefined) as Draft;
    this.#check(path);
    this.dispatchEvent(new Event("change"));
  }

  /** Puts another problem in place of all of it. */
  replace(draft: Draft): void {
    this.#draft = draft;
    this.#check("epsilon");
    this.dispatchEvent(new Event("replace"));
    this.dispatchEvent(new Event("change"));
  }

  /** Something only the run found out. */
  refuse(trouble: Trouble): void {
    this.#trouble = trouble;
    this.dispatchEvent(new Event("refuse"));
  }

  #check(changed: string): void {
    try {
      const { problem, facts } = examine(this.#draft, changed);
      this.#valid = problem;
      this.#facts = facts;
      this.#trouble = undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#trouble = troubleOf(error);
      this.#facts = factsDespite(this.#draft);
    }
  }
}

/**
 * Everything that can be known to be wrong before the solver is asked. Everything but ε is judged without it, so that an
 * f above 1/ε is reported in these terms, where it was brought about (`changed`).
 */
export function examine(draft: Draft, changed: string): { problem: Problem; facts: Facts } {
  const epsilon = draft.epsilon;
  if (!(typeof epsilon === "number" && epsilon >= 0 && epsilon < Infinity)) checkDraft(draft);
  const apart = checkDraft({ ...draft, epsilon: 0 });
  const facts = checkPauli(
    apart.initial as Initial,
    epsilon as number,
    radiusOf(apart),
    keyOf(changed, apart),
  );
  return { problem: checkDraft(draft), facts };
}

/** Where a message about f and ε belongs if `changed` has brought it about. */
function keyOf(changed: string, { initial }: Problem): string {
  if (changed === "initial") return (initial as Initial).kind === "table" ? "initial.f" : changed;
  return changed.startsWith("initial.") ? changed : "epsilon";
}

function radiusOf({ grid }: Problem): Radius {
  return grid?.radius ?? "auto";
}

function factsDespite(draft: Draft): Facts | undefined {
  try {
    const apart = checkDraft({ ...draft, epsilon: 0 });
    return factsOf(apart.initial as Initial, 0, radiusOf(apart));
  } catch {
    return undefined;
  }
}

/** A copy of `node` with another value at the end of `path`; only what lies on the path is copied. */
function withValue(node: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    return node.map((element, i) => (String(i) === key ? withValue(element, rest, value) : element));
  }
  const { [key]: old, ...others } = (node ?? {}) as Draft;
  const changed = withValue(old, rest, value);
  // where it was, or at the end: the order of keys is the order in the link
  if (changed === undefined) return others;
  return key in ((node ?? {}) as Draft)
    ? { ...(node as Draft), [key]: changed }
    : { ...others, [key]: changed };
}
