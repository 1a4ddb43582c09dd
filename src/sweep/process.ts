import fs from "node:fs";
import os from "node:os";

/** A process, so that it can be told from others of its number: earlier ones, those of another machine or container. */
export interface ProcessIdentity {
  /** Where its number counts: the machine since its start and, on Linux, the container. */
  place: string;
  /** The machine's name, for messages. */
  host: string;
  pid: number;
  /** When it started, in ticks since the machine did. Absent where there is no /proc. */
  started?: string;
}

/** The running process; or another of this machine, if it is there. */
export function identityOf(pid: number = process.pid): ProcessIdentity {
  const started = statOf(pid)?.started;
  return { place: place(), host: os.hostname(), pid, ...(started === undefined ? {} : { started }) };
}

/** Whether a process is still there, stopped or not; undefined for one of another place, of which nothing is known. */
export function isRunning({ place: where, pid, started }: ProcessIdentity): boolean | undefined {
  if (where !== place()) return undefined;
  const found = statOf(pid);
  if (found && started !== undefined) return found.started === started && !"ZX".includes(found.state);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function place(): string {
  const boot = attempt(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const container = attempt(() => fs.readlinkSync("/proc/self/ns/pid"));
  return [os.hostname(), boot, container].filter((part) => part !== undefined).join(" ");
}

/** State and start of a process, from /proc/<pid>/stat; its name, in parentheses, may hold anything. */
function statOf(pid: number): { state: string; started: string } | undefined {
  const text = attempt(() => fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
