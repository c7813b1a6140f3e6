/**
 * Examples that the visitor has given, each with what it is: drawings, as strokes, and pictures, as pixels.
 *
 * @import { Corrections } from "../protocol.js"
 * @import { Stroke } from "../views/hand/pad.js"
 *
 * @typedef {object} Example
 * @property {number} label  which of the ten answers
 * @property {Stroke[]} [strokes]
 * @property {string} [pixels]  784 bytes in base64, in place of strokes
 */

export const N_PIXELS = 784;

/** Nobody has drawn further from the pad, in whatever units. */
const FAR = 1_000;

/** What has been found in which array, as there may be thousands. @type {WeakMap<unknown[], Example[]>} */
const checked = new WeakMap();

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} text */
export function fromBase64(text) {
  return bytesOf(atob(text));
}

/** @param {string} binary  a character a byte */
function bytesOf(binary) {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * As Python takes them.
 *
 * @param {Example[]} examples
 * @param {number} side  the pad's, in units of the coordinates
 * @returns {Corrections}
 */
export function packed(examples, side = 1) {
  const drawn = examples.filter((example) => example.strokes);
  const given = examples.filter((example) => !example.strokes);
  const strokes = drawn.flatMap((example) => example.strokes ?? []);
  return {
    points: Float32Array.from(strokes.flat(2), (coordinate) => coordinate / side),
    lengths: Int32Array.from(strokes, (stroke) => stroke.length),
    strokes: Int32Array.from(drawn, (example) => example.strokes?.length ?? 0),
    labels: Uint8Array.from(drawn, ({ label }) => label),
    pictures: bytesOf(given.map(({ pixels }) => atob(pixels ?? "")).join("")),
    picture_labels: Uint8Array.from(given, ({ label }) => label),
  };
}

/**
 * Both together.
 *
 * @param {Corrections} one
 * @param {Corrections} other
 * @returns {Corrections}
 */
export function together(one, other) {
  return {
    points: Float32Array.from([...one.points, ...other.points]),
    lengths: Int32Array.from([...one.lengths, ...other.lengths]),
    strokes: Int32Array.from([...one.strokes, ...other.strokes]),
    labels: Uint8Array.from([...one.labels, ...other.labels]),
    pictures: Uint8Array.from([...(one.pictures ?? []), ...(other.pictures ?? [])]),
    picture_labels: Uint8Array.from([...(one.picture_labels ?? []), ...(other.picture_labels ?? [])]),
  };
}

/**
 * @param {unknown} thing  out of storage, or a file
 * @returns {Example[]} the examples in it
 */
export function examplesOf(thing) {
  if (!Array.isArray(thing)) return [];
  const examples = checked.get(thing) ?? thing.filter(isExample);
  checked.set(thing, examples).set(examples, examples);
  return examples;
}

/**
 * The same for the same drawing, whatever is said of it.
 *
 * @param {Example} example
 */
export function what({ strokes, pixels }) {
  return pixels ?? JSON.stringify(strokes);
}

/**
 * @param {Example[]} examples
 * @param {Example[]} others
 * @returns {Example[]} those that are not among the others
 */
export function without(examples, others) {
  const known = new Set(others.map(what));
  return examples.filter((example) => !known.has(what(example)));
}

/** @param {any} thing */
export function isExample(thing) {
  if (!Number.isInteger(thing?.label) || thing.label < 0 || thing.label > 9) return false;
  const { strokes, pixels } = thing;
  if (pixels !== undefined) return strokes === undefined && typeof pixels === "string" && isPicture(pixels);
  return isStrokes(strokes);
}

/** @param {any} thing */
export function isStrokes(thing) {
  const isStroke = (/** @type {any} */ stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
  return Array.isArray(thing) && thing.length > 0 && thing.every(isStroke);
}

/** @param {string} pixels */
function isPicture(pixels) {
  try {
    return atob(pixels).length === N_PIXELS;
  } catch {
    return false;
  }
}

/** @param {any} thing */
function isPoint(thing) {
  return Array.isArray(thing) && thing.length === 2 && thing.every((number) => Number.isFinite(number) && Math.abs(number) <= FAR);
}
