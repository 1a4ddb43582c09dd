export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Prints columns, right-aligned. */
export function table(headings, rows) {
  const widths = headings.map((heading, k) => Math.max(heading.length, ...rows.map((row) => row[k].length)));
  for (const row of [headings, ...rows]) {
    console.log(row.map((cell, k) => cell.padStart(widths[k])).join("  "));
  }
}
