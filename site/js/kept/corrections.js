/**
 * Drawings and pictures that the visitor has put right, kept in this browser only, and shared by its tabs.
 *
 * @import { Desk } from "./desk.js"
 * @import { Example } from "./examples.js"
 * @import * as Protocol from "../protocol.js"
 * @import { Stroke } from "../views/hand/pad.js"
 */
import { examplesOf, packed, toBase64 } from "./examples.js";

/** The pad's side in coordinates of strokes, here and in a file that Export writes. */
export const SIDE = 255;

const NAME = "corrections";

export class Corrections {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  get count() {
    return this.all.length;
  }

  /** Whether they will still be here after the page is closed. */
  get isStored() {
    return this.desk.isKeeping;
  }

  /** @returns {Example[]} */
  get all() {
    return examplesOf(this.desk.shared(NAME));
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
    this.#change((all) => [...all.filter((each) => what(each) !== what(example)), example]);
    return isChanged;
  }

  /** @param {Example} correction */
  remove(correction) {
    this.#change((all) => all.filter((each) => what(each) !== what(correction)));
  }

  clear() {
    this.#change(() => []);
  }

  /** @param {Example[]} examples  that had been removed, or come from a file; what was said since stays */
  bringBack(examples) {
    this.#change((all) => [...examples.filter((each) => !all.some((other) => what(other) === what(each))), ...all]);
  }

  /** @param {(all: Example[]) => Example[]} change */
  #change(change) {
    void this.desk.changeShared(NAME, (all) => change(examplesOf(all)));
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

/** @param {Example} example */
function what({ strokes, pixels }) {
  return pixels ?? JSON.stringify(strokes);
}
