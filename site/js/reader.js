/**
 * Has the visitor's drawing read: one reading at a time, and the latest drawing wins.
 *
 * @import { Drawing, Reading, ReaderName } from "./protocol.js"
 * @import { Engine } from "./engine.js"
 */
import { EngineStopped } from "./engine.js";

/** While training, a drawing is read again this often at most, ms. */
const INTERVAL = 200;

export class Reader {
  /** Who reads. @type {ReaderName} */
  name = "mine";
  /** @type {Drawing} */
  #drawing = { points: new Float32Array(), lengths: new Int32Array(), pixels: null };
  /** The one that was read last; what becomes of it before the network sees it is known. @type {object | null} */
  #known = null;
  #isReading = false;
  #isOutdated = false;
  #lastRead = 0;

  /**
   * @param {Engine} engine
   * @param {(reading: Reading | null, isNew: boolean) => void} onReading  isNew: the drawing was not read before
   * @param {(error: Error) => void} onError  of a reading that Python refused
   */
  constructor(engine, onReading, onError) {
    this.engine = engine;
    this.onReading = onReading;
    this.onError = onError;
  }

  /** @param {Drawing} drawing  to read from now on, instead of the one before */
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
        const drawing = this.#drawing;
        this.onReading(await this.engine.request("read", { ...drawing, reader: this.name }), drawing !== this.#known);
        this.#known = drawing;
      }
    } catch (error) {
      if (!(error instanceof EngineStopped)) this.onError(/** @type {Error} */ (error));
    } finally {
      this.#isReading = false;
    }
  }
}
