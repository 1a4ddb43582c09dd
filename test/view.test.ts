import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve, view } from "../src/cli/view.js";
import { InputError } from "../src/errors.js";
import { folder, lfd, type Outcome, start } from "./cli.js";

const built = fs.existsSync(fileURLToPath(new URL("../dist/web/index.html", import.meta.url)));

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** A request with this path as it stands: no client tidies it up. */
function request(
  url: string,
  path: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = http.request({ hostname, port, path, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** A script as TypeDoc writes it into its pages. */
const inline = "document.body.dataset.theme = 'os';\n";

describe("the server of lfd view", () => {
  const outside = folder({ "secret.txt": "secret", "ergebnis ß'1.h5": "\x89HDF result" });
  const site = path.join(outside, "web");
  const result = path.join(outside, "ergebnis ß'1.h5");
  let url: string;
  let close: () => void;

  beforeAll(async () => {
    fs.mkdirSync(path.join(site, "assets"), { recursive: true });
    const files = {
      "index.html": "<!doctype html>",
      "assets/index-abc.js": "1",
      "assets/a.css": "a{}",
      "assets/s.wasm": "\0asm",
      "favicon.svg": "<svg/>",
      "manifest.webmanifest": "{}",
      "empty.txt": "",
      "other.bin": "?",
    };
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(site, name), text);
    fs.mkdirSync(path.join(site, "docs"));
    fs.writeFileSync(path.join(site, "docs/page.html"), `<!doctype html><script>${inline}</script><p>docs`);
    fs.mkdirSync(path.join(outside, "web-other"));
    fs.writeFileSync(path.join(outside, "web-other/secret.txt"), "secret");
    fs.symlinkSync(path.join(outside, "secret.txt"), path.join(site, "link.txt"));
    const served = await serve(site, 0, result);
    url = served.url;
    close = () => served.server.close();
  });
  afterAll(() => close());

  it("listens on this machine only and names the result in the address", () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?result=result\.h5$/);
  });

  it.each([
    ["/", "text/html; charset=utf-8", "<!doctype html>"],
    ["/?result=result.h5&x=/../..", "text/html; charset=utf-8", "<!doctype html>"],
    ["/index.html", "text/html; charset=utf-8", "<!doctype html>"],
    ["/assets/index-abc.js", "text/javascript; charset=utf-8", "1"],
    ["/assets/../assets/a.css", "text/css; charset=utf-8", "a{}"],
    ["/assets/s.wasm", "application/wasm", "\0asm"],
    ["/favicon.svg", "image/svg+xml", "<svg/>"],
    ["/manifest.webmanifest", "application/manifest+json", "{}"],
    ["/empty.txt", "text/plain; charset=utf-8", ""],
    ["/other.bin", "application/octet-stream", "?"],
    ["/result.h5", "application/x-hdf5", "\x89HDF result"],
  ])("sends %s as %s", async (path, type, text) => {
    for (const method of ["GET", "HEAD"]) {
      const { status, headers, body } = await request(url, path, { method });
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe(type);
      expect(headers["content-length"]).toBe(String(Buffer.byteLength(text)));
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["content-security-policy"]).toMatch(
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
      );
      expect(headers["content-security-policy"]).not.toContain("unsafe-inline");
      expect(body.toString()).toBe(method === "HEAD" ? "" : text);
    }
  });

  it("lets the documents run their own scripts, each by its hash, and have their own styles", async () => {
    const { headers } = await request(url, "/docs/page.html");
    const hash = createHash("sha256").update(inline).digest("base64");
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; /);
    expect(headers["content-security-policy"]).toContain(
      `; script-src 'self' 'sha256-${hash}'; style-src 'self' 'unsafe-inline';`,
    );
  });

  it("lets the browser keep what never changes, and nothing of the result", async () => {
    const cache = async (path: string) => (await request(url, path)).headers["cache-control"];
    expect(await cache("/assets/index-abc.js")).toBe("max-age=31536000, immutable");
    expect(await cache("/")).toBe("no-cache");
    expect(await cache("/result.h5")).toBe("no-store");
    const { headers } = await request(url, "/result.h5");
    expect(headers["content-disposition"]).toBe("inline; filename*=UTF-8''ergebnis%20%C3%9F'1.h5");
  });

  it.each([
    "/none.html",
    "/assets",
    "/assets/",
    "/index.html/",
    "/secret.txt",
    "/../secret.txt",
    "/../../../../../../../etc/passwd",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/../web-other/secret.txt",
    "/..%2fweb-other%2fsecret.txt",
    "/link.txt",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/index.html%00.js",
    "/%",
    "/%ff",
    "http://127.0.0.1/../secret.txt",
    "/result.h5/../../secret.txt",
    "/RESULT.H5",
    `/${"a/".repeat(3000)}`,
  ])("has nothing at %s", async (path) => {
    const { status, headers, body } = await request(url, path);
    expect(status).toBe(404);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(body.toString()).not.toContain("secret");
  });

  it("takes GET and HEAD only", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const { status, headers } = await request(url, "/", { method });
      expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "GET, HEAD" });
    }
  });

  it("answers to its own name only, so that no page elsewhere reads the result through another", async () => {
    for (const host of ["evil.example", "evil.example:80", "127.0.0.1.evil.example"]) {
      const { status, body } = await request(url, "/result.h5", { headers: { host } });
      expect(status).toBe(403);
      expect(body.toString()).not.toContain("HDF");
    }
    const { port } = new URL(url);
    expect((await request(url, "/", { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });

  it("has no result if it was given none, and outlives one that goes away", async () => {
    const without = await serve(site, 0);
    expect(without.url).toMatch(/\/$/);
    expect((await request(without.url, "/result.h5")).status).toBe(404);
    without.server.close();

    const gone = path.join(folder({ "gone.h5": "x" }), "gone.h5");
    const served = await serve(site, 0, gone);
    fs.rmSync(gone);
    await expect(request(served.url, "/result.h5")).rejects.toThrow();
    expect((await request(served.url, "/")).status).toBe(200);
    served.server.close();
  });

  it("says so in one line if the port is taken", async () => {
    const { port } = new URL(url);
    const error = await serve(site, Number(port)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe(
      `--port: ${port} cannot be used: another program uses it; valid: another port, or none for any that is free`,
    );
  });
});

describe("lfd view", () => {
  const directory = folder({ "text.h5": "time,r,f\n" });
  const good = path.join(directory, "good.h5");
  const quick = ["run", "two-temperature", "--cells", "40", "--until", "0.1", "--quiet", "--output"];
  beforeAll(async () => {
    expect(await lfd([...quick, good])).toMatchObject({ status: 0 });
    fs.writeFileSync(path.join(directory, "cut.h5"), fs.readFileSync(good).subarray(0, 9000));
  });

  it("refuses what is no result before it serves anything", async () => {
    for (const [name, reason] of [
      ["none.h5", "cannot be read: no such file or directory"],
      ["text.h5", "is not an HDF5 file"],
      ["cut.h5", "is truncated: 9000 of"],
      [".", "cannot be read: it is not a file"],
    ] as const) {
      const file = path.join(directory, name);
      const { status, stdout, stderr } = await lfd(["view", file]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toContain(`lfd: ${file}: ${reason}`);
      expect(stderr.split("\n")).toHaveLength(2);
    }
  });

  it.each([
    [["--port", "x"], '--port: "x" is not a number'],
    [["--port", "70000"], "--port: 70000 is not valid; an integer from 0"],
    [["--port", "1.5"], "--port: 1.5 is not valid"],
    [["a.h5", "b.h5"], "unexpected argument"],
  ])("refuses %j", async (args, reason) => {
    const { status, stdout, stderr } = await lfd(["view", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(reason);
  });

  it("says how to build the page if it is not there", async () => {
    // Beside the source there is none.
    const error = await view(undefined, { port: 0 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/the viewer has not been built; npm run build:web builds it/);
  });

  it("serves the page and the result until Ctrl-C, and then ends with status 0", async ({ skip }) => {
    if (!built) {
      console.log("skipped: dist/web is missing (npm run build:web)");
      skip();
    }
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { url, end } = await serving(["view", good]);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?result=result\.h5$/);
      expect((await request(url, "/?result=result.h5")).body.toString()).toContain("<!doctype html>");
      expect((await request(url, "/result.h5")).body.equals(fs.readFileSync(good))).toBe(true);
      // A browser that keeps its connection open does not hold it up.
      const idle = net.connect(Number(new URL(url).port), "127.0.0.1");
      await once(idle, "connect");
      expect(await end(signal)).toMatchObject({ status: 0, stderr: "" });
      idle.destroy();
    }
  });

  it("takes the port that it is told, and says so if it is taken", async ({ skip }) => {
    if (!built) skip();
    const other = net.createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as net.AddressInfo;
    const { status, stdout, stderr } = await lfd(["view", "--port", String(port)]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(
      `lfd: --port: ${port} cannot be used: another program uses it; valid: another port, or none for any that is free\n`,
    );
    other.close();
    await once(other, "close");
    const { url, end } = await serving(["view", "--port", String(port)]);
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    await end("SIGINT");
  });
});

/** `lfd` with these arguments, once it says where it serves. */
async function serving(
  args: string[],
): Promise<{ url: string; end(signal: NodeJS.Signals): Promise<Outcome> }> {
  const { child, ended } = start(args);
  const said = await Promise.race([once(child.stdout!, "data"), ended]);
  if (!Array.isArray(said)) throw new Error(`lfd ${args.join(" ")}: ${said.stderr}`);
  return {
    url: String(said[0]).split("\n")[0]!,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
