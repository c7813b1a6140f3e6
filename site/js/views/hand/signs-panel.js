/**
 * @import { All, Signs, Use } from "../../kept/signs.js"
 * @import { Stroke } from "./pad.js"
 */
import { Emitter } from "../../emitter.js";
import { button, chooseFile } from "../elements.js";

/** So many characters a name has at most. */
const LONGEST = 10;

/**
 * Ten signs of one's own: draw one, press its name.
 *
 * @extends {Emitter<{add: number, change: null, open: File, save: null}>}  change: what is to be trained on
 */
export class SignsPanel extends Emitter {
  /** What was there before all were deleted, or others took their place. @type {All | null} */
  #removed = null;

  /**
   * @param {HTMLDetailsElement} place
   * @param {HTMLElement} keys  beside the pad; seen while the place is open
   * @param {Signs} signs
   */
  constructor(place, keys, signs) {
    super();
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (place.querySelector(selector));
    this.signs = signs;
    this.names = /** @type {HTMLInputElement} */ (find("#sign-names"));
    this.use = /** @type {HTMLSelectElement} */ (find("#train-on"));
    this.save = /** @type {HTMLButtonElement} */ (find("#save-csv"));
    this.remove = /** @type {HTMLButtonElement} */ (find("#delete-signs"));
    this.words = find("[role=status]");
    this.keys = Array.from({ length: 10 }, (_, sign) => button("", () => this.emit("add", sign)));
    keys.append(...this.keys);
    place.addEventListener("toggle", () => (keys.hidden = !place.open));
    this.names.addEventListener("change", () => {
      signs.rename(this.names.value.split(/\s+/).filter(Boolean).slice(0, 10).map((name) => name.slice(0, LONGEST)));
      this.#change("");
    });
    this.use.addEventListener("change", () => {
      signs.trainOn(/** @type {Use} */ (this.use.value));
      this.#change("");
    });
    chooseFile(find("#open-csv"), /** @type {HTMLInputElement} */ (find("#csv-file")), (file) => this.emit("open", file));
    this.save.addEventListener("click", () => this.emit("save", null));
    this.back = find("#bring-signs");
    this.remove.addEventListener("click", () => {
      this.#keep();
      signs.clear();
      this.#change("All signs are deleted.");
    });
    this.back.addEventListener("click", () => {
      const removed = this.#removed;
      this.#keep();
      if (removed) signs.replace(removed);
      this.#change("They are here again.");
    });
    this.#show("");
  }

  /**
   * @param {number} sign
   * @param {Stroke[]} strokes
   */
  add(sign, strokes) {
    if (strokes.length === 0) {
      this.words.textContent = "Draw it first, then press its name.";
      return false;
    }
    this.signs.add(sign, strokes);
    this.#change("");
    return true;
  }

  /** @param {{names: string[], labels: Uint8Array, pictures: Uint8Array}} content  of a file */
  take(content) {
    this.#keep();
    this.signs.take(content);
    this.#change(`${content.labels.length} pictures are here.`);
  }

  /** What is about to go can be brought back. */
  #keep() {
    const { all } = this.signs;
    this.#removed = all.examples.length > 0 ? all : null;
  }

  /** Another tab has changed them, too. */
  refresh() {
    this.#change("");
  }

  /** @param {string} news */
  #change(news) {
    this.#show(news);
    this.emit("change", null);
  }

  /** @param {string} news */
  #show(news) {
    const { names, counts, use, examples, isStored } = this.signs;
    this.keys.forEach((key, sign) => {
      key.textContent = counts[sign] ? `${names[sign]} · ${counts[sign]}` : names[sign];
      key.setAttribute("aria-label", `Add as ${names[sign]}, ${counts[sign]} so far`);
    });
    this.names.value = names.join(" ");
    this.use.value = use;
    this.save.disabled = this.remove.disabled = examples.length === 0;
    this.back.hidden = this.#removed === null;
    const stored = isStored ? "" : "They are kept until the page is closed.";
    const next = use && examples.length > 0 ? "Press New network, then Train." : "";
    this.words.textContent = [news, stored, next].filter(Boolean).join(" ");
  }
}
