/**
 * @import { Corrections } from "../corrections.js"
 * @import { Stroke } from "./pad.js"
 */

/** How many corrections there are, and what to do with them. Fires `change` when others are to be mixed in, and `export`. */
export class CorrectionsPanel extends EventTarget {
  /**
   * @param {HTMLElement} element
   * @param {Corrections} corrections
   */
  constructor(element, corrections) {
    super();
    this.element = element;
    this.corrections = corrections;
    this.words = /** @type {HTMLElement} */ (element.querySelector("[data-testid=corrections]"));
    this.mix = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    this.mix.addEventListener("change", () => this.#change());
    this.#button("export", () => this.dispatchEvent(new Event("export")));
    this.#button("delete", () => {
      corrections.clear();
      this.#change("All corrections are deleted.");
    });
    this.#show("");
  }

  /** The drawings to train on. */
  get mixedIn() {
    return this.mix.checked ? this.corrections.forTraining() : null;
  }

  /**
   * The visitor says which digit a drawing is.
   *
   * @param {number} digit
   * @param {Stroke[]} strokes
   */
  add(digit, strokes) {
    this.corrections.add(digit, strokes);
    this.#change(`Noted: a ${digit}.`);
  }

  /** @param {string} news  what has just happened, in a sentence */
  #change(news = "") {
    this.#show(news);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} news */
  #show(news) {
    const { count, isStored } = this.corrections;
    this.element.hidden = count === 0 && !news;
    this.element.toggleAttribute("data-none", count === 0);
    this.words.dataset.value = String(count);
    const kept = isStored ? "kept in this browser" : "kept until the page is closed";
    const words = count === 1 ? `1 correction is ${kept}.` : `${count} corrections are ${kept}.`;
    this.words.textContent = `${news} ${count ? words : ""}`.trim();
  }

  /**
   * @param {string} id
   * @param {() => void} act
   */
  #button(id, act) {
    this.element.querySelector(`#${id}`)?.addEventListener("click", act);
  }
}
