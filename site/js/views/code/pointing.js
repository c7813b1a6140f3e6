import { plainName } from "./shape.js";

/**
 * One thing is pointed at: whatever stands for the same array, line, term or picture, is lit with it.
 *
 * @param {HTMLElement} place  holds elements with data-thing
 */
export function lightTogether(place) {
  let lit = "";
  const light = (/** @type {string} */ name) => {
    if (name === lit) return;
    lit = name;
    for (const each of place.querySelectorAll("[data-thing]")) {
      const thing = /** @type {HTMLElement | MathMLElement} */ (each).dataset.thing ?? "";
      each.toggleAttribute("data-lit", name !== "" && plainName(thing) === plainName(name));
    }
  };
  const take = (/** @type {Event} */ event) => {
    const thing = /** @type {Element} */ (event.target).closest?.("[data-thing]");
    light(/** @type {HTMLElement | null} */ (thing)?.dataset.thing ?? "");
  };
  place.addEventListener("pointerover", take);
  place.addEventListener("pointerdown", take);
  place.addEventListener("focusin", take);
  place.addEventListener("pointerleave", () => light(""));
}
