/**
 * Has the visitor's drawing read: one reading at a time, and the latest drawing wins.
 *
 * @import { Drawing, Reading, ReaderName } from "./protocol.js"
 * @import { Engine } from "./engine.js"
 *
 * @typedef {object} Read
 * @property {Reading | null} reading  of the digit in hand
 * @property {Reading[]} readings  of all digits, from left to right
 * @property {number} inHand
 * @property {boolean} isNew  whether that digit was not read before
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
  /** @type {Reading[]} */
  #readings = [];
  #inHand = 0;
  #isReading = false;
  #isOutdated = false;
  #lastRead = 0;

  /**
   * @param {Engine} engine
   * @param {(read: Read) => void} onReading
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
    // An empty pad needs no Python, which may not run.
    if (drawing.lengths.length === 0 && !drawing.pixels) this.#take([], true);
  }

  /** @param {number} index  of the digit to look at */
  choose(index) {
    this.#inHand = index;
    this.#tell(true);
  }

  /**
   * @param {Reading[]} readings
   * @param {boolean} isNew
   */
  #take(readings, isNew) {
    // Of a number that is being drawn, the last digit is the one that somebody looks at.
    if (isNew || this.#inHand >= readings.length) this.#inHand = Math.max(0, readings.length - 1);
    this.#readings = readings;
    this.#tell(isNew);
  }

  /** @param {boolean} isNew */
  #tell(isNew) {
    this.onReading({ reading: this.#readings[this.#inHand] ?? null, readings: this.#readings, inHand: this.#inHand, isNew });
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
        const { stages, ...asked } = drawing;
        const readings = await this.engine.request("read", { ...asked, reader: this.name });
        this.#take(readings.map((reading, i) => ({ ...reading, ...stages?.[i] })), drawing !== this.#known);
        this.#known = drawing;
      }
    } catch (error) {
      if (!(error instanceof EngineStopped)) this.onError(/** @type {Error} */ (error));
    } finally {
      this.#isReading = false;
    }
  }
}
