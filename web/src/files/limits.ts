/** What the page is ready to take in; a file beyond it is refused or thinned, and the user told. */
export const limits = {
  /** Bytes of a file. */
  file: 2 * 2 ** 30,
  /** Bytes of numbers held in memory. */
  values: 4e8,
  /** Bytes that a sample takes beside its profile, in whatever handles it: at most 10⁵ samples. */
  sample: 4000,
  /** Bytes of a table r,f (the command line's limit for text). */
  text: 64 * 2 ** 20,
  /** Seconds that reading a file may take. */
  seconds: 30,
};

/** 1.6 GB, 34 kB */
export function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** Numbers of the samples to keep of `count`, `most` at most: evenly spread, the first and the last among them. */
export function thinned(count: number, most: number): number[] {
  if (count <= most) return [...Array(count).keys()];
  return Array.from({ length: most }, (_, j) => Math.round((j * (count - 1)) / (most - 1)));
}
