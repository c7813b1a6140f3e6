/** @import { EpochRecord, Slice } from "../protocol.js" */

/**
 * How a figure is shown, by its data-testid.
 *
 * @type {Record<string, (value: number) => string>}
 */
const FORMATS = {
  epoch: String,
  batch: (value) => value.toLocaleString("en"),
  loss: (value) => value.toFixed(3),
  "validation-loss": (value) => value.toFixed(3),
  "test-accuracy": (value) => `${(100 * value).toFixed(1)} %`,
  "ms-per-batch": (value) => value.toFixed(2),
  "epoch-seconds": (value) => value.toFixed(2),
};

/** The live figures. */
export class Figures {
  /** Weighted towards the last slices, to be readable. @type {number | null} */
  #msPerBatch = null;

  /** @type {Record<string, HTMLElement>} by data-testid */
  elements = {};

  /** @param {HTMLElement} list */
  constructor(list) {
    for (const name of Object.keys(FORMATS)) {
      this.elements[name] = /** @type {HTMLElement} */ (list.querySelector(`[data-testid="${name}"]`));
    }
    this.clear();
  }

  /** @param {Slice} slice */
  showSlice({ losses, epoch, batch, n_batches, milliseconds }) {
    if (!losses.length) return;
    this.#set("epoch", epoch);
    this.#set("batch", batch);
    this.#set("loss", losses[losses.length - 1]);
    // The slice that ends an epoch evaluates, too, and so says little of a batch.
    if (batch === n_batches && this.#msPerBatch !== null) return;
    const ms = milliseconds / losses.length;
    this.#msPerBatch = this.#msPerBatch === null ? ms : 0.8 * this.#msPerBatch + 0.2 * ms;
    this.#set("ms-per-batch", this.#msPerBatch);
  }

  /** @param {EpochRecord} record */
  addEpoch({ validation_loss, test_accuracy, seconds }) {
    this.#set("validation-loss", validation_loss);
    this.#set("test-accuracy", test_accuracy);
    this.#set("epoch-seconds", seconds);
  }

  /** @param {number} epochs  what came after so many is void */
  goBack(epochs) {
    this.#clear(["epoch", "batch", "loss"]);
    if (epochs) this.#set("epoch", epochs);
  }

  clear() {
    this.#msPerBatch = null;
    this.#clear(Object.keys(FORMATS));
  }

  /** @param {string[]} names */
  #clear(names) {
    for (const name of names) {
      this.elements[name].textContent = "–";
      this.elements[name].dataset.value = "";
    }
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  #set(name, value) {
    this.elements[name].textContent = FORMATS[name](value);
    this.elements[name].dataset.value = String(value);
  }
}
