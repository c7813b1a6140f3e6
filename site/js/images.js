/** @import { Engine } from "./engine.js" */
import { Failed } from "./protocol.js";
import * as words from "./words.js";

/** The images to learn from, as far as the worker has them. */
export class Images {
  /** How many there are. */
  count = 0;

  /**
   * @param {Engine} engine
   * @param {() => void} onEnd  whatever was being fetched has come, or will not
   */
  constructor(engine, onEnd) {
    this.engine = engine;
    this.onEnd = onEnd;
  }

  /** @param {number} count  have at least so many, and those to test on */
  async fetch(count) {
    if (this.count > 0 && this.count >= count) return;
    try {
      this.count = await this.engine.request("fetch-images", { count });
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      throw new Failed({ ...error.failure, message: words.noImages(error.message) });
    } finally {
      this.onEnd();
    }
  }
}
