/** A number with this many significant digits, exponents only where they are needed. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : value.toPrecision(digits);
}

/** 3.1e-15 */
export function small(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

/** 850 ms, 12.3 s, 4:05, 2:03:10 */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** One JSON document on a line of its own; what JSON has no number for becomes null. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What goes to stderr: one line, whatever a file name or a value in it holds, without the credentials of a URL. */
export function complaint(message: string): string {
  return `lfd: ${redacted(message).replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))}\n`;
}

/** A mistyped option is quoted as it was given, and it may be the URL of a Redis: all before its last @ is left out. */
export function redacted(text: string): string {
  return text.replace(/\/\/\S*@/g, "//…@");
}

/** Columns that a line of text may have: the terminal's, 80 where there is none. */
export function lineWidth(): number {
  return process.stdout.columns || 80;
}

/**
 * Text as lines of at most {@link lineWidth}, the first after `indent`, the others after `hang`; broken between `parts`,
 * its words if not given.
 */
export function wrap(
  text: string,
  {
    indent = "",
    hang = indent,
    parts = text.split(" "),
  }: { indent?: string; hang?: string; parts?: string[] } = {},
): string {
  const lines = [indent + parts[0]];
  for (const part of parts.slice(1)) {
    const longer = `${lines.at(-1)} ${part}`;
    if (width(longer) <= lineWidth()) lines[lines.length - 1] = longer;
    else lines.push(hang + part);
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** The same for facts with commas and semicolons between them, which are where it is broken. */
export function wrapFacts(
  text: string,
  { indent = "", hang = indent }: { indent?: string; hang?: string } = {},
): string {
  return wrap(text, { indent, hang, parts: text.split(/(?<=[,;]) /) });
}

/** Columns, right-aligned but for those listed in `left`, headings first. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { left = [] }: { left?: readonly number[] } = {},
): string {
  const widths = headings.map((heading, k) =>
    rows.reduce((widest, row) => Math.max(widest, width(row[k]!)), width(heading)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => {
        const space = " ".repeat(widths[k]! - width(cell));
        return left.includes(k) ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd();
  return [headings, ...rows].map((row) => `${line(row)}\n`).join("");
}

/** Code points without the combining ones (ĝ, H̃). */
export function width(text: string): number {
  return [...text.replace(/\p{Mn}/gu, "")].length;
}
