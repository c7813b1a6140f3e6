/**
 * The page's address: the settings, and what is looked at.
 *
 * @import { Phase } from "./protocol.js"
 * @import { Values } from "./settings.js"
 * @import { Tab } from "./places.js"
 *
 * @typedef {{tab: Tab, phase: Phase, exercise: string | null, code: string | null}} Place  exercise: the one that is open;
 *     code: changed code that is offered, as mlp_py/sharing.py packs it
 */
import { PHASES, TABS } from "./places.js";
import { fromHash, NAMES, toHash } from "./settings.js";

/**
 * @param {string} hash
 * @param {Values} [otherwise]  the settings where it names none
 */
export function read(hash, otherwise) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {Partial<Place>} */
  const place = {};
  const tab = TABS.find((name) => name === parameters.get("tab"));
  const phase = PHASES.find((name) => name === parameters.get("phase"));
  const exercise = parameters.get("exercise");
  if (phase) place.phase = phase;
  if (exercise) place.exercise = exercise;
  const code = parameters.get("code");
  if (code) place.code = code;
  if (tab ?? phase ?? exercise ?? code) place.tab = tab ?? "code";
  const namesSettings = NAMES.some((name) => parameters.has(name));
  return { ...fromHash(hash, otherwise), place, namesSettings };
}

/**
 * @param {Values} values
 * @param {Place} place
 */
export function write(values, { tab, phase, exercise, code }) {
  const inCode = `&phase=${phase}${exercise ? `&exercise=${encodeURIComponent(exercise)}` : ""}`;
  const offered = code ? `&code=${encodeURIComponent(code)}` : "";
  return `${toHash(values)}&tab=${tab}${tab === "code" ? inCode : ""}${offered}`;
}
