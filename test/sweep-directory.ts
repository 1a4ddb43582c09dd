import fs from "node:fs";
import path from "node:path";

// What a sweep has written into its directory.

/** The entries of the journal; none before there is one. What is not whole yet does not count. */
export function journalOf(directory: string): { id: string; index: number; [key: string]: unknown }[] {
  const file = path.join(directory, "journal.jsonl");
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** The tables, byte for byte. */
export function tablesOf(directory: string): string[] {
  return ["runs.parquet", "samples.parquet"].map((name) =>
    fs.readFileSync(path.join(directory, name)).toString("base64"),
  );
}
