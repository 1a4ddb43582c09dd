/** What a problem has where it says nothing. Without the schema, for those who only show it. */
export const defaults = {
  grid: { cells: 2000, radius: "auto" },
  samples: { count: 20, spacing: "log" },
  /** Of logarithmic samples the first, as a share of `until`. */
  firstSample: 1e-4,
  tolerance: 1e-6,
  method: "sdirk4",
} as const;
