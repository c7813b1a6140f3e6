/**
 * A browser's database in memory, as site/js/kept/storage.js has it; tabs share one, and a test can let it fail.
 */
export class FakeStorage {
  /** @type {Map<string, {id: string, changed: number}>} */
  records = new Map();
  /** @type {Map<string, Map<string, any>>} */
  all = new Map();
  /** @type {Map<string, {value: any, stamp: string}>} */
  common = new Map();
  /** @type {Error | null} */
  failure = null;
  /** What everything that is asked for waits for. @type {Promise<unknown>} */
  gate = Promise.resolve();
  asked = 0;
  writes = 0;
  #time = 0;

  async desks() {
    return [...this.records.values()].sort((one, other) => other.changed - one.changed);
  }

  /** @param {string} id */
  async parts(id) {
    return structuredClone(this.all.get(id) ?? new Map());
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  async part(id, name) {
    return structuredClone(this.all.get(id)?.get(name));
  }

  async shared() {
    return structuredClone(this.common);
  }

  /**
   * @param {string} id
   * @param {Map<string, any>} parts
   */
  async write(id, parts) {
    this.asked += 1;
    await this.gate;
    if (this.failure) throw this.failure;
    this.writes += 1;
    this.records.set(id, { id, changed: ++this.#time });
    this.all.set(id, new Map([...(this.all.get(id) ?? []), ...structuredClone(parts)]));
  }

  /**
   * @param {string} name
   * @param {(value: any) => any} change
   * @param {string} stamp
   */
  async update(name, change, stamp) {
    this.asked += 1;
    await this.gate;
    if (this.failure) throw this.failure;
    const before = structuredClone(this.common.get(name));
    const value = change(before?.value);
    this.common.set(name, structuredClone({ value, stamp }));
    return { before, value };
  }

  /** @param {string} id */
  async remove(id) {
    this.records.delete(id);
    this.all.delete(id);
  }

  async clear() {
    if (this.failure) throw this.failure;
    for (const table of [this.records, this.all, this.common]) table.clear();
  }
}

/** Locks and a session's storage, as a browser has them, for the tab that is opened next. */
export class FakeBrowser {
  #held = new Set();
  session = new Map();

  constructor() {
    const request = async (/** @type {string} */ name, /** @type {any} */ _, /** @type {any} */ work) => {
      if (this.#held.has(name)) return work(null);
      this.#held.add(name);
      return work({ name });
    };
    Object.defineProperty(globalThis, "navigator", { value: { locks: { request, query: async () => ({ held: [...this.#held].map((name) => ({ name })) }) } }, configurable: true });
    Object.defineProperty(globalThis, "sessionStorage", {
      value: {
        getItem: (/** @type {string} */ key) => this.session.get(key) ?? null,
        setItem: (/** @type {string} */ key, /** @type {string} */ value) => this.session.set(key, value),
        removeItem: (/** @type {string} */ key) => this.session.delete(key),
      },
      configurable: true,
    });
  }

  /** A tab's page is gone. @param {string} id  of its desk */
  leave(id) {
    this.#held.delete(`mlp desk ${id}`);
  }
}
