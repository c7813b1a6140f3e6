/** @import { Problem as What } from "../../asking.js" */
import { button, element } from "../elements.js";

/** Where what goes wrong comes from; each tells at most one thing, and takes it back. @typedef {"experiment" | "settings" | "picture" | "file" | "keeping"} Source */

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
    const buttons = worst.length ? worst.map((what) => this.#restart(what)) : [this.#close()];
    this.element.replaceChildren(...shown.map(({ message }) => element("p", message)), ...buttons);
  }

  /** What is no longer of interest can be put away. */
  #close() {
    return button("Close", () => {
      this.#told.clear();
      this.#paint();
    });
  }

  /** @param {What} what */
  #restart(what) {
    return button("Restart", () => this.onRestart(what));
  }
}
