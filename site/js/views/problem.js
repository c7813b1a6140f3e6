/** @import { Problem as What } from "../experiment.js" */

/** Tells what went wrong and what to do about it, as role alert; empty and hidden when all is well. */
export class Problem {
  /**
   * @param {HTMLElement} element
   * @param {() => void} onRestart
   */
  constructor(element, onRestart) {
    this.element = element;
    this.words = document.createElement("p");
    this.restart = document.createElement("button");
    this.restart.type = "button";
    this.restart.textContent = "Restart";
    this.restart.addEventListener("click", onRestart);
    this.show(null);
  }

  /** @param {What | null} what */
  show(what) {
    this.element.hidden = what === null;
    this.words.textContent = what?.message ?? "";
    this.element.replaceChildren(...(what ? [this.words] : []), ...(what?.restart ? [this.restart] : []));
  }

  /** @param {string[]} sentences  what was put right; nothing when there are none, or when more than that is wrong */
  warn(sentences) {
    if (sentences.length && !this.restart.isConnected) this.show({ message: sentences.join(" "), restart: false });
  }
}
