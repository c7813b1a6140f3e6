/** @import { Corrections } from "../corrections.js" */

/** How many corrections there are, and what to do with them. Fires `mix` (whether to), `export` and `delete`. */
export class CorrectionsPanel extends EventTarget {
  /** @param {HTMLElement} element */
  constructor(element) {
    super();
    this.element = element;
    this.words = /** @type {HTMLElement} */ (element.querySelector("[data-testid=corrections]"));
    this.mix = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    this.mix.addEventListener("change", () => this.#fire("mix"));
    for (const button of element.querySelectorAll("button")) {
      button.addEventListener("click", () => this.#fire(button.id));
    }
  }

  /**
   * @param {Corrections} corrections
   * @param {string} news  what has just happened, in a sentence
   */
  show({ count }, news = "") {
    this.element.hidden = count === 0 && !news;
    this.element.toggleAttribute("data-none", count === 0);
    this.words.dataset.value = String(count);
    const kept = count === 1 ? "1 correction is kept in this browser." : `${count} corrections are kept in this browser.`;
    this.words.textContent = `${news} ${count ? kept : ""}`.trim();
  }

  /** @param {string} type */
  #fire(type) {
    this.dispatchEvent(new Event(type));
  }
}
