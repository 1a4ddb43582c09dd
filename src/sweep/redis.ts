import type { ConnectionOptions } from "bullmq";
import { InputError, RunError } from "../errors.js";
import type { SolverVersion } from "./identity.js";

export type Bullmq = typeof import("bullmq");

/** BullMQ and its driver, optional both: loaded when a queue is asked for. Throws InputError. */
export async function loadBullmq(): Promise<Bullmq> {
  const load = async (name: string) => {
    try {
      return await import(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
      throw new InputError("--redis", `takes the package ${name}; npm install bullmq ioredis`);
    }
  };
  await load("ioredis"); // the driver that BullMQ takes for a URL
  return load("bullmq");
}

/** The queue of all sweeps that this solver computes: another version's workers have another. */
export function queueName({ version, wasm }: SolverVersion): string {
  return `lfd-${version}-${wasm.slice(0, 12)}`;
}

/** Milliseconds between attempts to reach a Redis that is away. */
const patience = 1000;

/** A Redis that may go away and come back: who uses it waits, and the user is told, once each way. */
export class RedisLink {
  /** Where it is, without credentials. */
  readonly name: string;
  readonly connection: ConnectionOptions;
  /** Rejects if waiting is no use. */
  readonly refused: Promise<never>;
  #away = false;
  #closed = false;
  #refuse!: (error: Error) => void;
  readonly #tell: (message: string) => void;

  /** Throws InputError for what is not the URL of a Redis; the message does not repeat it. */
  constructor(url: string, tell: (message: string) => void) {
    const { protocol, host, pathname } = parse(url);
    this.name = `${protocol}//${host}${pathname}`;
    this.#tell = tell;
    this.refused = new Promise((_, reject) => {
      this.#refuse = reject;
    });
    this.refused.catch(() => {});
    this.connection = {
      url,
      maxRetriesPerRequest: null,
      keepAlive: 10_000,
      retryStrategy: () => (this.#closed ? null : patience),
    };
  }

  /** Takes an error of a connection: an outage is told once, a refusal ends the waiting. */
  failed(error: Error): void {
    if (this.#closed) return;
    if (/NOAUTH|WRONGPASS|NOPERM|invalid password|Redis version needs/.test(error.message)) {
      this.#refuse(new RunError(`${this.name} refuses: ${error.message}`));
      return;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (this.#away || !isOutage(error)) return;
    this.#away = true;
    this.#tell(`${this.name} cannot be reached (${code ?? error.message}); waiting for it`);
  }

  get away(): boolean {
    return this.#away;
  }

  /** A command has been answered. True if that ends an outage. */
  answered(): boolean {
    if (!this.#away) return false;
    this.#away = false;
    this.#tell(`${this.name} is back`);
    return true;
  }

  /** From now on a lost connection stays lost. */
  close(): void {
    this.#closed = true;
  }
}

/** Of the network, or a Redis that is starting; BullMQ's own errors about a job have numbers for a code. */
function isOutage(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return /^E[A-Z_]+$/.test(String(code)) || /Connection is closed|^LOADING|ETIMEDOUT/.test(error.message);
}

function parse(text: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(text);
    decodeURIComponent(url.username + url.password);
  } catch {
    url = undefined;
  }
  const sound =
    url &&
    ["redis:", "rediss:"].includes(url.protocol) &&
    url.hostname !== "" &&
    /^(\/\d*)?$/.test(url.pathname);
  if (!url || !sound) {
    throw new InputError(
      "--redis",
      "is not the URL of a Redis; valid: redis://[user:password@]host[:port][/database], rediss:// for TLS",
    );
  }
  return url;
}
