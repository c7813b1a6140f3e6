/**
 * Ten signs of the visitor's own: their names, and pictures of them, drawn or from a file; kept in this browser only.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Stroke } from "./views/hand/pad.js"
 *
 * @typedef {"" | "beside" | "alone"} Use  how they are trained on: not at all, beside MNIST, instead of it
 * @typedef {{sign: number, strokes: Stroke[]} | {sign: number, pixels: string}} Example  strokes: as shares of the pad's side;
 *     pixels: 784 bytes in base64
 */

const KEY = "mlp-signs";
const N = 10;
const DIGITS = Array.from({ length: N }, (_, digit) => String(digit));
const N_PIXELS = 784;

export class Signs {
  names = [...DIGITS];
  /** @type {Example[]} */
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
    return DIGITS.map((_, sign) => this.examples.filter((example) => example.sign === sign).length);
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
    this.examples.push({ sign, strokes: rounded });
    this.#keep();
  }

  /** @param {{names: string[], labels: Uint8Array, pictures: Uint8Array}} file  takes the place of all that there was */
  take({ names, labels, pictures }) {
    this.examples = Array.from(labels, (sign, i) => ({
      sign,
      pixels: btoa(String.fromCharCode(...pictures.subarray(N_PIXELS * i, N_PIXELS * (i + 1)))),
    }));
    this.rename(names);
  }

  clear() {
    this.examples = [];
    this.use = "";
    this.rename([]);
  }

  /** All of them, as Python takes them. @returns {Protocol.Corrections} */
  get pictures() {
    /** @type {{sign: number, strokes: Stroke[]}[]} */
    const drawn = [];
    /** @type {{sign: number, pixels: string}[]} */
    const given = [];
    for (const example of this.examples) "strokes" in example ? drawn.push(example) : given.push(example);
    const strokes = drawn.flatMap((example) => example.strokes);
    const bytes = given.map(({ pixels }) => atob(pixels)).join("");
    return {
      points: Float32Array.from(strokes.flat(2)),
      lengths: Int32Array.from(strokes, (stroke) => stroke.length),
      strokes: Int32Array.from(drawn, (example) => example.strokes.length),
      labels: Uint8Array.from(drawn, ({ sign }) => sign),
      pictures: Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
      picture_labels: Uint8Array.from(given, ({ sign }) => sign),
    };
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
    if (!corrections) return own;
    return {
      ...own,
      points: Float32Array.from([...corrections.points, ...own.points]),
      lengths: Int32Array.from([...corrections.lengths, ...own.lengths]),
      strokes: Int32Array.from([...corrections.strokes, ...own.strokes]),
      labels: Uint8Array.from([...corrections.labels, ...own.labels]),
    };
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

/** @param {any} example */
function isExample(example) {
  if (!Number.isInteger(example?.sign) || example.sign < 0 || example.sign >= N) return false;
  if (typeof example.pixels === "string") return isPicture(example.pixels);
  const isPoint = (/** @type {any} */ point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  const { strokes } = example;
  return Array.isArray(strokes) && strokes.length > 0 && strokes.every((stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint));
}

/** @param {string} pixels */
function isPicture(pixels) {
  try {
    return atob(pixels).length === N_PIXELS;
  } catch {
    return false;
  }
}
