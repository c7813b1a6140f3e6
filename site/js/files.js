/**
 * The site's files, fetched and checked: what is given to Python is what the build made, to the byte.
 *
 * @import { Failure, Progress } from "./protocol.js"
 */
import { fetchFile, ROOT } from "./host.js";
import { Failed } from "./protocol.js";
import { CACHE, CATALOGUE, SHA256 } from "./site.js";

/** How often, in ms, a file on its way is looked at, and how many looks in a row at which nothing has come are enough. */
const LOOK = 1_000;
const PATIENCE = 10;

/** How often, in ms, it is told how far a download is. What takes less gets no progress bar, which would only flicker. */
const INTERVAL = 200;

const realFetch = fetch.bind(globalThis);

export class Files {
  /** @type {{step: string, loaded: number, total: number, paths: string[]}} */
  #progress = { step: "", loaded: 0, total: 0, paths: [] };

  /** @param {(progress: Omit<Progress, "type">) => void} announce */
  constructor(announce) {
    this.announce = announce;
  }

  /**
   * Fetch files, telling how far it is while it takes a while.
   *
   * @param {string} step  what is being done, for a person
   * @param {string[]} paths
   * @returns {Promise<Uint8Array[]>}
   */
  async fetchAll(step, paths) {
    const contents = await this.during(step, paths, () => Promise.all(paths.map((path) => this.fetch(path))));
    await Promise.all(paths.map((path, i) => keep(path, contents[i])));
    return contents;
  }

  /**
   * Tell how far the download of these files is while some work fetches them.
   *
   * @template T
   * @param {string} step
   * @param {string[]} paths
   * @param {() => Promise<T>} work
   */
  async during(step, paths, work) {
    const total = paths.reduce((sum, path) => sum + CATALOGUE.files[path].size, 0);
    const progress = { step, loaded: 0, total, paths };
    this.#progress = progress;
    let told = 0;
    const timer = setInterval(() => {
      if (progress.loaded === told || this.#progress !== progress) return; // silence is no progress
      told = progress.loaded;
      this.announce({ step, loaded: told, total });
    }, INTERVAL);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /**
   * Fetch a file. One that is wrong is fetched once more, past every cache.
   *
   * @param {string} path  in the site
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async fetch(path) {
    try {
      return await this.#attempt(path, "default");
    } catch (error) {
      if (error instanceof Stalled) throw error; // it has been waited for long enough
      return this.#attempt(path, "reload");
    }
  }

  /**
   * @param {string} path
   * @param {RequestCache} cache
   */
  async #attempt(path, cache) {
    const { size, sha256 } = CATALOGUE.files[path];
    const progress = this.#progress.paths.includes(path) ? this.#progress : { loaded: 0 };
    const before = progress.loaded;
    try {
      const bytes = await download(path, { cache, sha256 }, (count) => (progress.loaded += count));
      if (bytes.length === size && (await isRight(bytes, sha256))) return bytes;
      throw new Failed(failure(path, "damaged", "was damaged on its way here"));
    } catch (error) {
      progress.loaded = Math.min(before, progress.loaded);
      throw error instanceof Failed ? error : new Failed(failure(path, "missing", "could not be fetched: no connection"));
    }
  }

  /**
   * Let whoever calls fetch() from here on, as Pyodide does, have these files, which are on their way from now on.
   *
   * @param {string[]} first
   * @param {string[]} then  those that come when the first have
   * @returns {Map<string, Promise<Uint8Array<ArrayBuffer>>>} each by its path
   */
  serveFetch(first, then) {
    const coming = new Map(first.map((path) => [path, this.fetch(path)]));
    const haveCome = Promise.all(coming.values());
    for (const path of then) coming.set(path, haveCome.then(() => this.fetch(path)));
    for (const bytes of coming.values()) bytes.catch(() => null); // whoever wants it is told
    self.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : new URL(input, location.href).href;
      const path = url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : "";
      const bytes = coming.get(path);
      if (!bytes) return realFetch(input, init);
      const type = path.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
      return new Response(await bytes, { headers: { "Content-Type": type } });
    };
    return coming;
  }
}

/**
 * @param {string} path
 * @param {{cache: RequestCache, sha256: string}} options
 * @param {(bytes: number) => void} onBytes
 */
async function download(path, { cache, sha256 }, onBytes) {
  const control = new AbortController();
  let silence = 0;
  // Looks are counted, not seconds, so that a laptop's sleep is not taken for silence.
  const timer = setInterval(() => {
    silence += 1;
    if (silence >= PATIENCE) control.abort();
  }, LOOK);
  const alive = () => (silence = 0);
  try {
    // Where there is no crypto.subtle (plain http, but for localhost), the browser itself can check.
    const integrity = crypto.subtle ? undefined : `sha256-${base64(sha256)}`;
    // The header tells the service worker of a newer build, should there be one, which content this page wants.
    const headers = { [SHA256]: sha256 };
    const asked = { cache, headers, integrity, signal: control.signal };
    const response = (cache === "default" && (await fromCache(path, sha256))) || (await fetchFile(path, asked));
    alive();
    if (!response.ok) {
      void response.body?.cancel();
      throw new Failed(failure(path, "missing", `could not be fetched: the server answers ${response.status}`));
    }
    const chunks = [];
    let length = 0;
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      alive();
      chunks.push(value);
      length += value.length;
      onBytes(value.length);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (error) {
    if (control.signal.aborted) throw new Stalled(failure(path, "missing", "does not come: nothing for ten seconds"));
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * What the service worker has kept of this build, without the way through it, which takes longer in some browsers.
 *
 * @param {string} path
 * @param {string} sha256
 */
async function fromCache(path, sha256) {
  try {
    const kept = (await caches.has(CACHE)) && (await (await caches.open(CACHE)).match(new URL(path, ROOT)));
    return kept && kept.headers.get(SHA256) === sha256 ? kept : null;
  } catch {
    return null; // storage is forbidden here
  }
}

/**
 * Keep what the visitor wished for, if the service worker keeps the site; the rest it fetches itself. It may not see this
 * worker's requests, which began before it did.
 *
 * @param {string} path
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function keep(path, bytes) {
  const { when, sha256 } = CATALOGUE.files[path];
  try {
    if (when !== "asked" || !(await caches.has(CACHE))) return;
    const cache = await caches.open(CACHE);
    await cache.put(new URL(path, ROOT), new Response(bytes, { headers: { [SHA256]: sha256 } }));
  } catch {
    // There is no room, or storage is forbidden; the page has it all the same.
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} sha256  hex
 */
async function isRight(bytes, sha256) {
  if (!crypto.subtle) return true; // checked by fetch() already
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/** @param {string} hex */
function base64(hex) {
  const bytes = (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  return btoa(String.fromCharCode(...bytes));
}

/**
 * @param {string} path
 * @param {"missing" | "damaged"} kind
 * @param {string} what
 * @returns {Failure}
 */
function failure(path, kind, what) {
  return { kind, message: `${path.split("/").pop()} ${what}`, file: path };
}

class Stalled extends Failed {}
