/** @import { Slice } from "../../protocol.js" */
import { Pace } from "../pace.js";

/** A bar with a line of words, as role progressbar; hidden when there is nothing to wait for. */
export class ProgressBar {
  /** @type {Slice & {share: number} | null} */
  #slice = null;
  #pace = new Pace(0, () => this.#paintSlice());

  /** @param {HTMLElement} element  holds a .fill and a .words */
  constructor(element) {
    this.element = element;
    this.bar = /** @type {HTMLElement} */ (element.querySelector(".fill"));
    this.words = /** @type {HTMLElement} */ (element.querySelector(".words"));
  }

  /**
   * @param {number} share  0 to 1
   * @param {string} words
   */
  show(share, words) {
    this.element.hidden = false;
    this.element.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    this.element.setAttribute("aria-valuetext", words);
    this.bar.style.transform = `scaleX(${share})`;
    this.words.textContent = words;
  }

  /** @param {{step: string, loaded: number, total: number} | null} progress  in bytes; null when done */
  showBytes(progress) {
    if (!progress) return this.hide();
    const { step, loaded, total } = progress;
    const of = total ? ` of ${megabytes(total)}` : "";
    this.show(total ? Math.min(1, loaded / total) : 0, `${step}: ${megabytes(loaded)}${of} MB`);
  }

  /** @param {Slice & {share: number}} slice */
  showSlice(slice) {
    this.#slice = slice;
    this.#pace.soon(slice.resting);
  }

  #paintSlice() {
    const { share, batch, n_batches } = /** @type {Slice & {share: number}} */ (this.#slice);
    this.show(share, `batch ${batch.toLocaleString("en")} of ${n_batches.toLocaleString("en")}`);
  }

  hide() {
    this.#pace.cancel();
    this.element.hidden = true;
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
