/**
 * Tells whoever listens, with types: each kind of event and what comes with it.
 *
 * @template {Record<string, any>} Events
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(detail: any) => void>>} */
  #listeners = new Map();
  /** What was told last. @type {Map<keyof Events, any>} */
  #last = new Map();

  /**
   * @template {keyof Events} T
   * @param {T} type
   * @param {(detail: Events[T]) => void} listener
   */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
  }

  /**
   * @template {keyof Events} T
   * @param {T} type
   * @param {Events[T]} detail
   */
  emit(type, detail) {
    this.#last.set(type, detail);
    for (const listener of this.#listeners.get(type) ?? []) listener(detail);
  }

  /**
   * Tell once more what was told last, to those who did not listen yet.
   *
   * @param {(keyof Events)[]} types
   */
  repeat(...types) {
    for (const type of types) if (this.#last.has(type)) this.emit(type, this.#last.get(type));
  }
}
