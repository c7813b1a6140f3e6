/**
 * Drawings that the visitor has put right, kept in this browser only.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Stroke } from "./views/hand/pad.js"
 *
 * @typedef {{label: number, strokes: Stroke[]}} Correction  as in a file that Export writes: coordinates 0 to 255
 */

const KEY = "mlp-corrections";

export class Corrections {
  /** @type {Correction[]} */
  #list = [];

  /** Whether the last change was stored; else storage knows less than this tab. */
  #isStored = true;

  constructor() {
    this.#load();
  }

  get count() {
    return this.#list.length;
  }

  /** Whether they will still be here after the page is closed. */
  get isStored() {
    return this.#isStored;
  }

  get all() {
    return this.#list;
  }

  /**
   * A drawing has one label: that of the same drawing before, if any, is put right.
   *
   * @param {number} label
   * @param {Stroke[]} strokes  as shares of the pad's side, one at least
   * @returns {boolean} whether there was another before
   */
  add(label, strokes) {
    const scaled = strokes.map((stroke) =>
      stroke.map(([x, y]) => /** @type {[number, number]} */ ([round(255 * x), round(255 * y)])),
    );
    if (this.#isStored) this.#load(); // another tab may have added some
    const drawing = JSON.stringify(scaled);
    const others = this.#list.filter((each) => JSON.stringify(each.strokes) !== drawing);
    const isChanged = others.length < this.#list.length;
    this.#list = [...others, { label, strokes: scaled }];
    this.#keep();
    return isChanged;
  }

  /** @param {Correction} correction */
  remove(correction) {
    const same = JSON.stringify(correction);
    if (this.#isStored) this.#load();
    this.#list = this.#list.filter((each) => JSON.stringify(each) !== same);
    this.#keep();
  }

  clear() {
    this.#list = [];
    this.#keep();
  }

  /** The content of an exported file. */
  toJson() {
    return JSON.stringify(this.#list);
  }

  /** @returns {Protocol.Corrections | null} */
  forTraining() {
    if (!this.#list.length) return null;
    const strokes = this.#list.flatMap((correction) => correction.strokes);
    return {
      points: Float32Array.from(strokes.flat(2), (coordinate) => coordinate / 255),
      lengths: Int32Array.from(strokes, (stroke) => stroke.length),
      strokes: Int32Array.from(this.#list, (correction) => correction.strokes.length),
      labels: Uint8Array.from(this.#list, (correction) => correction.label),
    };
  }

  #load() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      this.#list = Array.isArray(kept) ? kept.filter(isCorrection) : [];
    } catch {
      // Storage may be forbidden or hold something else; then there are those of this tab.
    }
  }

  #keep() {
    try {
      localStorage.setItem(KEY, this.toJson());
      this.#isStored = true;
    } catch {
      this.#isStored = false;
    }
  }
}

/** @param {number} coordinate */
function round(coordinate) {
  return Math.round(10 * coordinate) / 10;
}

/** @param {any} thing */
function isCorrection(thing) {
  return (
    Number.isInteger(thing?.label) && thing.label >= 0 && thing.label <= 9 &&
    Array.isArray(thing.strokes) && thing.strokes.length > 0 &&
    thing.strokes.every((/** @type {any} */ stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint))
  );
}

/** @param {any} thing */
function isPoint(thing) {
  return Array.isArray(thing) && thing.length === 2 && thing.every(Number.isFinite);
}
