import { type Findings, passes } from "./check.js";
import { checks } from "./registry.js";
import { thePackage } from "./subject.js";

/** What became of a check. */
export interface Verdict extends Findings {
  name: string;
  passed: boolean;
  seconds: number;
  /** Why it could not be completed. */
  error?: string;
}

/** What a thread does: one check of the package at full size. */
export default async function tryOut(name: string): Promise<Verdict> {
  const began = performance.now();
  const check = checks.find((candidate) => candidate.name === name)!;
  const seconds = () => (performance.now() - began) / 1e3;
  try {
    const findings = await check.run({ subject: thePackage, cells: (n) => n });
    return { name, ...findings, passed: passes(findings), seconds: seconds() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, rows: [], tables: [], passed: false, seconds: seconds(), error: message };
  }
}
