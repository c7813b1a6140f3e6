/**
 * Drawings and pictures that the visitor has put right, kept in this browser only.
 *
 * @import { Example } from "./examples.js"
 * @import * as Protocol from "./protocol.js"
 * @import { Stroke } from "./views/hand/pad.js"
 */
import { isExample, packed, toBase64 } from "./examples.js";

/** The pad's side in coordinates of strokes, here and in a file that Export writes. */
export const SIDE = 255;

const KEY = "mlp-corrections";

export class Corrections {
  /** @type {Example[]} */
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
      stroke.map(([x, y]) => /** @type {[number, number]} */ ([round(SIDE * x), round(SIDE * y)])),
    );
    return this.#add({ label, strokes: scaled });
  }

  /**
   * The same of a picture.
   *
   * @param {number} label
   * @param {Uint8Array} pixels  784
   */
  addPicture(label, pixels) {
    return this.#add({ label, pixels: toBase64(pixels) });
  }

  /** @param {Example} example */
  #add(example) {
    if (this.#isStored) this.#load(); // another tab may have added some
    const others = this.#list.filter((each) => what(each) !== what(example));
    const isChanged = others.length < this.#list.length;
    this.#list = [...others, example];
    this.#keep();
    return isChanged;
  }

  /** @param {Example} correction */
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
    return this.#list.length ? packed(this.#list, SIDE) : null;
  }

  #load() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      this.#list = Array.isArray(kept) ? kept.filter(isExample) : [];
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

/** @param {Example} example */
function what({ strokes, pixels }) {
  return pixels ?? JSON.stringify(strokes);
}
