import { Emitter } from "../../emitter.js";

/** @typedef {{label: number, pixels: Uint8Array}} Chosen  a test image, and which digit it is */

/**
 * A digit for the pad without drawing one: a test image, for those who cannot see the pad, or have no pen at hand.
 *
 * @extends {Emitter<{put: Chosen}>}
 */
export class TestDigit extends Emitter {
  /**
   * @param {HTMLElement} place
   * @param {(digit: number | null) => Promise<Chosen | null>} choose  null: any digit, or there is no image
   */
  constructor(place, choose) {
    super();
    const select = /** @type {HTMLSelectElement} */ (place.querySelector("select"));
    const words = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
    for (let digit = 0; digit < 10; digit++) select.append(new Option(String(digit)));
    /** @type {HTMLElement} */ (place.querySelector("button")).addEventListener("click", async () => {
      const chosen = await choose(select.value === "" ? null : Number(select.value));
      words.textContent = chosen ? `On the pad: ${chosen.label === 8 ? "an" : "a"} ${chosen.label}, as somebody wrote it.` : "";
      if (chosen) this.emit("put", chosen);
    });
  }
}
