/** @import { ReaderName } from "../../protocol.js" */
import { Emitter } from "../../emitter.js";

/**
 * Who reads: says it, and lets it be chosen.
 *
 * @extends {Emitter<{choose: ReaderName}>}
 */
export class ReaderChoice extends Emitter {
  /**
   * @param {HTMLSelectElement} select
   * @param {HTMLElement} words
   */
  constructor(select, words) {
    super();
    this.select = select;
    this.words = words;
    select.addEventListener("change", () => this.emit("choose", /** @type {ReaderName} */ (select.value)));
  }

  /** @param {{name: ReaderName, hasStarter: boolean, words: string}} reader */
  show({ name, hasStarter, words }) {
    this.select.disabled = false;
    this.select.options[0].disabled = !hasStarter;
    this.select.value = name;
    this.words.textContent = words;
  }
}
