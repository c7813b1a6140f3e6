import { Emitter } from "../../emitter.js";
import { largest } from "../numbers.js";

/** @typedef {{silenced: number[], zeroBiases: boolean, noise: number}} Alteration */

/**
 * Breaks the network that reads, and mends it by one press.
 *
 * @extends {Emitter<{change: Alteration}>}
 */
export class Breaking extends Emitter {
  /** Units silenced one by one. @type {Set<number>} */
  #single = new Set();
  /** The weights from hidden units to answers, ten a unit. @type {Float32Array} */
  outgoing = new Float32Array();

  /** @param {HTMLElement} place  holds #zero-biases, #noise, #silence-class and #mend */
  constructor(place) {
    super();
    const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (place.querySelector(id));
    this.zeroBiases = /** @type {HTMLInputElement} */ (find("#zero-biases"));
    this.noise = /** @type {HTMLInputElement} */ (find("#noise"));
    this.silenceClass = /** @type {HTMLSelectElement} */ (find("#silence-class"));
    this.mend = /** @type {HTMLButtonElement} */ (find("#mend"));
    this.silenceClass.append(...Array.from({ length: 10 }, (_, digit) => new Option(`the ${digit}`, String(digit))));
    for (const input of [this.zeroBiases, this.noise, this.silenceClass]) input.addEventListener("change", () => this.#change());
    this.mend.addEventListener("click", () => this.reset());
  }

  /** What is broken. @returns {Alteration} */
  get alteration() {
    const digit = this.silenceClass.value;
    const ofClass = digit === "" ? [] : [...this.#speakers()].filter(([, speaksFor]) => speaksFor === Number(digit)).map(([unit]) => unit);
    return {
      silenced: [...new Set([...this.#single, ...ofClass])],
      zeroBiases: this.zeroBiases.checked,
      noise: Number(this.noise.value),
    };
  }

  get isWhole() {
    const { silenced, zeroBiases, noise } = this.alteration;
    return silenced.length === 0 && !zeroBiases && noise === 0;
  }

  /** @param {number} unit  silence it, or let it speak again */
  toggle(unit) {
    if (!this.#single.delete(unit)) this.#single.add(unit);
    this.#change();
  }

  /** All as it was. */
  reset() {
    if (this.isWhole) return;
    this.#single.clear();
    this.zeroBiases.checked = false;
    this.noise.value = "0";
    this.silenceClass.value = "";
    this.#change();
  }

  #change() {
    this.mend.disabled = this.isWhole;
    this.emit("change", this.alteration);
  }

  /** Each unit, and the answer that it gives most to. @returns {Generator<[number, number]>} */
  *#speakers() {
    for (let unit = 0; unit < this.outgoing.length / 10; unit++) {
      yield [unit, largest(this.outgoing.subarray(10 * unit, 10 * unit + 10))];
    }
  }
}
