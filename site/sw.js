/**
 * The service worker: keeps the whole site, so that it starts quickly and works offline.
 *
 * What is kept has the SHA-256 that the build's catalogue gives it, or is not kept. Another build is another cache, filled
 * in the background; it takes over when the visitor says so, or has closed all tabs. A page of the build before goes on
 * with the files of that build. Where storage is forbidden or fails, requests go to the network.
 */
importScripts("BUILD/catalogue.js");

const worker = /** @type {ServiceWorkerGlobalScope & {CATALOGUE: import("./js/site.js").Catalogue}} */ (
  /** @type {unknown} */ (self)
);
const { id, files } = worker.CATALOGUE;
const SCOPE = worker.registration.scope;
/** Other copies of the site on this origin have caches of their own. */
const PREFIX = `mlp ${SCOPE} `;
const CACHE = PREFIX + id; // js/files.js adds to it what was fetched on wish
/** What the caches of a build before this naming were called; they are this copy's if they hold its start page. */
const BEFORE = /^mlp-[0-9a-f]{12}$/;
const CATALOGUE_FILE = "BUILD/catalogue.js";
/** Under this header a request tells which content it wants, and a kept file which it is; js/site.js has it, too. */
const SHA256 = "x-sha256";
const AT_ONCE = 4; // files fetched at the same time

worker.addEventListener("install", (event) => event.waitUntil(fill()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("message", (event) => {
  if (event.data === "use this build") void worker.skipWaiting();
  if (event.data === "ready") event.waitUntil(cleanUp());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.method !== "GET" || !address.startsWith(SCOPE)) return;
  const path = address.slice(SCOPE.length) || "index.html";
  const isKnown = Object.hasOwn(files, path) ? files[path].when !== "never" : /^build-[0-9a-f]{12}\//.test(path);
  if (isKnown) event.respondWith(answer(request, path));
});

/**
 * @param {Request} request
 * @param {string} path
 */
async function answer(request, path) {
  const kept = await find(path, request.headers.get(SHA256)).catch(() => null);
  const response = kept ?? (await fetch(request));
  return request.mode === "navigate" && response.ok ? isolated(response) : response;
}

/**
 * A page of its own, apart from any other site: only such a one's threads may share memory. It has nothing from elsewhere.
 *
 * @param {Response} response
 */
function isolated({ body, headers }) {
  const more = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  return new Response(body, { headers: { ...Object.fromEntries(headers), ...more } });
}

/**
 * A file that is kept: this build's, or for a page of another one, which names the content it wants, that one's.
 *
 * @param {string} path
 * @param {string | null} sha256
 */
async function find(path, sha256) {
  const isOurs = path === CATALOGUE_FILE || (Object.hasOwn(files, path) && (!sha256 || sha256 === files[path].sha256));
  return isOurs ? (await caches.open(CACHE)).match(SCOPE + path) : findElsewhere(path, sha256);
}

/**
 * The same file of another build.
 *
 * @param {string} path
 * @param {string | null} sha256  of its content; null for any
 */
async function findElsewhere(path, sha256) {
  for (const name of (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)) {
    const kept = await (await caches.open(name)).match(SCOPE + path);
    if (kept && (!sha256 || kept.headers.get(SHA256) === sha256)) return kept;
  }
  return null;
}

// ── Filling the cache ──────────────────────────────────────────────────────────────────────

async function fill() {
  const cache = await caches.open(CACHE);
  const waiting = Object.keys(files).filter((path) => files[path].when === "start" || files[path].when === "ready");
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let path = waiting.pop(); path; path = waiting.pop()) {
      if (await cache.match(SCOPE + path)) continue;
      const kept = await findElsewhere(path, files[path].sha256);
      if (kept) await cache.put(SCOPE + path, kept);
      else await fetchRight(path);
    }
  });
  await Promise.all(workers);
  const catalogue = `self.CATALOGUE = ${JSON.stringify(worker.CATALOGUE)};`;
  await cache.put(SCOPE + CATALOGUE_FILE, new Response(catalogue, { headers: { "Content-Type": "text/javascript" } }));
}

/**
 * Fetch and keep a file; one that is wrong once more, past every cache.
 *
 * @param {string} path
 */
async function fetchRight(path) {
  for (const cache of /** @type {const} */ (["no-cache", "reload"])) {
    const response = await fetch(SCOPE + path, { cache });
    if (response.ok && (await keep(path, response))) return;
  }
  throw new Error(`${path} is not what it should be`);
}

/**
 * @param {string} path
 * @param {Response} response
 * @returns {Promise<boolean>} whether it was right, and is kept
 */
async function keep(path, response) {
  const type = response.headers.get("Content-Type") ?? "application/octet-stream";
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== files[path].sha256) return false;
  const kept = new Response(bytes, { headers: { "Content-Type": type, [SHA256]: sha256 } });
  await (await caches.open(CACHE)).put(SCOPE + path, kept);
  return true;
}

// ── Emptying old ones ──────────────────────────────────────────────────────────────────────

/** Delete the caches of builds that no open page is of: each is asked, and one that does not answer may need any. */
async function cleanUp() {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const builds = await Promise.all(pages.filter(({ url }) => url.startsWith(SCOPE)).map(buildOf));
  if (builds.includes(null)) return;
  for (const name of await caches.keys()) {
    const isOld = name.startsWith(PREFIX) && name !== CACHE && !builds.includes(name.slice(PREFIX.length));
    if (isOld || (BEFORE.test(name) && (await (await caches.open(name)).match(SCOPE)))) await caches.delete(name);
  }
}

/**
 * @param {Client} page
 * @returns {Promise<string | null>}
 */
function buildOf(page) {
  const { port1, port2 } = new MessageChannel();
  page.postMessage("which build?", [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, 5_000, null);
  });
}
