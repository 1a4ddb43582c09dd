import type { Axis } from "./values.js";

/** A column of the tables for something that varies. */
export interface Column {
  name: string;
  /** json: the values are of several kinds, or lists or mappings, and are given as text. */
  type: "number" | "text" | "json";
}

const fractionColumn = "epsilon.ofSaturation";

/** ε is there in any case: what it is may follow from other keys. */
export function parameterColumns(axes: readonly Axis[]): Column[] {
  const columns = axes.map((axis): Column => ({ name: axis.key, type: typeOf(axis) }));
  if (!axes.some(({ key }) => key === "epsilon")) columns.unshift({ name: "epsilon", type: "number" });
  if (axes.some(({ ofSaturation }) => ofSaturation)) {
    const k = columns.findIndex(({ name }) => name === "epsilon");
    columns.splice(k + 1, 0, { name: fractionColumn, type: "number" });
  }
  return columns;
}

export function parametersOf(
  axes: readonly Axis[],
  values: readonly unknown[],
  epsilon: number,
  fraction: number | undefined,
): Record<string, unknown> {
  const parameters = Object.fromEntries(axes.map(({ key }, k) => [key, values[k]]));
  return { ...parameters, epsilon, ...(fraction === undefined ? {} : { [fractionColumn]: fraction }) };
}

function typeOf({ count, at }: Axis): Column["type"] {
  if (count === undefined) return "number";
  const types = new Set(Array.from({ length: count }, (_, k) => typeof at(k)));
  if (types.size > 1) return "json";
  return types.has("number") ? "number" : types.has("string") ? "text" : "json";
}
