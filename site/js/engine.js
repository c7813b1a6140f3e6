/** @import * as Protocol from "./protocol.js" */

/** How often, in ms, a worker that owes an answer is looked at, and how many silent looks end the patience. */
const WATCH_INTERVAL = 1_000;
const PATIENCE = 10;

/**
 * The page's side of the worker: sends requests, keeps what is pending, hands on events, and
 * notices when the worker has died.
 *
 * Fires `progress` and `slice` (CustomEvent, detail as in protocol.js) and `crash` (detail: a message).
 */
export class Engine extends EventTarget {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (reason: Error) => void}>} */
  #pending = new Map();
  #lastId = 0;
  #silence = 0;
  #watch = 0;
  /** Whether the worker promised slices, so that silence means trouble. */
  expectsSlices = false;

  /**
   * Start a new worker and wait until it listens.
   *
   * @returns {Promise<void>}
   */
  start() {
    this.stop("a new worker takes over");
    return new Promise((resolve, reject) => {
      this.#pending.set(0, { resolve, reject });
      // A worker from a blob has the page's Content-Security-Policy; one from a URL would have none.
      const code = `import(${JSON.stringify(new URL("./worker.js", import.meta.url).href)})
        .catch((error) => postMessage({ type: "crash", message: String(error) }));`;
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(url, { type: "module" });
      this.#worker = worker;
      worker.onmessage = ({ data }) => {
        if (worker === this.#worker) this.#receive(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        if (worker === this.#worker) this.#crash(event.message || "it could not be started");
      };
      worker.onmessageerror = () => {
        if (worker === this.#worker) this.#crash("a message could not be read");
      };
    });
  }

  /**
   * End the worker; whatever is pending fails.
   *
   * @param {string} reason
   */
  stop(reason) {
    this.#worker?.terminate();
    this.#worker = null;
    this.expectsSlices = false;
    clearInterval(this.#watch);
    for (const { reject } of this.#pending.values()) reject(new EngineStopped(reason));
    this.#pending.clear();
  }

  /**
   * @template {Protocol.RequestType} T
   * @param {T} type
   * @param {Protocol.Requests[T]["ask"]} ask
   * @param {Transferable[]} transfer
   * @returns {Promise<Protocol.Requests[T]["reply"]>}
   */
  request(type, ask, transfer = []) {
    return new Promise((resolve, reject) => {
      if (!this.#worker) {
        reject(new EngineStopped("there is no worker"));
        return;
      }
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, type, ...ask }, transfer);
    });
  }

  /** From now on a long silence, while something is owed, is taken for the worker's death. */
  watch() {
    this.#silence = 0;
    clearInterval(this.#watch);
    // Looks are counted, not seconds, so that a laptop's sleep is not taken for silence.
    this.#watch = setInterval(() => {
      const owed = this.#pending.size > 0 || this.expectsSlices;
      this.#silence = owed ? this.#silence + 1 : 0;
      if (this.#silence > PATIENCE) this.#crash("it no longer answers");
    }, WATCH_INTERVAL);
  }

  /** @param {Protocol.Reply | Protocol.Event_} message */
  #receive(message) {
    this.#silence = 0;
    if (message.type === "reply") {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if ("error" in message) pending?.reject(new Error(message.error));
      else pending?.resolve(message.result);
    } else if (message.type === "hello") {
      this.#pending.get(0)?.resolve(undefined);
      this.#pending.delete(0);
    } else if (message.type === "crash") {
      this.#crash(message.message);
    } else {
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    }
  }

  /** @param {string} message */
  #crash(message) {
    this.stop(message);
    this.dispatchEvent(new CustomEvent("crash", { detail: message }));
  }
}

/** Why a request failed when it was not the request's fault. */
export class EngineStopped extends Error {}
