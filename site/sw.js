/**
 * The service worker: keeps the whole site, so that it starts quickly and works offline.
 *
 * The list of files and the build's id come from the build. Another build is another cache,
 * filled in the background and used from the visit after.
 */
importScripts("sw-manifest.js");

const worker = /** @type {ServiceWorkerGlobalScope & {MANIFEST: {id: string, files: Record<string, number>}}} */ (
  /** @type {unknown} */ (self)
);
const { id, files } = worker.MANIFEST;
const CACHE = `mlp-${id}`;
const SCOPE = worker.registration.scope;

/** Fetched only when a visitor wants all of MNIST, and kept from then on. */
const ON_DEMAND = /^data\/train-.*-2\./;

worker.addEventListener("install", (event) => {
  const wanted = Object.keys(files).filter((file) => !ON_DEMAND.test(file));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(["./", ...wanted])));
  // Without this, the old build would be shown until the visitor has closed its every tab.
  worker.skipWaiting();
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => {
      const old = names.filter((name) => name.startsWith("mlp-") && name !== CACHE);
      return Promise.all(old.map((name) => caches.delete(name)));
    }),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(SCOPE)) event.respondWith(answer(event));
});

/** @param {FetchEvent} event */
async function answer(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  if (kept) return kept;
  const response = await fetch(request);
  const file = request.url.slice(SCOPE.length);
  // Not waited for: the page is to see the bytes come. Where there is no room, it has them all the same.
  if (response.ok && ON_DEMAND.test(file)) event.waitUntil(cache.put(request, response.clone()).catch(() => null));
  return response;
}
