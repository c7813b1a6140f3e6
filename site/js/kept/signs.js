/**
 * Ten signs of the visitor's own: their names, and pictures of them, drawn or from a file; kept in this browser only,
 * and shared by its tabs.
 *
 * @import { Desk } from "./desk.js"
 * @import { Example } from "./examples.js"
 * @import * as Protocol from "../protocol.js"
 * @import { Stroke } from "../views/hand/pad.js"
 *
 * @typedef {{names: string[], examples: Example[], use: Use}} All
 * @typedef {"" | "beside" | "alone"} Use  how they are trained on: not at all, beside MNIST, instead of it
 */
import { examplesOf, N_PIXELS, packed, toBase64, together } from "./examples.js";

const NAME = "signs";
const N = 10;
const DIGITS = Array.from({ length: N }, (_, digit) => String(digit));

export class Signs {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  get names() {
    return this.all.names;
  }

  /** Strokes are shares of the pad's side. */
  get examples() {
    return this.all.examples;
  }

  get use() {
    return this.all.use;
  }

  /** Whether they will still be here after the page is closed. */
  get isStored() {
    return this.desk.isKeeping;
  }

  get all() {
    return signsOf(this.desk.shared(NAME));
  }

  /** @param {All} all  in place of what there is */
  replace(all) {
    this.#change(() => all);
  }

  /** How many examples there are of each. */
  get counts() {
    return DIGITS.map((_, sign) => this.examples.filter((example) => example.label === sign).length);
  }

  /** @param {string[]} names  of the first ones; the others have their digits */
  rename(names) {
    this.#change((all) => ({ ...all, names: DIGITS.map((digit, sign) => names[sign] ?? digit) }));
  }

  /** @param {Use} use */
  trainOn(use) {
    this.#change((all) => ({ ...all, use }));
  }

  /**
   * @param {number} sign
   * @param {Stroke[]} strokes
   */
  add(sign, strokes) {
    const rounded = strokes.map((stroke) => stroke.map(([x, y]) => /** @type {[number, number]} */ ([round(x), round(y)])));
    this.#change((all) => ({ ...all, examples: [...all.examples, { label: sign, strokes: rounded }] }));
  }

  /** @param {{names: string[], labels: Uint8Array, pictures: Uint8Array}} file  takes the place of all that there was */
  take({ names, labels, pictures }) {
    const examples = Array.from(labels, (label, i) => ({
      label,
      pixels: toBase64(pictures.subarray(N_PIXELS * i, N_PIXELS * (i + 1))),
    }));
    this.#change((all) => ({ ...all, examples }));
    this.rename(names);
  }

  clear() {
    this.replace(signsOf(null));
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

  /** @param {(all: All) => All} change */
  #change(change) {
    void this.desk.changeShared(NAME, (all) => change(signsOf(all)));
  }
}

/**
 * @param {any} thing  out of storage, or a file
 * @returns {All}
 */
export function signsOf(thing) {
  const { names, examples, use } = thing ?? {};
  return {
    names: isNames(names) ? names : [...DIGITS],
    examples: examplesOf(examples),
    use: use === "beside" || use === "alone" ? use : "",
  };
}

/** @param {number} coordinate */
function round(coordinate) {
  return Math.round(1_000 * coordinate) / 1_000;
}

/** @param {any} names */
function isNames(names) {
  return Array.isArray(names) && names.length === N && names.every((name) => typeof name === "string");
}
