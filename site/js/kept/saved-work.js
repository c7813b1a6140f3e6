/**
 * All that the visitor has worked on, as files that go into one zip (mlp_py/saved_work.py), and back out of them. What
 * comes out may be anybody's: each thing is taken only if it is what it should be, and none of it runs.
 *
 * @import { KeptCurve } from "../loss-curve.js"
 * @import { Work } from "../network.js"
 * @import { ReaderName } from "../protocol.js"
 * @import { Run } from "../runs.js"
 * @import { Values } from "../settings.js"
 * @import { Stroke } from "../views/hand/pad.js"
 * @import { Example } from "./examples.js"
 * @import { All } from "./signs.js"
 * @import { Answer } from "./written.js"
 *
 * @typedef {object} SavedWork
 * @property {Values} settings
 * @property {Work | null} network
 * @property {Run[]} runs
 * @property {string | null} code
 * @property {Record<string, Answer>} answers
 * @property {Example[]} corrections
 * @property {All | null} signs
 * @property {KeptPad | null} pad
 *
 * @typedef {object} KeptPad  what is on the pad
 * @property {Stroke[]} strokes
 * @property {Uint8Array | null} image
 * @property {{name: string, content: Uint8Array<ArrayBuffer>, frame: [number, number, number, number] | null} | null} photo
 *
 * @typedef {Record<string, string | Uint8Array>} Files
 */
import { MOST_POINTS } from "../loss-curve.js";
import { newId } from "../new-id.js";
import { defaults, NAMES, parse } from "../settings.js";
import { examplesOf, fromBase64, isStrokes, N_PIXELS, toBase64 } from "./examples.js";
import { signsOf } from "./signs.js";
import { answersOf } from "./written.js";

const FORMAT = 1;

/**
 * @param {SavedWork} work
 * @param {string} history  the epochs of all runs, as CSV
 * @returns {Files}
 */
export function toFiles({ settings, network, runs, code, answers, corrections, signs, pad }, history) {
  /** @type {Files} */
  const files = { "history.csv": history, "drawings.json": JSON.stringify(corrections) };
  const { photo = null, image = null, strokes = [] } = pad ?? {};
  if (network) files["model.npz"] = network.checkpoint.bytes;
  if (network?.curve) files["curve.json"] = JSON.stringify(network.curve);
  if (code !== null) files["mlp.py"] = code;
  if (signs?.examples.length) files["signs.json"] = JSON.stringify(signs);
  for (const [name, { text }] of Object.entries(answers)) files[`exercises/${name}.py`] = text;
  if (photo) files[`picture.${suffixOf(photo.name)}`] = photo.content;
  const { order = null, random = null } = network?.checkpoint ?? {};
  // Drawings of a run under way are in drawings.json as well, but may have changed since: then it is not gone on with.
  const isUnfinished = network?.isUnfinished && order && !network.run?.corrections;
  if (network && isUnfinished) files["order.npy"] = new Uint8Array(order.buffer, order.byteOffset, order.byteLength);
  const facts = network && {
    ...network,
    curve: undefined,
    checkpoint: { random },
    run: network.run && { ...network.run, corrections: null },
    isUnfinished: Boolean(isUnfinished),
  };
  const states = Object.fromEntries(Object.entries(answers).map(([name, { state }]) => [name, state]));
  const onPad = pad && { strokes, image: image && toBase64(image), photo: photo && { name: photo.name, frame: photo.frame } };
  files["settings.json"] = JSON.stringify({ format: FORMAT, settings, network: facts, runs, exercises: states, pad: onPad }, null, 1);
  return files;
}

/**
 * @param {Files} files
 * @returns {SavedWork}
 */
export function fromFiles(files) {
  const text = (/** @type {string} */ name) => (typeof files[name] === "string" ? files[name] : null);
  const told = JSON.parse(text("settings.json") ?? "{}") ?? {};
  const exercises = Object.entries(files).flatMap(([path, content]) => {
    const name = /^exercises\/(.*)\.py$/.exec(path)?.[1];
    return name ? [[name, { text: content, state: told.exercises?.[name] ?? "open" }]] : [];
  });
  return {
    settings: settingsOf(told.settings),
    network: networkOf(told.network, files),
    runs: Array.isArray(told.runs) ? told.runs.filter(isRun) : [],
    code: text("mlp.py"),
    answers: answersOf(Object.fromEntries(exercises)),
    corrections: examplesOf(JSON.parse(text("drawings.json") ?? "[]")),
    signs: text("signs.json") ? signsOf(JSON.parse(text("signs.json") ?? "null")) : null,
    pad: padOf(told.pad, files),
  };
}

/** @param {any} thing @returns {Values} */
function settingsOf(thing) {
  const settings = defaults();
  for (const name of NAMES) if (typeof thing?.[name] === "number") settings[name] = parse(name, String(thing[name])).value;
  return settings;
}

/**
 * Whoever opens it has a network of its weights, made by the code that came with the page.
 *
 * @param {any} thing
 * @param {Files} files
 * @returns {Work | null}
 */
function networkOf(thing, files) {
  const bytes = files["model.npz"];
  const { origin, hidden_size, seed, epochs } = thing?.inUse ?? {};
  const isKnown = [hidden_size, seed, epochs].every(isCount) && (origin === "random" || origin === "file");
  if (!(bytes instanceof Uint8Array) || !isKnown) return null;
  const raw = files["order.npy"];
  const run = isTrained(thing.run) ? { ...thing.run, settings: settingsOf(thing.run.settings), corrections: null } : null;
  const order = raw instanceof Uint8Array && raw.length % 4 === 0 ? new Int32Array(raw.slice().buffer) : null;
  const isOfPage = thing.source === null;
  return {
    id: typeof thing.id === "string" ? thing.id : newId(),
    inUse: { origin, hidden_size, seed, epochs, touched: epochs > 0, code: "shipped" },
    checkpoint: { bytes, random: typeof thing.checkpoint?.random === "string" ? thing.checkpoint.random : null, order },
    source: null,
    name: typeof thing.name === "string" ? thing.name : null,
    departures: [...textsOf(thing.departures), ...(isOfPage ? [] : ["code that is not in use any more"])],
    names: thing.names === null ? null : namesOf(thing.names),
    history: Array.isArray(thing.history) ? thing.history.filter(isEpoch) : [],
    curve: curveOf(JSON.parse(/** @type {string} */ (files["curve.json"] ?? "null"))),
    run,
    isUnfinished: thing.isUnfinished === true && run !== null && order?.length === run.settings.training_images && isOfPage,
  };
}

/**
 * @param {any} thing
 * @param {Files} files
 * @returns {KeptPad | null}
 */
function padOf(thing, files) {
  const strokes = isStrokes(thing?.strokes) ? thing.strokes : [];
  const image = imageOf(thing?.image);
  const [path, content] = Object.entries(files).find(([name]) => name.startsWith("picture.")) ?? [];
  const { name, frame } = thing?.photo ?? {};
  const isFrame = Array.isArray(frame) && frame.length === 4 && frame.every(Number.isFinite);
  const photo = path && content instanceof Uint8Array ? { name: typeof name === "string" ? name : path, content: content.slice(), frame: isFrame ? frame : null } : null;
  return strokes.length || image || photo ? { strokes, image, photo: /** @type {KeptPad["photo"]} */ (photo) } : null;
}

/** @param {unknown} thing */
function imageOf(thing) {
  try {
    const pixels = typeof thing === "string" ? fromBase64(thing) : null;
    return pixels?.length === N_PIXELS ? pixels : null;
  } catch {
    return null;
  }
}

/** @param {unknown} thing */
function isCount(thing) {
  return Number.isInteger(thing) && /** @type {number} */ (thing) >= 0;
}

/** @param {any} thing */
function isTrained(thing) {
  return isCount(thing?.from) && typeof thing.settings === "object" && (thing.names === null || namesOf(thing.names) !== null);
}

/** @param {any} thing @returns {string[] | null} */
function namesOf(thing) {
  return Array.isArray(thing) && thing.length === 10 && thing.every((name) => typeof name === "string") ? thing : null;
}

/** @param {any} thing @returns {string[]} */
function textsOf(thing) {
  return Array.isArray(thing) ? thing.filter((text) => typeof text === "string") : [];
}

/** @param {any} thing @returns {KeptCurve | undefined} */
function curveOf(thing) {
  const isPoint = (/** @type {any} */ point) => ["x", "low", "high", "smooth"].every((name) => Number.isFinite(point?.[name]));
  const isCurve = Array.isArray(thing?.points) && thing.points.length <= MOST_POINTS && thing.points.every(isPoint);
  return isCurve && isCount(thing.batchesPerPoint - 1) ? thing : undefined;
}

/** @param {any} thing */
function isEpoch(thing) {
  const numbers = ["training_loss", "validation_loss", "validation_accuracy", "test_accuracy", "seconds"];
  return isCount(thing?.epoch) && numbers.every((name) => Number.isFinite(thing[name])) && hasSettings(thing);
}

/** @param {any} thing */
function hasSettings(thing) {
  return NAMES.every((name) => Number.isFinite(thing?.settings?.[name]));
}

/** @param {any} thing @returns {thing is Run} */
function isRun(thing) {
  const isTexts = (/** @type {any} */ texts) => Array.isArray(texts) && texts.length === textsOf(texts).length;
  return (
    hasSettings(thing) &&
    typeof thing.network === "string" &&
    (thing.source === null || typeof thing.source === "string") &&
    (thing.failure === null || typeof thing.failure === "string") &&
    typeof thing.isPinned === "boolean" &&
    isTexts(thing.departures) &&
    Array.isArray(thing.epochs) &&
    thing.epochs.every(isEpoch)
  );
}

/** @param {string} name */
function suffixOf(name) {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1].toLowerCase() ?? "bin";
}
