import { createHash } from "node:crypto";
import { loadWasm } from "#platform";
import { version } from "../version.js";

/** What a result depends on besides its problem. */
export interface SolverVersion {
  /** Of the package. */
  version: string;
  /** SHA-256 of solver.wasm. */
  wasm: string;
}

let known: Promise<SolverVersion> | undefined;

export function solverVersion(): Promise<SolverVersion> {
  known ??= loadWasm("release").then((bytes) => ({ version, wasm: sha256(bytes as Uint8Array) }));
  return known;
}

/** 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Whether a text from a file or another machine is an id: it becomes the name of a file. */
export function isId(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}
