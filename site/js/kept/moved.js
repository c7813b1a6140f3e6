/**
 * What earlier builds of this page have kept in localStorage, taken from there.
 *
 * @import { Desk } from "./desk.js"
 */
import { examplesOf, without } from "./examples.js";
import { signsOf } from "./signs.js";
import { answersOf } from "./written.js";

/** @param {Desk} desk */
export async function moveIn(desk) {
  if (!desk.isKeeping) return desk;
  try {
    for (const [key, take] of Object.entries(TAKE)) {
      const text = localStorage.getItem(key);
      if (text === null) continue;
      await take(desk, text);
      await desk.flush();
      if (desk.isKeeping) localStorage.removeItem(key);
    }
  } catch {
    // Storage is forbidden, or something else has written there: then nothing is to be had.
  }
  return desk;
}

/** @type {Record<string, (desk: Desk, text: string) => unknown>} */
const TAKE = {
  "mlp.py": (desk, text) => desk.get("code") ?? desk.keep("code", text),
  "mlp-replaced.py": (desk, text) => desk.get("replaced code") ?? desk.keep("replaced code", text),
  "mlp-exercises": (desk, text) => desk.changeShared("answers", (all) => ({ ...answersOf(parsed(text)), ...answersOf(all) })),
  "mlp-corrections": (desk, text) => desk.changeShared("corrections", (all) => [...without(examplesOf(parsed(text)), examplesOf(all)), ...examplesOf(all)]),
  "mlp-signs": (desk, text) => desk.changeShared("signs", (all) => all ?? signsOf(parsed(text))),
};

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // something else has written there
  }
}
