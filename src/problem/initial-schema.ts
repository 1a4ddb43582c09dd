import { z } from "zod";
import { isNumber, leaf, nonNegative, numbers, oneOf, positive, record } from "./schema-parts.js";

// "function" is not among them: data cannot hold one, and who gives one in code does not write the kind.
const kinds = ["maxwellians", "shell", "fermi-dirac", "annulus", "power", "table"] as const;

const components = "a list of at least one {density, temperature}";

/** Initial data, one record a kind. What takes more than one key to judge is checked in schema.ts. */
export const initialSchema = z.discriminatedUnion(
  "kind",
  [
    record({
      kind: z.literal("maxwellians"),
      components: z
        .array(record({ density: positive, temperature: positive }), { error: components })
        .min(1, { error: components }),
    }),
    record({ kind: z.literal("shell"), amplitude: positive, radius: nonNegative, width: positive }),
    record({ kind: z.literal("fermi-dirac"), a: positive, b: positive }),
    record({ kind: z.literal("annulus"), inner: nonNegative, outer: positive, height: positive }),
    record({
      kind: z.literal("power"),
      height: positive,
      scale: positive,
      exponent: leaf<number>("a number > 5 (or the energy is infinite)", (v) => isNumber(v) && v > 5),
    }),
    record({
      kind: z.literal("table"),
      file: leaf<string>("the name of a CSV file with columns r,f", (v) => typeof v === "string").optional(),
      r: numbers(
        "radii ≥ 0 in strictly increasing order, at least 2 (or file: a CSV file)",
        2,
        (x, previous) => (previous === undefined ? x >= 0 : x > previous),
      ),
      f: numbers("numbers ≥ 0, as many as there are radii", 2, (x) => x >= 0),
    }),
    record({ kind: z.literal("function") }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? oneOf(kinds, (issue.input as { kind?: unknown }).kind)
        : `a mapping whose key kind is ${oneOf(kinds)}`,
  },
);
