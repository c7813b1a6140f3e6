/** @import { Problem as What } from "../experiment.js" */

/** Where what goes wrong comes from; each tells at most one thing, and takes it back. @typedef {"experiment" | "settings"} Source */

/** Tells what went wrong and what to do about it, as role alert; empty and hidden when all is well. */
export class Problem {
  /** @type {Map<Source, What>} */
  #told = new Map();

  /**
   * @param {HTMLElement} element
   * @param {(what: What) => void} onRestart
   */
  constructor(element, onRestart) {
    this.element = element;
    this.onRestart = onRestart;
    this.#paint();
  }

  /**
   * @param {Source} source
   * @param {What | null} what
   */
  show(source, what) {
    if (what) this.#told.set(source, what);
    else this.#told.delete(source);
    this.#paint();
  }

  /**
   * @param {Source} source
   * @param {string[]} sentences  what was put right; none takes back those before
   */
  warn(source, sentences) {
    this.show(source, sentences.length ? { message: sentences.join(" "), restart: false } : null);
  }

  #paint() {
    const all = [...this.#told.values()];
    const worst = all.filter(({ restart }) => restart); // its way out is not talked over
    const shown = worst.length ? worst : all;
    this.element.hidden = shown.length === 0;
    this.element.replaceChildren(...shown.map(({ message }) => paragraph(message)), ...worst.map((what) => this.#restart(what)));
  }

  /** @param {What} what */
  #restart(what) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Restart";
    button.addEventListener("click", () => this.onRestart(what));
    return button;
  }
}

/** @param {string} words */
function paragraph(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element;
}
