/**
 * Has the visitor's drawing read: one reading at a time, and the latest drawing wins.
 *
 * @import { Reading } from "./protocol.js"
 * @import { Engine } from "./engine.js"
 */
import { EngineStopped } from "./engine.js";

/** While training, a drawing is read again this often at most, ms. */
const INTERVAL = 100;

export class Reader {
  /** @type {{points: Float32Array, lengths: Int32Array}} */
  #drawing = { points: new Float32Array(), lengths: new Int32Array() };
  #isReading = false;
  #isOutdated = false;
  #lastRead = 0;

  /**
   * @param {Engine} engine
   * @param {(reading: Reading | null) => void} onReading
   * @param {(error: Error) => void} onError
   */
  constructor(engine, onReading, onError) {
    this.engine = engine;
    this.onReading = onReading;
    this.onError = onError;
  }

  /** @param {{points: Float32Array, lengths: Int32Array}} drawing  to read from now on, instead of the one before */
  take(drawing) {
    this.#drawing = drawing;
  }

  /** Read once more, unless that was done a moment ago. */
  refresh() {
    if (performance.now() - this.#lastRead > INTERVAL) void this.read();
  }

  /** Read as soon as the reading under way is done. */
  async read() {
    this.#isOutdated = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isOutdated) {
        this.#isOutdated = false;
        this.#lastRead = performance.now();
        this.onReading(await this.engine.request("read", this.#drawing));
      }
    } catch (error) {
      if (!(error instanceof EngineStopped)) this.onError(/** @type {Error} */ (error));
    } finally {
      this.#isReading = false;
    }
  }
}
