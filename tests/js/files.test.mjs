/** Each file of the site, as it was built, and all that can go wrong with it: in the worker, and in the service worker. */
import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";

const SITE = new URL("../../dist/", import.meta.url);
const { id, files } = JSON.parse(readFileSync(new URL("build.json", SITE), "utf8"));
const SHA256 = "x-sha256";

/** @type {Map<string, Uint8Array<ArrayBuffer>>} */
const contents = new Map(Object.keys(files).map((path) => [path, new Uint8Array(readFileSync(new URL(path, SITE)))]));
const WEB_PAGE = new TextEncoder().encode("<!doctype html><title>Welcome to our wireless network</title>");

/** What comes in place of a file's content; null where it stands still after its first half. */
const FAULTS = /** @type {const} */ ({
  missing: () => new Response("not here", { status: 404 }),
  "a web page": () => new Response(WEB_PAGE, { headers: { "Content-Type": "text/html" } }),
  half: (/** @type {Uint8Array<ArrayBuffer>} */ content) => new Response(content.slice(0, content.length >> 1)),
  "other bytes": (/** @type {Uint8Array<ArrayBuffer>} */ content) => {
    const other = content.slice();
    other[other.length >> 1] ^= 1;
    return new Response(other);
  },
  stalled: (/** @type {Uint8Array<ArrayBuffer>} */ content, /** @type {AbortSignal | undefined} */ signal) =>
    new Response(
      new ReadableStream({
        start(stream) {
          stream.enqueue(content.slice(0, content.length >> 1));
          signal?.addEventListener("abort", () => stream.error(signal.reason));
        },
      }),
    ),
  offline: () => {
    throw new TypeError("fetch failed");
  },
});
/** @typedef {keyof typeof FAULTS} Fault */

/** What is wrong with the file that is fetched, and how often. @type {{fault: Fault | null, times: number}} */
const now = { fault: null, times: Infinity };
/** How each was asked for. @type {string[]} */
let caches = [];

/**
 * @param {string | URL} url
 * @param {RequestInit} [init]
 */
async function host(url, { cache = "default", signal } = {}) {
  const path = String(url).slice(ROOT.href.length);
  const content = /** @type {Uint8Array<ArrayBuffer>} */ (contents.get(path));
  caches.push(cache);
  if (now.fault === null || caches.length > now.times) return new Response(content);
  return FAULTS[now.fault](content, signal ?? undefined);
}

/** Looks at what is on its way. @type {Set<() => void>} */
const looks = new Set();
Object.assign(globalThis, {
  self: globalThis,
  fetch: host,
  // Whatever waits for a time is due at once, as when a laptop wakes; what looks again and again looks once.
  setTimeout: (/** @type {() => void} */ due) => setImmediate(due),
  clearTimeout: clearImmediate,
  setInterval: (/** @type {() => void} */ look) => (looks.add(look), look),
  clearInterval: (/** @type {() => void} */ look) => looks.delete(look),
});
// The module as it is written, with this build's catalogue.
const root = mkdtempSync(join(tmpdir(), "site-"));
const ROOT = pathToFileURL(join(root, "/"));
const code = join(root, `build-${id}`);
cpSync(new URL("../../site/js/", import.meta.url), join(code, "js"), { recursive: true });
copyFileSync(new URL(`build-${id}/catalogue.js`, SITE), join(code, "catalogue.js"));
const { Files } = await import(pathToFileURL(join(code, "js", "files.js")).href);

/** @param {Fault | null} fault */
function begin(fault, times = Infinity) {
  Object.assign(now, { fault, times });
  caches = [];
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Fetch a file, while the clock goes on as soon as nothing else does.
 *
 * @param {string} path
 */
async function fetched(path) {
  let isDone = false;
  const coming = new Files(() => {}).fetch(path).finally(() => (isDone = true));
  coming.catch(() => null);
  while (!isDone) {
    await turn();
    await turn();
    for (const look of looks) look();
  }
  return coming;
}

/** The worker's own; what the page is made of is told by guard.js. */
const OF_WORKER = Object.keys(files).filter((path) => !["page", "editor", "about"].includes(files[path].role));

test("there are files, and right ones come as they are", async () => {
  assert.ok(OF_WORKER.length > 12);
  for (const path of OF_WORKER) {
    begin(null);
    assert.deepEqual(await new Files(() => {}).fetch(path), contents.get(path));
    assert.deepEqual(caches, ["default"]);
  }
});

for (const fault of /** @type {Fault[]} */ (Object.keys(FAULTS))) {
  test(`each file of the worker, ${fault}: told by name, with what is wrong`, async () => {
    const isMissing = ["missing", "stalled", "offline"].includes(fault);
    for (const path of OF_WORKER) {
      begin(fault);
      await assert.rejects(fetched(path), ({ failure: { kind, message, file } }) => {
        assert.deepEqual([kind, file], [isMissing ? "missing" : "damaged", path]);
        return message.startsWith(`${path.split("/").pop()} `);
      });
      // What is wrong in a cache is asked for past it, once; what stands still has been waited for long enough.
      assert.deepEqual(caches, fault === "stalled" ? ["default"] : ["default", "reload"]);
      assert.equal(looks.size, 0);
    }
  });

  if (fault === "stalled") continue;
  test(`what comes ${fault} once, and then right, is right`, async () => {
    for (const path of OF_WORKER) {
      begin(fault, 1);
      assert.deepEqual(await fetched(path), contents.get(path));
    }
  });
}

test("a laptop's sleep is no silence: however long, it is one look", async () => {
  begin("stalled");
  let isOver = false;
  const coming = new Files(() => {}).fetch("data/starter.npz").finally(() => (isOver = true));
  coming.catch(() => null);
  for (let i = 0; i < 20; i++) await turn(); // its first half comes
  for (let i = 0; i < 9; i++) {
    for (const look of looks) look();
    await turn();
  }
  assert.ok(!isOver);
  for (const look of looks) look();
  await assert.rejects(coming, /nothing for ten seconds/);
});

// ── The service worker ─────────────────────────────────────────────────────────────────────

const SW = readFileSync(new URL("sw.js", SITE), "utf8");
const CATALOGUE = readFileSync(new URL(`build-${id}/catalogue.js`, SITE), "utf8");

/** A service worker that is being installed: what comes of it, and what it keeps. */
function install() {
  /** @type {Map<string, Response>} */
  const kept = new Map();
  const cache = { match: async (/** @type {string} */ url) => kept.get(url), put: async (/** @type {string} */ url, /** @type {Response} */ response) => void kept.set(url, response) };
  /** @type {Promise<void>} */
  let done = Promise.resolve();
  const self = {
    registration: { scope: ROOT.href },
    addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ listen) => {
      if (type === "install") listen({ waitUntil: (/** @type {Promise<void>} */ filling) => (done = filling) });
    },
  };
  const context = { self, ...{ URL, Response, crypto, Promise, Error, TypeError, Uint8Array, fetch: host }, importScripts: () => {}, caches: { open: async () => cache, keys: async () => [] } };
  runInNewContext(`${CATALOGUE}\n${SW}`, context);
  return { done, kept };
}

const KEPT = Object.keys(files).filter((path) => ["start", "ready"].includes(files[path].when));

test("the service worker keeps each file, as it is", async () => {
  begin(null);
  const { done, kept } = install();
  await done;
  assert.equal(kept.size, KEPT.length + 1); // and the catalogue
  for (const path of KEPT) assert.equal(kept.get(ROOT.href + path)?.headers.get(SHA256), files[path].sha256);
});

for (const fault of /** @type {Fault[]} */ (["missing", "a web page", "half", "other bytes", "offline"])) {
  test(`the service worker does not take over where files come ${fault}, and keeps none of these`, async () => {
    begin(fault);
    const { done, kept } = install();
    await assert.rejects(done);
    await turn();
    assert.equal(kept.size, 0);
  });
}
