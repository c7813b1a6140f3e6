/** @import { Experiment } from "../experiment.js" */

/**
 * Keeps what is seen up to date: one look at a time, at once when something has changed, and while it trains, when
 * something changes all the time, only now and then.
 */
export class Freshness {
  #isStale = true;
  #isBusy = false;
  #next = 0;

  /**
   * @param {Experiment} experiment
   * @param {object} how
   * @param {number} [how.interval]  ms between two looks while it trains, at least
   * @param {number} [how.share]  a look takes no more than one part in so many of the time; its wait for Python counts too
   * @param {() => boolean} how.isSeen
   * @param {() => Promise<boolean>} how.look  whether that could be done
   */
  constructor(experiment, { interval = 0, share = 0, isSeen, look }) {
    this.experiment = experiment;
    this.interval = interval;
    this.share = share;
    this.isSeen = isSeen;
    this.look = look;
  }

  get isStale() {
    return this.#isStale;
  }

  /** What is seen is no longer so. */
  spoil() {
    this.#isStale = true;
    if (this.#isTime && this.isSeen()) void this.refresh();
  }

  /** Look again where that had to wait, if it need not any more. */
  catchUp() {
    if (this.#isStale) this.spoil();
  }

  /** Look again, unless nothing has changed, or that is being done. */
  async refresh() {
    if (this.#isBusy || !this.#isStale) return;
    this.#isBusy = true;
    try {
      do {
        const began = performance.now();
        this.#isStale = false;
        if (!(await this.look())) {
          this.#isStale = true;
          break;
        }
        const now = performance.now();
        this.#next = now + Math.max(this.interval, this.share * (now - began));
      } while (this.#isStale && this.#isTime);
    } finally {
      this.#isBusy = false;
    }
  }

  get #isTime() {
    return this.experiment.state !== "training" || performance.now() >= this.#next;
  }
}
