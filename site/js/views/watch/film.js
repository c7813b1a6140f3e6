import { element } from "../elements.js";
import { nameOf } from "../names.js";
import { largest, percent } from "../numbers.js";

/** How one drawing was read after each epoch: an item an epoch, from the first doubtful one to the last. */
export class Film {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} hint  stands in its place while there is none
   */
  constructor(list, hint) {
    this.list = list;
    this.hint = hint;
  }

  /** @param {{epochs: Int32Array, probabilities: Float32Array} | null} film */
  show(film) {
    const epochs = [...(film?.epochs ?? [])];
    const isAtEnd = this.list.scrollLeft + this.list.clientWidth >= this.list.scrollWidth - 4;
    this.list.replaceChildren(
      ...epochs.map((epoch, i) => item(epoch, /** @type {any} */ (film).probabilities.subarray(10 * i, 10 * (i + 1)))),
    );
    this.list.hidden = epochs.length === 0;
    this.hint.hidden = epochs.length > 0;
    if (isAtEnd) this.list.scrollLeft = this.list.scrollWidth;
  }
}

/**
 * @param {number} epoch
 * @param {Float32Array} probabilities
 */
function item(epoch, probabilities) {
  const digit = largest(probabilities);
  const probability = probabilities[digit];
  const item = element("li");
  item.dataset.epoch = String(epoch);
  item.dataset.digit = String(digit);
  item.dataset.probability = String(probability);
  const meter = element("span", "", "meter");
  const fill = element("span");
  fill.style.transform = `scaleY(${probability})`;
  meter.append(fill);
  item.append(element("b", nameOf(digit)), meter, element("span", percent(probability)), element("small", `epoch ${epoch}`));
  return item;
}
