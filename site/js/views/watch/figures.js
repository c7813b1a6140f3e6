/** @import { EpochRecord, Slice } from "../../protocol.js" */
import { Pace } from "../pace.js";

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
  /** @type {Record<string, number | null>} */
  #values = {};
  #pace = new Pace(0, () => this.#paint());

  /** @type {Record<string, HTMLElement>} by data-testid */
  elements = {};

  constructor() {
    for (const name of Object.keys(FORMATS)) {
      this.elements[name] = /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${name}"]`));
    }
    this.clear();
  }

  /** @param {Slice} slice */
  showSlice({ losses, epoch, batch, n_batches, milliseconds, resting }) {
    if (losses.length) {
      const before = this.#values["ms-per-batch"];
      const ms = milliseconds / losses.length;
      Object.assign(this.#values, { epoch, batch, loss: losses[losses.length - 1] });
      // Weighted towards the last slices, to be readable; the one that ends an epoch evaluates, too, and says little.
      if (before === null) this.#values["ms-per-batch"] = ms;
      else if (batch < n_batches) this.#values["ms-per-batch"] = 0.8 * before + 0.2 * ms;
    }
    this.#pace.soon(resting);
  }

  /** @param {EpochRecord} record */
  addEpoch({ validation_loss, test_accuracy, seconds }) {
    this.#set({ "validation-loss": validation_loss, "test-accuracy": test_accuracy, "epoch-seconds": seconds });
  }

  /** @param {number} epochs  what came after so many is void */
  goBack(epochs) {
    this.#set({ epoch: epochs || null, batch: null, loss: null });
  }

  clear() {
    this.#set(Object.fromEntries(Object.keys(FORMATS).map((name) => [name, null])));
  }

  /** @param {Record<string, number | null>} values */
  #set(values) {
    Object.assign(this.#values, values);
    this.#pace.now();
  }

  #paint() {
    for (const [name, value] of Object.entries(this.#values)) {
      this.elements[name].textContent = value === null ? "–" : FORMATS[name](value);
      this.elements[name].dataset.value = value === null ? "" : String(value);
    }
  }
}
