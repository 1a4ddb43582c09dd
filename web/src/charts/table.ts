import { element } from "./element.js";
import { numberText } from "./number-text.js";
import type { Curve, Domain, Picture, Range } from "./picture.js";

interface Table {
  headings: string[];
  rows: (number | null)[][];
}

/** The curves of a picture as columns over all their x, made row by row. */
export interface TableSource {
  headings: string[];
  x: ArrayLike<number>;
  row(i: number): (number | null)[];
}

export function tableSource(picture: Picture, { columns }: Pick<Domain, "columns">): TableSource {
  const curves = picture.lines.filter((line) => line.kind === "curve");
  const x = commonX(curves);
  return {
    headings: [...columns.map(({ heading }) => heading), ...curves.map(({ label }) => label)],
    x,
    row: (i) => [
      ...columns.map(({ value }) => finite(value(x[i]!))),
      ...curves.map((curve) => finite(curve.y[curve.x === x ? i : indexOf(curve.x, x[i]!)])),
    ],
  };
}

/** At most `count` of the rows whose coordinate lies in `range`, evenly spread; how many there are in all. */
export function thinnedTable(
  source: TableSource,
  { scale }: Domain,
  [low, high]: Range,
  count: number,
): Table & { available: number } {
  const { headings, x, row } = source;
  const first = firstOf(x.length, (i) => scale.forward(x[i]!) >= low);
  const end = firstOf(x.length, (i) => scale.forward(x[i]!) > high);
  const available = Math.max(0, end - first);
  const length = Math.min(count, available);
  const stride = length > 1 ? (available - 1) / (length - 1) : 0;
  return {
    headings,
    rows: Array.from({ length }, (_, k) => row(first + Math.round(k * stride))),
    available,
  };
}

/** A table as HTML; everything in it is text. */
export function tableElement({ headings, rows }: Table, caption: string): HTMLTableElement {
  const table = element("table", "chart-table");
  table.append(element("caption", "", caption));
  const head = table.createTHead().insertRow();
  for (const heading of headings) {
    const cell = element("th", "", heading);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const values of rows) {
    const row = body.insertRow();
    for (const value of values) row.insertCell().textContent = value === null ? "–" : numberText(value, 6);
  }
  return table;
}

/** The x of all curves, ascending and unique; the very array if they share one. */
function commonX(curves: readonly Curve[]): ArrayLike<number> {
  const arrays = [...new Set(curves.map(({ x }) => x))];
  if (arrays.length <= 1) return arrays[0] ?? [];
  return arrays.reduce(merged);
}

/** The values of two ascending lists, ascending, each once. */
function merged(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const all = new Float64Array(a.length + b.length);
  let count = 0;
  for (let i = 0, k = 0; i < a.length || k < b.length; ) {
    const [left = Infinity, right = Infinity] = [a[i], b[k]];
    const value = Math.min(left, right);
    if (!(left > right)) i++;
    if (!(right > left)) k++;
    if (count === 0 || value > all[count - 1]!) all[count++] = value;
  }
  return all.subarray(0, count);
}

/** The first index for which `holds`, which holds for all that follow; `length` if there is none. */
function firstOf(length: number, holds: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** -1 if it is not among them. */
function indexOf(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else if (ascending[middle]! > value) high = middle - 1;
    else return middle;
  }
  return -1;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
