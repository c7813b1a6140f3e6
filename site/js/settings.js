/**
 * The settings: one table, which is also the form and the URL's hash.
 *
 * @typedef {"learning_rate" | "batch_size" | "epochs" | "hidden_size" | "training_images" | "seed" | "augment" | "decay"} Name
 * @typedef {Record<Name, number>} Values
 *
 * @typedef {object} Setting
 * @property {string} label
 * @property {number} default
 * @property {number} min
 * @property {number} max
 * @property {"integer" | "real" | "switch"} kind  a switch is 1 for on or 0 for off
 * @property {string} hint  what it does, in a line
 * @property {"at once" | "next run" | "reset"} acts  when a change takes effect
 */

import { TRAINING_IMAGES } from "./host.js";

/** @type {Record<Name, Setting>} */
export const SETTINGS = {
  training_images: {
    label: "Training images",
    default: 10_000,
    min: 100,
    max: TRAINING_IMAGES.count,
    kind: "integer",
    hint: TRAINING_IMAGES.words,
    acts: "next run",
  },
  epochs: {
    label: "Epochs",
    default: 10,
    min: 1,
    max: 1_000,
    kind: "integer",
    hint: "how often to go through all of them",
    acts: "next run",
  },
  batch_size: {
    label: "Batch size",
    default: 32,
    min: 1,
    max: 1_000,
    kind: "integer",
    hint: "images for one step; their gradients add up, so the more, the smaller the learning rate has to be",
    acts: "next run",
  },
  learning_rate: {
    label: "Learning rate",
    default: 0.01,
    min: 0.0001,
    max: 1_000,
    kind: "real",
    hint: "how large a step",
    acts: "at once",
  },
  hidden_size: {
    label: "Hidden units",
    default: 128,
    min: 1,
    max: 1_024,
    kind: "integer",
    hint: "neurons in the hidden layer",
    acts: "reset",
  },
  seed: {
    label: "Seed",
    default: 0,
    min: 0,
    max: 4_294_967_295,
    kind: "integer",
    hint: "same seed, same random numbers",
    acts: "reset",
  },
  augment: {
    label: "Augment",
    default: 1,
    min: 0,
    max: 1,
    kind: "switch",
    hint: "turn, stretch and shift each image a little, and mix in ways to write a 1, 0, 7 or 9 that MNIST hardly has",
    acts: "next run",
  },
  decay: {
    label: "Decay",
    default: 1,
    min: 0,
    max: 1,
    kind: "switch",
    hint: "let the learning rate fall to 0 over the run: large steps first, then ever finer ones",
    acts: "next run",
  },
};

/** How a switch may be written in the URL. @type {Record<string, string>} */
const SWITCH_WORDS = { true: "1", on: "1", yes: "1", false: "0", off: "0", no: "0" };

export const NAMES = /** @type {Name[]} */ (Object.keys(SETTINGS));

/** @returns {Values} */
export function defaults() {
  return /** @type {Values} */ (Object.fromEntries(NAMES.map((name) => [name, SETTINGS[name].default])));
}

/**
 * The value that a text stands for, put right where it has to be, and what was wrong with it.
 *
 * @param {Name} name
 * @param {string} text
 * @returns {{value: number, problem: string | null}}
 */
export function parse(name, text) {
  const { label, default: fallback, min, max, kind } = SETTINGS[name];
  const number = Number(kind === "switch" ? (SWITCH_WORDS[text.toLowerCase()] ?? text) : text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    return { value: fallback, problem: `${label} needs a number, so ${show(fallback)} is used.` };
  }
  if (number < min || number > max) {
    const bound = number < min ? min : max;
    const range = `${label} goes from ${show(min)} to ${show(max)}`;
    return { value: bound, problem: `${range}; instead of ${show(number)}, ${show(bound)} is used.` };
  }
  if (kind !== "real" && !Number.isInteger(number)) {
    const rounded = Math.round(number);
    return { value: rounded, problem: `${label} is a whole number; ${show(rounded)} is used.` };
  }
  return { value: number + 0, problem: null }; // and no -0
}

/**
 * Settings from a URL's hash; what is not there has its default. A hash that names none at all is about something else.
 *
 * @param {string} hash
 * @param {Values} otherwise  the settings where it names none
 * @returns {{values: Values, problems: string[]}}
 */
export function fromHash(hash, otherwise = defaults()) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  if (!NAMES.some((name) => parameters.has(name))) return { values: { ...otherwise }, problems: [] };
  const values = defaults();
  /** @type {string[]} */
  const problems = [];
  for (const name of NAMES) {
    const text = parameters.get(name);
    if (text === null) continue;
    const { value, problem } = parse(name, text);
    values[name] = value;
    if (problem) problems.push(problem);
  }
  return { values, problems };
}

/**
 * The settings whose change waits, and for what.
 *
 * @param {Values} settings
 * @param {{hidden_size: number, seed: number} | null} network  what the network in use was made with, if it is not to be lost
 * @param {Values | null} run  what the run under way was begun with
 * @returns {{fresh: Name[], run: Name[]}} for a fresh network, and for the next run
 */
export function pendingChanges(settings, network, run) {
  const waits = (/** @type {Setting["acts"]} */ acts, /** @type {Partial<Values> | null} */ used) =>
    NAMES.filter((name) => SETTINGS[name].acts === acts && used && used[name] !== settings[name]);
  return { fresh: waits("reset", network), run: waits("next run", run) };
}

/** @param {Values} values */
export function toHash(values) {
  return "#" + new URLSearchParams(NAMES.map((name) => [name, String(values[name])])).toString();
}

/** @param {number} number */
function show(number) {
  return number.toLocaleString("en", { maximumFractionDigits: 20 });
}
