/** Things done one after the other, each knowing what became of those before. */
export class Turns {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * Do something once all that was asked before is done, be it done well or not.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  take(work) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => null);
    return done;
  }
}
