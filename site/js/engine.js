/** @import * as Protocol from "./protocol.js" */
import { Emitter } from "./emitter.js";
import { startWorker } from "./host.js";
import { Failed } from "./protocol.js";

/** How often, in ms, a worker that owes an answer is looked at, and how many silent looks end the patience. */
const LOOK = 1_000;
const PATIENCE = 10;
/** What others wrote may be stuck in one long call, of which Python itself learns nothing; and they wait for an answer. */
const PATIENCE_WITH_OTHERS = 2;
/** The id of what a new worker owes first. */
const HELLO = 0;
/** While it starts, what does not come the worker tells itself, and a slow device may compute for long. */
const PATIENCE_AT_START = 60;

/**
 * The page's side of the worker: sends requests, keeps what is pending, hands on events, and
 * notices when the worker has died.
 *
 * @extends {Emitter<{progress: Protocol.Progress, slice: Protocol.Slice, print: string, crash: string, hang: number | null}>}
 */
export class Engine extends Emitter {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (reason: Error) => void}>} */
  #pending = new Map();
  #lastId = 0;
  #silence = 0;
  #patience = PATIENCE;
  #watch = 0;
  /** Ends the wait for the lock that the worker holds as long as it lives. */
  #life = new AbortController();
  /** Whether the lock tells of a worker's death; else it is asked now and then. */
  #isWatchedByLock = false;
  /** Whether code runs that is not ours. */
  runsOthersCode = false;
  /** Whether the worker promised slices, so that silence means trouble. */
  expectsSlices = false;

  /** Start a new worker and wait until it listens. @returns {Promise<void>} */
  start() {
    this.stop("a new worker takes over");
    return new Promise((resolve, reject) => {
      this.#pending.set(HELLO, { resolve, reject });
      const { worker, said } = startWorker();
      this.#worker = worker;
      const hear = (/** @type {MessageEvent} */ { data }) => {
        if (worker === this.#worker && data) this.#receive(data);
      };
      const fail = (/** @type {ErrorEvent} */ event) => {
        event.preventDefault();
        if (worker === this.#worker) this.#crash(event.message || "it could not be started");
      };
      worker.onmessage = hear;
      worker.onerror = fail;
      worker.onmessageerror = () => {
        if (worker === this.#worker) this.#crash("a message could not be read");
      };
      this.#beginWatch();
      for (const event of said) {
        if ("data" in event) hear(event);
        else fail(event);
      }
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
    this.#life.abort();
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
      if (this.#pending.size === 0) this.#silence = 0;
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      if (type === "boot") this.#patience = PATIENCE_AT_START;
      this.#worker.postMessage({ id, type, ...ask }, transfer);
    });
  }

  /** From now on a long silence, while something is owed, is taken for the worker's death. */
  #beginWatch() {
    this.#silence = 0;
    this.#patience = PATIENCE;
    this.#isWatchedByLock = false;
    // Looks are counted, not seconds, so that a laptop's sleep is not taken for silence.
    this.#watch = setInterval(() => {
      const owed = this.#pending.size > 0 || this.expectsSlices;
      this.#silence = owed ? this.#silence + 1 : 0;
      const isStarting = this.#pending.has(HELLO) || this.#patience === PATIENCE_AT_START;
      if (this.runsOthersCode && !isStarting && this.#silence > PATIENCE_WITH_OTHERS) this.#hang(null);
      else if (this.#silence > this.#patience) this.#crash(this.#pending.has(HELLO) ? "" : "it no longer answers");
      else if (!owed && !this.#isWatchedByLock) this.request("ping", {}).catch(() => null);
    }, LOOK);
  }

  /**
   * The worker holds this lock; when it is to be had, the worker has died.
   *
   * @param {string} lock
   */
  #watchLock(lock) {
    if (!navigator.locks) return;
    this.#life = new AbortController();
    const { signal } = this.#life;
    navigator.locks
      .request(lock, { signal }, () => {
        if (!signal.aborted) this.#crash("its worker has died");
      })
      .catch(() => {
        if (!signal.aborted) this.#isWatchedByLock = false; // locks may be forbidden
      });
    this.#isWatchedByLock = true;
  }

  /** @param {Protocol.Reply | Protocol.Event_} message */
  #receive(message) {
    this.#silence = 0;
    if (message.type === "reply") {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (this.#patience === PATIENCE_AT_START) this.#patience = PATIENCE;
      if ("failure" in message && message.failure) pending?.reject(new Failed(message.failure));
      else pending?.resolve("result" in message ? message.result : undefined);
    } else if (message.type === "born") {
      this.#watchLock(message.lock);
    } else if (message.type === "hello") {
      this.#pending.get(HELLO)?.resolve(undefined);
      this.#pending.delete(HELLO);
    } else if (message.type === "crash") {
      this.#crash(message.message);
    } else if (message.type === "hung") {
      this.#hang(message.line);
    } else if (message.type === "print") {
      this.emit("print", message.text);
    } else if (message.type === "slice") {
      this.emit("slice", message);
    } else if (message.type === "progress") {
      this.emit("progress", message);
    }
  }

  /**
   * Code that is not ours keeps the worker from ever answering.
   *
   * @param {number | null} line  of that code, where it is known
   */
  #hang(line) {
    this.stop("it is stuck");
    this.emit("hang", line);
  }

  /** @param {string} message  "" where its code did not come */
  #crash(message) {
    this.stop(message);
    this.emit("crash", message || `${guard.whatIsMissing() || "its code"} did not come`);
  }
}

/** Why a request failed when it was not the request's fault. */
export class EngineStopped extends Error {}
