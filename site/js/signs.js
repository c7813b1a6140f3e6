/**
 * Ten signs of the visitor's own: their names, and pictures of them, drawn or from a file; kept in this browser only.
 *
 * @import { Example } from "./examples.js"
 * @import * as Protocol from "./protocol.js"
 * @import { Stroke } from "./views/hand/pad.js"
 *
 * @typedef {"" | "beside" | "alone"} Use  how they are trained on: not at all, beside MNIST, instead of it
 */
import { isExample, N_PIXELS, packed, toBase64, together } from "./examples.js";

const KEY = "mlp-signs";
const N = 10;
const DIGITS = Array.from({ length: N }, (_, digit) => String(digit));

export class Signs {
  names = [...DIGITS];
  /** Strokes are shares of the pad's side. @type {Example[]} */
  examples = [];
  /** @type {Use} */
  use = "";
  /** Whether they will still be here after the page is closed. */
  isStored = true;

  constructor() {
    this.#load();
  }

  /** How many examples there are of each. */
  get counts() {
    return DIGITS.map((_, sign) => this.examples.filter((example) => example.label === sign).length);
  }

  /** @param {string[]} names  of the first ones; the others have their digits */
  rename(names) {
    this.names = DIGITS.map((digit, sign) => names[sign] ?? digit);
    this.#keep();
  }

  /** @param {Use} use */
  trainOn(use) {
    this.use = use;
    this.#keep();
  }

  /**
   * @param {number} sign
   * @param {Stroke[]} strokes
   */
  add(sign, strokes) {
    const rounded = strokes.map((stroke) => stroke.map(([x, y]) => /** @type {[number, number]} */ ([round(x), round(y)])));
    this.examples.push({ label: sign, strokes: rounded });
    this.#keep();
  }

  /** @param {{names: string[], labels: Uint8Array, pictures: Uint8Array}} file  takes the place of all that there was */
  take({ names, labels, pictures }) {
    this.examples = Array.from(labels, (label, i) => ({
      label,
      pixels: toBase64(pictures.subarray(N_PIXELS * i, N_PIXELS * (i + 1))),
    }));
    this.rename(names);
  }

  clear() {
    this.examples = [];
    this.use = "";
    this.rename([]);
  }

  /** All of them, as Python takes them. */
  get pictures() {
    return packed(this.examples);
  }

  /**
   * What training mixes in, besides or instead of MNIST.
   *
   * @param {Protocol.Corrections | null} corrections  which go beside MNIST
   * @returns {Protocol.Corrections | null}
   */
  together(corrections) {
    if (!this.use || this.examples.length === 0) return corrections;
    const own = this.pictures;
    if (this.use === "alone") return { ...own, alone: true };
    return corrections ? together(corrections, own) : own;
  }

  /** What the ten answers of a network that is trained now will be called; null for the digits. */
  get namesInUse() {
    return this.use && this.examples.length > 0 ? [...this.names] : null;
  }

  #load() {
    try {
      const { names, examples, use } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      if (!isNames(names) || !Array.isArray(examples)) return;
      this.names = names;
      this.examples = examples.filter(isExample);
      this.use = use === "beside" || use === "alone" ? use : "";
    } catch {
      // Storage may be forbidden or hold something else; then there are none yet.
    }
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify({ names: this.names, examples: this.examples, use: this.use }));
      this.isStored = true;
    } catch {
      this.isStored = false;
    }
  }
}

/** @param {number} coordinate */
function round(coordinate) {
  return Math.round(1_000 * coordinate) / 1_000;
}

/** @param {any} names */
function isNames(names) {
  return Array.isArray(names) && names.length === N && names.every((name) => typeof name === "string");
}
