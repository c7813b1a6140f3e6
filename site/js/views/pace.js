/**
 * What changes all the time while it trains is painted together, a few times a second: each frame costs time that training
 * would need, the more when views take turns at having one.
 */

/** How often something is painted at most, ms. */
const BEAT = 200;

/** What is to be done at the next beat, or at a later one. @type {Set<Pace>} */
const waiting = new Set();
let timer = 0;
let lastBeat = -Infinity;

/** Does something at a beat, and then not again for a while. */
export class Pace {
  #last = -Infinity;

  /**
   * @param {number} interval  ms between two times at least; 0 for each beat
   * @param {() => void} act
   */
  constructor(interval, act) {
    this.interval = interval;
    this.act = act;
  }

  /**
   * Do it at once where nothing was done a moment ago, else as soon as that is no longer so.
   *
   * @param {boolean} isUrgent  without waiting, whatever was done
   */
  soon(isUrgent = false) {
    if (isUrgent) return this.now();
    waiting.add(this);
    schedule();
  }

  /** Do it without waiting. */
  now() {
    waiting.delete(this);
    this.#last = performance.now();
    this.act();
  }

  /** There is nothing to do any more. */
  cancel() {
    waiting.delete(this);
  }

  get isDue() {
    return performance.now() >= this.#last + this.interval;
  }
}

function schedule() {
  if (timer || waiting.size === 0) return;
  timer = setTimeout(beat, Math.max(0, lastBeat + BEAT - performance.now()));
}

function beat() {
  timer = 0;
  lastBeat = performance.now();
  for (const pace of [...waiting]) if (pace.isDue) pace.now();
  schedule();
}
