// The page without a network, from its second visit on. Everything it is made of is kept under the version of the build;
// a page that is open goes on with the files it came with until its last tab is closed.

export {};

declare const self: ServiceWorkerGlobalScope;
/** Filled in by the build (vite.config.ts): file names relative to the scope. */
declare const __ASSETS__: { version: string; core: string[]; rest: string[] };

const { version, core, rest } = __ASSETS__;
// One origin may hold several copies of the page, each under its own path.
const prefix = `lfd ${self.registration.scope} `;
const cacheName = prefix + version;

const known = new Set([...core, ...rest].map((name) => address(name)));
const page = address("index.html");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(core.map(address))));
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

// The rest is fetched when the page says that it has nothing better to do.
self.addEventListener("message", (event) => {
  if (event.data !== "fetch the rest") return;
  event.waitUntil(
    caches.open(cacheName).then(async (cache) => {
      for (const url of rest.map(address)) if (!(await cache.match(url))) await cache.add(url);
    }),
  );
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
  else if (known.has(url.href)) event.respondWith(kept(url.href, request));
});

async function kept(url: string, request?: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(url)) ?? (request ? fetch(request) : Response.error());
}

function address(name: string): string {
  return new URL(name, self.registration.scope).href;
}
