import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { complaint } from "./format.js";

interface ViewOptions {
  port: number;
  open?: boolean;
}

const host = "127.0.0.1";
/** The built page, beside this file's folder in the package. */
const built = new URL("../web/", import.meta.url);

/** lfd view: serves the page, and the result beside it, until Ctrl-C. */
export async function view(result: string | undefined, { port, open }: ViewOptions): Promise<void> {
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new InputError("--port", `${port} is not valid; an integer from 0 (any free port) to 65535`);
  }
  if (result !== undefined) await requireResult(result);
  const directory = fileURLToPath(built);
  if (!fs.existsSync(path.join(directory, "index.html"))) {
    throw new InputError(directory, "the viewer has not been built; npm run build:web builds it");
  }
  const { server, url } = await serve(directory, port, result);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  process.stdout.write(`${url}\nCtrl-C ends it\n`);
  if (open) openBrowser(url);
  await stopped;
  server.close();
  server.closeAllConnections();
}

/** @throws InputError if it is no result that the page could show */
async function requireResult(result: string): Promise<void> {
  const { readResult } = await import("../output/read.js");
  const { samples, close } = await readResult(result);
  close();
  if (samples.length === 0) throw new InputError(result, "holds no sample yet");
}

/**
 * Serves `directory`, and `result` as /result.h5, on 127.0.0.1; to this machine's browsers only.
 *
 * @param port 0 for any that is free
 * @throws InputError if the port cannot be had
 */
export async function serve(
  directory: string,
  port: number,
  result?: string,
): Promise<{ server: Server; url: string }> {
  const root = fs.realpathSync(directory);
  const server = createServer((request, response) => {
    answer(request, response, root, result).catch((error) => {
      // The browser went away, or the file changed under it; others are served on.
      response.destroy();
      if (process.env.LFD_DEBUG) process.stderr.write(complaint(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new InputError("--port", refusal(port, error))),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as { port: number };
  const query = result === undefined ? "" : "?result=result.h5";
  return { server, url: `http://${host}:${address.port}/${query}` };
}

function refusal(port: number, error: NodeJS.ErrnoException): string {
  const reason = error.code === "EADDRINUSE" ? "another program uses it" : fileReason(error);
  return `${port} cannot be used: ${reason}; valid: another port, or none for any that is free`;
}

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".h5": "application/x-hdf5",
};

/** What the page says of itself in its head, for everything that comes from here, workers too. */
const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The policy for a page of the documents: besides, what TypeDoc writes into it, its scripts by their hashes, and its styles. */
function policyWith(page: string): string {
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => ` 'sha256-${createHash("sha256").update(script!).digest("base64")}'`,
  );
  const policy = headers["Content-Security-Policy"];
  return policy
    .replace(" 'wasm-unsafe-eval'", [...new Set(scripts)].join(""))
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  result: string | undefined,
): Promise<void> {
  const refuse = (status: number, reason: string, more: Record<string, string> = {}) => {
    response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8", ...more });
    response.end(request.method === "HEAD" ? undefined : `${reason}\n`);
  };
  // A page elsewhere may have a name that leads here; what it asks for comes under that name.
  const name = request.headers.host?.replace(/:\d+$/, "");
  if (name !== host && name !== "localhost") return refuse(403, "this server is for 127.0.0.1 only");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(405, "GET and HEAD only", { Allow: "GET, HEAD" });
  }
  const asked = pathOf(request.url ?? "/");
  const isResult = asked === "/result.h5" && result !== undefined;
  const file = isResult ? result : asked === undefined ? undefined : fileBelow(root, asked);
  if (file === undefined) return refuse(404, "there is no such file");

  const handle = await fs.promises.open(file, "r");
  try {
    const { size } = await handle.stat();
    const hashed = !isResult && asked!.startsWith("/assets/");
    const isDocument = !isResult && asked!.startsWith("/docs/") && file.endsWith(".html");
    response.writeHead(200, {
      ...headers,
      ...(isDocument && {
        "Content-Security-Policy": policyWith(await fs.promises.readFile(file, "utf8")),
      }),
      "Content-Type":
        contentTypes[isResult ? ".h5" : path.extname(file).toLowerCase()] ?? "application/octet-stream",
      "Content-Length": size,
      "Cache-Control": isResult ? "no-store" : hashed ? "max-age=31536000, immutable" : "no-cache",
      ...(isResult && {
        "Content-Disposition": `inline; filename*=UTF-8''${encodeURIComponent(path.basename(result))}`,
      }),
    });
    if (request.method === "HEAD" || size === 0) response.end();
    // The file of a run that goes on may grow meanwhile: as much as was announced.
    else await pipeline(handle.createReadStream({ end: size - 1, autoClose: false }), response);
  } finally {
    await handle.close();
  }
}

/** The path that a request asks for, decoded; undefined if it is none. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, `http://${host}`).pathname);
  } catch {
    return undefined;
  }
}

/** The file below `root` at this path; undefined if there is none, or if it is elsewhere. */
function fileBelow(root: string, asked: string): string | undefined {
  if (asked.includes("\0")) return undefined;
  const file = path.join(root, asked.endsWith("/") ? `${asked}index.html` : asked);
  try {
    const real = fs.realpathSync(file);
    return real.startsWith(root + path.sep) && fs.statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  const child = spawn(command!, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () =>
    process.stderr.write(complaint(`--open: no browser could be started; open ${url}`)),
  );
  child.unref();
}
