/**
 * @import { State } from "../../experiment.js"
 * @import { EpochRecord } from "../../protocol.js"
 */
import { Pace } from "../pace.js";

/** While it trains, a screen reader hears of it this often at most, ms. */
const INTERVAL = 10_000;

/**
 * What the page tells in a line. Who hears it hears each line; but while it trains, when there may be many a second, only
 * now and then one, with the loss.
 */
export class Told {
  #isTraining = false;
  #words = "";
  #loss = "";
  #pace = new Pace(INTERVAL, () => (this.aloud.textContent = `${this.#words} ${this.#loss}`.trim()));

  /**
   * @param {HTMLElement} line
   * @param {HTMLElement} aloud  for screen readers, while it trains
   */
  constructor(line, aloud) {
    this.line = line;
    this.aloud = aloud;
  }

  /** @param {State} state */
  showState(state) {
    const isBeginning = state === "training" && !this.#isTraining;
    this.#isTraining = state === "training";
    this.line.setAttribute("aria-live", this.#isTraining ? "off" : "polite");
    if (isBeginning) this.#loss = "";
    if (this.#isTraining) return;
    this.#pace.cancel();
    this.aloud.textContent = "";
  }

  /** @param {string} words */
  show(words) {
    this.line.textContent = words;
    this.#words = words;
    if (this.#isTraining) this.#pace.soon(this.aloud.textContent === "");
  }

  /** @param {EpochRecord} record */
  addEpoch({ epoch, validation_loss }) {
    this.#loss = `Loss after epoch ${epoch}: ${validation_loss.toFixed(3)}.`;
  }
}
