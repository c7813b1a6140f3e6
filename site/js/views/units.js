import { Emitter } from "../emitter.js";
import { onNewColours } from "./colours.js";
import { button } from "./elements.js";
import { paintSigned, SIDE, smallCanvas } from "./pixels.js";
import { reachOne, rove } from "./roving.js";

/** How bright a unit is that does not fire, of 1. */
const FAINT = 0.28;
/** A change of brightness smaller than this is not painted: nobody would see it. */
const SAME = 0.08;

/**
 * All hidden units, each a button with the picture of its 784 weights, brighter the more it fires. There is one such
 * picture, and the tab that shows it has it.
 *
 * @extends {Emitter<{open: number}>}
 */
export class Units extends Emitter {
  element = document.createElement("div");
  /** fire: how much each fires, of 1, as it is painted. @type {{button: HTMLButtonElement, canvas: HTMLCanvasElement, fire: number}[]} */
  #units = [];
  /** @type {Int8Array} */
  #tiles = new Int8Array();

  constructor() {
    super();
    this.element.className = "units";
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", "The hidden layer, unit by unit");
    rove(this.element, "button", () => this.#columns());
    onNewColours(() => this.#paint());
  }

  /** @param {HTMLElement} place */
  moveTo(place) {
    if (this.element.parentElement !== place) place.append(this.element);
  }

  /** @param {{hidden_size: number, tiles: Int8Array}} weights */
  show({ hidden_size, tiles }) {
    this.#tiles = tiles;
    if (hidden_size !== this.#units.length) this.#make(hidden_size);
    this.#paint();
  }

  /** @param {Float32Array | null} activations  one a unit; null where there is nothing to fire for */
  fire(activations) {
    const most = Math.max(1e-6, ...(activations ?? [1]));
    this.#units.forEach((unit, i) => {
      const share = activations ? activations[i] / most : 1;
      this.#tell(unit.button, i, "data-fires", activations !== null && share > 0);
      if (Math.abs(share - unit.fire) < SAME) return;
      unit.fire = share;
      this.#paintOne(i);
    });
  }

  /** @param {number[]} silenced */
  strike(silenced) {
    this.#units.forEach(({ button }, i) => this.#tell(button, i, "data-silenced", silenced.includes(i)));
  }

  /**
   * What is seen is in the name, too.
   *
   * @param {HTMLButtonElement} button
   * @param {number} i
   * @param {"data-fires" | "data-silenced"} what
   * @param {boolean} isSo
   */
  #tell(button, i, what, isSo) {
    if (button.hasAttribute(what) === isSo) return;
    button.toggleAttribute(what, isSo);
    const [fires, silenced] = [button.hasAttribute("data-fires"), button.hasAttribute("data-silenced")];
    button.setAttribute("aria-label", `Hidden unit ${i}${fires ? ", fires" : ""}${silenced ? ", silenced" : ""}`);
  }

  /** @param {(number: number) => number} rank  the largest comes first */
  sort(rank) {
    const order = [...this.#units.keys()].sort((a, b) => rank(b) - rank(a) || a - b);
    this.element.append(...order.map((i) => this.#units[i].button));
  }

  /** @param {number} count */
  #make(count) {
    this.#units = Array.from({ length: count }, (_, i) => {
      const open = button("", () => this.emit("open", i));
      open.dataset.testid = `hidden-unit-${i}`;
      open.setAttribute("aria-label", `Hidden unit ${i}`);
      const canvas = smallCanvas();
      open.append(canvas);
      return { button: open, canvas, fire: 1 };
    });
    this.element.replaceChildren(...this.#units.map(({ button }) => button));
    this.element.toggleAttribute("data-many", count > 256);
    reachOne(this.#units.map(({ button }) => button));
  }

  #paint() {
    this.#units.forEach((_, i) => this.#paintOne(i));
  }

  /** @param {number} i */
  #paintOne(i) {
    const size = SIDE * SIDE;
    const { button, canvas, fire } = this.#units[i];
    button.dataset.fire = fire.toFixed(2);
    paintSigned(canvas, this.#tiles.subarray(i * size, (i + 1) * size), FAINT + (1 - FAINT) * fire);
  }

  #columns() {
    return getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
  }
}
