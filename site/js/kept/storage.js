/**
 * The browser's database, by the library idb: what is on each desk, and what all desks share.
 *
 * @import { DBSchema, IDBPDatabase } from "../../vendor/idb/index.js"
 *
 * @typedef {{value: any, stamp: string}} Stamped  each change has a stamp of its own
 * @typedef {{id: string, changed: number}} DeskRecord  changed: when something was kept there last, ms since 1970
 *
 * @typedef {object} Tables
 * @property {{key: string, value: DeskRecord}} desks
 * @property {{key: [string, string], value: any}} parts  by the desk's id and a name
 * @property {{key: string, value: Stamped}} shared  by a name
 *
 * @typedef {IDBPDatabase<Tables & DBSchema>} Database
 */
import { ROOT } from "../host.js";

/** Other copies of the site on this origin have databases of their own. */
const NAME = `mlp ${ROOT.href}`;
const VERSION = 1;
/** How long, in ms, the database may take to open; some browsers forget to answer. */
const PATIENCE = 3_000;

export class Storage {
  /** @param {Database} database */
  constructor(database) {
    this.database = database;
  }

  /** Rejects where the browser keeps nothing. */
  static async open() {
    const { openDB } = await import("../../vendor/idb/index.js");
    /** @type {Promise<Database>} */
    const opening = openDB(NAME, VERSION, {
      upgrade(database) {
        for (const table of /** @type {const} */ (["desks", "parts", "shared"])) database.createObjectStore(table);
      },
      blocking: (_current, _blocked, event) => /** @type {IDBDatabase} */ (event.target).close(), // another build's page needs it
    });
    const tooLong = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("it does not open")));
    return new Storage(/** @type {Database} */ (await Promise.race([opening, tooLong])));
  }

  /** @returns {Promise<DeskRecord[]>} the one that was changed last, first */
  async desks() {
    return (await this.database.getAll("desks")).sort((one, other) => other.changed - one.changed);
  }

  /**
   * @param {string} id  of a desk
   * @returns {Promise<Map<string, any>>} what is on it
   */
  async parts(id) {
    const range = IDBKeyRange.bound([id, ""], [id, "\uffff"]);
    const { store } = this.database.transaction("parts");
    const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
    return new Map(keys.map(([, name], i) => [name, values[i]]));
  }

  /**
   * @param {string} id  of a desk
   * @param {string} name  of one thing on it
   */
  part(id, name) {
    return this.database.get("parts", [id, name]);
  }

  /** @returns {Promise<Map<string, Stamped>>} */
  async shared() {
    const { store } = this.database.transaction("shared");
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
    return new Map(keys.map((name, i) => [name, values[i]]));
  }

  /**
   * Keep these parts on a desk, all of them or none.
   *
   * @param {string} id
   * @param {Map<string, any>} parts
   */
  async write(id, parts) {
    const transaction = this.database.transaction(["desks", "parts"], "readwrite");
    const table = transaction.objectStore("parts");
    /** @type {Promise<unknown>[]} */
    const all = [...parts].map(([name, value]) => table.put(value, [id, name]));
    all.push(transaction.objectStore("desks").put({ id, changed: Date.now() }, id));
    transaction.commit?.(); // at once, since the page may be about to go
    await Promise.all([...all, transaction.done]);
  }

  /**
   * Change what is shared, from what it is now, whoever has changed it meanwhile.
   *
   * @param {string} name
   * @param {(value: any) => any} change
   * @param {string} stamp
   * @returns {Promise<{before: Stamped | undefined, value: any}>} what it was, and is then
   */
  async update(name, change, stamp) {
    const transaction = this.database.transaction("shared", "readwrite");
    const before = await transaction.store.get(name);
    const value = change(before?.value);
    await Promise.all([transaction.store.put({ value, stamp }, name), transaction.done]);
    return { before, value };
  }

  /** @param {string} id  of a desk that is wanted no more */
  async remove(id) {
    const transaction = this.database.transaction(["desks", "parts"], "readwrite");
    const range = IDBKeyRange.bound([id, ""], [id, "\uffff"]);
    await Promise.all([transaction.objectStore("parts").delete(range), transaction.objectStore("desks").delete(id), transaction.done]);
  }

  async clear() {
    const transaction = this.database.transaction(["desks", "parts", "shared"], "readwrite");
    const tables = /** @type {const} */ (["desks", "parts", "shared"]).map((table) => transaction.objectStore(table).clear());
    await Promise.all([...tables, transaction.done]);
  }
}
