// The page without a network, from its second visit on. Everything it is made of is kept under the version of the build;
// a page that is open goes on with the files it came with until its last tab is closed.

export {};

declare const self: ServiceWorkerGlobalScope;
/** Filled in by the build (vite.config.ts): file names relative to the scope. */
declare const __ASSETS__: Record<"core" | "rest" | "large", string[]> & { version: string };

const { version, core, rest, large } = __ASSETS__;
// One origin may hold several copies of the page, each under its own path.
const prefix = `lfd ${self.registration.scope} `;
const cacheName = prefix + version;

const known = new Set([...core, ...rest, ...large].map(address));
const page = address("index.html");
const docs = address("docs/");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(core.map(request))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(prefix) && name !== cacheName))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// What the first chart does not need is fetched when the page says that it has nothing better to do, and whether the
// large part, which otherwise is kept when it is first used, is to be among it.
self.addEventListener("message", (event) => {
  if (event.data?.kind !== "idle") return;
  event.waitUntil(keepAll([...rest, ...(event.data.large ? large : [])]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  const isPage = url.href === self.registration.scope || url.href === page;
  // The page itself from the network while there is one: a new version is seen at once.
  if (request.mode === "navigate" && isPage) event.respondWith(fetch(request).catch(() => kept(page)));
  else if (known.has(url.href)) event.respondWith(keptOrFetched(url.href, request));
  else if (url.href.startsWith(docs)) event.respondWith(document(url.href, request));
});

/** Keeps files one by one, those that are there already aside. */
async function keepAll(names: string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const name of names) if (!(await cache.match(address(name)))) await cache.add(request(name));
  const index = await cache.match(`${docs}index.html`);
  if (index) return;
  // The first page of the documents with its style and scripts; the others are kept as they are read.
  const first = await fetch(`${docs}index.html`);
  if (!first.ok) return;
  const parts = [...(await first.clone().text()).matchAll(/(?:href|src)="(assets\/[^"]+)"/g)];
  await cache.addAll([...new Set(parts.map(([, name]) => docs + name))]);
  await cache.put(`${docs}index.html`, first);
}

async function kept(url: string): Promise<Response> {
  return (await (await caches.open(cacheName)).match(url)) ?? Response.error();
}

/** A file of the page: under its name it never changes while this version lasts. */
async function keptOrFetched(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(url)) ?? keeping(cache, url, await fetch(request));
}

/** A page of the documents, which are not part of the build: the newest, or as it was when it was read last. */
async function document(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    return keeping(cache, url, await fetch(request));
  } catch {
    return (await cache.match(url)) ?? (request.mode === "navigate" ? notRead() : Response.error());
  }
}

function keeping(cache: Cache, url: string, response: Response): Response {
  // a full disk is no reason to withhold it
  if (response.ok) void cache.put(url, response.clone()).catch(() => undefined);
  return response;
}

function notRead(): Response {
  return new Response(
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=width=device-width>" +
      "<title>No network</title><h1>No network</h1><p>This page of the documents has not been read on this device " +
      `before, and there is no network now. <a href="${page}">Back to the viewer</a>, which works without one.`,
    { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } },
  );
}

/** What has a hash in its name is taken from the browser's cache, where the page has just put it. */
function request(name: string): Request {
  return new Request(address(name), { cache: name.startsWith("assets/") ? "force-cache" : "default" });
}

function address(name: string): string {
  return new URL(name, self.registration.scope).href;
}
