/**
 * Drawings and pictures that the visitor has put right, kept in this browser only, and shared by its tabs.
 *
 * @import { Desk } from "./desk.js"
 * @import { Example } from "./examples.js"
 * @import * as Protocol from "../protocol.js"
 * @import { Stroke } from "../views/hand/pad.js"
 */
import { examplesOf, packed, toBase64, what, without } from "./examples.js";
import { Shared } from "./shared.js";

/** The pad's side in coordinates of strokes, here and in a file that Export writes. */
export const SIDE = 255;

/** @extends {Shared<Example[]>} */
export class Corrections extends Shared {
  /** @param {Desk} desk */
  constructor(desk) {
    super(desk, "corrections", examplesOf);
  }

  get count() {
    return this.all.length;
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
    const isChanged = this.all.some((each) => what(each) === what(example));
    void this.change((all) => [...without(all, [example]), example]);
    return isChanged;
  }

  /** @param {Example} correction */
  remove(correction) {
    void this.change((all) => without(all, [correction]));
  }

  /** Those that are known here; another tab may have more. */
  clear() {
    const { all: known } = this;
    void this.change((all) => without(all, known));
  }

  /** @param {Example[]} examples  that had been removed, or come from a file; what was said since stays */
  bringBack(examples) {
    void this.change((all) => [...without(examples, all), ...all]);
  }

  /** The content of an exported file. */
  toJson() {
    return JSON.stringify(this.all);
  }

  /** @returns {Protocol.Corrections | null} */
  forTraining() {
    const { all } = this;
    return all.length ? packed(all, SIDE) : null;
  }
}

/** @param {number} coordinate */
function round(coordinate) {
  return Math.round(10 * coordinate) / 10;
}
