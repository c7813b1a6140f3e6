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
import { examplesOf, N_PIXELS, packed, toBase64, together, without } from "./examples.js";
import { Shared } from "./shared.js";

const N = 10;
const DIGITS = Array.from({ length: N }, (_, digit) => String(digit));

/** @extends {Shared<All>} */
export class Signs extends Shared {
  /** @param {Desk} desk */
  constructor(desk) {
    super(desk, "signs", signsOf);
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

  /** @param {All} all  in place of those that are known here; another tab may have more */
  replace(all) {
    const { examples: known } = this;
    void this.change(({ examples }) => ({ ...all, examples: [...all.examples, ...without(without(examples, known), all.examples)] }));
  }

  /** How many examples there are of each. */
  get counts() {
    return DIGITS.map((_, sign) => this.examples.filter((example) => example.label === sign).length);
  }

  /** @param {string[]} names  of the first ones; the others have their digits */
  rename(names) {
    void this.change((all) => ({ ...all, names: named(names) }));
  }

  /** @param {Use} use */
  trainOn(use) {
    void this.change((all) => ({ ...all, use }));
  }

  /**
   * One more, to be trained on.
   *
   * @param {number} sign
   * @param {Stroke[]} strokes
   */
  add(sign, strokes) {
    const rounded = strokes.map((stroke) => stroke.map(([x, y]) => /** @type {[number, number]} */ ([round(x), round(y)])));
    void this.change((all) => ({ ...all, examples: [...all.examples, { label: sign, strokes: rounded }], use: all.use || "alone" }));
  }

  /** @param {{names: string[], labels: Uint8Array, pictures: Uint8Array}} file  takes the place of all that there was, to be trained on */
  take({ names, labels, pictures }) {
    const examples = Array.from(labels, (label, i) => ({
      label,
      pixels: toBase64(pictures.subarray(N_PIXELS * i, N_PIXELS * (i + 1))),
    }));
    this.replace({ names: named(names), examples, use: this.use || "alone" });
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
}

/** @param {string[]} names  of the first ones; the others have their digits */
function named(names) {
  return DIGITS.map((digit, sign) => names[sign] ?? digit);
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
