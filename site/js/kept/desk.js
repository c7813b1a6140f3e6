/**
 * What the visitor works on in this tab, kept as it comes into being; and what all tabs share. Each tab has a desk of its
 * own, so that two do not overwrite one another; a closed tab's desk is taken over by the next that opens.
 *
 * Everything is read once, when the page starts, and is at hand from then on; it is written as soon as it has changed.
 * Where the browser keeps nothing, it is at hand as long as the page is open.
 *
 * @import { Storage } from "./storage.js"
 */
import { Emitter } from "../emitter.js";
import { newId } from "../new-id.js";
import { claim, isFree, thisTab } from "./tab.js";

/** So many desks are kept at most; nobody has so many tabs. */
const MOST = 8;

/** @extends {Emitter<{trouble: "full" | "failing", shared: string}>}  trouble comes once; shared: another tab has changed it, too */
export class Desk extends Emitter {
  /** @type {Storage | null} */
  #storage;
  /** @type {Map<string, any>} */
  #parts = new Map();
  /** @type {Map<string, any>} */
  #shared = new Map();
  /** The stamps of what is shared, as far as this tab knows. @type {Map<string, string | undefined>} */
  #stamps = new Map();
  /** What is to be written. @type {Set<string>} */
  #changed = new Set();
  #timer = 0;
  /** The last write under way. @type {Promise<unknown>} */
  #writing = Promise.resolve();
  /** Whether the last write has failed. */
  #isInTrouble = false;
  #hasTold = false;
  /** A closed tab's desk that was not taken over, as it does not suit. @type {string | null} */
  left = null;
  /** Whether it has been forgotten, and nothing is kept any more. */
  #isForgotten = false;

  /**
   * @param {string} id
   * @param {Storage | null} storage  null where the browser keeps nothing
   */
  constructor(id, storage) {
    super();
    this.id = id;
    this.#storage = storage;
  }

  /**
   * This tab's desk, with what is on it.
   *
   * @param {() => Promise<Storage>} open
   * @param {((network: any) => boolean) | null} suits  whether a closed tab's desk, with this network, is to be taken over; null: any is
   */
  static async open(open, suits = null) {
    try {
      const storage = await open();
      const { id, from, left } = await choose(storage, suits);
      const desk = new Desk(id, storage);
      desk.left = left;
      for (const [name, { value, stamp }] of await storage.shared()) desk.#know(name, value, stamp);
      if (from) desk.#parts = await storage.parts(from);
      if (from !== id) for (const name of desk.#parts.keys()) desk.#change(name);
      return desk;
    } catch {
      return new Desk(thisTab.id, null);
    }
  }

  /** Whether what is here will be here on the next visit. */
  get isKeeping() {
    return this.#storage !== null && !this.#isInTrouble;
  }

  /** @param {string} name */
  get(name) {
    return this.#parts.get(name);
  }

  /**
   * @param {string} name
   * @param {any} value
   * @param {number} delay  how long, in ms, until it is written; what changes often meanwhile is written once
   */
  keep(name, value, delay = 0) {
    this.#parts.set(name, value);
    this.#change(name, delay);
  }

  /**
   * @param {string} name
   * @param {number} delay
   */
  #change(name, delay = 0) {
    this.#changed.add(name);
    if (delay && this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), delay);
  }

  /** Write what is still to be written, after what is being written. */
  flush() {
    this.#stopWaiting();
    // What changes faster than it is written is written once.
    if (this.#changed.size > 0) this.#writing = this.#writing.then(() => this.#attempt((storage) => this.#writeChanged(storage)));
    return this.#writing;
  }

  /** The same without waiting, as the page may be about to go. */
  flushAtOnce() {
    this.#stopWaiting();
    if (this.#changed.size > 0) void this.#writeAtOnce((storage) => this.#writeChanged(storage));
  }

  #stopWaiting() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** @param {Storage} storage */
  async #writeChanged(storage) {
    const names = [...this.#changed];
    if (names.length === 0) return;
    this.#changed.clear();
    try {
      await storage.write(this.id, new Map(names.map((name) => [name, this.#parts.get(name)])));
    } catch (error) {
      for (const name of names) this.#changed.add(name); // with the next change, there may be room
      throw error;
    }
  }

  /** Ask the browser not to throw away what the visitor would miss; once, as some ask the visitor. */
  askToStay() {
    if (this.#shared.get("has asked to stay")) return;
    void this.changeShared("has asked to stay", () => true);
    navigator.storage?.persist?.().catch(() => null);
  }

  // ── What all tabs share ──────────────────────────────────────────────────────────────────

  /** @param {string} name */
  shared(name) {
    return this.#shared.get(name);
  }

  /**
   * @param {string} name
   * @param {(value: any) => any} change  makes the new value, which another tab may have changed meanwhile
   */
  changeShared(name, change) {
    const value = change(this.#shared.get(name));
    this.#shared.set(name, value);
    return this.#writeAtOnce(async (storage) => {
      const stamp = newId();
      const { before, value: stored } = await storage.update(name, change, stamp);
      const isOurs = before?.stamp === this.#stamps.get(name);
      if (!isOurs && this.#shared.get(name) !== value) return; // there is a later change, which will find the same, and tell
      this.#stamps.set(name, stamp);
      if (isOurs) return;
      this.#shared.set(name, stored);
      this.emit("shared", name);
    });
  }

  /**
   * @param {string} name
   * @param {any} value
   * @param {string} stamp
   */
  #know(name, value, stamp) {
    this.#shared.set(name, value);
    this.#stamps.set(name, stamp);
  }

  // ── Other desks ──────────────────────────────────────────────────────────────────────────

  /** Those of other tabs, open or closed; the latest first. */
  async others() {
    await this.#writing;
    const desks = (await this.#storage?.desks()) ?? [];
    return desks.filter(({ id }) => id !== this.id);
  }

  /**
   * @param {string} id  of another one
   * @param {string} name  of one thing on it
   * @returns {Promise<any>}
   */
  peek(id, name) {
    return this.#storage?.part(id, name) ?? Promise.resolve();
  }

  /** Everything, on all desks; nothing is kept any more until the page is loaded anew. Rejects where that does not work. */
  forget() {
    return this.#forget((storage) => storage.clear());
  }

  /** The same of this desk alone, as another tab has forgotten the rest. */
  forgetThis() {
    return this.#forget((storage) => storage.remove(this.id));
  }

  /** @param {(storage: Storage) => Promise<void>} forget */
  async #forget(forget) {
    this.#isForgotten = true;
    await this.#writing;
    try {
      if (this.#storage) await forget(this.#storage);
    } catch (error) {
      this.#isForgotten = false;
      throw error;
    }
  }

  /**
   * Without waiting, for what is seldom, or urgent: the database does one after the other.
   *
   * @param {(storage: Storage) => Promise<void>} work
   */
  #writeAtOnce(work) {
    this.#writing = Promise.all([this.#writing, this.#attempt(work)]);
    return this.#writing;
  }

  /**
   * What goes wrong is told, once.
   *
   * @param {(storage: Storage) => Promise<void>} work
   */
  async #attempt(work) {
    if (!this.#storage || this.#isForgotten) return;
    try {
      await work(this.#storage);
      this.#isInTrouble = false;
    } catch (error) {
      if (!this.#hasTold) this.emit("trouble", /** @type {Error} */ (error).name === "QuotaExceededError" ? "full" : "failing");
      this.#isInTrouble = this.#hasTold = true;
    }
  }
}

/**
 * The desk of this tab: its own, when it is loaded again; else one that a closed tab has left; else a new one. That of a
 * tab which was duplicated stays with the other, and this one has a copy.
 *
 * @param {Storage} storage
 * @param {((network: any) => boolean) | null} suits
 * @returns {Promise<{id: string, from: string | null, left: string | null}>} from: the desk that it begins with; left: one that
 *     it would have begun with, if that did suit
 */
async function choose(storage, suits) {
  const desks = await storage.desks();
  const doesSuit = async (/** @type {string} */ id) => !suits || suits(await storage.part(id, "network"));
  const before = thisTab.before();
  const own = before !== null && (thisTab.isReloaded() || (await doesSuit(before))) ? before : null;
  if (own && (await claim(own, true))) return use(own, own);
  let left = own ? null : before;
  let like = null;
  for (const { id } of own ? [] : desks) {
    if (!(await doesSuit(id))) left ??= (await isFree(id)) ? id : null;
    else if (await claim(id, false)) return use(id, id, left);
    else like ??= id;
  }
  await claim(thisTab.id, true);
  for (const { id } of desks.slice(MOST - 1)) if (!navigator.locks || (await claim(id, false))) await storage.remove(id);
  return use(thisTab.id, own ?? (navigator.locks ? null : like), left);
}

/**
 * @param {string} id
 * @param {string | null} from
 * @param {string | null} [left]
 */
function use(id, from, left = null) {
  thisTab.remember(id);
  return { id, from, left };
}
